//! Attack case 16: a second factor used twice, guessed, typed oddly, or answered for somebody else, by many at once.

use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{Answer, TestApp};
use serde_json::{Value, json};

const CLIENTS: usize = 50;

/// How many of these answers have this status.
fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// Settings under which the limits of one member are not what a test meets.
async fn without_member_limit() -> TestApp {
    TestApp::with(|settings| settings.limits.factor_attempts = 1_000_000).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_a_code_is_good_once() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let code = guarded.totp.code(&app, 0);
    let first = app.challenge(&guarded.member).await;
    app.answer(&first, ("totp", code.clone().into())).await.is(200);
    // Again for the same challenge, for another one, for a step-up; and an earlier code that nobody used.
    assert_eq!(app.answer(&first, ("totp", code.clone().into())).await.is(403).code(), "challenge-ended");
    let second = app.challenge(&guarded.member).await;
    assert_eq!(app.answer(&second, ("totp", code.clone().into())).await.is(403).code(), "factor-wrong");
    let before = guarded.totp.code(&app, -1);
    assert_eq!(app.answer(&second, ("totp", before.into())).await.is(403).code(), "factor-wrong");
    let again = guarded.client.post("/v1/auth/step-up", &json!({ "totp": code })).await.is(403);
    assert_eq!(again.code(), "factor-wrong");
    // The next one is good, also before its time has come, and with that the one in between is spent.
    let next = guarded.totp.code(&app, 1);
    app.answer(&second, ("totp", next.clone().into())).await.is(200);
    app.pass(30);
    let third = app.challenge(&guarded.member).await;
    assert_eq!(app.answer(&third, ("totp", next.into())).await.is(403).code(), "factor-wrong");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_spaces_and_other_digits_make_no_second_code() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let code = guarded.totp.code(&app, 0);
    let wide: String = code.chars().filter_map(|digit| char::from_u32(u32::from(digit) + 0xfee0)).collect();
    let challenge = app.challenge(&guarded.member).await;
    app.answer(&challenge, ("totp", wide.clone().into())).await.is(200);
    let spaced = format!(" {} {}\n", &code[..3], &code[3..]);
    for typed in [code, wide, spaced] {
        let challenge = app.challenge(&guarded.member).await;
        assert_eq!(app.answer(&challenge, ("totp", typed.into())).await.is(403).code(), "factor-wrong");
    }
    // The same of a recovery code.
    let code = guarded.codes[3].clone();
    let challenge = app.challenge(&guarded.member).await;
    app.answer(&challenge, ("recovery_code", code.to_lowercase().replace('-', " ").into())).await.is(200);
    let challenge = app.challenge(&guarded.member).await;
    for typed in [code.clone(), code.replace('-', ""), format!("{code} ")] {
        let answer = app.answer(&challenge, ("recovery_code", typed.into())).await.is(403);
        assert_eq!(answer.code(), "factor-wrong");
    }
}

/// Fifty clients hold the same right code, each with a challenge of its own, in two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_of_fifty_parallel_uses_of_one_code_one_wins() {
    let app = without_member_limit().await;
    let elsewhere = app.another().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    for proof in [("totp", Value::from(guarded.totp.code(&app, 0))), ("recovery_code", guarded.codes[0].clone().into())]
    {
        let challenges = join_all((0..CLIENTS).map(|_| app.challenge(&guarded.member))).await;
        let logins = app.number("SELECT count(*) FROM login").await;
        let tries = challenges.iter().enumerate().map(|(n, challenge)| {
            let app = if n % 2 == 0 { &app } else { &elsewhere };
            app.answer(challenge, (proof.0, proof.1.clone()))
        });
        let answers = join_all(tries).await;
        assert_eq!(count(&answers, 200), 1, "{}", proof.0);
        assert_eq!(count(&answers, 403), CLIENTS - 1, "{}", proof.0);
        assert_eq!(app.number("SELECT count(*) FROM login").await, logins + 1, "one sign-in was made");
    }
}

/// Fifty clients answer one challenge at once, each with another right proof or the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_of_fifty_parallel_answers_to_one_challenge_one_wins() {
    let app = TestApp::with(|settings| {
        settings.limits.factor_attempts = 1_000_000;
        settings.limits.challenge_tries = 1_000_000;
    })
    .await;
    let elsewhere = app.another().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let challenge = app.challenge(&guarded.member).await;
    let logins = app.number("SELECT count(*) FROM login").await;
    let answers = join_all((0..CLIENTS).map(|n| {
        let app = if n % 2 == 0 { &app } else { &elsewhere };
        app.answer(&challenge, ("recovery_code", guarded.codes[n % 10].clone().into()))
    }))
    .await;
    assert_eq!(count(&answers, 200), 1);
    assert_eq!(count(&answers, 403), CLIENTS - 1);
    assert_eq!(app.number("SELECT count(*) FROM login").await, logins + 1);
    let spent = app.number("SELECT count(*) FROM recovery_code WHERE used_at IS NOT NULL").await;
    assert_eq!(spent, 1, "who did not sign in has spent nothing");
}

/// Five tries of a challenge are five, also when fifty are made at once and the right one is among them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_fifty_parallel_guesses_are_counted_like_one_after_another() {
    let app = without_member_limit().await;
    let elsewhere = app.another().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let challenge = app.challenge(&guarded.member).await;
    let denied = |acts: Vec<Value>| acts.iter().filter(|leaf| leaf["out"] == "deny").count();
    let before = denied(app.leaves(app.ours.id).await);
    let answers = join_all((0..CLIENTS).map(|n| {
        let app = if n % 2 == 0 { &app } else { &elsewhere };
        app.answer(&challenge, ("totp", format!("{n:06}").into()))
    }))
    .await;
    let codes: Vec<String> = answers.iter().map(Answer::code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "factor-wrong").count(), 5, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "challenge-ended").count(), CLIENTS - 5, "{codes:?}");
    assert_eq!(denied(app.leaves(app.ours.id).await), before + 5, "each wrong proof is on record, none twice");
    // Used up is used up: the right code comes too late.
    let right = app.answer(&challenge, ("totp", guarded.totp.code(&app, 0).into())).await.is(403);
    assert_eq!(right.code(), "challenge-ended");
    let fresh = app.challenge(&guarded.member).await;
    app.answer(&fresh, ("totp", guarded.totp.code(&app, 0).into())).await.is(200);
}

/// New challenges bring no new tries: a member's are counted over all of them and over all processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_brute_force_over_many_challenges_ends_at_the_member() {
    let app = TestApp::with(|settings| settings.limits.open_challenges = 100).await;
    let elsewhere = app.another().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let colleague = app.guarded(&app.ours, Role::Engineer).await;
    let challenges = join_all((0..CLIENTS).map(|_| app.challenge(&guarded.member))).await;
    let answers = join_all(challenges.iter().enumerate().map(|(n, challenge)| {
        let app = if n % 2 == 0 { &app } else { &elsewhere };
        app.answer(challenge, ("totp", format!("{n:06}").into()))
    }))
    .await;
    assert_eq!(count(&answers, 403), 10);
    assert_eq!(count(&answers, 429), CLIENTS - 10);
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.code(), "too-many");
    assert_eq!(refused.header("retry-after"), "900");
    // Neither the right code nor a step-up by it gets through now, and nobody else is kept out.
    let right = Value::from(guarded.totp.code(&app, 0));
    let fresh = app.challenge(&guarded.member).await;
    app.answer(&fresh, ("totp", right.clone())).await.is(429);
    guarded.client.post("/v1/auth/step-up", &json!({ "totp": right })).await.is(429);
    let theirs = app.challenge(&colleague.member).await;
    app.answer(&theirs, ("totp", colleague.totp.code(&app, 0).into())).await.is(200);
    // The window is that of the first try: whoever is refused later waits less.
    app.pass(600);
    let later = app.challenge(&guarded.member).await;
    let refused = app.answer(&later, ("totp", "000000".into())).await.is(429);
    assert_eq!(refused.header("retry-after"), "300");
    assert!(refused.header("ratelimit-policy").contains("\"second-factor\";q=10;w=900"));
    app.pass(300);
    let fresh = app.challenge(&guarded.member).await;
    app.answer(&fresh, ("totp", guarded.totp.code(&app, 0).into())).await.is(200);
}

/// A challenge is one person's, for one purpose, for five minutes, under the password that was right then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_a_challenge_answers_for_nothing_else() {
    let app = TestApp::new().await;
    let mut guarded = app.guarded(&app.ours, Role::Engineer).await;
    let ended = |answer: Answer| {
        assert_eq!(answer.is(403).code(), "challenge-ended");
    };
    let code = |guarded: &sealtape_tests::acceptance::Guarded| Value::from(guarded.totp.code(&app, 0));

    // Unknown ones are answered like those that are over.
    for unknown in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &"A".repeat(4_000)] {
        ended(app.answer(&json!({ "challenge": unknown }), ("totp", code(&guarded))).await);
    }
    // The question of a sign-in does not step up, the question of a step-up does not sign in, and neither registers.
    let sign_in = app.challenge(&guarded.member).await;
    let step_up = guarded.client.post("/v1/auth/step-up/challenge", &json!({})).await.is(201).json();
    let register = guarded.client.post("/v1/me/mfa/webauthn/challenge", &json!({})).await.is(201).json();
    ended(app.answer(&step_up, ("totp", code(&guarded))).await);
    ended(app.answer(&register, ("totp", code(&guarded))).await);
    let signed = guarded.key.sign(&sign_in["webauthn"]);
    for wrong in [&sign_in, &register] {
        let body = json!({ "challenge": wrong["challenge"], "webauthn": signed });
        ended(guarded.client.post("/v1/auth/step-up", &body).await);
    }
    let made = guarded.key.register(&register["webauthn"]);
    for wrong in [&sign_in, &step_up] {
        let body = json!({ "challenge": wrong["challenge"], "name": "k", "credential": made });
        ended(guarded.client.post("/v1/me/mfa/webauthn", &body).await);
    }
    // Another sign-in of the same member, a colleague and another tenant cannot use it either.
    let again = app.answer(&sign_in, ("totp", code(&guarded))).await.is(200);
    let other = app.guarded(&app.theirs, Role::Owner).await;
    let asked = guarded.key.sign(&step_up["webauthn"]);
    for client in [&app.bearer(&again), &other.client, &app.guarded(&app.ours, Role::Owner).await.client] {
        let body = json!({ "challenge": step_up["challenge"], "webauthn": asked });
        ended(client.post("/v1/auth/step-up", &body).await);
    }

    // Five minutes, not a moment more.
    let late = app.challenge(&guarded.member).await;
    app.pass(300);
    ended(app.answer(&late, ("totp", code(&guarded))).await);
    // A change of password, and being disabled, end what was asked under the old one.
    let member = format!("id = {}", app.id(&guarded.member.id));
    let asked = app.challenge(&guarded.member).await;
    app.tamper(&[&format!("UPDATE member SET password_epoch = password_epoch + 1 WHERE {member}")]).await;
    ended(app.answer(&asked, ("totp", code(&guarded))).await);
    app.pass(30);
    let mut colleague = app.guarded(&app.ours, Role::Engineer).await;
    let asked = app.challenge(&colleague.member).await;
    let id = app.id(&colleague.member.id);
    app.tamper(&[&format!("UPDATE member SET state = 'disabled' WHERE id = {id}")]).await;
    ended(app.answer(&asked, ("webauthn", colleague.key.sign(&asked["webauthn"]))).await);
}

/// A right password is what tells that there is a second factor; nothing else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_who_has_a_second_factor_is_told_to_nobody() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let plain = app.fresh_member(&app.ours, Role::Engineer).await;
    let mut seen = std::collections::BTreeSet::new();
    for email in [guarded.member.email.as_str(), plain.email.as_str(), "nobody@ours.example"] {
        let body = json!({ "email": email, "password": "wrong wrong wrong" });
        let answer = app.anonymous().post("/v1/auth/login", &body).await.is(401);
        assert_eq!(answer.header("set-cookie"), "");
        seen.insert(answer.problem().to_string());
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    // Rows of one member in another's place open nothing: each secret is sealed in its own row under its owner's key.
    app.expect_damage();
    let stranger = app.guarded(&app.theirs, Role::Engineer).await;
    let colleague = app.guarded(&app.ours, Role::Engineer).await;
    for (from, to) in [(&colleague, &guarded), (&stranger, &guarded)] {
        let of = |member: &str| format!("kind = 'totp' AND member_id = {}", app.id(member));
        let secret = format!("(SELECT f.secret_sealed FROM factor f WHERE f.{})", of(&from.member.id));
        app.tamper(&[&format!("UPDATE factor SET secret_sealed = {secret} WHERE {}", of(&to.member.id))]).await;
        let challenge = app.challenge(&to.member).await;
        let answer = app.answer(&challenge, ("totp", from.totp.code(&app, 0).into())).await;
        assert_eq!(answer.status, 503, "{}", answer.text());
    }
}

/// Threat 16: a credential without a readable id is no other factor's, though these have none at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_an_unreadable_credential_is_nobodys() {
    let app = TestApp::new().await;
    let mut guarded = app.guarded(&app.ours, Role::Engineer).await;
    let open = app.challenge(&guarded.member).await;
    let mut signed = guarded.key.sign(&open["webauthn"]);
    for id in ["***", "", "=="] {
        for pointer in ["/id", "/rawId"] {
            *signed.pointer_mut(pointer).unwrap() = id.into();
        }
        let refused = app.answer(&open, ("webauthn", signed.clone())).await.is(403);
        assert_eq!(refused.code(), "factor-wrong", "{id}");
    }
}

//! Passwords that were forgotten, and factors that were lost.

use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{Answer, TestApp, until};
use serde_json::{Value, json};

use crate::signin::{bearer, cookie_of, refresh};

const NEW: &str = "another horse altogether";

async fn forgot(app: &TestApp, email: &str) -> Answer {
    app.anonymous().post("/v1/auth/password/forgot", &json!({ "email": email })).await
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    app.anonymous().post("/v1/auth/password/reset", &json!({ "token": token, "new_password": password })).await
}

/// Tokens of the links for new passwords in the outbox.
async fn tokens(app: &TestApp) -> Vec<String> {
    app.work_on_jobs().await;
    let outbox = app.as_role(Role::Owner).await.get("/v1/ops/mail").await.is(200).json();
    let letters = outbox["items"].as_array().unwrap().iter().filter(|letter| letter["kind"] == "password-reset");
    let token = |letter: &Value| letter["link"].as_str().unwrap().split_once("/reset#").unwrap().1.to_owned();
    letters.map(token).collect()
}

/// Asks for a link, and waits for it.
pub(crate) async fn token(app: &TestApp, email: &str) -> String {
    let before = tokens(app).await;
    forgot(app, email).await.is(202);
    let new = || async { tokens(app).await.into_iter().find(|token| !before.contains(token)) };
    until("the letter is in the outbox", new).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_set_anew_by_a_mailed_link() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let before = app.sign_in(&member).await.is(200);
    let first = token(&app, &member.email).await;
    let second = token(&app, &member.email).await;
    for (bad, pointer) in [("short", "/new_password"), (member.email.as_str(), "/new_password")] {
        assert_eq!(reset(&app, &first, bad).await.is(422).json()["errors"][0]["pointer"], pointer);
    }
    reset(&app, &first, NEW).await.is(204);
    // Every sign-in has ended, and every other link.
    assert_eq!(bearer(&app, &before).get("/v1/me").await.is(401).code(), "token-expired");
    refresh(&app, &cookie_of(&before)).await.is(401);
    for used in [&first, &second] {
        assert_eq!(reset(&app, used, "a third horse for this").await.is(410).code(), "link-not-good");
    }
    app.sign_in(&member).await.is(401);
    let now = app.anonymous().post("/v1/auth/login", &json!({ "email": member.email, "password": NEW })).await.is(200);
    let inbox = bearer(&app, &now).get("/v1/me/notices").await.is(200).json();
    assert_eq!(inbox["items"][0]["kind"], "password-changed", "{inbox}");
    let acts = app.acts(app.ours.id).await;
    for act in ["password.forgot", "password.reset"] {
        assert!(acts.iter().any(|other| other == act), "{act}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_for_a_new_password_ends_by_time_and_with_the_member() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let late = token(&app, &member.email).await;
    app.pass(3_600);
    reset(&app, &late, NEW).await.is(410);
    let mut open = token(&app, &member.email).await;
    let change = json!({ "old_password": member.password, "new_password": "a changed horse at last" });
    bearer(&app, &app.sign_in(&member).await.is(200)).post("/v1/auth/password/change", &change).await.is(204);
    reset(&app, &open, NEW).await.is(410);
    open = token(&app, &member.email).await;
    let disable = format!("/v1/members/{}/disable", member.id);
    app.as_role(Role::Owner).await.post(&disable, &json!({})).await.is(204);
    reset(&app, &open, NEW).await.is(410);
    for none in ["", "none", "a\0b"] {
        assert_eq!(reset(&app, none, NEW).await.is(410).code(), "link-not-good");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_who_set_a_password_at_once_are_one() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let link = token(&app, &member.email).await;
    let passwords: Vec<String> = (0..50).map(|n| format!("the horse of number {n}")).collect();
    let apps = [&app, &elsewhere];
    let answers = join_all(passwords.iter().enumerate().map(|(n, new)| reset(apps[n % 2], &link, new))).await;
    let won: Vec<usize> = (0..50).filter(|n| answers[*n].status == 204).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| answer.status == 204 || answer.status == 410));
    let body = json!({ "email": member.email, "password": passwords[won[0]] });
    app.anonymous().post("/v1/auth/login", &body).await.is(200);
}

/// Threat 15: who asks learns nothing, however they ask.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_forgetting_tells_nothing_of_an_address() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let work = app.app().auth().password_work();
    let shape = |answer: Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        (answer.status, answer.text(), names)
    };
    let known = shape(forgot(&app, &member.email).await);
    assert_eq!((known.0, known.1.as_str()), (202, ""));
    for other in ["nobody@ours.example", "not an address", ""] {
        assert_eq!(shape(forgot(&app, other).await), known, "{other}");
    }
    for tenant in ["ours", "theirs", "none", "a\0b", "*"] {
        let body = json!({ "email": member.email, "tenant": tenant });
        assert_eq!(shape(app.anonymous().post("/v1/auth/password/forgot", &body).await), known, "{tenant}");
    }
    assert_eq!(app.app().auth().password_work(), work, "no password is looked at");
}

/// Threat 15: a mailbox is not filled, and the limit is the same for addresses that are nobody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_links_for_new_passwords_are_limited() {
    let app = TestApp::with(|settings| settings.limits.password_resets_per_hour = 4).await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    for email in [member.email.as_str(), "nobody@ours.example"] {
        for left in (0..4).rev() {
            let answer = forgot(&app, email).await.is(202);
            assert!(answer.header("ratelimit").starts_with(&format!("\"password-reset\";r={left};")));
        }
        let refused = forgot(&app, email).await.is(429);
        assert!(!refused.header("retry-after").is_empty());
    }
    until("three links are open", || async { (tokens(&app).await.len() == 3).then_some(()) }).await;
}

/// Threat 16: a new password takes no second factor away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_a_new_password_is_no_second_factor() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let open = app.challenge(&guarded.member).await;
    let link = token(&app, &guarded.member.email).await;
    reset(&app, &link, NEW).await.is(204);
    let stale = app.answer(&open, ("totp", json!(guarded.totp.code(&app, 0)))).await.is(403);
    assert_eq!(stale.code(), "challenge-ended", "it was asked for the old password");
    let member = sealtape_tests::acceptance::Member { password: NEW.to_owned(), ..guarded.member };
    let asked = app.challenge(&member).await;
    app.answer(&asked, ("totp", json!(guarded.totp.code(&app, 0)))).await.is(200);
}

/// Who lost every factor gets back in when an admin takes them away, and by no other way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_factors_are_taken_away_by_an_admin() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let path = format!("/v1/members/{}/reset-factors", guarded.member.id);
    let admin = app.fresh_member(&app.ours, Role::Admin).await;
    let client = app.signed_in(&admin).await;
    client.post(&path, &json!({})).await.is(204);
    let ended = || async { (guarded.client.get("/v1/me").await.status == 401).then_some(()) };
    until("the sign-in has ended", ended).await;
    let back = app.signed_in(&guarded.member).await;
    assert_eq!(back.get("/v1/me/mfa").await.is(200).json()["recovery_codes"], Value::Null);
    let inbox = back.get("/v1/me/notices").await.is(200).json();
    let told = inbox["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == "factor-removed");
    assert_eq!(told.count(), 1, "{inbox}");
    assert_eq!(client.post(&path, &json!({})).await.is(409).code(), "no-factor");
    let tie = format!(
        "SELECT count(*) FROM member_influence WHERE kind = 'reset' AND member_id = {} AND by_id = {}",
        app.id(&guarded.member.id),
        app.id(&admin.id)
    );
    assert_eq!(app.number(&tie).await, 1, "the two cannot be two people for each other");

    // Nobody their own, nobody an owner's who is none, and nobody without a fresh proof.
    let own = format!("/v1/members/{}/reset-factors", admin.id);
    assert_eq!(client.post(&own, &json!({})).await.is(409).code(), "own-account");
    let owner = app.guarded(&app.ours, Role::Owner).await;
    let guarded_role = format!("/v1/members/{}/reset-factors", owner.member.id);
    assert_eq!(client.post(&guarded_role, &json!({})).await.is(403).code(), "guarded-role");
    let signed_in = app.sign_in(&admin).await.is(200);
    app.pass(601);
    let late = bearer(&app, &refresh(&app, &cookie_of(&signed_in)).await.is(200));
    assert_eq!(late.post(&guarded_role, &json!({})).await.is(403).code(), "step-up-required");
}

//! What was proved, and what changes before it counts.

use app::settings::PasswordCost;
use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{Member, TestApp, until};
use serde_json::{Value, json};

use crate::signin::{bearer, cookie_of, refresh};

/// The password is the same when it is hashed at another cost: what it proved still counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_of_another_cost_is_replaced_and_ends_nothing() {
    let app = TestApp::new().await;
    let dearer = app.another_with(|settings| settings.password.passes = 2).await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let there = app.theirs.new_member_as(&app, &guarded.member.email, &guarded.member.password, Role::Viewer).await;
    let named =
        |tenant: &str| json!({ "email": guarded.member.email, "password": guarded.member.password, "tenant": tenant });
    let switcher = bearer(&app, &app.anonymous().post("/v1/auth/login", &named("theirs")).await.is(200));
    let proven = || async {
        let list = switcher.get("/v1/me/tenants").await.is(200).json();
        (list["items"].as_array().unwrap().len() == 1).then_some(())
    };
    until("the other membership is proven", proven).await;
    let open = app.anonymous().post("/v1/auth/login", &named("ours")).await.is(200).json();
    let asked = dearer.anonymous().post("/v1/auth/login", &named("ours")).await.is(200).json();
    let hash = format!("SELECT password_hash FROM member WHERE id = {}", app.id(&guarded.member.id));
    assert!(app.texts(&hash).await[0].contains(",t=2,"), "the new cost is in force");
    app.answer(&open, ("totp", guarded.totp.code(&app, 0).into())).await.is(200);
    app.answer(&asked, ("recovery_code", guarded.codes[0].as_str().into())).await.is(200);
    until("the other membership is still proven", proven).await;
    assert_ne!(there.id, guarded.member.id);
}

/// Threat 15: looking at a password takes its time; what happens meanwhile counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_what_changes_while_a_password_is_looked_at_counts() {
    let app = TestApp::new().await;
    app.expect_damage();
    let cost = PasswordCost { memory_kib: 64 * 1_024, passes: 12, lanes: 1, at_once: 2 };
    let slow = app.another_with(|settings| settings.password = cost).await;
    let changes = [
        ("UPDATE member SET state = 'disabled' WHERE id = ", 401),
        ("UPDATE member SET password_epoch = password_epoch + 1 WHERE id = ", 401),
        ("UPDATE factor SET state = 'active', confirmed_at = created_at WHERE member_id = ", 200),
    ];
    for (change, status) in changes {
        let member = slow.fresh_member(&slow.ours, Role::Engineer).await;
        slow.signed_in(&member).await.post("/v1/me/mfa/totp", &json!({})).await.is(201);
        let change = format!("{change}{}", app.id(&member.id));
        let logins = format!("SELECT count(*) FROM login WHERE member_id = {}", app.id(&member.id));
        let (before, work) = (app.number(&logins).await, slow.app().auth().password_work());
        let meanwhile = async {
            let looking = || async { (slow.app().auth().password_work() > work).then_some(()) };
            until("the password is looked at", looking).await;
            app.tamper(&[&change]).await;
        };
        let (answer, ()) = tokio::join!(slow.sign_in(&member), meanwhile);
        let answer = answer.is(status);
        match status {
            401 => assert_eq!(answer.code(), "login-failed", "{change}"),
            _ => assert_eq!(answer.json()["mfa_required"], true, "{change}"),
        }
        assert_eq!(app.number(&logins).await, before, "{change}");
    }
}

async fn open_challenges(app: &TestApp, member: &Member, purpose: &str) -> i64 {
    let member = app.id(&member.id);
    let sql = format!("SELECT count(*) FROM factor_challenge WHERE purpose = '{purpose}' AND member_id = {member}");
    app.number(&sql).await
}

/// Threat 16: who knows a password fills no table with it, and ends nobody's sign-in of this moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_open_challenges_of_a_member_are_few() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    let first = app.challenge(&guarded.member).await;
    app.pass(1);
    join_all((0..50).map(|_| app.challenge(&guarded.member))).await;
    assert_eq!(open_challenges(&app, &guarded.member, "sign-in").await, 20);
    let code = Value::from(guarded.totp.code(&app, 0));
    assert_eq!(app.answer(&first, ("totp", code.clone())).await.is(403).code(), "challenge-ended");
    app.pass(1);
    let last = app.challenge(&guarded.member).await;
    app.answer(&last, ("totp", code)).await.is(200);
    // One's own questions while signed in are others: they end no sign-in.
    let waiting = app.challenge(&guarded.member).await;
    for _ in 0..25 {
        guarded.client.post("/v1/auth/step-up/challenge", &json!({})).await.is(201);
    }
    for purpose in ["sign-in", "step-up"] {
        assert_eq!(open_challenges(&app, &guarded.member, purpose).await, 20, "{purpose}");
    }
    app.answer(&waiting, ("recovery_code", guarded.codes[0].as_str().into())).await.is(200);
    app.pass(301);
    app.work_on_jobs().await;
    assert_eq!(app.number("SELECT count(*) FROM factor_challenge").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM credential_index WHERE kind = 'mfa-challenge'").await, 0);
}

/// Threat 14: that a sign-in ended, and why, is on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_every_end_of_a_sign_in_is_on_record() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let out = cookie_of(&app.sign_in(&member).await.is(200));
    let request = app.anonymous().request(reqwest::Method::POST, "/v1/auth/logout");
    let sent = request.header("origin", app.console_origin()).header("cookie", &out).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 204);
    let stolen = cookie_of(&app.sign_in(&member).await.is(200));
    refresh(&app, &stolen).await.is(200);
    app.pass(11);
    refresh(&app, &stolen).await.is(401);
    let leaves = app.leaves(app.ours.id).await;
    let ends = |act: &str, outcome: &str| {
        let rule = |leaf: &Value| leaf["act"] == act && leaf["out"] == outcome;
        leaves
            .iter()
            .filter(|leaf| rule(leaf))
            .map(|leaf| leaf["rule"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ends("login.end", "allow"), ["access@4/refresh-token"]);
    assert_eq!(ends("login.refresh", "deny"), ["access@4/reused-token"]);
}

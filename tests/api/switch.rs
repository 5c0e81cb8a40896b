//! One person in several tenants.

use futures::future::join_all;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp, until};
use serde_json::{Value, json};

use crate::signin::{bearer, cookie_of, refresh};

const EMAIL: &str = "ada@both.example";
const PASSWORD: &str = "correct horse of both";
const OTHER: &str = "another horse entirely";

/// Ada, an engineer of ours and a viewer of theirs.
async fn ada(app: &TestApp, ours: &str, theirs: &str) {
    app.ours.new_member_as(app, EMAIL, ours, Role::Engineer).await;
    app.theirs.new_member_as(app, EMAIL, theirs, Role::Viewer).await;
}

async fn sign_in(app: &TestApp, tenant: Option<&str>, password: &str) -> Answer {
    let body = json!({ "email": EMAIL, "password": password, "tenant": tenant });
    app.anonymous().post("/v1/auth/login", &body).await
}

async fn tenants(client: &Client) -> Value {
    client.get("/v1/me/tenants").await.is(200).json()["items"].clone()
}

/// Waits until the memberships of a sign-in were looked at.
async fn proven(client: &Client, slug: &str) {
    until("the other membership is proven", || async { (tenants(client).await[0]["slug"] == slug).then_some(()) })
        .await;
}

async fn switch(client: &Client, slug: &str) -> Answer {
    client.post("/v1/auth/switch", &json!({ "tenant": slug })).await
}

async fn slug(client: &Client) -> Value {
    client.get("/v1/me").await.is(200).json()["tenant"]["slug"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_changes_over_and_back() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let signed_in = sign_in(&app, Some("ours"), PASSWORD).await.is(200);
    let ours = bearer(&app, &signed_in);
    proven(&ours, "theirs").await;
    let changed = switch(&ours, "theirs").await.is(200);
    let theirs = bearer(&app, &changed);
    assert_eq!(slug(&theirs).await, "theirs");
    assert_eq!(theirs.get("/v1/me").await.json()["roles"], json!(["viewer"]));
    assert_eq!(ours.get("/v1/me").await.is(401).code(), "token-expired", "one sign-in at a time");
    refresh(&app, &cookie_of(&changed)).await.is(200);

    assert_eq!(tenants(&theirs).await[0]["slug"], "ours");
    let back = bearer(&app, &switch(&theirs, "ours").await.is(200));
    assert_eq!(slug(&back).await, "ours");
    let rules: Vec<Value> = app.leaves(app.theirs.id).await.into_iter().map(|leaf| leaf["rule"].clone()).collect();
    assert!(rules.contains(&json!("access@4/switch")), "{rules:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_ends_no_later_than_the_sign_in_it_came_from() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let mut cookie = cookie_of(&sign_in(&app, Some("ours"), PASSWORD).await.is(200));
    let mut token = refresh(&app, &cookie).await.is(200);
    proven(&bearer(&app, &token), "theirs").await;
    for hour in 0..11 {
        for _ in 0..3 {
            app.pass(20 * 60);
            cookie = cookie_of(&token);
            token = refresh(&app, &cookie).await.is(200);
        }
        let to = if hour % 2 == 0 { "theirs" } else { "ours" };
        token = switch(&bearer(&app, &token), to).await.is(200);
    }
    assert!(token.header("set-cookie").contains("Max-Age=3600"), "{}", token.header("set-cookie"));
    for _ in 0..2 {
        app.pass(20 * 60);
        token = refresh(&app, &cookie_of(&token)).await.is(200);
    }
    app.pass(20 * 60);
    refresh(&app, &cookie_of(&token)).await.is(401);
}

/// An admin of one tenant can make an account for anybody's address there. It opens nothing elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_03_an_account_made_in_one_tenant_opens_no_other() {
    let app = TestApp::new().await;
    // Ada is theirs, with her own password; somebody in our tenant made an account for her address and knows its password.
    ada(&app, OTHER, PASSWORD).await;
    let forged = bearer(&app, &sign_in(&app, Some("ours"), OTHER).await.is(200));
    let true_one = bearer(&app, &sign_in(&app, Some("theirs"), PASSWORD).await.is(200));
    // Both were looked at when a third sign-in's look, begun later, is over.
    app.ours.new_member_as(&app, "bob@both.example", PASSWORD, Role::Viewer).await;
    app.theirs.new_member_as(&app, "bob@both.example", PASSWORD, Role::Viewer).await;
    let body = json!({ "email": "bob@both.example", "password": PASSWORD, "tenant": "ours" });
    proven(&bearer(&app, &app.anonymous().post("/v1/auth/login", &body).await.is(200)), "theirs").await;
    for (client, other) in [(&forged, "theirs"), (&true_one, "ours")] {
        assert_eq!(tenants(client).await, json!([]));
        let refused = switch(client, other).await.is(404);
        let unknown = switch(client, "no-such-tenant").await.is(404);
        assert_eq!(refused.problem(), unknown.problem(), "a tenant that exists is not told from one that does not");
    }
    for slug in ["", "*", "-", "a\0b", "THEIRS", "theirs "] {
        switch(&forged, slug).await.is(404);
    }
}

/// What was proven ends when the password there changes, the member is disabled, or the sign-in ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_a_proof_ends_with_what_it_proved() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let here = bearer(&app, &sign_in(&app, Some("ours"), PASSWORD).await.is(200));
    proven(&here, "theirs").await;
    let there = bearer(&app, &sign_in(&app, Some("theirs"), PASSWORD).await.is(200));
    proven(&there, "ours").await;
    let change = json!({ "old_password": PASSWORD, "new_password": OTHER });
    there.post("/v1/auth/password/change", &change).await.is(204);
    assert_eq!(tenants(&here).await, json!([]));
    switch(&here, "theirs").await.is(404);
    // The other way round the password is still the one that was typed.
    assert_eq!(tenants(&there).await[0]["slug"], "ours");
    let owner = app.as_role(Role::Owner).await;
    let id = here.get("/v1/me").await.json()["id"].as_str().unwrap().to_owned();
    owner.post(&format!("/v1/members/{id}/disable"), &json!({})).await.is(204);
    assert_eq!(tenants(&there).await, json!([]));
    switch(&there, "ours").await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_switches_at_once_are_one() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let signed_in = sign_in(&app, Some("ours"), PASSWORD).await.is(200);
    proven(&bearer(&app, &signed_in), "theirs").await;
    let clients = [bearer(&app, &signed_in), bearer(&elsewhere, &signed_in)];
    let answers = join_all((0..50).map(|n| switch(&clients[n % 2], "theirs"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let alive = format!(
        "SELECT count(*) FROM login WHERE revoked_at IS NULL AND tenant_id = {}",
        app.id(&app.theirs.id.to_string())
    );
    assert_eq!(app.number(&alive).await, 2, "the owner who made the project, and Ada once");
}

/// Without a tenant's name an address that is in several is answered like one that is in none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_an_ambiguous_address_is_answered_like_an_unknown_one() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, OTHER).await;
    let unknown = json!({ "email": "nobody@both.example", "password": PASSWORD });
    let unknown = app.anonymous().post("/v1/auth/login", &unknown).await.is(401);
    for password in [PASSWORD, OTHER, "wrong"] {
        assert_eq!(sign_in(&app, None, password).await.is(401).problem(), unknown.problem());
    }
    for tenant in ["ours", "theirs", "none", "a\0b"] {
        assert_eq!(sign_in(&app, Some(tenant), "wrong").await.is(401).problem(), unknown.problem());
    }
    sign_in(&app, Some("ours"), PASSWORD).await.is(200);
    sign_in(&app, Some("theirs"), OTHER).await.is(200);
}

/// Threat 45: another site cannot make a browser change over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_45_another_origin_cannot_switch() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let here = bearer(&app, &sign_in(&app, Some("ours"), PASSWORD).await.is(200));
    proven(&here, "theirs").await;
    let foreign = here.request(Method::POST, "/v1/auth/switch").header("origin", "https://evil.example");
    assert_eq!(Answer::of(foreign.json(&json!({ "tenant": "theirs" }))).await.is(403).code(), "origin-refused");
    assert_eq!(slug(&here).await, "ours");
}

/// Threat 16: who has a second factor in the other tenant is asked for it; what is asked there is answered from that sign-in
/// only, and the sign-in that one leaves goes on until then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_16_changing_over_asks_for_the_factor_there() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let totp = app.enrol_totp(&bearer(&app, &sign_in(&app, Some("theirs"), PASSWORD).await.is(200))).await;
    let here = bearer(&app, &sign_in(&app, Some("ours"), PASSWORD).await.is(200));
    let twin = bearer(&app, &sign_in(&app, Some("ours"), PASSWORD).await.is(200));
    proven(&here, "theirs").await;
    proven(&twin, "theirs").await;

    let asked = switch(&here, "theirs").await.is(200);
    assert_eq!(asked.header("set-cookie"), "");
    let asked = asked.json();
    assert_eq!((&asked["mfa_required"], &asked["methods"]), (&json!(true), &json!(["totp"])));
    assert!(asked.get("access_token").is_none(), "{asked}");
    let answer = |code: String| json!({ "tenant": "theirs", "challenge": asked["challenge"], "totp": code });
    let ask = |client: &Client, body: Value| {
        let client = client.clone();
        async move { client.post("/v1/auth/switch", &body).await }
    };
    let stray = app.answer(&asked, ("totp", json!(totp.code(&app, 0)))).await.is(403);
    assert_eq!(stray.code(), "challenge-ended", "it is no end of a sign-in");
    assert_eq!(ask(&twin, answer(totp.code(&app, 0))).await.is(403).code(), "challenge-ended", "another sign-in's");
    assert_eq!(ask(&here, answer("000000".to_owned())).await.is(403).code(), "factor-wrong");
    let bare = json!({ "tenant": "theirs", "totp": totp.code(&app, 0) });
    ask(&here, bare).await.is(422);
    assert_eq!(slug(&here).await, "ours", "nothing has happened yet");

    let changed = ask(&here, answer(totp.code(&app, 0))).await.is(200);
    let there = bearer(&app, &changed);
    assert_eq!(slug(&there).await, "theirs");
    assert_eq!(here.get("/v1/me").await.is(401).code(), "token-expired");
    // The proof is a fresh one.
    there.post("/v1/me/mfa/recovery-codes", &json!({})).await.is(201);
    let rules: Vec<Value> = app.leaves(app.theirs.id).await.into_iter().map(|leaf| leaf["rule"].clone()).collect();
    assert!(rules.contains(&json!("access@4/switch/totp")), "{rules:?}");
    // Each code is good once, also here.
    let again = switch(&twin, "theirs").await.is(200).json();
    let body = json!({ "tenant": "theirs", "challenge": again["challenge"], "totp": totp.code(&app, 0) });
    assert_eq!(ask(&twin, body).await.is(403).code(), "factor-wrong");
    assert_eq!(slug(&twin).await, "ours");
}

/// A sign-in that a factor completed has proved its password elsewhere like any other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_with_a_factor_can_change_over() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let totp = app.enrol_totp(&bearer(&app, &sign_in(&app, Some("ours"), PASSWORD).await.is(200))).await;
    let asked = sign_in(&app, Some("ours"), PASSWORD).await.is(200).json();
    let here = bearer(&app, &app.answer(&asked, ("totp", json!(totp.code(&app, 0)))).await.is(200));
    proven(&here, "theirs").await;
    let there = bearer(&app, &switch(&here, "theirs").await.is(200));
    assert_eq!(slug(&there).await, "theirs");
    let back = switch(&there, "ours").await.is(200).json();
    assert_eq!(back["mfa_required"], true, "and is asked again on the way back");
}

/// Changing over is no proof of who one is: what is old stays old.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_changing_over_makes_no_old_proof_fresh() {
    let app = TestApp::new().await;
    ada(&app, PASSWORD, PASSWORD).await;
    let signed_in = sign_in(&app, Some("ours"), PASSWORD).await.is(200);
    proven(&bearer(&app, &signed_in), "theirs").await;
    app.pass(601);
    let late = bearer(&app, &refresh(&app, &cookie_of(&signed_in)).await.is(200));
    let there = bearer(&app, &switch(&late, "theirs").await.is(200));
    let refused = there.post("/v1/me/mfa/totp", &json!({})).await.is(403);
    assert_eq!(refused.code(), "step-up-required");
    there.post("/v1/auth/step-up", &json!({ "password": PASSWORD })).await.is(200);
    there.post("/v1/me/mfa/totp", &json!({})).await.is(201);
}

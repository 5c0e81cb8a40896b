//! What members are told of acts of identity, and what ties them to each other.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use crate::stories::{invite, new_api_key};

/// Kinds in the inbox, by name: of one instant none is newer.
async fn kinds(client: &Client) -> Vec<String> {
    let inbox = client.get("/v1/me/notices?limit=100").await.is(200).json();
    let items = inbox["items"].as_array().unwrap().iter();
    let mut kinds: Vec<String> = items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    kinds
}

async fn count(app: &TestApp, kind: &str, member: &str, by: &str) -> i64 {
    let (member, by) = (app.id(member), app.id(by));
    let sql = format!(
        "SELECT count(*) FROM member_influence WHERE kind = '{kind}' AND member_id = {member} AND by_id = {by}"
    );
    app.number(&sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_governs_is_told_of_members_and_keys() {
    let app = TestApp::new().await;
    let (owner, viewer) = (app.as_role(Role::Owner).await, app.as_role(Role::Viewer).await);
    let admin = app.fresh_member(&app.ours, Role::Admin).await;
    let by = app.signed_in(&admin).await;
    let (_, token) = invite(&by, "new@ours.example", "viewer").await;
    let accept = json!({ "token": token, "name": "New", "password": "correct horse battery 9" });
    app.anonymous().post("/v1/invitations/accept", &accept).await.is(204);
    let members = owner.get("/v1/members?limit=100").await.is(200).json();
    let joined = members["items"].as_array().unwrap().iter().find(|member| member["email"] == "new@ours.example");
    let joined = joined.unwrap()["id"].as_str().unwrap().to_owned();
    let new = app.bearer(
        &app.anonymous()
            .post("/v1/auth/login", &json!({ "email": "new@ours.example", "password": "correct horse battery 9" }))
            .await
            .is(200),
    );
    by.post("/v1/role-bindings", &json!({ "member_id": joined, "role": "engineer" })).await.is(201);
    let fresh = app.bearer(
        &app.anonymous()
            .post("/v1/auth/login", &json!({ "email": "new@ours.example", "password": "correct horse battery 9" }))
            .await
            .is(200),
    );
    new_api_key(&app, &fresh, &["session.list"]).await;
    assert_eq!(kinds(&fresh).await, ["api-key-created", "role-changed"], "what is about oneself");
    drop(new);
    by.post(&format!("/v1/members/{joined}/disable"), &json!({})).await.is(204);
    let told = ["api-key-created", "member-disabled", "member-joined", "role-changed"];
    assert_eq!(kinds(&owner).await, told);
    assert!(kinds(&viewer).await.is_empty(), "nobody else");
    assert_eq!(count(&app, "invited", &joined, &admin.id).await, 1);
    assert_eq!(count(&app, "promoted", &joined, &admin.id).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_told_what_happens_to_their_own_account() {
    let app = TestApp::new().await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    assert_eq!(kinds(&guarded.client).await, ["factor-added", "factor-added"]);
    let code = json!({ "recovery_code": guarded.codes[0] });
    guarded.client.post("/v1/auth/step-up", &code).await.is(200);
    guarded.client.delete(&format!("/v1/me/mfa/webauthn/{}", guarded.key_id)).await.is(204);
    let change = json!({ "old_password": guarded.member.password, "new_password": "a changed horse at last" });
    guarded.client.post("/v1/auth/password/change", &change).await.is(204);
    let told = ["factor-added", "factor-added", "factor-removed", "password-changed", "recovery-code-used"];
    assert_eq!(kinds(&guarded.client).await, told);
    let owner = app.as_role(Role::Owner).await;
    assert!(kinds(&owner).await.is_empty(), "it is nobody else's affair");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_who_was_robbed_is_told() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let stolen = crate::signin::cookie_of(&app.sign_in(&member).await.is(200));
    crate::signin::refresh(&app, &stolen).await.is(200);
    app.pass(11);
    crate::signin::refresh(&app, &stolen).await.is(401);
    assert_eq!(kinds(&app.signed_in(&member).await).await, ["refresh-reused"]);
}

/// An invitation is mailed to whom it invites, with a link that works; in clear nothing is kept of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_mailed() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let (id, shown) = invite(&owner, "mailed@ours.example", "viewer").await;
    let resent = owner.post(&format!("/v1/invitations/{id}/resend"), &json!({})).await.is(200).json();
    app.work_on_jobs().await;
    let outbox = owner.get("/v1/ops/mail").await.is(200).json();
    let letters: Vec<&Value> =
        outbox["items"].as_array().unwrap().iter().filter(|letter| letter["kind"] == "invitation").collect();
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|letter| letter["to"] == "mailed@ours.example"), "{outbox}");
    let token = |link: &Value| link.as_str().unwrap().split_once("/invitation#").unwrap().1.to_owned();
    let mut mailed: Vec<String> = letters.iter().map(|letter| token(&letter["link"])).collect();
    let mut answered = vec![shown, token(&resent["link"])];
    mailed.sort();
    answered.sort();
    assert_eq!(mailed, answered);
    let accept = json!({ "token": token(&resent["link"]), "name": "New", "password": "correct horse battery 9" });
    app.anonymous().post("/v1/invitations/accept", &accept).await.is(204);
}

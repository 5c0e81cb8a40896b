//! `Idempotency-Key`: a creating request sent again creates nothing again.

use futures::future::join_all;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp};
use serde_json::{Value, json};

use crate::{grants, stories};

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    Answer::of(client.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn id(answer: Answer) -> String {
    answer.is(201).json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_again_gets_the_same_answer() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let shop = json!({ "name": "second shop" });
    let made = post(&owner, "/v1/projects", "\"one\"", &shop).await.is(201);
    let acts = app.acts(app.ours.id).await;
    // The header's string and its bare text are one key.
    let again = post(&owner, "/v1/projects", "one", &shop).await.is(201);
    assert_eq!(made.text(), again.text());
    assert_eq!(app.acts(app.ours.id).await, acts, "nothing was done, so nothing is recorded");
    owner.post("/v1/projects", &shop).await.is(409);

    let keys = format!("/v1/projects/{}/agent-keys", made.json()["id"].as_str().unwrap());
    let origins = json!({ "origins": ["https://shop.example"] });
    let key = post(&owner, &keys, "two", &origins).await.is(201);
    assert_eq!(post(&owner, &keys, "two", &origins).await.is(201).text(), key.text());
    assert_eq!(owner.get(&keys).await.is(200).json()["items"].as_array().unwrap().len(), 1);
    assert_ne!(id(post(&owner, &keys, "three", &origins).await), id(key), "another key, another creation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_for_one_request_of_one_member() {
    let app = TestApp::new().await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    let first = id(post(&owner, "/v1/projects", "k", &json!({ "name": "a" })).await);
    let reused = post(&owner, "/v1/projects", "k", &json!({ "name": "b" })).await.is(422);
    assert_eq!(reused.code(), "idempotency-key-reused");
    let path = format!("/v1/projects/{first}/agent-keys");
    let reused = post(&owner, &path, "k", &json!({ "origins": ["https://a.example"] })).await.is(422);
    assert_eq!(reused.code(), "idempotency-key-reused");
    // Somebody else's key of the same text is another key, and tells nothing of the first.
    assert_ne!(id(post(&admin, "/v1/projects", "k", &json!({ "name": "b" })).await), first);
    let theirs = app.member(&app.theirs, Role::Owner).await;
    assert_ne!(id(post(&theirs, "/v1/projects", "k", &json!({ "name": "a" })).await), first);
    assert_eq!(app.number("SELECT count(*) FROM once").await, 3, "refused requests keep nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_creation_leaves_its_key_free() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    post(&owner, "/v1/projects", "k", &json!({ "name": "shop" })).await.is(409);
    post(&owner, "/v1/projects", "k", &json!({ "name": "" })).await.is(422);
    post(&owner, "/v1/projects", "k", &json!({ "name": "free" })).await.is(201);
    for bad in ["", "\"\"", "a\"b", "a\\b", &"x".repeat(201)] {
        assert_eq!(
            post(&owner, "/v1/projects", bad, &json!({ "name": "c" })).await.is(400).code(),
            "malformed",
            "{bad}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_forgotten_after_a_day() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    post(&owner, "/v1/projects", "k", &json!({ "name": "a" })).await.is(201);
    app.pass(24 * 3_600 + 1);
    let owner = app.as_role(Role::Owner).await;
    post(&owner, "/v1/projects", "k", &json!({ "name": "b" })).await.is(201);
    assert_eq!(app.number("SELECT count(*) FROM once").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_parallel_requests_create_one_project() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let shop = json!({ "name": "once" });
    let answers = join_all((0..50).map(|_| post(&owner, "/v1/projects", "k", &shop))).await;
    let ids: std::collections::BTreeSet<String> = answers.into_iter().map(id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(app.acts(app.ours.id).await.iter().filter(|act| *act == "project.create").count(), 2);
}

/// What was asked is kept as a hash for a day; where people wrote why, as a mark under their own key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_forgotten_after_a_day_and_tells_nothing_before() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let request = grants::asking_for(&own.closed);
    let made = id(post(&engineer, "/v1/access-requests", "k", &request).await);
    assert_eq!(id(post(&engineer, "/v1/access-requests", "k", &request).await), made);
    let mut other = request.clone();
    other["reason"] = json!("another reason altogether");
    assert_eq!(post(&engineer, "/v1/access-requests", "k", &other).await.is(422).code(), "idempotency-key-reused");
    // The same words of somebody else leave another mark.
    post(&app.as_role(Role::Admin).await, "/v1/access-requests", "k", &request).await.is(201);
    assert_eq!(app.number("SELECT count(DISTINCT request) FROM once").await, 2);
    app.pass(24 * 3_600 + 1);
    app.work_on_jobs().await;
    assert_eq!(app.number("SELECT count(*) FROM once").await, 0);
}

/// What is shown once is shown again to the same request, and to no other; it is not kept for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_invitations_are_made_once() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let body =
        json!({ "name": "test", "scopes": ["project.list"], "expires_at": crate::stories::in_seconds(&app, 60) });
    let made = post(&owner, "/v1/api-keys", "one", &body).await.is(201);
    assert_eq!(post(&owner, "/v1/api-keys", "one", &body).await.is(201).text(), made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();
    app.client(&key).get("/v1/projects").await.is(200);
    let other = post(&owner, "/v1/api-keys", "two", &body).await.is(201);
    assert_ne!(other.json()["key"], key.as_str());
    let wider = json!({ "name": "test", "scopes": ["session.list"], "expires_at": body["expires_at"] });
    assert_eq!(post(&owner, "/v1/api-keys", "one", &wider).await.is(422).code(), "idempotency-key-reused");
    assert_eq!(app.number("SELECT count(*) FROM api_key").await, 2);

    let body = json!({ "email": "once@ours.example", "roles": ["viewer"] });
    let invited = post(&owner, "/v1/invitations", "three", &body).await.is(201);
    assert_eq!(post(&owner, "/v1/invitations", "three", &body).await.is(201).text(), invited.text());
    assert_eq!(post(&owner, "/v1/invitations", "four", &body).await.is(409).code(), "already-invited");
    let resend = format!("/v1/invitations/{}/resend", invited.json()["id"].as_str().unwrap());
    owner.post(&resend, &json!({})).await.is(200);
    // The link that was answered then is not good any more, and no other is told.
    assert_eq!(post(&owner, "/v1/invitations", "three", &body).await.is(409).code(), "already-invited");
    assert_eq!(app.number("SELECT count(*) FROM mail WHERE kind = 'invitation'").await, 2);

    let body = json!({ "email": "fifty@ours.example", "roles": ["viewer"] });
    let answers = join_all((0..50).map(|_| post(&owner, "/v1/invitations", "five", &body))).await;
    let texts: std::collections::BTreeSet<String> = answers.into_iter().map(|answer| answer.is(201).text()).collect();
    assert_eq!(texts.len(), 1);
}

//! Just-in-time access: asking, deciding, using, ending; and what must not work.

mod attacks;
pub(crate) mod break_glass;
pub(crate) mod proposals;
mod races;
pub(crate) mod ready;
mod requests;
pub(crate) mod rules;
mod told;
mod using;
mod walk;

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

pub(crate) use using::{long, restricted};

/// A request for this session.
pub(crate) fn asking_for(session: &str) -> Value {
    json!({
        "sessions": [session], "verb": "view", "purpose": "debugging",
        "reason": "the canary-reason shop fails", "ticket": "CANARY-TICKET-7"
    })
}

/// Asks for this session; the request's id.
pub(crate) async fn ask(client: &Client, session: &str) -> String {
    id(&client.post("/v1/access-requests", &asking_for(session)).await.is(201).json())
}

pub(crate) fn id(json: &Value) -> String {
    json["id"].as_str().expect("an id").to_owned()
}

/// What somebody who approves was shown; for a request that is not there, something well-formed.
pub(crate) async fn seen(app: &TestApp, request: &str) -> String {
    // Nobody is shown this of their own request: one of the two is somebody else.
    for role in [Role::Owner, Role::Security] {
        let shown = app.as_role(role).await.get(&format!("/v1/access-requests/{request}")).await;
        if shown.status != 200 {
            break;
        }
        if let Some(seen) = shown.json()["seen"].as_str() {
            return seen.to_owned();
        }
    }
    "0".repeat(64)
}

/// Approves a request as this client.
pub(crate) async fn approve(app: &TestApp, client: &Client, request: &str) -> sealtape_tests::acceptance::Answer {
    let body = json!({ "seen": seen(app, request).await });
    client.post(&format!("/v1/access-requests/{request}/approve"), &body).await
}

/// Approves a request of somebody else's as shown to this client.
pub(crate) async fn approve_as(client: &Client, request: &str) -> sealtape_tests::acceptance::Answer {
    let path = format!("/v1/access-requests/{request}");
    let seen = client.get(&path).await.is(200).json()["seen"].clone();
    client.post(&format!("{path}/approve"), &json!({ "seen": seen })).await
}

/// The rules in force, once more.
pub(crate) async fn same_rules(app: &TestApp) -> Value {
    let mut rules = app.as_role(Role::Owner).await.get("/v1/access-rules").await.is(200).json();
    rules.as_object_mut().expect("an object").remove("changed_at");
    rules
}

/// How many voted on a request.
pub(crate) async fn votes(app: &TestApp, request: &str) -> i64 {
    app.number(&format!("SELECT count(*) FROM access_grant_vote WHERE grant_id = {}", app.id(request))).await
}

//! Just-in-time access: asking, deciding, using, ending; and what must not work.

mod attacks;
mod races;
mod requests;
mod rules;

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use crate::{cases::Ids, stories::Rows};

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
    let shown = app.as_role(Role::Owner).await.get(&format!("/v1/access-requests/{request}")).await;
    if shown.status == 200 { shown.json()["seen"].as_str().expect("a hash").to_owned() } else { "0".repeat(64) }
}

/// Approves a request as this client.
pub(crate) async fn approve(app: &TestApp, client: &Client, request: &str) -> sealtape_tests::acceptance::Answer {
    let body = json!({ "seen": seen(app, request).await });
    client.post(&format!("/v1/access-requests/{request}/approve"), &body).await
}

/// The rules in force, once more.
pub(crate) async fn same_rules(app: &TestApp) -> Value {
    let mut rules = app.as_role(Role::Owner).await.get("/v1/access-rules").await.is(200).json();
    rules.as_object_mut().expect("an object").remove("changed_at");
    rules
}

/// The ids for a call that changes a request's state: at home one that nobody has decided yet. Somebody else's ids, and
/// calls without a credential, are left as they are.
pub(crate) async fn ready(operation: &str, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> Ids {
    let changes = matches!(
        operation,
        "access_request_view"
            | "access_request_approve"
            | "access_request_deny"
            | "access_request_cancel"
            | "grant_revoke"
    );
    if !changes || caller.token().is_empty() || ids.request != own.request {
        return ids.clone();
    }
    let engineer = app.as_role(Role::Engineer).await;
    if matches!(operation, "access_request_view" | "access_request_cancel") {
        // One's own, for whoever may ask; an overseer looks at the engineer's.
        let asked = caller.post("/v1/access-requests", &asking_for(&own.closed)).await;
        return match asked.status {
            201 => Ids { request: id(&asked.json()), ..ids.clone() },
            _ => ids.clone(),
        };
    }
    let asked = engineer.post("/v1/access-requests", &asking_for(&own.closed)).await;
    if asked.status == 409 {
        withdraw_all(&engineer).await;
        return Box::pin(ready(operation, app, caller, own, ids)).await;
    }
    if asked.status != 201 {
        return ids.clone();
    }
    let request = id(&asked.json());
    if operation == "grant_revoke" {
        approve(app, &app.as_role(Role::Owner).await, &request).await.is(200);
    }
    Ids { request, ..ids.clone() }
}

async fn withdraw_all(client: &Client) {
    let waiting = client.get("/v1/access-requests?state=pending").await.is(200).json();
    for request in waiting["items"].as_array().expect("a list") {
        client.post(&format!("/v1/access-requests/{}/cancel", id(request)), &json!({})).await.is(200);
    }
}

//! Just-in-time access: asking, deciding, using, ending; and what must not work.

mod attacks;
mod races;
mod requests;
mod rules;
mod using;

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

pub(crate) use using::restricted;

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
            // Nothing can be put on record now: the owner's, which was there before.
            500 | 503 if operation == "access_request_cancel" => {
                Ids { request: own.owners_request.clone(), ..ids.clone() }
            }
            _ => ids.clone(),
        };
    }
    let asked = engineer.post("/v1/access-requests", &asking_for(&own.closed)).await;
    if asked.status == 409 {
        withdraw_all(&engineer).await;
        return Box::pin(ready(operation, app, caller, own, ids)).await;
    }
    if asked.status != 201 {
        let known = if operation == "grant_revoke" { &own.granted } else { &own.request };
        return Ids { request: known.clone(), ..ids.clone() };
    }
    let request = id(&asked.json());
    if operation == "grant_revoke" {
        approve(app, &app.as_role(Role::Owner).await, &request).await.is(200);
    }
    Ids { request, ..ids.clone() }
}

/// How many voted on a request.
pub(crate) async fn votes(app: &TestApp, request: &str) -> i64 {
    app.number(&format!("SELECT count(*) FROM access_grant_vote WHERE grant_id = {}", app.id(request))).await
}

async fn withdraw_all(client: &Client) {
    let waiting = client.get("/v1/access-requests?state=pending").await.is(200).json();
    for request in waiting["items"].as_array().expect("a list") {
        client.post(&format!("/v1/access-requests/{}/cancel", id(request)), &json!({})).await.is(200);
    }
}

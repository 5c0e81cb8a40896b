//! What is told beside a leaf: sealed under the acting member's key, committed to by the leaf, gone with the key.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use super::{Stored, sign};
use crate::{grants, stories};

const CANARY: &str = "CANARY of 4711 because the checkout hangs";

async fn event_of(auditor: &Client, act: &str) -> Value {
    auditor.get(&format!("/v1/audit/events?act={act}&limit=1")).await.is(200).json()["items"][0].clone()
}

fn path(event: &Value) -> String {
    format!("/v1/audit/events/{}/detail", event["id"].as_str().unwrap())
}

/// Asks for access with the canary as reason.
async fn ask(app: &TestApp) -> Client {
    let (session, _) = stories::visit(app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let mut body = grants::asking_for(&session);
    body["reason"] = json!(CANARY);
    engineer.post("/v1/access-requests", &body).await.is(201);
    app.as_role(Role::Auditor).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_detail_is_opened_for_those_who_may_and_each_look_is_on_record() {
    let app = TestApp::new().await;
    let auditor = ask(&app).await;
    let event = event_of(&auditor, "access-request.create").await;
    assert_eq!(event["has_detail"], true);
    let detail = auditor.get(&path(&event)).await.is(200);
    assert_eq!(detail.header("cache-control"), "no-store");
    let told = json!({ "of": "actor", "state": "open", "network": null, "browser": null, "reason": CANARY });
    assert_eq!(detail.json(), json!({ "parts": [told] }));
    let sign_in = event_of(&auditor, "login.create").await;
    let place = auditor.get(&path(&sign_in)).await.is(200).json();
    assert_eq!(place["parts"][0]["network"], "127.0.0.0/24");
    let looks: Vec<Value> =
        app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == "audit.detail").collect();
    assert_eq!(looks.len(), 2);
    assert!(looks.iter().any(|look| look["obj"]["id"] == app.ours.members[&Role::Engineer].id.as_str()));
    // An event without one, somebody else's, and who may not.
    let bare = event_of(&auditor, "audit.detail").await;
    assert_eq!(bare["has_detail"], false);
    auditor.get(&path(&bare)).await.is(404);
    app.member(&app.theirs, Role::Auditor).await.get(&path(&event)).await.is(404);
    app.as_role(Role::Engineer).await.get(&path(&event)).await.is(403);
    // What cannot be put on record is not shown.
    app.break_inserts("audit_outbox").await;
    let refused = auditor.get(&path(&event)).await;
    assert!(matches!(refused.status, 500 | 503) && !refused.text().contains("CANARY"));
}

/// The same texts stand nowhere else: not in a leaf, not in clear beside it, not in a log line or an error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_32_what_is_told_is_in_no_leaf_and_nowhere_in_clear() {
    let app = TestApp::new().await;
    let auditor = ask(&app).await;
    for leaf in app.leaves(app.ours.id).await {
        let text = leaf.to_string();
        assert!(!text.contains("CANARY") && !text.contains("127.0.0"), "{text}");
    }
    let stored = "SELECT count(*) FROM audit_outbox WHERE detail_sealed IS NOT NULL";
    assert!(app.number(stored).await >= 2, "sign-ins and the request");
    let store = app.store().await;
    for act in ["access-request.create", "login.create"] {
        let event = event_of(&auditor, act).await;
        let id = event["id"].as_str().unwrap().parse().unwrap();
        let read = store.tenant_read(app.ours.id).await.unwrap();
        let sealed = read.audit_detail_find(id).await.unwrap().expect("has a detail");
        let sealed = String::from_utf8_lossy(&sealed);
        assert!(!sealed.contains("CANARY") && !sealed.contains("127.0.0") && !sealed.contains("reason"), "{sealed}");
    }
}

/// The person's key is destroyed: the detail is gone, the entry stands, and the tree still proves itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_detail_goes_with_the_persons_key_and_the_tree_stands() {
    let app = TestApp::new().await;
    let auditor = ask(&app).await;
    sign(&app).await;
    let event = event_of(&auditor, "access-request.create").await;
    auditor.get(&path(&event)).await.is(200);
    let member = app.id(&app.ours.members[&Role::Engineer].id);
    app.tamper(&[&format!(
        "UPDATE person_key SET wrapped = NULL, state = 'shredded' WHERE id = (SELECT person_key_id FROM member WHERE id = {member})"
    )])
    .await;
    // Cached keys end within seconds by the key epoch; a new process has none.
    let elsewhere = app.another().await;
    let auditor = elsewhere.as_role(Role::Auditor).await;
    let erased = json!({ "of": "actor", "state": "erased", "network": null, "browser": null, "reason": null });
    assert_eq!(auditor.get(&path(&event)).await.is(200).json(), json!({ "parts": [erased] }));
    sign(&app).await;
    Stored::of(&app.store().await, app.ours.id).await.assert_whole();
    assert_eq!(auditor.get(&format!("/v1/audit/events/{}", event["id"].as_str().unwrap())).await.is(200).json(), {
        let mut placed = event.clone();
        placed["index"] =
            auditor.get(&format!("/v1/audit/events/{}", event["id"].as_str().unwrap())).await.json()["index"].clone();
        placed
    });
}

/// A detail that was put beside another leaf, or changed, is not shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_detail_that_the_leaf_does_not_commit_to_is_refused() {
    let app = TestApp::new().await;
    let auditor = ask(&app).await;
    app.expect_damage();
    let (event, other) = (event_of(&auditor, "access-request.create").await, event_of(&auditor, "login.create").await);
    let id = |event: &Value| app.id(event["id"].as_str().unwrap());
    app.forge(&[&format!(
        "UPDATE audit_outbox SET detail_sealed = (SELECT detail_sealed FROM audit_outbox WHERE id = {}) WHERE id = {}",
        id(&other),
        id(&event)
    )])
    .await;
    let refused = auditor.get(&path(&event)).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "integrity-fail"));
    assert!(!refused.text().contains("127.0.0"));
}

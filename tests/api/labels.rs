//! Labels of sessions: put on, found, taken off, sealed, and bounded.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

async fn labels(member: &Client, session: &str) -> Vec<String> {
    let listed = member.get(&format!("/v1/sessions/{session}/labels")).await.is(200).json();
    let detail = member.get(&format!("/v1/sessions/{session}")).await.is(200).json();
    assert_eq!(listed["items"], detail["labels"], "one answer in two places");
    assert_eq!(listed["next_cursor"], Value::Null);
    listed["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

async fn found(member: &Client, label: &str) -> Vec<String> {
    let listed = member.get(&format!("/v1/sessions?label={label}")).await.is(200).json();
    listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_is_found_by_its_text_and_stored_without_it() {
    let app = TestApp::new().await;
    let (one, two) = (app.agent().start().await.id, app.agent().start().await.id);
    let engineer = app.as_role(Role::Engineer).await;
    let path = format!("/v1/sessions/{one}/labels");
    let first = engineer.post(&path, &json!({ "label": "team:checkout" })).await.is(201).json();
    assert_eq!(first["created_by"], app.ours.members[&Role::Engineer].id.as_str());
    app.pass(1);
    engineer.post(&path, &json!({ "label": "payment" })).await.is(201);
    let again = app.as_role(Role::Admin).await.post(&path, &json!({ "label": "team:checkout" })).await.is(201).json();
    assert_eq!(again, first, "a label that is there stays as it is");
    assert_eq!(labels(&engineer, &one).await, ["team:checkout", "payment"]);
    assert_eq!(labels(&engineer, &two).await, [""; 0]);
    assert_eq!(found(&engineer, "payment").await, std::slice::from_ref(&one));
    assert_eq!(found(&engineer, "pay").await, [""; 0]);

    for file in app.dump().await {
        assert!(!file.windows(13).any(|bytes| bytes == b"team:checkout"), "the text is sealed");
    }
    let label = format!("{path}/{}", first["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(engineer.delete(&label).await.status, 204, "again changes nothing");
    }
    assert_eq!(labels(&engineer, &one).await, ["payment"]);
    assert_eq!(found(&engineer, "team:checkout").await, [""; 0]);
    let acts = app.acts(app.ours.id).await;
    let count = |act: &str| acts.iter().filter(|a| *a == act).count();
    assert_eq!((count("session.label"), count("session.unlabel")), (2, 1), "what changed nothing is no act");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_label_and_what_is_too_many_is_refused() {
    let app = TestApp::new().await;
    let session = app.agent().start().await.id;
    let engineer = app.as_role(Role::Engineer).await;
    let path = format!("/v1/sessions/{session}/labels");
    for bad in ["", "Payment", "a b", "-a", "p\u{430}yment", &"a".repeat(41)] {
        let refused = engineer.post(&path, &json!({ "label": bad })).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/label", "{bad}");
    }
    engineer.get("/v1/sessions?label=Payment").await.is(422);
    // Two dozen at the same time: exactly as many as fit.
    let all = (0..24).map(|n| {
        let (engineer, path) = (engineer.clone(), path.clone());
        async move { engineer.post(&path, &json!({ "label": format!("label-{n}") })).await }
    });
    let answers = futures::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 20);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.code() == "label-limit"));
    assert_eq!(labels(&engineer, &session).await.len(), 20);
    // Another tenant's session has no labels, and gets none.
    let theirs = app.member(&app.theirs, Role::Owner).await;
    theirs.post(&path, &json!({ "label": "theirs" })).await.is(404);
    assert_eq!(app.as_role(Role::Auditor).await.post(&path, &json!({ "label": "mine" })).await.code(), "forbidden");
}

//! Approval rules: what a request takes.

use policy::access::Role;
use sealtape_tests::acceptance::TestApp;
use serde_json::{Value, json};

use super::{approve, ask, asking_for, id, same_rules};
use crate::stories;

/// Sets rules that ask for more; what was answered.
pub(crate) async fn set(app: &TestApp, change: impl Fn(&mut Value)) -> Value {
    let mut rules = same_rules(app).await;
    change(&mut rules);
    put(app, &rules).await.is(200).json()
}

async fn put(app: &TestApp, rules: &Value) -> sealtape_tests::acceptance::Answer {
    let owner = app.as_role(Role::Owner).await;
    sealtape_tests::acceptance::Answer::of(owner.request(reqwest::Method::PUT, "/v1/access-rules").json(rules)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rule_that_applies_must_be_met() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let default = app.as_role(Role::Viewer).await.get("/v1/access-rules").await.is(200).json();
    assert_eq!(
        default,
        json!({ "revision": 0, "changed_at": null, "strict": false, "approvals": 1, "reviewers": [], "rules": [] })
    );
    let changed = set(&app, |rules| {
        rules["rules"] = json!([
            { "verbs": ["view-unmasked"], "approvals": 2, "reviewers": [] },
            { "project": own.project, "verbs": ["view-unmasked"], "approvals": 1, "reviewers": ["privacy-officer"] },
            { "labels": ["health"], "approvals": 3, "reviewers": [] },
        ]);
    })
    .await;
    assert_eq!(changed["revision"], 1);
    let engineer = app.as_role(Role::Engineer).await;
    let view = ask(&engineer, &own.closed).await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    assert_eq!(approve(&app, &admin, &view).await.is(200).json()["state"], "approved", "no rule concerns it");

    let mut body = asking_for(&own.closed);
    body["verb"] = json!("view-unmasked");
    let unmasked = engineer.post("/v1/access-requests", &body).await.is(201).json();
    assert_eq!(
        unmasked["needs"],
        json!([
            { "approvals": 1, "reviewers": [] },
            { "approvals": 1, "reviewers": ["privacy-officer"] },
            { "approvals": 2, "reviewers": [] }
        ])
    );
    let unmasked = id(&unmasked);
    for (client, state) in [(&owner, "pending"), (&admin, "pending")] {
        assert_eq!(approve(&app, client, &unmasked).await.is(200).json()["state"], state);
    }
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let approved = approve(&app, &officer, &unmasked).await.is(200).json();
    assert_eq!((&approved["state"], approved["votes"].as_array().unwrap().len()), (&json!("approved"), 3));
    assert_eq!(approve(&app, &owner, &unmasked).await.is(409).code(), "already-voted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_are_tightened_by_one_person_and_loosened_by_none_alone() {
    let app = TestApp::new().await;
    set(&app, |rules| rules["approvals"] = json!(2)).await;
    set(&app, |rules| rules["strict"] = json!(true)).await;
    set(&app, |rules| {
        rules["rules"] = json!([{ "sensitivity": "restricted", "approvals": 2, "reviewers": ["owner"] }]);
    })
    .await;
    let rules = same_rules(&app).await;
    assert_eq!(rules["revision"], 3);
    for (field, value) in
        [("approvals", json!(1)), ("strict", json!(false)), ("rules", json!([])), ("reviewers", json!([]))]
    {
        let mut looser = rules.clone();
        looser[field] = value;
        if field == "reviewers" {
            looser["rules"][0]["reviewers"] = json!([]);
        }
        let waits = put(&app, &looser).await.is(202).json();
        assert_eq!((&waits["state"], &waits["change"]["base"]), (&json!("open"), &json!(3)), "{field}");
    }
    let mut stale = rules.clone();
    stale["revision"] = json!(2);
    assert_eq!(put(&app, &stale).await.is(409).code(), "rules-changed");
    for (field, value, pointer) in [
        ("approvals", json!(6), "/approvals"),
        ("reviewers", json!(["viewer"]), "/reviewers"),
        ("reviewers", json!(["worker"]), "/reviewers"),
        ("rules", json!([{ "labels": ["A B"], "approvals": 2, "reviewers": [] }]), "/rules/0/labels"),
    ] {
        let mut bad = rules.clone();
        bad[field] = value;
        let refused = put(&app, &bad).await.is(422).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    assert_eq!(same_rules(&app).await, rules, "nothing of that was done");
}

/// A label that is put on a session later counts for requests that wait, as one that was there before does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_of_a_session_asks_for_what_its_rule_says() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let rule = json!({ "labels": ["health", "children"], "approvals": 2, "reviewers": [] });
    set(&app, |rules| rules["rules"] = json!([rule])).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    let (first, second) = (ask(&engineer, &own.closed).await, ask(&engineer, &own.closed).await);
    assert_eq!(approve(&app, &admin, &first).await.is(200).json()["state"], "approved", "no rule concerns it");
    let labels = format!("/v1/sessions/{}/labels", own.closed);
    app.as_role(Role::Owner).await.post(&labels, &json!({ "label": "health" })).await.is(201);
    let shown = admin.get(&format!("/v1/access-requests/{second}")).await.is(200).json();
    assert_eq!(shown["needs"][1], json!({ "approvals": 2, "reviewers": [] }));
    assert_eq!(approve(&app, &admin, &second).await.is(200).json()["state"], "pending");
    assert_eq!(approve(&app, &app.as_role(Role::Owner).await, &second).await.is(200).json()["state"], "approved");
    let other = ask(&engineer, &own.live.id).await;
    assert_eq!(approve(&app, &admin, &other).await.is(200).json()["state"], "approved", "another session has no label");
}

/// The rules of the moment of the deciding vote count, not those of the moment of asking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_are_tightened_hold_for_requests_that_wait() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
    set(&app, |rules| rules["approvals"] = json!(2)).await;
    let first = approve(&app, &app.as_role(Role::Admin).await, &request).await.is(200).json();
    assert_eq!(first["state"], "pending");
    let second = approve(&app, &app.as_role(Role::Owner).await, &request).await.is(200).json();
    assert_eq!(second["state"], "approved");
}

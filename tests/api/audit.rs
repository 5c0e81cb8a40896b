//! Every act leaves exactly its row in the audit log, in the same transaction; looking at lists leaves none.

use policy::access::{Action, Role};
use sealtape_tests::acceptance::{Answer, Client, TestApp};
use serde_json::Value;

use crate::{
    cases::{CASES, Case, Ids, Who},
    stories::{self, Rows},
};

fn actor(app: &TestApp, owner: &Client, admin: &Client, case: &Case, own: &Rows) -> Client {
    match case.who {
        // The one thing that an owner may not do.
        Who::Member(Action::BreakGlassUse) => admin.clone(),
        Who::Anyone(_) => app.anonymous(),
        Who::Member(_) | Who::Either(..) => owner.clone(),
        Who::AgentKey => app.client(&app.ours.agent_key),
        Who::SessionToken | Who::SessionTokenInBody => own.live.client.clone(),
    }
}

/// Acts that are there now and were not before.
fn added(before: &[String], after: &[String]) -> Vec<String> {
    let mut rest = after.to_vec();
    for act in before {
        let at = rest.iter().position(|other| other == act).expect("no row is ever taken away");
        rest.remove(at);
    }
    rest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_leaves_exactly_its_rows() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let owner = app.as_role(Role::Owner).await;
    let admin = app.as_role(Role::Admin).await;
    let at_home = Ids::of(&own);
    for case in CASES {
        let client = actor(&app, &owner, &admin, case, &own);
        // Signing in for the cookie is an act of its own, and comes before.
        let request = case.request(&app, &client, &own, &at_home).await;
        let (ours, others) = (app.acts(app.ours.id).await, app.acts(app.theirs.id).await);
        let answer = if case.is_endless() { Answer::begin(request).await } else { Answer::of(request).await };
        assert_eq!(answer.status, case.ok, "{}", case.operation);
        assert_eq!(added(&ours, &app.acts(app.ours.id).await), case.acts, "{}", case.operation);
        assert_eq!(app.acts(app.theirs.id).await, others, "{}: nothing in another tenant", case.operation);
    }
    // Refused: nothing was done. That a member tried is on record, the first of a minute; that somebody unknown
    // tried is not.
    let viewer = app.as_role(Role::Viewer).await;
    for case in CASES.iter().filter(|case| matches!(case.who, Who::Member(action) if action != Action::MeRead)) {
        // What a request needs is made before.
        let anonymous = case.request(&app, &app.anonymous(), &own, &at_home).await;
        let foreign = case.request(&app, &viewer, &own, &Ids::of(&theirs)).await;
        app.app().refusals().fold_all().await.unwrap();
        let before = app.acts(app.ours.id).await;
        assert_eq!(Answer::of(anonymous).await.status, 401);
        assert_eq!(app.acts(app.ours.id).await, before, "{}", case.operation);
        if case.names_a_row {
            let Who::Member(action) = case.who else { unreachable!("filtered") };
            assert!(matches!(Answer::of(foreign).await.status, 403 | 404), "{}", case.operation);
            assert_eq!(added(&before, &app.acts(app.ours.id).await), [action.as_str()], "{}", case.operation);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_says_who_did_what_and_holds_nothing_personal() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let watched = engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    let leaves = app.leaves(app.ours.id).await;
    let views: Vec<&Value> = leaves.iter().filter(|leaf| leaf["act"] == "session.view").collect();
    let [view] = views[..] else { panic!("one view: {views:?}") };
    assert_eq!(view["actor"]["id"], app.ours.members[&Role::Engineer].id.as_str());
    assert_eq!(view["obj"]["id"], own.closed.as_str());
    assert_eq!(view["rule"], "access@4/engineer/session.view");
    assert_eq!(view["req"], watched.header("request-id"));
    assert_eq!(view["t"], app.now_ms() * 1_000);
    for leaf in &leaves {
        let text = leaf.to_string();
        for personal in ["example", "engineer of", "127.0.0.1", "cart"] {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
        assert_eq!(leaf["tenant"], app.ours.id.to_string());
    }
}

/// The row is durable before the first byte of a recording leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_on_record_before_its_first_byte() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let path = format!("/v1/sessions/{}/events", own.closed);
    let response = engineer.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    // The head is there, no byte of the body was asked for.
    assert!(app.acts(app.ours.id).await.contains(&"session.view".to_owned()));
    assert_eq!(app.number("SELECT count(*) FROM session_view").await, 1);
    drop(response);

    // And when it cannot be put on record, nothing is shown.
    app.break_inserts("audit_outbox").await;
    let refused = engineer.get(&path).await;
    assert!(matches!(refused.status, 500 | 503), "{}", refused.status);
    refused.problem();
    assert!(!refused.text().contains("head"));
    assert_eq!(app.number("SELECT count(*) FROM session_view").await, 1, "neither row without the other");
}

/// An act and its row are one transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_put_on_record_is_not_done() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let owner = app.as_role(Role::Owner).await;
    let admin = app.as_role(Role::Admin).await;
    own.twins(&app).await;
    app.break_inserts("audit_outbox").await;
    let at_home = Ids::of(&own);
    let acting = CASES.iter().filter(|case| !case.acts.is_empty());
    for case in acting {
        let client = actor(&app, &owner, &admin, case, &own);
        // What the call needs is made while acts can still be put on record.
        app.mend_inserts("audit_outbox").await;
        let request = case.request(&app, &client, &own, &at_home).await;
        app.break_inserts("audit_outbox").await;
        let before = app.trace().await;
        let answer = Answer::of(request).await;
        assert!(matches!(answer.status, 500 | 503), "{}: {}", case.operation, answer.text());
        assert_eq!(app.trace().await, before, "{}", case.operation);
    }
    // A session that cannot be sealed on record stays as it was, and is sealed later.
    own.live.finish(1).await;
    app.pass(61);
    assert_eq!(app.finish_due().await.closed, 0);
    app.mend_inserts("audit_outbox").await;
    assert_eq!(app.finish_due().await.closed, 1);
    app.expect_damage(); // the first try left a manifest that no row names, for the sweep
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_a_session_is_on_record() {
    let app = TestApp::new().await;
    let before = app.acts(app.ours.id).await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(&app)).await;
    app.pass(5 * 60 + 1);
    assert_eq!(app.finish_due().await.progressed, 1, "a live chain is put on record");
    recording.finish(1).await;
    app.pass(61);
    assert_eq!(app.finish_due().await.closed, 1);
    recording.record(0, 1, &[sealtape_tests::acceptance::events::moved(app.now_ms(), 1)]).await;
    app.pass(61);
    assert_eq!(app.finish_due().await.resealed, 1);
    let acts = added(&before, &app.acts(app.ours.id).await);
    assert_eq!(acts, ["session.progress", "session.resealed", "session.sealed", "session.start"]);
}

//! Kill switches: nothing is taken in after a stop was answered.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, Form, Segment, TestApp, events};
use serde_json::{Value, json};

use crate::stories::PAGE;

const WHY: &str = "CANARY: names of patients in the order form";

fn stop() -> Value {
    json!({ "on": true, "reason": WHY })
}

fn resume() -> Value {
    json!({ "on": false })
}

/// A segment of the session's first tab.
fn segment(app: &TestApp, n: u32) -> Segment {
    Segment::of(0, n, &events::page(app.now_ms(), PAGE))
}

async fn stopped(owner: &Client, project: &str) -> Value {
    owner.get(&format!("/v1/projects/{project}")).await.is(200).json()["stopped"].clone()
}

async fn acts(app: &TestApp) -> Vec<Value> {
    let leaves = app.leaves(app.ours.id).await.into_iter();
    leaves.filter(|leaf| leaf["act"].as_str().unwrap().starts_with("capture.")).collect()
}

/// A session that is being recorded has nothing more, no other begins, and what was there stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_ends_capture_of_its_project_at_once() {
    let app = TestApp::new().await;
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let project = &app.ours.project;
    let switch = format!("/v1/projects/{project}/kill-switch");
    let (agent, theirs) = (app.ours.agent(&app), app.theirs.agent(&app));
    let (live, elsewhere) = (agent.start().await, theirs.start().await);
    live.send(Form::Put, &segment(&app, 0)).await.is(200);
    assert_eq!(stopped(&officer, project).await, Value::Null);

    officer.post(&switch, &stop()).await.is(204);
    for form in [Form::Put, Form::Upload] {
        let refused = live.send(form, &segment(&app, 1)).await;
        assert_eq!((refused.status, refused.code().as_str()), (410, "capture-stopped"));
        assert!(!refused.text().contains("CANARY"), "why is nobody's business outside");
    }
    let begun = agent.ask(&agent.greeting()).await;
    assert_eq!((begun.status, begun.code().as_str()), (403, "not-recorded"));
    let tab = live.tell("tabs", &json!({})).await;
    assert_eq!((tab.status, tab.code().as_str()), (410, "capture-stopped"));
    elsewhere.send(Form::Put, &segment(&app, 0)).await.is(200);
    let seen = officer.get(&format!("/v1/sessions/{}", live.id)).await.is(200).json();
    assert_eq!(seen["segments"], 1, "of what came after, nothing is kept: {seen}");
    let by = &app.ours.members[&Role::PrivacyOfficer].id;
    let shown = stopped(&officer, project).await;
    assert_eq!((&shown["by"], &shown["everywhere"]), (&json!(by), &json!(false)));

    // The same again changes nothing and is no entry.
    officer.post(&switch, &stop()).await.is(204);
    app.pass(1);
    officer.post(&switch, &resume()).await.is(204);
    officer.post(&switch, &resume()).await.is(204);
    assert_eq!(stopped(&officer, project).await, Value::Null);
    live.send(Form::Put, &segment(&app, 1)).await.is(200);
    agent.start().await;
    let acts = acts(&app).await;
    let told: Vec<_> = acts.iter().map(|leaf| (leaf["act"].as_str().unwrap(), &leaf["obj"]["id"])).collect();
    assert_eq!(told, [("capture.stop", &json!(project)), ("capture.resume", &json!(project))]);
    assert!(acts.iter().all(|leaf| leaf["d"].is_string() && !leaf.to_string().contains("CANARY")));
}

/// The tenant's switch and a project's are two: capture goes on when neither is on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenants_switch_stops_every_project_and_no_other_tenant() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let made = owner.post("/v1/projects", &json!({ "name": "second" })).await.is(201).json();
    let second = made["id"].as_str().unwrap();
    let (_, key) = app.ours.new_agent_key(&owner, second).await;
    let first = app.ours.agent(&app);
    let agents = [first.clone(), first.with_key(&key)];
    owner.post("/v1/kill-switch", &stop()).await.is(204);
    app.pass(1);
    owner.post(&format!("/v1/projects/{second}/kill-switch"), &stop()).await.is(204);
    for agent in &agents {
        assert_eq!(agent.ask(&agent.greeting()).await.code(), "not-recorded");
    }
    app.theirs.agent(&app).start().await;
    let all = owner.get("/v1/kill-switch").await.is(200).json();
    assert_eq!(all["stopped"]["everywhere"], true);
    assert_eq!(stopped(&owner, second).await["everywhere"], true, "it is the stronger one that is shown");
    let created = owner.post("/v1/projects", &json!({ "name": "third" })).await.is(201).json();
    assert_eq!(created["stopped"]["everywhere"], true, "also in one that is new");

    app.pass(1);
    owner.post("/v1/kill-switch", &resume()).await.is(204);
    assert_eq!(owner.get("/v1/kill-switch").await.json(), json!({ "stopped": null }));
    agents[0].start().await;
    assert_eq!(agents[1].ask(&agents[1].greeting()).await.code(), "not-recorded");
    assert_eq!(stopped(&owner, second).await["everywhere"], false);
    let acts: Vec<_> = acts(&app).await.into_iter().map(|leaf| leaf["obj"]["k"].clone()).collect();
    assert_eq!(acts, ["tenant", "project", "tenant"]);
}

/// Uploads that meet the stop are in or out, and those that come after its answer are out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_taken_in_after_the_answer() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let agent = app.ours.agent(&app);
    let mut recordings = Vec::new();
    for _ in 0..8 {
        recordings.push(agent.start().await);
    }
    let uploads = recordings.iter().map(|live| {
        let first = segment(&app, 0);
        async move { live.send(Form::Put, &first).await.status }
    });
    let stopping = async { owner.post("/v1/kill-switch", &stop()).await.is(204) };
    let (met, _) = tokio::join!(futures::future::join_all(uploads), stopping);
    assert!(met.iter().all(|status| [200, 410].contains(status)), "{met:?}");
    for (live, met) in recordings.iter().zip(met) {
        let after = live.send(Form::Put, &segment(&app, u32::from(met == 200))).await;
        assert_eq!(after.status, 410);
        let kept = owner.get(&format!("/v1/sessions/{}", live.id)).await.is(200).json();
        assert_eq!(kept["segments"], u64::from(met == 200));
    }
}

/// Damage to a row, or an erased account, must not keep capture going: then nobody is told why, and it is on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_no_key() {
    let app = TestApp::new().await;
    app.expect_damage();
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let member = app.id(&app.ours.members[&Role::PrivacyOfficer].id);
    let key = format!("(SELECT person_key_id FROM member WHERE id = {member})");
    app.tamper(&[&format!("UPDATE person_key SET wrapped = NULL, state = 'shredded' WHERE id = {key}")]).await;
    let heir = app.another().await;
    heir.client(officer.token()).post("/v1/kill-switch", &stop()).await.is(204);
    let agent = app.ours.agent(&app);
    assert_eq!(agent.ask(&agent.greeting()).await.code(), "not-recorded");
    let acts = acts(&app).await;
    assert_eq!((acts.len(), &acts[0]["act"], acts[0].get("d")), (1, &json!("capture.stop"), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_stops_says_why() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    for (body, pointer) in [
        (json!({ "on": true }), "/reason"),
        (json!({ "on": true, "reason": " \n" }), "/reason"),
        (json!({ "on": true, "reason": "x".repeat(501) }), "/reason"),
    ] {
        let refused = owner.post("/v1/kill-switch", &body).await.is(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    for body in [json!({ "reason": WHY }), json!({ "on": true, "reason": WHY, "project": "all" })] {
        assert!(!owner.post("/v1/kill-switch", &body).await.is(400).text().contains("CANARY"));
    }
    let nowhere = format!("/v1/projects/{}/kill-switch", app.theirs.project);
    assert_eq!(owner.post(&nowhere, &stop()).await.status, 404);
    assert_eq!(app.as_role(Role::Engineer).await.post("/v1/kill-switch", &stop()).await.status, 403);
    assert_eq!(acts(&app).await, [] as [Value; 0]);
}

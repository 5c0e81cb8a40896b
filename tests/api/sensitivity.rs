//! Restricted sessions: who opens them, and that nobody else learns of them from a list, a count or a stream.

use std::time::Duration;

use app::sessions::WatchRange;
use domain::{Clock as _, RequestId, SessionId};
use policy::access::{Role, can};
use sealtape_tests::acceptance::{Recording, TestApp};
use serde_json::json;

use crate::stories;

/// Roles that open what is restricted, by themselves.
const OPEN: [Role; 3] = [Role::Owner, Role::PrivacyOfficer, Role::Security];
/// Roles that watch, and stop there.
const STOP: [Role; 4] = [Role::Admin, Role::Engineer, Role::Support, Role::Viewer];

async fn recorded(app: &TestApp) -> Recording {
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(app)).await;
    recording
}

/// A normal session, then a restricted one.
async fn two(app: &TestApp) -> (Recording, Recording) {
    let normal = recorded(app).await;
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let project = format!("/v1/projects/{}", app.ours.project);
    assert_eq!(officer.get(&project).await.is(200).json()["sensitivity"], "normal");
    let changed = officer.patch(&project, &json!({ "sensitivity": "restricted" })).await.is(200).json();
    assert_eq!(changed["sensitivity"], "restricted");
    (normal, recorded(app).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_keeps_the_sensitivity_that_its_project_had() {
    let app = TestApp::new().await;
    let (normal, restricted) = two(&app).await;
    let security = app.as_role(Role::Security).await;
    let project = format!("/v1/projects/{}", app.ours.project);
    app.as_role(Role::Owner).await.patch(&project, &json!({ "sensitivity": "normal", "name": "again" })).await.is(200);
    for (recording, sensitivity) in [(&normal, "normal"), (&restricted, "restricted")] {
        let detail = security.get(&format!("/v1/sessions/{}", recording.id)).await.is(200).json();
        assert_eq!(detail["sensitivity"], sensitivity);
        assert_eq!(detail["project"]["name"], "again");
    }
    let owner = app.as_role(Role::Owner).await;
    for (environment, expected) in [("production", json!("production")), ("", json!(null))] {
        let changed = owner.patch(&project, &json!({ "environment": environment })).await.is(200).json();
        assert_eq!(changed["environment"], expected);
        let session = app.agent().start().await.id;
        let detail = security.get(&format!("/v1/sessions/{session}")).await.is(200).json();
        assert_eq!(detail["environment"], expected);
    }
    owner.patch(&project, &json!({ "environment": "Production" })).await.is(422);
    owner.patch(&project, &json!({})).await.is(422);
    owner.patch(&project, &json!({ "sensitivity": "secret" })).await.is(400);
    owner.patch(&project, &json!({ "tenant_id": app.theirs.id })).await.is(400);
    let other = app.ours.new_project(&owner, "other").await;
    assert_eq!(
        owner.patch(&format!("/v1/projects/{other}"), &json!({ "name": "again" })).await.is(409).code(),
        "name-taken"
    );
}

/// Every way to a single session gives one answer, and lists, searches and counts agree with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_what_is_not_open_is_neither_listed_nor_found_nor_counted() {
    let app = TestApp::new().await;
    let (normal, restricted) = two(&app).await;
    app.pass(30 * 60 + 1);
    assert_eq!(app.finish_due().await.closed, 2);
    for (roles, open) in [(&OPEN[..], true), (&STOP[..], false)] {
        for role in roles {
            let member = app.as_role(*role).await;
            for way in ["", "/events", "/manifest", "/viewers"] {
                let allowed = member.get(&format!("/v1/sessions/{}{way}", normal.id)).await;
                let answer = member.get(&format!("/v1/sessions/{}{way}", restricted.id)).await;
                if allowed.status == 200 && open {
                    assert_eq!(answer.status, 200, "{role} {way}");
                } else if allowed.status == 200 {
                    assert_eq!(answer.is(403).code(), "access-required", "{role} {way}");
                } else {
                    assert_eq!(answer.is(403).code(), "forbidden", "{role} {way}");
                }
            }
            let mut expected = vec![normal.id.clone()];
            expected.extend(open.then(|| restricted.id.clone()));
            expected.sort();
            for query in ["", "?url=/cart", "?state=closed", "?limit=1"] {
                let listed = member.get(&format!("/v1/sessions{query}")).await.is(200).json();
                let mut ids: Vec<String> =
                    listed["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
                ids.sort();
                // Who does not read addresses does not find by them (`masking.rs`).
                let expected = if query == "?url=/cart" && role.watches_masked() { &Vec::new() } else { &expected };
                if query == "?limit=1" {
                    assert_eq!(
                        listed["next_cursor"].is_string(),
                        open,
                        "{role}: a page does not tell that more is there"
                    );
                } else {
                    assert_eq!(&ids, expected, "{role} {query}");
                }
            }
            let project = member.get(&format!("/v1/projects/{}", app.ours.project)).await.is(200).json();
            assert_eq!(project["sessions_total"], expected.len(), "{role}");
            let projects = member.get("/v1/projects").await.is(200).json();
            assert_eq!(projects["items"][0]["sessions_total"], expected.len(), "{role}");
        }
    }
    // Who reads who watched, and no content, reads that of every session.
    let auditor = app.as_role(Role::Auditor).await;
    auditor.get(&format!("/v1/sessions/{}/viewers", restricted.id)).await.is(200);
    auditor.get(&format!("/v1/sessions/{}/manifest", restricted.id)).await.is(200);
    // Another tenant's session is no session at all.
    for role in [Role::Owner, Role::Engineer] {
        let theirs = app.member(&app.theirs, role).await;
        assert_eq!(theirs.get(&format!("/v1/sessions/{}", restricted.id)).await.is(404).code(), "not-found");
    }
}

/// The live list tells a normal session and leaves out the restricted one that started before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_the_live_list_tells_no_more_than_the_list() {
    let app = TestApp::new().await;
    let engineer = app.as_role(Role::Engineer).await;
    let mut stream = engineer.request(reqwest::Method::GET, "/v1/sessions/live").send().await.unwrap();
    let (_, restricted) = two(&app).await;
    let project = format!("/v1/projects/{}", app.ours.project);
    app.as_role(Role::Owner).await.patch(&project, &json!({ "sensitivity": "normal" })).await.is(200);
    let last = recorded(&app).await;
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        let mut text = String::new();
        while !(text.contains(&last.id) && text.ends_with("\n\n")) {
            text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().expect("goes on")).unwrap());
        }
        text
    });
    let text = told.await.expect("the session is told");
    assert!(!text.contains(&restricted.id), "{text}");
}

/// What a running stream is asked every second (`api/src/stream.rs` holds that it ends at a no).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_when_its_session_is_no_longer_open() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = recorded(&app).await;
    let session: SessionId = recording.id.parse().unwrap();
    let token = app.as_role(Role::Engineer).await.token().to_owned();
    let request = RequestId::mint(app.clock.now(), app.app().entropy());
    let engineer = app.app().auth().member(&token, request).await.unwrap();
    let permit = engineer.still::<can::SessionView>().await.unwrap();
    let (opening, lines) = app.app().sessions().watch(&permit, session, WatchRange::default()).await.unwrap();
    drop(lines);
    app.app().sessions().still_open(&permit, session, &opening).await.unwrap();
    app.tamper(&[&format!("UPDATE session SET sensitivity = 'restricted' WHERE id = {}", app.id(&recording.id))]).await;
    let refused = app.app().sessions().still_open(&permit, session, &opening).await.unwrap_err();
    assert!(matches!(refused, app::AppError::Forbidden { code: "access-required", .. }), "{refused:?}");
}

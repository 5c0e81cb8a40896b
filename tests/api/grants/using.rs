//! Using a grant: what it opens, for how long, and what ends it.

use std::{fmt::Write as _, time::Duration};

use app::grants::ExpireReport;
use domain::{Clock as _, RequestId};
use policy::access::{Actor, Authorizer, Holdings, Role, Subject, can};
use sealtape_tests::acceptance::{Client, Recording, TestApp, events};
use serde_json::{Value, json};

use super::{approve, ask, asking_for, id};
use crate::{slow_reader::SlowReader, stories};

/// A session that engineers do not open by themselves.
pub(crate) async fn restricted(app: &TestApp) -> Recording {
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let project = format!("/v1/projects/{}", app.ours.project);
    officer.patch(&project, &json!({ "sensitivity": "restricted" })).await.is(200);
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(app)).await;
    recording
}

/// The engineer's approved request for this session.
pub(super) async fn granted(app: &TestApp, session: &str) -> String {
    let request = ask(&app.as_role(Role::Engineer).await, session).await;
    assert_eq!(approve(app, &app.as_role(Role::Admin).await, &request).await.is(200).json()["state"], "approved");
    request
}

/// One sweep of the expiry job.
pub(super) async fn expire(app: &TestApp) -> ExpireReport {
    let subject = Subject {
        tenant: app.ours.id,
        actor: Actor::Worker { name: "grant-expire" },
        holdings: Holdings::default(),
        request: RequestId::mint(app.clock.now(), app.app().entropy()),
    };
    let permit = Authorizer::builtin().await.unwrap().authorize::<can::GrantExpire>(subject).unwrap();
    app.app().grants().expire(&permit).await.unwrap()
}

async fn state(app: &TestApp, request: &str) -> (Value, Value) {
    let shown = app.as_role(Role::Auditor).await.get(&format!("/v1/access-requests/{request}")).await.is(200).json();
    (shown["state"].clone(), shown["ended_reason"].clone())
}

async fn refused(client: &Client, session: &str) {
    for path in ["", "/events", "/manifest"] {
        let answer = client.get(&format!("/v1/sessions/{session}{path}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "access-required"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_opens_its_sessions_to_its_holder_for_its_time() {
    let app = TestApp::new().await;
    let (session, other) = (restricted(&app).await, restricted(&app).await);
    let engineer = app.as_role(Role::Engineer).await;
    refused(&engineer, &session.id).await;
    let request = granted(&app, &session.id).await;
    engineer.watch(&session.id, "").await;
    assert_eq!(state(&app, &request).await.0, "active");
    assert_eq!(engineer.get(&format!("/v1/sessions/{}", session.id)).await.is(200).json()["sensitivity"], "restricted");
    let leaves = app.leaves(app.ours.id).await;
    let view = leaves
        .iter()
        .find(|leaf| leaf["act"] == "session.view" && leaf["out"] == "allow")
        .expect("the view is on record");
    assert_eq!(view["rule"], format!("access@4/engineer/session.view/grant:{request}"));

    // Nothing else, and nobody else.
    refused(&engineer, &other.id).await;
    refused(&app.as_role(Role::Support).await, &session.id).await;
    assert_eq!(engineer.get(&format!("/v1/sessions/{}/viewers", session.id)).await.status, 403);
    let listed = engineer.get("/v1/sessions").await.is(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 0, "a grant names sessions; it widens no list");

    app.pass(3_599);
    app.as_role(Role::Engineer).await.watch(&session.id, "").await;
    app.pass(1);
    refused(&app.as_role(Role::Engineer).await, &session.id).await;
    assert_eq!(state(&app, &request).await.0, "active", "nothing waits for the job");
    assert_eq!(expire(&app).await, ExpireReport { expired: 1, ..ExpireReport::default() });
    assert_eq!(state(&app, &request).await, (json!("expired"), json!("time-over")));
    assert_eq!(expire(&app).await, ExpireReport::default());
    let acts = app.acts(app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "grant.expire").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_decides_or_uses_lapses() {
    let app = TestApp::new().await;
    let session = restricted(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let (undecided, unused) = (ask(&engineer, &session.id).await, granted(&app, &session.id).await);
    assert_eq!(expire(&app).await, ExpireReport::default());
    app.pass(3_600);
    assert_eq!(expire(&app).await, ExpireReport { lapsed: 2, ..ExpireReport::default() });
    assert_eq!(state(&app, &undecided).await, (json!("lapsed"), json!("not-decided")));
    assert_eq!(state(&app, &unused).await, (json!("lapsed"), json!("not-used")));
    refused(&app.as_role(Role::Engineer).await, &session.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verb_is_not_another() {
    let app = TestApp::new().await;
    let session = restricted(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let mut body = asking_for(&session.id);
    body["verb"] = json!("export");
    let export = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    approve(&app, &app.as_role(Role::Admin).await, &export).await.is(200);
    refused(&engineer, &session.id).await;
    body["verb"] = json!("view-unmasked");
    let unmasked = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    approve(&app, &app.as_role(Role::Admin).await, &unmasked).await.is(200);
    engineer.watch(&session.id, "").await;
}

/// Threat 5: asking is no way to learn of sessions that one may not list.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_a_request_tells_its_asker_nothing_of_its_sessions() {
    let app = TestApp::new().await;
    let session = restricted(&app).await;
    for role in [Role::Engineer, Role::Admin] {
        let asker = app.as_role(role).await;
        let mut body = asking_for(&session.id);
        let named = asker.post("/v1/access-requests", &body).await.is(201).json();
        assert_eq!((&named["named"], &named["seen"]), (&json!([]), &json!(null)), "{role}");
        body["sessions"] = json!(null);
        body["filter"] = json!({ "project": app.ours.project });
        let found = asker.post("/v1/access-requests", &body).await.is(201).json();
        assert_eq!(
            (&found["named"], &found["needs"], &found["sessions"]),
            (&json!([]), &json!([]), &json!(0)),
            "{role}"
        );
        body["filter"] = json!({ "project": app.ours.project, "release": "no such" });
        let none = asker.post("/v1/access-requests", &body).await.is(201).json();
        for field in ["named", "needs", "sessions", "seen"] {
            assert_eq!(found[field], none[field], "{role} {field}: something and nothing look alike");
        }
    }
}

/// The list of one's own requests counts no more of a filter's sessions than the request's page shows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_a_list_of_requests_counts_no_sessions_for_their_asker() {
    let app = TestApp::new().await;
    restricted(&app).await;
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    let engineer = app.as_role(Role::Engineer).await;
    let mut body = asking_for("");
    body["sessions"] = json!(null);
    body["filter"] = json!({ "project": app.ours.project });
    let request = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    approve(&app, &app.as_role(Role::Owner).await, &request).await.is(200);
    let counts = |list: Value| list["items"][0]["sessions"].as_u64().unwrap();
    assert_eq!(counts(engineer.get("/v1/access-requests").await.is(200).json()), 0);
    assert_eq!(engineer.get(&format!("/v1/access-requests/{request}")).await.is(200).json()["sessions"], 0);
    let reviewer = app.as_role(Role::Admin).await;
    assert!(counts(reviewer.get("/v1/access-requests").await.is(200).json()) > 0, "whoever decides is told");
}

/// Details under a grant are a use of it, on record before anything is shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_details_under_a_grant_is_using_it() {
    let app = TestApp::new().await;
    let session = restricted(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let grant = granted(&app, &session.id).await;
    engineer.get(&format!("/v1/sessions/{}", session.id)).await.is(200);
    assert_eq!(state(&app, &grant).await.0, json!("active"));
    let leaves = app.leaves(app.ours.id).await;
    let leaf = leaves.iter().find(|leaf| leaf["act"] == "session.find").expect("a leaf");
    assert!(leaf["rule"].as_str().unwrap().ends_with(&format!("grant:{grant}")), "{leaf}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_an_approver_demoted_before_use_voids_the_grant() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = restricted(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let member = app.id(&app.ours.members[&Role::Admin].id);
    let (used, unused) = (granted(&app, &session.id).await, granted(&app, &session.id).await);
    engineer.watch(&session.id, "").await;
    app.tamper(&[&format!("UPDATE role_binding SET role = 'viewer' WHERE member_id = {member}")]).await;
    refused(&engineer, &session.id).await;
    assert_eq!(expire(&app).await, ExpireReport { voided: 2, ..ExpireReport::default() });
    for grant in [used, unused] {
        assert_eq!(state(&app, &grant).await, (json!("revoked"), json!("approval-void")));
    }
    // The right given back does not bring back what is over.
    app.tamper(&[&format!("UPDATE role_binding SET role = 'admin' WHERE member_id = {member}")]).await;
    refused(&engineer, &session.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_grant_edited_after_its_approval_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let (session, other) = (restricted(&app).await, restricted(&app).await);
    let engineer = app.as_role(Role::Engineer).await;
    let more = app.id(&other.id);
    let support = app.id(&app.ours.members[&Role::Support].id);
    for edit in [
        "UPDATE access_grant SET verb = 'view-unmasked' WHERE id = ",
        "UPDATE access_grant SET duration_s = 28800 WHERE id = ",
        &format!("UPDATE access_grant SET member_id = {support} WHERE id = "),
        "UPDATE access_grant SET kind = 'break-glass', role = 'admin', review_due_at = 1 WHERE id = ",
        &format!(
            "INSERT INTO access_grant_session (tenant_id, grant_id, session_id) SELECT tenant_id, id, {more} FROM access_grant WHERE id = "
        ),
    ] {
        let grant = granted(&app, &session.id).await;
        app.tamper(&[&format!("{edit}{}", app.id(&grant))]).await;
        for opened in [&session.id, &other.id] {
            refused(&engineer, opened).await;
        }
        refused(&app.as_role(Role::Support).await, &session.id).await;
        assert_eq!(state(&app, &grant).await.0, "approved", "{edit}");
    }
    // A later end in the row is no later end: the grant is nobody's then.
    let grant = granted(&app, &session.id).await;
    engineer.watch(&session.id, "").await;
    let later = format!("UPDATE access_grant SET expires_at = approved_at + 28800000000 WHERE id = {}", app.id(&grant));
    app.tamper(&[&later]).await;
    refused(&app.as_role(Role::Engineer).await, &session.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_who_may_no_longer_ask_loses_the_grant() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = restricted(&app).await;
    granted(&app, &session.id).await;
    let engineer = app.id(&app.ours.members[&Role::Engineer].id);
    app.tamper(&[&format!("UPDATE role_binding SET role = 'auditor' WHERE member_id = {engineer}")]).await;
    // Another process: it has no memory of the roles that were.
    let fresh = app.another().await;
    let path = format!("/v1/sessions/{}", session.id);
    let token = app.as_role(Role::Engineer).await.token().to_owned();
    assert_eq!(fresh.client(&token).get(&path).await.is(403).code(), "forbidden");
}

/// Nobody has to look for it: the job writes down that a request was not decided on in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_expiry_job_ends_what_is_over() {
    let app = TestApp::new().await;
    let session = restricted(&app).await;
    let request = ask(&app.as_role(Role::Engineer).await, &session.id).await;
    app.work_on_jobs().await;
    assert_eq!(state(&app, &request).await.0, "pending", "its time is not over");
    app.pass(3_601);
    app.work_on_jobs().await;
    assert_eq!(state(&app, &request).await.0, "lapsed");
    let leaves = app.leaves(app.ours.id).await;
    let leaf = leaves.iter().find(|leaf| leaf["act"] == "access-request.lapse").unwrap();
    assert_eq!(leaf["actor"]["id"], "grant-expire");
}

/// A session that takes a slow reader longer than anything may take to be cut, packed or not.
pub(crate) async fn long(app: &TestApp) -> Recording {
    let recording = restricted(app).await;
    let mut dice = 3_u64;
    for n in 1..60 {
        let mut words = String::new();
        while words.len() < 400_000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            write!(words, "{:08x} ", dice >> 32).unwrap();
        }
        let at = app.now_ms() + i64::from(n) * 10;
        recording.record(0, n, &[events::text(at, &format!("{n} {words}"))]).await;
    }
    recording
}

/// The promise: a stream under a grant ends within five seconds of the grant, whichever process ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_revoked_or_expired_grant_cuts_the_stream() {
    let app = TestApp::new().await;
    let replica = app.another().await;
    let session = long(&app).await;
    let token = app.as_role(Role::Engineer).await.token().to_owned();
    for end in ["revoked", "given-up", "time-over"] {
        let grant = granted(&app, &session.id).await;
        let mut reader = SlowReader::open(&app, &token, &format!("/v1/sessions/{}/events", session.id)).await;
        match end {
            "revoked" => {
                let admin = replica.client(app.as_role(Role::Admin).await.token());
                admin.post(&format!("/v1/grants/{grant}/revoke"), &json!({})).await.is(200);
            }
            "given-up" => {
                let engineer = replica.client(&token);
                engineer.post(&format!("/v1/access-requests/{grant}/cancel"), &json!({})).await.is(200);
            }
            _ => app.pass(3_600),
        }
        let (after, whole) = reader.until_the_end().await;
        assert!(!whole, "{end}: it came to its end after {after:?}");
        assert!(after < Duration::from_secs(5), "{end}: {after:?}");
    }
}

/// Attack 71: a replica that is cut off from the database cannot learn that a grant was revoked, and so stops showing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_71_a_replica_cut_off_from_the_database_stops_its_streams() {
    let app = TestApp::on_postgres().await;
    let (replica, wire) = app.another_over_a_wire().await;
    let session = long(&app).await;
    let grant = granted(&app, &session.id).await;
    let token = app.as_role(Role::Engineer).await.token().to_owned();
    let mut reader = SlowReader::open(&replica, &token, &format!("/v1/sessions/{}/events", session.id)).await;
    wire.cut();
    app.as_role(Role::Admin).await.post(&format!("/v1/grants/{grant}/revoke"), &json!({})).await.is(200);
    let (after, whole) = reader.until_the_end().await;
    assert!(!whole, "it came to its end after {after:?}");
    assert!(after < Duration::from_secs(5), "{after:?}");
    // The other process is none the worse for it.
    assert_eq!(app.as_role(Role::Engineer).await.get(&format!("/v1/sessions/{}", session.id)).await.status, 403);
}

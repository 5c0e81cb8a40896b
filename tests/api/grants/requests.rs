//! The life of a request, as people see it.

use policy::access::Role;
use sealtape_tests::acceptance::TestApp;
use serde_json::{Value, json};

use super::{approve, ask, asking_for, id, seen};
use crate::stories;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_shown_to_its_reviewers_without_anything_recorded() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let asked = id(&engineer.post("/v1/access-requests", &asking_for(&session)).await.is(201).json());
    let security = app.as_role(Role::Security).await;
    let mut asked = security.get(&format!("/v1/access-requests/{asked}")).await.is(200).json();
    for hidden in ["/id", "/seen", "/requester/id", "/named/0/id", "/named/0/project_id"] {
        let shown = asked.pointer_mut(hidden).unwrap_or_else(|| panic!("{hidden}"));
        *shown = json!(format!("[{}]", hidden.rsplit('/').next().unwrap()));
    }
    insta::assert_json_snapshot!(asked);
    // Not what was recorded: neither addresses nor titles nor what was on the page.
    for word in ["cart", "shop.example", "One item"] {
        assert!(!asked.to_string().contains(word), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_approval_makes_a_grant_and_a_denial_ends_a_request() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    let request = ask(&engineer, &own.closed).await;
    let approved = approve(&app, &admin, &request).await.is(200).json();
    assert_eq!((&approved["state"], &approved["sessions"]), (&json!("approved"), &json!(1)));
    let now = app.now_ms();
    let at = |field: &str| serde_json::from_value::<domain::Timestamp>(approved[field].clone()).unwrap().as_millis();
    assert_eq!((at("approved_at") - now, at("expires_at") - now), (0, 3_600_000));
    assert_eq!(approved["votes"][0]["by"]["name"], "admin of ours");
    let grants = async || -> Vec<String> {
        let listed = engineer.get("/v1/grants").await.is(200).json();
        listed["items"].as_array().unwrap().iter().map(id).collect()
    };
    let (mut listed, mut expected) =
        (grants().await, vec![request.clone(), own.granted.clone(), own.export_grant.clone()]);
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected);

    let second = ask(&engineer, &own.closed).await;
    let body = json!({ "comment": "not for this" });
    let denied = admin.post(&format!("/v1/access-requests/{second}/deny"), &body).await.is(200).json();
    assert_eq!((&denied["state"], &denied["ended_reason"]), (&json!("denied"), &json!("denied")));
    assert_eq!(denied["votes"][0]["comment"], "not for this");
    for step in ["approve", "deny"] {
        let body = if step == "approve" { json!({ "seen": seen(&app, &second).await }) } else { json!({}) };
        let again = app.as_role(Role::Owner).await.post(&format!("/v1/access-requests/{second}/{step}"), &body).await;
        assert_eq!(again.is(409).code(), "access-request-decided");
    }
    assert_eq!(grants().await.len(), 3, "what was denied is no grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_requests_are_seen_by_their_asker_and_everybodys_by_overseers() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let (support, viewer) = (app.as_role(Role::Support).await, app.as_role(Role::Viewer).await);
    app.pass(1);
    let first = ask(&support, &own.closed).await;
    app.pass(1);
    let second = ask(&viewer, &own.closed).await;
    let ids = async |client: &sealtape_tests::acceptance::Client, query: &str| -> Vec<String> {
        let list = client.get(&format!("/v1/access-requests{query}")).await.is(200).json();
        list["items"].as_array().unwrap().iter().map(id).collect()
    };
    assert_eq!(ids(&support, "").await, std::slice::from_ref(&first));
    assert_eq!(ids(&viewer, "").await, std::slice::from_ref(&second));
    let support_id = &app.ours.members[&Role::Support].id;
    assert_eq!(
        ids(&viewer, &format!("?member={support_id}")).await,
        std::slice::from_ref(&second),
        "asking for another's changes nothing"
    );
    let auditor = app.as_role(Role::Auditor).await;
    let before = [&own.owners_request, &own.request, &own.granted, &own.export_grant];
    let listed = ids(&auditor, "").await;
    assert_eq!(listed[..2], [second.clone(), first.clone()]);
    assert!(listed.len() == 6 && before.iter().all(|id| listed.contains(id)), "{listed:?}");
    assert_eq!(ids(&auditor, &format!("?member={support_id}")).await, std::slice::from_ref(&first));
    assert_eq!(ids(&auditor, "?state=denied").await, [""; 0]);
    viewer.get(&format!("/v1/access-requests/{first}")).await.is(404);
    assert_eq!(
        viewer.post(&format!("/v1/access-requests/{first}/cancel"), &json!({})).await.is(404).code(),
        "not-found"
    );
    auditor.get(&format!("/v1/access-requests/{first}")).await.is(200);

    let page = auditor.get("/v1/access-requests?limit=2").await.is(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&auditor, &format!("?limit=2&cursor={cursor}")).await, listed[2..4]);
    viewer.get(&format!("/v1/access-requests?limit=2&cursor={cursor}")).await.is(422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_taken_back_and_a_grant_given_up_or_revoked() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let (engineer, owner) = (app.as_role(Role::Engineer).await, app.as_role(Role::Owner).await);
    let end = async |client: &sealtape_tests::acceptance::Client, path: &str| -> (Value, Value) {
        let ended = client.post(path, &json!({})).await.is(200).json();
        (ended["state"].clone(), ended["ended_reason"].clone())
    };
    let request = ask(&engineer, &own.closed).await;
    let cancel = format!("/v1/access-requests/{request}/cancel");
    owner.post(&format!("/v1/grants/{request}/revoke"), &json!({})).await.is(404);
    assert_eq!(end(&engineer, &cancel).await, (json!("lapsed"), json!("withdrawn")));
    assert_eq!(engineer.post(&cancel, &json!({})).await.is(409).code(), "access-request-decided");

    let request = ask(&engineer, &own.closed).await;
    approve(&app, &owner, &request).await.is(200);
    assert_eq!(
        end(&engineer, &format!("/v1/access-requests/{request}/cancel")).await,
        (json!("revoked"), json!("given-up"))
    );
    let request = ask(&engineer, &own.closed).await;
    approve(&app, &owner, &request).await.is(200);
    let revoke = format!("/v1/grants/{request}/revoke");
    assert_eq!(end(&app.as_role(Role::Security).await, &revoke).await, (json!("revoked"), json!("revoked")));
    assert_eq!(owner.post(&revoke, &json!({})).await.is(409).code(), "access-request-decided");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_is_resolved_when_the_first_reviewer_approves() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let (engineer, owner) = (app.as_role(Role::Engineer).await, app.as_role(Role::Owner).await);
    let mut body = asking_for(&own.closed);
    body["sessions"] = json!(null);
    body["filter"] = json!({ "project": own.project, "has_error": false });
    let request = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    let path = format!("/v1/access-requests/{request}");
    let shown = owner.get(&path).await.is(200).json();
    assert_eq!(
        (shown["named"].as_array().unwrap().len(), &shown["sessions"]),
        (2, &json!(0)),
        "what it would open now"
    );

    // A session that starts after the reviewer looked is not approved unseen.
    let late = app.agent().start().await;
    let stale = json!({ "seen": shown["seen"] });
    assert_eq!(owner.post(&format!("{path}/approve"), &stale).await.is(409).code(), "request-changed");
    let approved = approve(&app, &owner, &request).await.is(200).json();
    assert_eq!(approved["sessions"], 3);
    assert!(approved["named"].as_array().unwrap().iter().any(|session| session["id"] == late.id.as_str()));
    // And one that starts after the approval is not in it.
    app.agent().start().await;
    assert_eq!(owner.get(&path).await.is(200).json()["named"].as_array().unwrap().len(), 3);

    body["filter"] = json!({ "project": own.project, "release": "no such" });
    let empty = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    assert_eq!(approve(&app, &owner, &empty).await.is(409).code(), "filter-finds-none");
    body["filter"] = json!({ "project": own.project });
    let many = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    for _ in 0..48 {
        app.agent().start().await;
    }
    assert_eq!(approve(&app, &owner, &many).await.is(409).code(), "filter-finds-too-many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_counts_for_an_hour() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
    app.pass(3_599);
    let owner = app.as_role(Role::Owner).await;
    let seen = seen(&app, &request).await;
    app.pass(1);
    let body = json!({ "seen": seen });
    let late = owner.post(&format!("/v1/access-requests/{request}/approve"), &body).await;
    assert_eq!(late.is(409).code(), "access-request-over");
    let denied = owner.post(&format!("/v1/access-requests/{request}/deny"), &json!({})).await;
    assert_eq!(denied.is(409).code(), "access-request-over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_refused_and_leaves_nothing() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let before = app.trace().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = asking_for(&own.closed);
        change(&mut body);
        body
    };
    let found = |filter: Value| {
        with(&|b| {
            b["sessions"] = json!(null);
            b["filter"] = filter.clone();
        })
    };
    let sessions: Vec<String> = (0..51).map(|n| uuid::Uuid::from_u128(n).to_string()).collect();
    for (body, status) in [
        (with(&|b| b["sessions"] = json!([])), 422),
        (with(&|b| b["sessions"] = json!([own.closed, own.closed])), 422),
        (with(&|b| b["sessions"] = json!(sessions)), 422),
        (with(&|b| b["sessions"] = json!(null)), 422),
        (with(&|b| b["filter"] = json!({})), 422),
        (found(json!({ "release": "r".repeat(201) })), 422),
        (found(json!({ "browser": "" })), 422),
        (found(json!({ "os": "Li\nnux" })), 422),
        (with(&|b| b["minutes"] = json!(4)), 422),
        (with(&|b| b["minutes"] = json!(481)), 422),
        (with(&|b| b["reason"] = json!("short")), 422),
        (with(&|b| b["ticket"] = json!("")), 422),
        (with(&|b| b["sessions"] = json!([theirs.closed])), 404),
        (with(&|b| b["sessions"] = json!([sessions[1]])), 404),
        (with(&|b| b["verb"] = json!("delete")), 400),
        (with(&|b| b["purpose"] = json!("curiosity")), 400),
        (with(&|b| b["state"] = json!("approved")), 400),
        (with(&|b| b["member_id"] = json!(app.ours.members[&Role::Owner].id)), 400),
        (with(&|b| b["ticket"] = json!(null)), 400),
    ] {
        let refused = engineer.post("/v1/access-requests", &body).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
        refused.problem();
        assert_eq!(app.trace().await, before, "{body}");
    }
    for n in 1..20 {
        ask(&engineer, &own.closed).await;
        assert!(n < 20);
    }
    let one_more = engineer.post("/v1/access-requests", &asking_for(&own.closed)).await;
    assert_eq!(one_more.is(409).code(), "access-request-limit");
}

/// Reason, ticket and comments are free text: they are read by people and by nobody who holds the disk or the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_is_sealed() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
    let owner = app.as_role(Role::Owner).await;
    let body = json!({ "comment": "canary-comment about somebody" });
    owner.post(&format!("/v1/access-requests/{request}/deny"), &body).await.is(200);
    let shown = owner.get(&format!("/v1/access-requests/{request}")).await.is(200).text();
    let canaries = ["canary-reason", "CANARY-TICKET", "canary-comment"];
    assert!(canaries.iter().all(|canary| shown.contains(canary)), "{shown}");
    for bytes in app.dump().await {
        for canary in canaries {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
    }
}

//! What is told beside a leaf: sealed under the key of whom it is about, committed to by the leaf, gone with the key.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};
use store::LeafFilter;

use super::{Stored, sign};
use crate::{exports, grants, roles, stories};

const CANARY: &str = "CANARY of 4711 because the checkout hangs";

async fn event_of(auditor: &Client, act: &str) -> Value {
    auditor.get(&format!("/v1/audit/events?act={act}&limit=1")).await.is(200).json()["items"][0].clone()
}

fn path(event: &Value) -> String {
    format!("/v1/audit/events/{}/detail", event["id"].as_str().unwrap())
}

/// Where every client of these tests acts from.
const HERE: &str = "127.0.0.0/24";

/// A part as it is shown, with what differs from one that tells nothing.
fn part(of: &str, told: &Value) -> Value {
    let mut part = json!({
        "of": of, "state": "open", "network": null, "browser": null, "reason": null, "changes": []
    });
    for (name, value) in told.as_object().unwrap() {
        part[name] = value.clone();
    }
    part
}

fn change(what: &str, before: Option<&str>, after: Option<&str>) -> Value {
    json!({ "changes": [{ "what": what, "before": before, "after": after }] })
}

fn erased(of: &str) -> Value {
    part(of, &json!({ "state": "erased" }))
}

/// The parts beside the newest event of an act.
async fn parts(auditor: &Client, act: &str) -> Value {
    auditor.get(&path(&event_of(auditor, act).await)).await.is(200).json()["parts"].clone()
}

/// Destroys the key of these, and gives an auditor of a process that never had it.
async fn shred(app: &TestApp, keys: &str) -> (TestApp, Client) {
    let sql = format!("UPDATE person_key SET wrapped = NULL, state = 'shredded' WHERE id IN ({keys})");
    app.tamper(&[&sql]).await;
    // Cached keys end within seconds by the key epoch; a new process has none.
    let elsewhere = app.another().await;
    let auditor = elsewhere.as_role(Role::Auditor).await;
    (elsewhere, auditor)
}

fn key_of(app: &TestApp, member: &str) -> String {
    format!("SELECT person_key_id FROM member WHERE id = {}", app.id(member))
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
    let told = part("actor", &json!({ "network": HERE, "reason": CANARY }));
    assert_eq!(detail.json(), json!({ "parts": [told] }));
    let sign_in = event_of(&auditor, "login.create").await;
    let place = auditor.get(&path(&sign_in)).await.is(200).json();
    assert_eq!(place["parts"], json!([part("actor", &json!({ "network": HERE }))]));
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
    let (_elsewhere, auditor) = shred(&app, &key_of(&app, &app.ours.members[&Role::Engineer].id)).await;
    assert_eq!(auditor.get(&path(&event)).await.is(200).json(), json!({ "parts": [erased("actor")] }));
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

/// What is done to a member is about two people: whichever key is destroyed, the other part is there, and the tree stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_goes_alone_with_its_persons_key_and_the_tree_stands() {
    let app = TestApp::new().await;
    let admin = app.as_role(Role::Admin).await;
    let (actor, subject) = (&app.ours.members[&Role::Admin].id, app.fresh_member(&app.ours, Role::Viewer).await.id);
    admin.post(&format!("/v1/members/{subject}/disable"), &json!({})).await.is(204);
    sign(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    let by = part("actor", &json!({ "network": HERE }));
    let to = part("subject", &change("state", Some("active"), Some("disabled")));
    assert_eq!(parts(&auditor, "member.disable").await, json!([by, to]));

    let (elsewhere, auditor) = shred(&app, &key_of(&app, &subject)).await;
    assert_eq!(parts(&auditor, "member.disable").await, json!([by, erased("subject")]));
    let (_last, auditor) = shred(&elsewhere, &key_of(&app, actor)).await;
    assert_eq!(parts(&auditor, "member.disable").await, json!([erased("actor"), erased("subject")]));
    sign(&app).await;
    Stored::of(&app.store().await, app.ours.id).await.assert_whole();

    // Each look at it is on record for both of them.
    let looks = app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == "audit.detail");
    let seen: Vec<Value> = looks.map(|leaf| leaf["obj"]["id"].clone()).collect();
    for person in [actor, &subject] {
        assert_eq!(seen.iter().filter(|id| *id == person.as_str()).count(), 3);
    }
}

/// The other way round: what is about the recorded person stays when the searcher is gone, and goes with its own key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_a_person_is_looked_for_is_that_persons() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let officer = app.as_role(Role::PrivacyOfficer).await;
    let find = async |value: &str, reason: &str| {
        let wanted = json!({ "kind": "user_id", "value": value, "purpose": "data-request", "reason": reason });
        officer.post("/v1/audit/subjects/find", &wanted).await
    };
    let keys = "SELECT count(*) FROM person_key WHERE kind = 'subject'";
    find("u-1", "").await.is(200);
    assert_eq!(app.number(keys).await, 0, "nothing is told, so there is no key");
    // Many at once make one key.
    let searches = futures::future::join_all((0..6).map(|_| find("u-1", CANARY))).await;
    assert!(searches.into_iter().all(|search| search.is(200).json()["subject"] == own.subject.as_str()));
    assert_eq!(app.number(keys).await, 1);
    let auditor = app.as_role(Role::Auditor).await;
    let by = part("actor", &json!({ "network": HERE }));
    let about = part("subject", &json!({ "reason": CANARY }));
    assert_eq!(parts(&auditor, "subject.search").await, json!([by, about]));
    // Looking at it is part of who saw the person.
    let seen = auditor.get(&format!("/v1/audit/subjects/{}", own.subject)).await.is(200).json();
    let looks = seen["items"].as_array().unwrap().iter().filter(|event| event["act"] == "audit.detail").count();
    assert_eq!(looks, 1);
    for leaf in app.leaves(app.ours.id).await {
        assert!(!leaf.to_string().contains("CANARY"), "{leaf}");
    }
    let found = event_of(&auditor, "subject.search").await;

    app.pass(1);
    find("nobody", CANARY).await.is(200);
    let alone = part("actor", &json!({ "network": HERE, "reason": CANARY }));
    assert_eq!(parts(&auditor, "subject.search").await, json!([alone]), "it is about nobody else");
    let long = find("u-1", &"x".repeat(501)).await.is(422).json();
    assert_eq!(long["errors"][0]["pointer"], "/reason");

    let officers = key_of(&app, &app.ours.members[&Role::PrivacyOfficer].id);
    let (elsewhere, auditor) = shred(&app, &officers).await;
    let detail = auditor.get(&path(&found)).await.is(200).json();
    assert_eq!(detail["parts"], json!([erased("actor"), about]));
    let (_last, auditor) = shred(&elsewhere, &app.id(&own.subject)).await;
    let detail = auditor.get(&path(&found)).await.is(200).json();
    assert_eq!(detail["parts"], json!([erased("actor"), erased("subject")]));
    sign(&app).await;
    Stored::of(&app.store().await, app.ours.id).await.assert_whole();
}

/// One row for each act that tells something: what, and about whom.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_act_tells_what_it_should_and_of_whom() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    // Ids of one moment stand in any order: what is looked at here is the newest.
    app.pass(1);
    let auditor = app.as_role(Role::Auditor).await;
    let (owner, engineer) = (app.as_role(Role::Owner).await, app.as_role(Role::Engineer).await);
    let place = part("actor", &json!({ "network": HERE }));
    let told = async |act: &str, want: Value| assert_eq!(parts(&auditor, act).await, want, "{act}");
    let to = |what: &str, before: Option<&str>, after: Option<&str>| {
        json!([place, part("subject", &change(what, before, after))])
    };
    let word = |reason: &str| json!([part("actor", &json!({ "network": HERE, "reason": reason }))]);

    engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    told("session.view", json!([place])).await;
    let (export, _) = exports::take(&engineer, &own.closed).await;
    told("session.export", json!([place])).await;
    engineer.get(&format!("/v1/exports/{export}/bundle")).await.is(200);
    told("session.download", json!([place])).await;
    let security = app.as_role(Role::Security).await;
    let out = security.post("/v1/audit/exports", &json!({ "format": "csv" })).await.is(202).json();
    told("audit.export", json!([place])).await;
    security.get(&format!("/v1/audit/exports/{}/file", own.audit_export)).await.is(200);
    told("audit.download", json!([place])).await;
    security.delete(&format!("/v1/audit/exports/{}", grants::id(&out))).await.is(204);
    told("audit.export-remove", json!([place])).await;

    let asked = grants::ask(&engineer, &own.closed).await;
    told("access-request.create", word("the canary-reason shop fails")).await;
    let body = json!({ "seen": grants::seen(&app, &asked).await, "comment": "fine by me" });
    owner.post(&format!("/v1/access-requests/{asked}/approve"), &body).await.is(200);
    told("access-request.approve", word("fine by me")).await;
    owner.post(&format!("/v1/grants/{asked}/revoke"), &json!({})).await.is(200);
    told("grant.revoke", json!([place])).await;
    owner.post(&format!("/v1/access-requests/{}/deny", own.request), &json!({ "comment": "no" })).await.is(200);
    told("access-request.deny", word("no")).await;
    owner.post(&format!("/v1/access-requests/{}/cancel", own.owners_request), &json!({})).await.is(200);
    told("access-request.cancel", json!([place])).await;
    told("break-glass.use", word("an attack is under way")).await;
    let review = json!({ "outcome": "justified", "comment": "it was" });
    owner.post(&format!("/v1/break-glass/{}/review", own.broken), &review).await.is(200);
    told("break-glass.review", word("it was")).await;

    let member = app.fresh_member(&app.ours, Role::Viewer).await.id;
    app.pass(1);
    let binding = roles::give(&owner, &member, "engineer", json!(null)).await;
    told("role-binding.create", to("role", None, Some("engineer"))).await;
    owner.delete(&format!("/v1/role-bindings/{binding}")).await.is(204);
    told("role-binding.delete", to("role", Some("engineer"), None)).await;
    owner.post(&format!("/v1/members/{member}/disable"), &json!({})).await.is(204);
    told("member.disable", to("state", Some("active"), Some("disabled"))).await;
    owner.post(&format!("/v1/members/{member}/enable"), &json!({})).await.is(204);
    told("member.enable", to("state", Some("disabled"), Some("active"))).await;
    app.pass(1);
    stories::invite(&owner, "new@told.example", "support").await;
    told("invitation.create", to("role", None, Some("support"))).await;
    let guarded = app.guarded(&app.ours, Role::Viewer).await.member.id;
    owner.post(&format!("/v1/members/{guarded}/reset-factors"), &json!({})).await.is(204);
    told("factor.reset", to("factors", Some("2"), Some("0"))).await;

    // A program of a member's acts from somewhere, too.
    let (_, key) = stories::new_api_key(&app, &owner, &["session.list", "session.view"]).await;
    app.pass(61);
    app.client(&key).get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    told("session.view", json!([place])).await;
}

/// Whoever writes to the database can neither change a part, nor say whose it is, nor take one away unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_that_were_changed_moved_or_taken_away_are_refused() {
    let app = TestApp::new().await;
    app.expect_damage();
    let admin = app.as_role(Role::Admin).await;
    let others = app.fresh_member(&app.ours, Role::Viewer).await.id;
    let subject = app.fresh_member(&app.ours, Role::Viewer).await.id;
    for member in [&others, &subject] {
        admin.post(&format!("/v1/members/{member}/disable"), &json!({})).await.is(204);
        app.pass(1);
    }
    let auditor = app.as_role(Role::Auditor).await;
    let event = event_of(&auditor, "member.disable").await;
    let id: domain::AuditId = event["id"].as_str().unwrap().parse().unwrap();
    let store = app.store().await;
    let stored = async |id| -> Value {
        let read = store.tenant_read(app.ours.id).await.unwrap();
        serde_json::from_slice(&read.audit_detail_find(id).await.unwrap().expect("has a detail")).unwrap()
    };
    let put = async |json: Option<Value>| {
        let json = json.map_or("NULL".to_owned(), |json| hex::encode(json.to_string()));
        let bytes = match app.zeros() {
            "zeroblob(32)" => format!("x'{json}'"),
            _ => format!("decode('{json}', 'hex')"),
        };
        let bytes = if json == "NULL" { json } else { bytes };
        let row = app.id(event["id"].as_str().unwrap());
        app.forge(&[&format!("UPDATE audit_outbox SET detail_sealed = {bytes} WHERE id = {row}")]).await;
    };
    let whole = stored(id).await;
    let wanted = LeafFilter { act: Some("member.disable".to_owned()), ..LeafFilter::default() };
    let earlier = store.tenant_read(app.ours.id).await.unwrap().audit_leaf_list(wanted, None, 2).await.unwrap()[1].id;
    let another = stored(earlier).await;
    let mut swapped = whole.clone();
    (swapped["actor"], swapped["subject"]) = (whole["subject"].clone(), whole["actor"].clone());
    let mut renamed = whole.clone();
    renamed["subject"]["person"] = another["subject"]["person"].clone();
    let mut exchanged = whole.clone();
    exchanged["subject"]["sealed"] = another["subject"]["sealed"].clone();
    let mut mixed = whole.clone();
    mixed["subject"] = another["subject"].clone();
    let actor = json!({ "person": whole["actor"]["person"], "sealed": whole["actor"]["sealed"] });
    let subject = json!({ "subject": whole["subject"] });
    for (how, forged) in [
        ("swapped", Some(swapped)),
        ("another person's", Some(renamed)),
        ("another text", Some(exchanged)),
        ("another event's part", Some(mixed)),
        ("another event's", Some(another)),
        ("the actor's alone", Some(actor)),
        ("the subject's alone", Some(subject)),
        ("nothing", Some(json!({}))),
        ("gone", None),
    ] {
        put(forged).await;
        let refused = auditor.get(&path(&event)).await;
        assert_eq!((refused.status, refused.code().as_str()), (409, "integrity-fail"), "{how}");
        assert!(!refused.text().contains("127.0.0") && !refused.text().contains("disabled"), "{how}");
    }
    put(Some(whole)).await;
    auditor.get(&path(&event)).await.is(200);
}

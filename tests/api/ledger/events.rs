//! The log as people read it.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::Value;

use super::{add_at_once, sign};
use crate::stories;

/// All pages of a search, at most `limit` a page.
async fn all(client: &Client, search: &str, limit: u16) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/audit/events?limit={limit}{search}{cursor}")).await.is(200).json();
        let page_items = page["items"].as_array().unwrap();
        assert!(page_items.len() <= usize::from(limit));
        items.extend(page_items.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn acts(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["act"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_found_by_who_what_on_what_and_when() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    app.pass(3_600);
    let engineer = app.as_role(Role::Engineer).await;
    let before = stories::in_seconds(&app, 0).replace('+', "%2B");
    engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    app.pass(5);
    let after = stories::in_seconds(&app, 0).replace('+', "%2B");
    app.pass(5);
    let auditor = app.as_role(Role::Auditor).await;
    app.pass(1);
    let me = &app.ours.members[&Role::Engineer].id;

    let everything = all(&auditor, "", 200).await;
    let stored = app.leaves(app.ours.id).await;
    assert_eq!(everything.len(), stored.len(), "all of ours, none of theirs");
    assert_eq!(all(&auditor, "", 7).await, everything, "page by page the same");
    let times: Vec<&str> = everything.iter().map(|event| event["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    assert_eq!(everything[0]["act"], "audit.read", "this look is on record before it shows anything");

    let viewed = all(&auditor, &format!("&act=session.view&object_kind=session&object={}", own.closed), 50).await;
    let [view] = &viewed[..] else { panic!("{viewed:?}") };
    assert_eq!((&view["actor"]["id"], &view["actor"]["via"]), (&Value::from(me.as_str()), &Value::from("login")));
    assert_eq!((&view["outcome"], &view["object"]["kind"]), (&Value::from("allow"), &Value::from("session")));
    assert!(view["index"].is_null(), "it has no place yet");
    let theirs = all(&auditor, &format!("&actor={me}"), 50).await;
    assert!(!theirs.is_empty() && theirs.iter().all(|event| event["actor"]["id"] == me.as_str()));
    let between = all(&auditor, &format!("&from={before}&to={after}"), 50).await;
    assert!(acts(&between).contains(&"session.view") && !acts(&between).contains(&"audit.read"), "{between:?}");
    assert_eq!(all(&auditor, &format!("&to={before}"), 200).await.len() + between.len() + 2, everything.len());
    assert_eq!(all(&auditor, "&act=session.none", 5).await, [Value::Null; 0]);

    sign(&app).await;
    let viewed = all(&auditor, "&act=session.view", 50).await;
    assert!(viewed.iter().all(|event| event["index"].is_u64()));
    for wrong in ["?limit=0", "?limit=201", "?from=yesterday", "?nobody=1", "?cursor=AAAA"] {
        let answer = auditor.get(&format!("/v1/audit/events{wrong}")).await;
        assert!(matches!(answer.status, 400 | 422), "{wrong}");
    }
}

/// A reader's looks within a minute are one event; another reader's are another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_of_one_reader_are_folded_for_a_minute() {
    let app = TestApp::new().await;
    let auditor = app.as_role(Role::Auditor).await;
    let owner = app.as_role(Role::Owner).await;
    sign(&app).await;
    let looks = async || app.acts(app.ours.id).await.iter().filter(|act| *act == "audit.read").count();
    auditor.get("/v1/audit/events").await.is(200);
    app.pass(30);
    auditor.get("/v1/audit/events?act=login.create").await.is(200);
    assert_eq!(looks().await, 1);
    owner.get("/v1/audit/events").await.is(200);
    assert_eq!(looks().await, 2);
    app.pass(30);
    auditor.get("/v1/audit/events").await.is(200);
    assert_eq!(looks().await, 3);
    for path in ["checkpoint", "key", "proof/consistency?from=1", "tile/0/000.p/1"] {
        auditor.get(&format!("/v1/audit/{path}")).await.is(200);
    }
    assert_eq!(looks().await, 3, "hashes tell nothing");
    auditor.get("/v1/audit/tile/entries/000.p/1").await.is(200);
    assert_eq!(looks().await, 4, "entries tell everything");
    // What cannot be put on record is not shown.
    app.pass(60);
    app.break_inserts("audit_outbox").await;
    auditor.get("/v1/audit/events").await.is(500);
}

/// What a filter asks for is found however far back it lies, and nothing that no leaf can hold is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_finds_what_lies_far_back() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let acts = app.acts(app.ours.id).await;
    let oldest = &acts[0];
    app.pass(1);
    add_at_once(&app, &store, app.ours.id, 5_100).await;
    app.pass(1);
    let auditor = app.as_role(Role::Auditor).await;
    let page = auditor.get(&format!("/v1/audit/events?act={oldest}")).await.is(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), acts.iter().filter(|act| *act == oldest).count());
    assert!(page["next_cursor"].is_null());
    for (search, place) in [
        ("actor=ada%40example.test", "/actor"),
        ("act=session.view%00", "/act"),
        ("object=", "/object"),
        ("outcome=allow%27", "/outcome"),
    ] {
        let problem = auditor.get(&format!("/v1/audit/events?{search}")).await.is(422).json();
        assert_eq!(problem["errors"][0]["pointer"], place);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_event_is_looked_up_by_its_id() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    let event = auditor.get(&format!("/v1/audit/events/{}", own.event)).await.is(200).json();
    assert_eq!(event["id"], own.event.as_str());
    let listed = all(&auditor, "", 200).await;
    assert!(listed.contains(&event), "as the list shows it");
    auditor.get(&format!("/v1/audit/events/{}", theirs.event)).await.is(404);
}

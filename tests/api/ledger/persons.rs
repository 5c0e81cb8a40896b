//! "Who saw this person?", answered from the log.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use crate::stories;

async fn find(client: &Client, kind: &str, value: &str) -> Value {
    let wanted = json!({ "kind": kind, "value": value, "purpose": "data-request" });
    client.post("/v1/audit/subjects/find", &wanted).await.is(200).json()["subject"].clone()
}

fn told(events: &Value) -> Vec<(&str, &str)> {
    let each = events["items"].as_array().unwrap().iter();
    each.map(|event| (event["act"].as_str().unwrap(), event["actor"]["id"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_saw_a_person_is_told_and_nothing_of_anybody_else() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    let engineer = app.as_role(Role::Engineer).await;
    let person = find(&auditor, "user_id", "u-1").await;
    assert_eq!(person, own.subject.as_str());
    let path = format!("/v1/audit/subjects/{}", own.subject);
    let before = auditor.get(&path).await.is(200).json();
    assert!(!told(&before).iter().any(|(act, _)| *act == "session.view"));

    engineer.get(&format!("/v1/sessions/{}/events", own.live.id)).await.is(200);
    // Somebody else's session.
    engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    app.pass(1);
    let page = auditor.get(&path).await.is(200).json();
    let me = app.ours.members[&Role::Engineer].id.as_str();
    let views: Vec<_> = told(&page).into_iter().filter(|(act, _)| *act == "session.view").collect();
    assert_eq!(views, [("session.view", me)], "one person, one session");
    let kinds = page["items"].as_array().unwrap().iter().map(|event| event["actor"]["kind"].as_str().unwrap());
    assert!(
        kinds.into_iter().all(|kind| matches!(kind, "user" | "key")),
        "what agents and tasks did shows nobody anything"
    );
    let looks = told(&page).into_iter().filter(|(act, _)| *act == "audit.subject").count();
    assert_eq!(looks, 2, "each look is on record before it shows anything");

    // Page by page the same.
    let first = auditor.get(&format!("{path}?limit=1")).await.is(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    auditor.get(&format!("{path}?limit=1&cursor={cursor}")).await.is(200);
    auditor.get(&format!("/v1/audit/events?limit=1&cursor={cursor}")).await.is(422);
    // Nobody of ours.
    auditor.get(&format!("/v1/audit/subjects/{}", theirs.subject)).await.is(404);
    engineer.get(&path).await.is(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_for_a_person_is_on_record_whatever_it_finds() {
    let app = TestApp::with(|settings| settings.limits.person_searches_per_hour = 3).await;
    let (own, _) = stories::both(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    assert_eq!(find(&auditor, "user_id", "u-1").await, own.subject.as_str());
    assert_eq!(find(&auditor, "email", "u-1").await, Value::Null, "an e-mail address is no user id");
    assert_eq!(find(&auditor, "email", "ada@example.test").await, Value::Null);
    let wanted = json!({ "kind": "email", "value": "ada@example.test", "purpose": "data-request" });
    let refused = auditor.post("/v1/audit/subjects/find", &wanted).await.is(429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    let searches: Vec<Value> =
        app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == "subject.search").collect();
    let mut objects: Vec<&str> = searches.iter().map(|leaf| leaf["obj"]["k"].as_str().unwrap()).collect();
    objects.sort_unstable();
    assert_eq!(objects, ["subject", "tenant", "tenant"]);
    for leaf in &searches {
        assert_eq!(leaf["rule"], "access@4/auditor/subject.search/purpose:data-request");
        assert!(!leaf.to_string().contains("example"), "the identifier is nowhere");
    }
    app.pass(3_600);
    let auditor = app.as_role(Role::Auditor).await;
    let engineer = app.as_role(Role::Engineer).await;
    for (wrong, place) in [
        (json!({ "kind": "email", "value": " ", "purpose": "data-request" }), "/value"),
        (json!({ "kind": "email", "value": "a".repeat(255), "purpose": "data-request" }), "/value"),
    ] {
        let problem = auditor.post("/v1/audit/subjects/find", &wrong).await.is(422).json();
        assert_eq!(problem["errors"][0]["pointer"], place);
    }
    auditor
        .post("/v1/audit/subjects/find", &json!({ "kind": "name", "value": "x", "purpose": "data-request" }))
        .await
        .is(400);
    engineer.post("/v1/audit/subjects/find", &wanted).await.is(403);
}

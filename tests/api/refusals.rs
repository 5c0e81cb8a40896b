//! Refused acts are on record, and nobody writes the log full with them (`threats.md` 70).

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use crate::stories;

/// Denied acts in the order in which they were put on record: act, rule behind the policy's name, kind of object.
async fn denied(app: &TestApp) -> Vec<(String, String, String)> {
    let mut leaves: Vec<Value> =
        app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["out"] == "deny").collect();
    leaves.sort_by_key(|leaf| (leaf["t"].as_i64(), leaf["act"].to_string()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let each = leaves.iter();
    each.map(|leaf| {
        let rule = text(&leaf["rule"]).strip_prefix("access@4/").expect("names the policy").to_owned();
        (text(&leaf["act"]), rule, text(&leaf["obj"]["k"]))
    })
    .collect()
}

fn row(act: &str, rule: &str, object: &str) -> (String, String, String) {
    (act.to_owned(), rule.to_owned(), object.to_owned())
}

async fn sign_in(client: &Client, email: &str, password: &str) -> u16 {
    client.post("/v1/auth/login", &json!({ "email": email, "password": password })).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_refusal_is_on_record_at_once_and_a_minute_of_more_is_one_entry() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let viewer = app.as_role(Role::Viewer).await;
    let auditor = app.as_role(Role::Auditor).await;
    app.pass(1);
    // Not allowed, and another tenant's: which of both it is, is told to nobody.
    viewer.get(&format!("/v1/sessions/{}/viewers", own.closed)).await.is(403);
    let first = auditor.get("/v1/audit/events?outcome=deny").await.is(200).json();
    let event = &first["items"][0];
    assert_eq!((&event["act"], &event["object"]["id"]), (&json!("session.viewers"), &json!(own.closed)));
    assert_eq!(event["actor"]["id"], app.ours.members[&Role::Viewer].id.as_str());
    for _ in 0..20 {
        viewer.get(&format!("/v1/sessions/{}/viewers", own.closed)).await.is(403);
    }
    auditor.get(&format!("/v1/sessions/{}/manifest", theirs.closed)).await.is(404);
    // What names nothing at all is no try of anything.
    viewer.get("/v1/nothing").await.is(404);
    app.app().refusals().fold().await.unwrap();
    let at_once = vec![
        row("session.manifest", "refused/not-found", "session"),
        row("session.viewers", "refused/forbidden", "session"),
    ];
    assert_eq!(denied(&app).await, at_once);
    app.pass(60);
    app.app().refusals().fold().await.unwrap();
    app.app().refusals().fold().await.unwrap();
    let folded = [at_once, vec![row("session.viewers", "folded/20", "tenant")]].concat();
    assert_eq!(denied(&app).await, folded);
    // The next minute begins anew.
    viewer.get(&format!("/v1/sessions/{}/viewers", own.closed)).await.is(403);
    assert_eq!(denied(&app).await.len(), folded.len() + 1);
    assert_eq!(app.acts(app.theirs.id).await.iter().filter(|act| *act == "session.manifest").count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_that_cannot_be_put_on_record_is_counted() {
    let app = TestApp::new().await;
    let viewer = app.as_role(Role::Viewer).await;
    app.break_inserts("audit_outbox").await;
    viewer.get("/v1/audit/events").await.is(403);
    viewer.get("/v1/audit/events").await.is(403);
    app.pass(61);
    app.app().refusals().fold().await.unwrap_err();
    app.mend_inserts("audit_outbox").await;
    assert_eq!(denied(&app).await, []);
    app.pass(61);
    app.app().refusals().fold().await.unwrap();
    assert_eq!(denied(&app).await, [row("audit.read", "folded/2", "tenant")]);
}

/// Thousands of tries by nobody cost a line a minute, and what has to be done is done meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_70_a_flood_of_failures_is_one_entry_a_minute() {
    let app = TestApp::with(|settings| {
        settings.limits.logins_per_minute = 100_000;
        settings.limits.account_logins_per_minute = 100_000;
    })
    .await;
    let anonymous = app.anonymous();
    let member = &app.ours.members[&Role::Engineer];
    let before = app.leaves(app.ours.id).await.len();
    for minute in 1..=2 {
        let tries =
            (0..40).map(|number| sign_in(&anonymous, &member.email, if number % 2 == 0 { "wrong" } else { "" }));
        for status in futures::future::join_all(tries).await {
            assert!(matches!(status, 401 | 422), "{status}");
        }
        assert_eq!(sign_in(&anonymous, "nobody@elsewhere.example", "wrong").await, 401);
        app.pass(61);
        app.app().refusals().fold().await.unwrap();
        let folded = denied(&app).await;
        assert_eq!(folded.len(), minute, "{folded:?}");
        assert!(
            folded.iter().all(|(act, rule, object)| {
                act == "login.refuse" && rule.starts_with("folded/") && object == "tenant"
            })
        );
    }
    assert_eq!(app.leaves(app.ours.id).await.len(), before + 2);
    // The member whose name was tried signs in as ever, once the limit lets them.
    assert_eq!(sign_in(&anonymous, &member.email, &member.password).await, 200);
}

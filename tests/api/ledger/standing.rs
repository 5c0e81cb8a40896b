//! How a log stands, who is told, and what waits until it is current.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

use super::{sequence, sign, signer};
use crate::{exports, stories};

async fn health(client: &Client) -> Value {
    client.get("/v1/audit/health").await.is(200).json()
}

fn kinds(inbox: &Value) -> Vec<&str> {
    let kinds = inbox["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap());
    kinds.filter(|kind| kind.starts_with("ledger-")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_late_behind_and_current_again() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    let engineer = app.as_role(Role::Engineer).await;
    sign(&app).await;
    let stands = health(&auditor).await;
    assert_eq!((&stands["state"], &stands["waiting"]), (&json!("ok"), &json!(0)));
    assert_eq!((&stands["unproved_since"], &stands["alarm"]), (&Value::Null, &Value::Null));
    assert_eq!(stands["checkpoint"]["size"], stands["size"]);
    let newest = auditor.get("/v1/audit/checkpoints?limit=1").await.is(200).json();
    assert_eq!(newest["items"], json!([stands["checkpoint"]]));
    app.work_on_jobs_alone().await;
    assert_eq!(kinds(&auditor.get("/v1/me/notices").await.is(200).json()), [""; 0], "nothing to tell");

    // Something happens, and neither sequencer nor signer runs.
    engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    assert_eq!(health(&auditor).await["state"], "ok");
    app.pass(61);
    let stands = health(&auditor).await;
    assert_eq!(stands["state"], "late");
    assert!(stands["waiting"].as_u64().unwrap() >= 1);
    app.work_on_jobs_alone().await;
    let inbox = auditor.get("/v1/me/notices").await.is(200).json();
    assert_eq!(kinds(&inbox), ["ledger-behind"]);
    exports::take(&engineer, &own.closed).await;

    // Placed is not signed.
    sequence(&app).await;
    app.pass(250);
    let auditor = app.as_role(Role::Auditor).await;
    let engineer = app.as_role(Role::Engineer).await;
    assert_eq!(health(&auditor).await["state"], "behind");
    let refused = exports::ask(&engineer, &own.closed).await.is(409).json();
    assert_eq!(refused["code"], "ledger-behind");
    app.work_on_jobs_alone().await;
    let inbox = auditor.get("/v1/me/notices").await.is(200).json();
    assert_eq!(kinds(&inbox), ["ledger-behind"], "told once a day");

    sign(&app).await;
    assert_eq!(health(&auditor).await["state"], "ok");
    exports::take(&engineer, &own.closed).await;
    app.pass(25 * 3_600);
    let auditor = app.as_role(Role::Auditor).await;
    assert_eq!(health(&auditor).await["state"], "stopped");
    app.work_on_jobs_alone().await;
    let inbox = auditor.get("/v1/me/notices").await.is(200).json();
    assert_eq!(kinds(&inbox), ["ledger-behind", "ledger-behind"], "the next day again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_log_says_so_until_it_is_signed_again() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let auditor = app.as_role(Role::Auditor).await;
    let engineer = app.as_role(Role::Engineer).await;
    sign(&app).await;
    let ours = app.id(&app.ours.id.to_string());
    let index = app.number(&format!("SELECT max(leaf_index) FROM audit_outbox WHERE tenant_id = {ours}")).await;
    engineer.get(&format!("/v1/sessions/{}/events", own.closed)).await.is(200);
    sequence(&app).await;
    let index = index + 1;
    let move_to = |from: i64, to: i64| {
        format!("UPDATE audit_outbox SET leaf_index = {to} WHERE tenant_id = {ours} AND leaf_index = {from}")
    };
    app.forge(&[&move_to(index, 900_000)]).await;
    let mut first = signer(&app).await;
    assert_eq!(first.sign().await.unwrap().refused.len(), 1);
    let stands = health(&auditor).await;
    assert_eq!(stands["state"], "refused");
    assert_eq!((&stands["alarm"]["reason"], &stands["alarm"]["index"]), (&json!("changed"), &json!(index)));
    let refused = exports::ask(&engineer, &own.closed).await.is(409).json();
    assert_eq!(refused["code"], "ledger-behind");
    app.work_on_jobs_alone().await;
    assert_eq!(kinds(&auditor.get("/v1/me/notices").await.is(200).json()), ["ledger-refused"]);
    // Another signer refuses it too, and does not put it on record again.
    let since = stands["alarm"]["since"].clone();
    app.pass(10);
    assert_eq!(signer(&app).await.sign().await.unwrap().refused.len(), 1);
    assert_eq!(health(&auditor).await["alarm"]["since"], since);
    let fails = app.acts(app.ours.id).await.into_iter().filter(|act| act == "integrity.fail").count();
    assert_eq!(fails, 1);

    app.forge(&[&move_to(900_000, index)]).await;
    assert_eq!(first.sign().await.unwrap().refused, []);
    let stands = health(&auditor).await;
    assert_eq!((&stands["alarm"], &stands["checkpoint"]["size"]), (&Value::Null, &json!(index + 1)));
    exports::take(&engineer, &own.closed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_are_listed_page_by_page() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        app.pass(3_601);
        sign(&app).await;
    }
    let auditor = app.as_role(Role::Auditor).await;
    sign(&app).await;
    let whole = auditor.get("/v1/audit/checkpoints").await.is(200).json()["items"].as_array().unwrap().clone();
    assert_eq!(whole.len(), 6);
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = auditor.get(&format!("/v1/audit/checkpoints?limit=2{cursor}")).await.is(200).json();
        pages.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(pages, whole);
}

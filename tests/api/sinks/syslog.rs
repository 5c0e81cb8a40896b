//! Syslog over TLS: the same entries, a line each, and the receiver's word that it has them.

use policy::access::Role;
use sealtape_tests::acceptance::{SyslogReceiver, TestApp};
use serde_json::{Value, json};

use super::{deliver, signed};
use crate::ledger::{add, sign};

/// Index and entry of a message; the checkpoint's has none.
fn entry(message: &str) -> Option<(u64, String)> {
    let index = message.split_once(" index=\"")?.1.split_once('"')?.0.parse().ok()?;
    Some((index, message.split_once("] ")?.1.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_lines_of_their_own_also_after_an_outage() {
    let siem = SyslogReceiver::start("siem.test").await;
    let app = TestApp::with(|settings| siem.allow(settings)).await;
    app.dns().say("siem.test", &["127.0.0.1"]);
    let owner = app.as_role(Role::Owner).await;
    let body = json!({ "name": "SIEM", "kind": "syslog", "url": siem.url("siem.test") });
    let made = owner.post("/v1/webhooks", &body).await.is(201).json();
    assert_eq!((&made["secret"], &made["kind"], &made["url"]), (&json!(null), &json!("syslog"), &body["url"]));
    let rotate = format!("/v1/webhooks/{}/secret", made["id"].as_str().unwrap());
    assert_eq!(owner.post(&rotate, &json!({})).await.is(409).code(), "no-secret");
    // Somebody is refused: that is another severity.
    app.as_role(Role::Viewer).await.get("/v1/webhooks").await.is(403);
    let store = app.store().await;
    add(&app, &store, app.ours.id, 120).await;
    sign(&app).await;
    assert_eq!(deliver(&app, app.ours.id).await.failed, 0);
    let before = siem.take();
    let log = signed(&app, app.ours.id).await;
    assert_eq!(before.iter().filter_map(|message| entry(message)).collect::<Vec<_>>(), log);
    for message in &before {
        let fields: Vec<_> = message.splitn(7, ' ').collect();
        assert!(message.starts_with('<') && fields[0].ends_with(">1"), "{message}");
        assert_eq!((fields[2], fields[3], fields[4]), ("console.test", "sealtape", "-"));
        assert!(fields[6].starts_with("[sealtape@32473 batch=\"msg_"), "{message}");
        let text: Value = serde_json::from_str(message.split_once("] ").unwrap().1).unwrap();
        match entry(message) {
            Some(_) => {
                assert_eq!(text["act"], fields[5]);
                assert_eq!(text["out"] == "allow", fields[0] == "<110>1", "{message}");
            }
            None => assert!(text["checkpoint"].as_str().unwrap().starts_with("sealtape/test/")),
        }
    }

    siem.set_down(true);
    add(&app, &store, app.ours.id, 30).await;
    sign(&app).await;
    assert_eq!(deliver(&app, app.ours.id).await.failed, 1);
    siem.set_down(false);
    app.pass(5);
    sign(&app).await;
    assert_eq!(deliver(&app, app.ours.id).await.failed, 0);
    let after: Vec<_> = siem.take().iter().filter_map(|message| entry(message)).collect();
    assert_eq!([log, after].concat(), signed(&app, app.ours.id).await);
}

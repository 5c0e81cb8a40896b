//! Forged and repeated messages, addresses that lead inside, and rows that somebody edited.

use std::collections::BTreeSet;

use domain::Clock as _;
use policy::access::Role;
use sealtape_tests::acceptance::{HookMessage, TestApp};
use serde_json::json;
use standardwebhooks::Webhook;

use super::{Outside, deliver, webhook};
use crate::ledger::{add, sign};

/// The receiver of the guide: a signature that fits, a time that is now, an id that is new.
struct Receiver {
    secret: Webhook,
    seen: BTreeSet<String>,
}

impl Receiver {
    fn takes(&mut self, message: &HookMessage, now: i64) -> bool {
        let (id, timestamp) = (message.header("webhook-id"), message.header("webhook-timestamp").parse::<i64>());
        let Ok(timestamp) = timestamp else { return false };
        let expected = self.secret.sign(id, timestamp, &message.body).unwrap();
        (now - timestamp).abs() <= 300
            && message.header("webhook-signature").split(' ').any(|signature| signature == expected)
            && self.seen.insert(id.to_owned())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_36_a_receiver_tells_forged_old_and_repeated_messages() {
    let outside = Outside::new().await;
    outside.grow(1).await;
    outside.deliver().await;
    let message = outside.hook.take().remove(0);
    let now = outside.app.clock.now().as_secs();
    let fresh = || Receiver { secret: Webhook::new(&outside.secret).unwrap(), seen: BTreeSet::new() };
    let mut receiver = fresh();
    assert!(receiver.takes(&message, now));
    assert!(!receiver.takes(&message, now), "repeated");
    assert!(!fresh().takes(&message, now + 301), "old");
    let change = |name: &str, value: String| {
        let mut forged = message.clone();
        forged.headers.insert(name.to_owned(), value);
        forged
    };
    let later = (now + 1).to_string();
    let mut body = message.clone();
    body.body.push(b' ');
    let other = super::webhook(&outside.owner, "https://hooks.test/other").await.1;
    let of_other = Webhook::new(&other).unwrap().sign(message.header("webhook-id"), now, &message.body).unwrap();
    for (forged, what) in [
        (change("webhook-id", "msg_another".to_owned()), "another id would be taken twice"),
        (change("webhook-timestamp", later), "another time would be taken later"),
        (change("webhook-signature", "v1,AAAA".to_owned()), "no signature"),
        (change("webhook-signature", of_other), "another webhook's secret"),
        (body, "another body"),
    ] {
        assert!(!fresh().takes(&forged, now), "{what}");
    }
}

/// Attack 34: nothing but TLS to a host is an address; no file, no metadata service, no inner port.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_34_no_receiver_is_a_file_or_an_inner_service() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let before = app.trace().await;
    for (kind, url) in [
        ("webhook", "file:///etc/passwd"),
        ("webhook", "/var/log/audit.log"),
        ("webhook", "http://169.254.169.254/latest/meta-data/"),
        ("webhook", "https://169.254.169.254/latest/meta-data/"),
        ("webhook", "https://[::ffff:169.254.169.254]/"),
        ("webhook", "https://0xa9fea9fe/"),
        ("webhook", "https://[fd00:ec2::254]/"),
        ("webhook", "unix:///run/docker.sock"),
        ("webhook", "gopher://127.0.0.1:6379/_FLUSHALL"),
        ("syslog", "syslog+tls:///dev/log"),
        ("syslog", "syslog://127.0.0.1:514"),
        ("syslog", "syslog+tls://127.0.0.1:6514"),
        ("syslog", "syslog+tls://siem.test:514"),
        ("syslog", "tcp://siem.test:6514"),
    ] {
        let refused = owner.post("/v1/webhooks", &json!({ "name": "x", "kind": kind, "url": url })).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/url", "{url}");
    }
    assert_eq!(app.trace().await, before);
}

/// Attack 35: the name was good when the webhook was made, and leads inside when it is dialled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_35_a_name_that_comes_to_lead_inside_is_not_dialled() {
    let outside = Outside::new().await;
    // The listener's place is open; its neighbours on the loopback network are not.
    for inside in [&["127.0.0.2"][..], &["10.0.0.1"], &["169.254.169.254"], &["127.0.0.1", "127.0.0.2"], &["::1"], &[]]
    {
        outside.app.dns().say("hooks.test", inside);
        outside.grow(1).await;
        outside.app.pass(50_000);
        outside.deliver().await;
        let waiting = outside.deliveries().await.remove(0);
        assert_eq!(waiting["last_problem"], "address-refused", "{inside:?}");
    }
    assert_eq!((outside.hook.connections(), outside.hook.take()), (0, Vec::new()));
    outside.app.dns().say_in_turn("hooks.test", &[&["127.0.0.1"], &["127.0.0.2"]]);
    outside.app.pass(50_000);
    outside.deliver().await;
    assert_eq!(outside.hook.take().len(), 1, "each connection is looked up, once");
}

/// Somebody who writes to the database redirects the log: nothing is sent, and it is on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_an_edited_receiver_gets_nothing() {
    let outside = Outside::new().await;
    let (other, _) = webhook(&outside.owner, &outside.hook.url("hooks.test", "/other")).await;
    outside.grow(1).await;
    let (ours, other) = (outside.app.id(&outside.webhook), outside.app.id(&other));
    let acts = "acts = '[\"session.view\"]'".to_owned();
    for edit in [acts, "kind = 'syslog'".to_owned(), "revision = revision + 1".to_owned()] {
        let kept = outside
            .app
            .texts(&format!("SELECT kind || ' ' || CAST(revision AS TEXT) FROM sink WHERE id = {ours}"))
            .await;
        outside.app.tamper(&[&format!("UPDATE sink SET {edit} WHERE id = {ours}")]).await;
        assert_eq!(outside.deliver().await.broken, 1, "{edit}");
        assert!(outside.hook.take().iter().all(|message| message.path == "/other"), "{edit}");
        let (kind, revision) = kept[0].split_once(' ').unwrap();
        let back = format!("UPDATE sink SET kind = '{kind}', revision = {revision}, acts = NULL WHERE id = {ours}");
        outside.app.tamper(&[&back]).await;
    }
    // The other's address in our row does not open there.
    let swap = format!(
        "UPDATE sink SET settings_sealed = (SELECT settings_sealed FROM sink WHERE id = {other}) WHERE id = {ours}"
    );
    outside.app.tamper(&[&swap]).await;
    assert_eq!(outside.deliver().await.broken, 1);
    assert!(outside.hook.take().iter().all(|message| message.path == "/other"));
    assert_eq!(outside.owner.delete(&format!("/v1/webhooks/{}", outside.webhook)).await.status, 204);
    let failed = sealtape_tests::acceptance::until("the failure is on record", || async {
        let acts = outside.app.acts(outside.app.ours.id).await;
        acts.iter().any(|act| act == "integrity.fail").then_some(())
    });
    failed.await;
    outside.app.expect_damage();
}

/// What is stored is not what was signed: it is handed to nobody, and the receiver's owner sees that nothing arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_edited_entry_is_not_handed_on() {
    let outside = Outside::new().await;
    outside.grow(40).await;
    let store = outside.app.store().await;
    let before = outside.signed().await;
    let ours = outside.app.id(&outside.app.ours.id.to_string());
    let other = "(SELECT leaf FROM audit_outbox WHERE tenant_id = OURS AND leaf_index = 8)".replace("OURS", &ours);
    let edit = format!("UPDATE audit_outbox SET leaf = {other} WHERE tenant_id = {ours} AND leaf_index = 7");
    outside.app.forge(&[&edit]).await;
    assert_eq!(outside.deliver().await.broken, 1);
    assert_eq!(outside.hook.take(), []);
    assert_eq!(outside.view().await["state"], "failing");
    // Put back, it is handed on with all the others.
    let hexed = hex::encode(&before[7].1);
    let literal = match store.backend() {
        store::Backend::Sqlite => format!("x'{hexed}'"),
        store::Backend::Postgres => format!("decode('{hexed}', 'hex')"),
    };
    outside
        .app
        .forge(&[&format!("UPDATE audit_outbox SET leaf = {literal} WHERE tenant_id = {ours} AND leaf_index = 7")])
        .await;
    add(&outside.app, &store, outside.app.ours.id, 1).await;
    sign(&outside.app).await;
    deliver(&outside.app, outside.app.ours.id).await;
    assert_eq!(super::entries(&outside.hook.take(), 0), outside.signed().await);
    outside.app.expect_damage();
}

//! The audit log handed on: to a real HTTPS server and a real syslog server on this machine.

mod attacks;
mod detail;
mod interface;
mod syslog;
mod two;
mod webhooks;

use app::sinks::LogDelivered;
use domain::{Clock as _, RequestId, TenantId};
use policy::access::{Actor, Authorizer, Holdings, Role, Subject};
use sealtape_tests::acceptance::{Client, HookMessage, HookReceiver, TestApp};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

/// Makes a webhook; its id and its secret.
pub(crate) async fn webhook(by: &Client, url: &str) -> (String, String) {
    let body = json!({ "name": "SIEM", "kind": "webhook", "url": url });
    let made = by.post("/v1/webhooks", &body).await.is(201).json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

/// Asks for a test; the id of its delivery.
pub(crate) async fn test(by: &Client, webhook: &str) -> String {
    let sent = by.post(&format!("/v1/webhooks/{webhook}/test"), &json!({})).await.is(202).json();
    sent["id"].as_str().unwrap().to_owned()
}

/// The application, and a webhook of the owner's at a receiver that is `hooks.test`.
struct Outside {
    app: TestApp,
    hook: HookReceiver,
    owner: Client,
    webhook: String,
    secret: String,
}

impl Outside {
    async fn new() -> Self {
        let hook = HookReceiver::start("hooks.test").await;
        let app = TestApp::with(|settings| hook.allow(settings)).await;
        app.dns().say("hooks.test", &["127.0.0.1"]);
        let owner = app.as_role(Role::Owner).await;
        let (webhook, secret) = webhook(&owner, &hook.url("hooks.test", "/in?for=us")).await;
        Self { app, hook, owner, webhook, secret }
    }

    /// Adds entries to our log and signs what there is.
    async fn grow(&self, entries: usize) {
        let store = self.app.store().await;
        crate::ledger::add(&self.app, &store, self.app.ours.id, entries).await;
        crate::ledger::sign(&self.app).await;
    }

    async fn deliver(&self) -> LogDelivered {
        deliver(&self.app, self.app.ours.id).await
    }

    /// Nobody hears by our receiver: what was tried has failed, and nothing ever arrived.
    async fn deafen(&self) {
        deafen(&self.app, &self.webhook).await;
    }

    fn url(&self) -> String {
        format!("/v1/webhooks/{}", self.webhook)
    }

    /// The webhook as its owner sees it.
    async fn view(&self) -> Value {
        let owner = self.app.as_role(Role::Owner).await;
        owner.get(&format!("/v1/webhooks/{}", self.webhook)).await.is(200).json()
    }

    /// Its deliveries, newest first.
    async fn deliveries(&self) -> Vec<Value> {
        let owner = self.app.as_role(Role::Owner).await;
        let list = owner.get(&format!("/v1/webhooks/{}/deliveries?limit=200", self.webhook)).await.is(200).json();
        list["items"].as_array().unwrap().clone()
    }

    /// Our log as it is stored, as far as it is signed.
    async fn signed(&self) -> Vec<(u64, String)> {
        signed(&self.app, self.app.ours.id).await
    }

    /// Whether this secret has signed the message, by the specification's own library.
    fn is_signed(message: &HookMessage, secret: &str) -> bool {
        assert!(message.path.ends_with("/in?for=us"), "{}", message.path);
        let timestamp = message.header("webhook-timestamp").parse().unwrap();
        let signature = Webhook::new(secret).unwrap().sign(message.header("webhook-id"), timestamp, &message.body);
        message.header("webhook-signature").split(' ').any(|given| given == signature.as_ref().unwrap())
    }
}

/// Nobody hears by this one: what was tried has failed, and nothing ever arrived.
async fn deafen(app: &TestApp, webhook: &str) {
    let (id, since) = (app.id(webhook), app.now_ms() * 1_000);
    app.tamper(&[&format!("UPDATE sink SET failing_since = {since}, last_delivery_at = NULL WHERE id = {id}")]).await;
}

/// Hands a tenant's log on, as the job does.
async fn deliver(app: &TestApp, tenant: TenantId) -> LogDelivered {
    let actor = Actor::Worker { name: "webhook-deliver" };
    let request = RequestId::mint(app.clock.now(), app.app().entropy());
    let subject = Subject { tenant, actor, holdings: Holdings::default(), request };
    let permit = Authorizer::builtin().await.unwrap().authorize(subject).expect("a worker may");
    app.app().sinks().deliver(&permit).await.unwrap()
}

async fn signed(app: &TestApp, tenant: TenantId) -> Vec<(u64, String)> {
    let store = app.store().await;
    let read = store.tenant_read(tenant).await.unwrap();
    let size = read.audit_checkpoint_newest().await.unwrap().map_or(0, |newest| newest.size);
    let entries = read.audit_entries(0..size).await.unwrap();
    entries.into_iter().map(|(index, entry)| (index, String::from_utf8(entry).unwrap())).collect()
}

/// The entries of messages in the order in which they came; each batch begins where the one before ended.
fn entries(messages: &[HookMessage], mut from: u64) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    for message in messages {
        let data = &message.json()["data"];
        assert_eq!(data["from"], from, "there is no gap between batches");
        from = data["to"].as_u64().unwrap();
        for entry in data["entries"].as_array().unwrap() {
            all.push((entry["index"].as_u64().unwrap(), entry["entry"].as_str().unwrap().to_owned()));
        }
    }
    all
}

//! What makes a receiver of the log hear less is nobody's alone; what does not is one person's, who has just proved who they are.

use app::proposals::SettleReport;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, Guarded, TestApp};
use serde_json::{Value, json};

use super::{Outside, deafen, entries, webhook};
use crate::{
    grants::{
        break_glass::{again, signed_in_again},
        proposals::{approve, elder, everybody_is_an_elder, settle, state},
    },
    ledger::sign,
    signin::renewed_for,
};

const DAY: u64 = 24 * 3_600;

/// The id of what was proposed.
pub(super) fn proposed(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn remove(client: &Client, url: &str) -> Answer {
    Answer::of(client.request(Method::DELETE, url)).await
}

/// Leaves of this act, newest last.
async fn leaves(app: &TestApp, act: &str) -> Vec<Value> {
    app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == act).collect()
}

/// A receiver that has got something.
async fn heard() -> (Outside, Guarded) {
    let outside = Outside::new().await;
    let security = elder(&outside.app, Role::Security).await;
    outside.grow(3).await;
    outside.deliver().await;
    assert_eq!(outside.hook.take().len(), 1);
    (outside, security)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_nobody_makes_a_receiver_hear_less_alone() {
    let (outside, security) = heard().await;
    let (app, owner, url) = (&outside.app, &outside.owner, outside.url());
    let before = outside.view().await;
    let elsewhere = outside.hook.url("hooks.test", "/elsewhere");
    let mut open = Vec::new();
    for less in [
        json!({ "state": "paused" }),
        json!({ "acts": ["session.view"] }),
        json!({ "url": elsewhere, "name": "Moved" }),
    ] {
        open.push((proposed(&owner.patch(&url, &less).await), less));
    }
    let removal = proposed(&remove(owner, &url).await);
    assert_eq!(remove(owner, &url).await.is(409).code(), "already-proposed");
    for (proposal, _) in &open {
        let own = approve(app, owner, proposal).await;
        assert!(matches!(own.is(403).code().as_str(), "step-up-required" | "own-proposal"));
        let engineer = app.as_role(Role::Engineer).await;
        assert_eq!(approve(app, &engineer, proposal).await.is(403).code(), "forbidden");
    }
    assert_eq!(leaves(app, "webhook.update").await.len() + leaves(app, "webhook.delete").await.len(), 0);
    outside.grow(1).await;
    outside.deliver().await;
    let told = outside.hook.take();
    assert!(!told.is_empty() && told.iter().all(|message| message.path.ends_with("/in?for=us")), "nothing is done yet");
    let now = outside.view().await;
    for field in ["name", "url", "acts", "state", "detail"] {
        assert_eq!(now[field], before[field], "{field}");
    }

    let shown = security.client.get(&format!("/v1/proposals/{}", open[1].0)).await.is(200).json();
    let then = json!({ "acts": { "now": null, "then": ["session.view"] } });
    let change =
        json!({ "kind": "webhook-update", "webhook": outside.webhook, "base": 1, "name": "SIEM", "then": then });
    assert_eq!(shown["change"], change, "what it was is beside what it is to be");
    assert_eq!(approve(app, &security.client, &open[1].0).await.is(200).json()["state"], "executed");
    assert_eq!(outside.view().await["acts"], json!(["session.view"]));
    let by = format!("/security/proposal.vote/proposal:{}", open[1].0);
    let leaf = leaves(app, "webhook.update").await.pop().unwrap();
    assert!(leaf["rule"].as_str().unwrap().ends_with(&by), "{leaf}");
    // The others were about the receiver as it was.
    for proposal in [&open[0].0, &open[2].0, &removal] {
        assert_eq!(approve(app, &security.client, proposal).await.is(200).json()["state"], "void");
    }
    assert_eq!(outside.view().await["state"], "active");

    let removal = proposed(&remove(owner, &url).await);
    approve(app, &security.client, &removal).await.is(200);
    owner.get(&url).await.is(404);
    let gone = leaves(app, "webhook.delete").await.pop().unwrap();
    assert_eq!(gone["obj"]["id"], outside.webhook.as_str());
    assert!(gone["rule"].as_str().unwrap().ends_with(&format!("/proposal:{removal}")), "{gone}");
    assert_eq!(app.number("SELECT count(*) FROM sink_delivery").await, 0);
    let kept = security.client.get(&format!("/v1/proposals/{removal}")).await.is(200).json();
    assert_eq!(kept["change"]["name"], "SIEM", "who looks later knows which it was");
}

/// More, or the same, is one person's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lets_it_hear_more_or_the_same_takes_one() {
    let (outside, security) = heard().await;
    let (app, url) = (&outside.app, outside.url());
    let owner = &outside.owner;
    owner.patch(&url, &json!({ "name": "Archive", "acts": null, "state": "active", "detail": false })).await.is(200);
    // The address that it has, in another spelling.
    let shouted = outside.hook.url("HOOKS.test", "/in?for=us");
    owner.patch(&url, &json!({ "url": shouted })).await.is(200);
    owner.post(&format!("{url}/secret"), &json!({})).await.is(200);
    let narrow = proposed(&owner.patch(&url, &json!({ "acts": ["session.view"], "state": "paused" })).await);
    approve(app, &security.client, &narrow).await.is(200);
    let view = outside.view().await;
    assert_eq!((&view["acts"], &view["state"]), (&json!(["session.view"]), &json!("paused")));
    owner.patch(&url, &json!({ "acts": ["session.view", "login.create"] })).await.is(200);
    owner.patch(&url, &json!({ "acts": null, "state": "active" })).await.is(200);
    sign(app).await;
    outside.deliver().await;
    assert!(!outside.hook.take().is_empty(), "it goes on");
    assert_eq!(app.number("SELECT count(*) FROM proposal").await, 1);
}

/// Nothing ever arrived there: whoever mistyped an address need not wait for somebody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_hears_takes_one() {
    let outside = Outside::new().await;
    let (app, owner) = (&outside.app, &outside.owner);
    let (lost, _) = webhook(owner, "https://nobody.test:8443/").await;
    let lost = format!("/v1/webhooks/{lost}");
    proposed(&remove(owner, &lost).await);
    outside.grow(1).await;
    outside.deliver().await;
    assert_eq!(owner.get(&lost).await.is(200).json()["state"], "failing");
    owner.patch(&lost, &json!({ "state": "paused", "url": "https://nowhere.test:8443/" })).await.is(200);
    remove(owner, &lost).await.is(204);

    // Gone, by its own word, before anything arrived; and after.
    let (gone, _) = webhook(owner, &outside.hook.url("hooks.test", "/gone")).await;
    outside.hook.say(&[(410, None)]);
    outside.deliver().await;
    assert_eq!(owner.get(&format!("/v1/webhooks/{gone}")).await.is(200).json()["state"], "paused");
    remove(owner, &format!("/v1/webhooks/{gone}")).await.is(204);
    outside.grow(1).await;
    outside.hook.say(&[(410, None)]);
    outside.deliver().await;
    assert_eq!(outside.view().await["state"], "paused");
    proposed(&remove(owner, &outside.url()).await);

    // A test that arrived is something: the receiver may wait for an act that has not happened yet.
    let (silent, _) = webhook(owner, &outside.hook.url("hooks.test", "/silent")).await;
    let url = format!("/v1/webhooks/{silent}");
    deafen(app, &silent).await;
    owner.patch(&url, &json!({ "acts": ["break-glass.use"] })).await.is(200);
    super::test(owner, &silent).await;
    sign(app).await;
    outside.deliver().await;
    let seen = owner.get(&url).await.is(200).json();
    assert!(seen["last_delivery_at"].is_string(), "{seen}");
    proposed(&remove(owner, &url).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alone_it_waits_a_day_that_everybody_can_stop() {
    let outside = Outside::new().await;
    outside.grow(1).await;
    outside.deliver().await;
    let (app, url) = (&outside.app, outside.url());
    let stopped = proposed(&remove(&outside.owner, &url).await);
    let viewer = app.as_role(Role::Viewer).await;
    viewer.post(&format!("/v1/proposals/{stopped}/cancel"), &json!({})).await.is(200);
    let pause = proposed(&outside.owner.patch(&url, &json!({ "state": "paused" })).await);
    app.pass(DAY - 1);
    assert_eq!(settle(app).await, SettleReport::default());
    app.pass(1);
    assert_eq!(settle(app).await, SettleReport { executed: 1, ..SettleReport::default() });
    assert_eq!(
        (outside.view().await["state"].clone(), state(app, &stopped).await),
        (json!("paused"), "cancelled".into())
    );
    let leaf = leaves(app, "webhook.update").await.pop().unwrap();
    assert!(leaf["rule"].as_str().unwrap().ends_with(&format!("/proposal:{pause}/solo")), "{leaf}");
    // What was changed while the day passed stays as it is.
    let owner = app.as_role(Role::Owner).await;
    let removal = proposed(&remove(&owner, &url).await);
    owner.patch(&url, &json!({ "name": "kept" })).await.is(200);
    app.pass(DAY);
    assert_eq!(settle(app).await, SettleReport { voided: 1, ..SettleReport::default() });
    assert_eq!((outside.view().await["name"].clone(), state(app, &removal).await), (json!("kept"), "void".into()));
}

/// An address is a password for many receivers: a proposal keeps it sealed, and shows it to nobody who may not see receivers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proposed_address_is_sealed_and_shown_to_few() {
    let outside = Outside::new().await;
    let (app, url) = (&outside.app, outside.url());
    let then = outside.hook.url("hooks.test", "/T0p/s3cret-path");
    let now = outside.hook.url("hooks.test", "/in?for=us");
    let answer = outside.owner.patch(&url, &json!({ "url": then })).await;
    let id = proposed(&answer);
    let path = format!("/v1/proposals/{id}");
    assert_eq!(answer.json()["addresses"], json!({ "now": now, "then": then }));
    let auditor = app.as_role(Role::Auditor).await;
    assert_eq!(auditor.get(&path).await.is(200).json()["addresses"], answer.json()["addresses"]);
    let viewer = app.as_role(Role::Viewer).await.get(&path).await.is(200);
    assert_eq!(viewer.json()["addresses"], json!(null), "solo mode shows everybody the proposal");
    assert!(!viewer.text().contains("s3cret") && !viewer.text().contains("hooks.test"), "{}", viewer.text());
    let needle = b"s3cret-path";
    for bytes in app.dump().await {
        assert!(!bytes.windows(needle.len()).any(|window| window == needle), "kept in clear");
    }
    let security = elder(app, Role::Security).await;
    approve(app, &security.client, &id).await.is(200);
    assert_eq!(outside.view().await["url"], then);
    outside.grow(1).await;
    outside.deliver().await;
    let messages = outside.hook.take();
    assert!(messages.iter().all(|message| message.path == "/T0p/s3cret-path"));
    assert_eq!(entries(&messages, 0), outside.signed().await);
}

/// A proposal for another receiver's address is none for ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_proposal_that_was_edited_moves_no_receiver() {
    let outside = Outside::new().await;
    let app = &outside.app;
    app.expect_damage();
    let security = elder(app, Role::Security).await;
    let id = proposed(&outside.owner.patch(&outside.url(), &json!({ "state": "paused" })).await);
    let hash = security.client.get(&format!("/v1/proposals/{id}")).await.is(200).json()["hash"].clone();
    let removal = format!(r#"{{"base":1,"kind":"webhook-delete","name":"SIEM","webhook":"{}"}}"#, outside.webhook);
    app.tamper(&[&format!("UPDATE proposal SET kind = 'webhook-delete', change = '{removal}'")]).await;
    let refused = security.client.post(&format!("/v1/proposals/{id}/approve"), &json!({ "hash": hash })).await;
    assert_eq!(refused.is(409).code(), "proposal-corrupt");
    let found = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&removal));
    let bytes =
        if app.zeros().starts_with("zeroblob") { format!("x'{found}'") } else { format!("decode('{found}', 'hex')") };
    app.tamper(&[&format!("UPDATE proposal SET change_hash = {bytes}")]).await;
    let refused = security.client.post(&format!("/v1/proposals/{id}/approve"), &json!({ "hash": found })).await;
    assert_eq!(refused.is(409).code(), "proposal-corrupt");
    assert_eq!(outside.view().await["state"], "active");
}

/// A stolen token, or a program's key, neither sends the log elsewhere nor stops it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receivers_are_changed_by_who_has_just_proved_who_they_are() {
    let outside = Outside::new().await;
    let app = &outside.app;
    let admin = app.guarded(&app.ours, Role::Admin).await;
    everybody_is_an_elder(app).await;
    let (_, key) = crate::stories::new_api_key(app, &outside.owner, &["webhook.manage", "webhook.list"]).await;
    let key = app.client(&key);
    let stale = renewed_for(app, &signed_in_again(app, &admin).await, 600).await;
    let url = outside.url();
    let new = json!({ "name": "mine", "kind": "webhook", "url": "https://hooks.test/mine" });
    let before = app.trace().await;
    for (client, code) in [(&stale, "step-up-required"), (&key, "forbidden")] {
        assert_eq!(client.post("/v1/webhooks", &new).await.is(403).code(), code);
        assert_eq!(client.patch(&url, &json!({ "name": "mine" })).await.is(403).code(), code);
        assert_eq!(client.post(&format!("{url}/secret"), &json!({})).await.is(403).code(), code);
        assert_eq!(remove(client, &url).await.is(403).code(), code);
    }
    let refused = app.trace().await;
    for table in ["sink", "proposal", "sink_delivery"] {
        assert_eq!(refused.rows.get(table), before.rows.get(table), "{table}");
    }
    // A test tells nobody anything, and is asked for by programs, too.
    key.post(&format!("{url}/test"), &json!({})).await.is(202);
    stale.get(&url).await.is(200);
    again(app, &admin).await.patch(&url, &json!({ "name": "mine" })).await.is(200);
}

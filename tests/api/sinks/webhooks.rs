//! Webhooks: everything signed arrives, in order, at least once; nothing is lost by outages, crashes and restarts.

use std::collections::BTreeSet;

use domain::Clock as _;
use ledger::{
    checkpoint::Checkpoint,
    note::SignedNote,
    tree::{Frontier, Hash},
};
use policy::access::Role;
use serde_json::{Value, json};

use super::{Outside, deliver, entries, signed};
use crate::ledger::{add, origin, sign, verifier};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_signed_entry_arrives_once_in_the_log_s_order_and_proves_itself() {
    let outside = Outside::new().await;
    assert_eq!(outside.deliver().await.arrived, 0, "nothing is signed yet");
    assert_eq!(outside.hook.connections(), 0);
    outside.grow(250).await;
    let store = outside.app.store().await;
    add(&outside.app, &store, outside.app.ours.id, 1).await;
    let done = outside.deliver().await;
    let messages = outside.hook.take();
    let log = outside.signed().await;
    assert_eq!((done.arrived, done.entries, done.failed), (messages.len() as u64, log.len() as u64, 0));
    assert_eq!(entries(&messages, 0), log, "the exact bytes, and the unsigned one is not among them");
    assert!(messages.len() >= 3 && messages.iter().all(|message| message.body.len() < 256 * 1_024));

    // A receiver that believes the log's key alone builds the tree again and finds the checkpoint's root.
    let key = verifier(&store, outside.app.ours.id).await;
    let name = origin(outside.app.ours.id);
    let mut frontier = Frontier::default();
    for message in &messages {
        assert!(Outside::is_signed(message, &outside.secret));
        assert_eq!((message.header("content-type"), message.header("user-agent")), ("application/json", "Sealtape/1"));
        let body = message.json();
        assert_eq!(body["type"], "audit.entries");
        for entry in body["data"]["entries"].as_array().unwrap() {
            frontier.append(Hash::of_leaf(entry["entry"].as_str().unwrap().as_bytes()), &mut Vec::new()).unwrap();
        }
        let note = SignedNote::parse(body["data"]["checkpoint"].as_str().unwrap()).unwrap();
        let checkpoint = Checkpoint::open(&note, &name, std::slice::from_ref(&key)).unwrap();
        assert!(body["data"]["to"].as_u64().unwrap() <= checkpoint.head.size, "the anchor covers the batch");
        if body["data"]["to"] == checkpoint.head.size {
            assert_eq!(frontier.head(), checkpoint.head);
        }
    }
    assert_eq!(frontier.head().size, log.len() as u64);
    let view = outside.view().await;
    assert_eq!(
        (&view["state"], &view["delivered_size"], &view["waiting"]),
        (&json!("active"), &json!(log.len()), &json!(0))
    );
    assert_eq!(outside.deliver().await.arrived, 0);

    sign(&outside.app).await;
    outside.deliver().await;
    let later = entries(&outside.hook.take(), log.len() as u64);
    assert_eq!([log, later].concat(), outside.signed().await, "what was signed since, and nothing again");
}

/// Away for hours: nothing is lost, the order is kept, and somebody is told once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_was_away_catches_up_in_order() {
    let outside = Outside::new().await;
    outside.grow(30).await;
    outside.deliver().await;
    let before = entries(&outside.hook.take(), 0);
    outside.hook.set_down(true);
    outside.app.pass(1);
    let mut tries = Vec::new();
    for _ in 0..6 {
        outside.grow(120).await;
        let now = outside.app.clock.now().as_micros();
        if outside.deliver().await.failed > 0 {
            tries.push(now);
        }
        assert_eq!(outside.deliver().await.failed, 0, "not before its pause is over");
        let waiting = outside.deliveries().await.remove(0);
        assert_eq!((&waiting["state"], &waiting["last_problem"]), (&json!("waiting"), &json!("no-tls")));
        let next: domain::Timestamp = serde_json::from_value(waiting["next_at"].clone()).unwrap();
        outside.app.clock.advance(std::time::Duration::from_micros(
            u64::try_from(next.micros_since(outside.app.clock.now())).unwrap(),
        ));
    }
    let pauses: Vec<i64> = tries.windows(2).map(|pair| (pair[1] - pair[0]) / 1_000_000).collect();
    for (pause, most) in pauses.iter().zip([5, 60, 300, 1_800, 7_200]) {
        assert!((most * 3 / 4 - 1..=most).contains(pause), "{pauses:?}");
    }
    let view = outside.view().await;
    assert_eq!(view["state"], "failing");
    assert!(view["failing_since"].is_string() && view["waiting"].as_u64().unwrap() > 700);
    let inbox = |kind: &'static str| {
        let app = &outside.app;
        async move {
            let inbox = app.as_role(Role::Security).await.get("/v1/me/notices?limit=200").await.is(200).json();
            inbox["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == kind).count()
        }
    };
    assert_eq!((inbox("sink-failing").await, inbox("sink-recovered").await), (1, 0));
    let viewer = outside.app.as_role(Role::Viewer).await.get("/v1/me/notices").await.is(200).json();
    assert_eq!(viewer["items"], json!([]));

    outside.hook.set_down(false);
    sign(&outside.app).await;
    outside.deliver().await;
    let after = entries(&outside.hook.take(), before.len() as u64);
    let all = [before, after].concat();
    assert_eq!(all, outside.signed().await);
    assert_eq!(outside.view().await["state"], "active");
    assert_eq!((inbox("sink-failing").await, inbox("sink-recovered").await), (1, 1));
}

/// Killed between sending and writing it down: the same batch under the same id once more, then the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_and_not_written_down_is_sent_again_under_the_same_id() {
    let outside = Outside::new().await;
    outside.grow(150).await;
    outside.app.break_updates("sink_delivery").await;
    assert_eq!(outside.deliver().await.broken, 1);
    outside.app.mend_inserts("sink_delivery").await;
    let lost = outside.hook.take();
    assert_eq!(lost.len(), 1, "it goes no further than what it could write down");
    // Another process, which knows nothing of it.
    let heir = outside.app.another().await;
    sign(&outside.app).await;
    deliver(&heir, heir.ours.id).await;
    let messages = outside.hook.take();
    assert_eq!(messages[0].header("webhook-id"), lost[0].header("webhook-id"));
    assert_eq!(messages[0].body, lost[0].body, "though the log has grown");
    assert_eq!(entries(&messages, 0), outside.signed().await);
    let ids: BTreeSet<_> = messages.iter().map(|message| message.header("webhook-id")).collect();
    assert_eq!(ids.len(), messages.len());
}

/// Several processes at one moment: more than once at worst, and never with a gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_side_by_side_lose_nothing() {
    let outside = Outside::new().await;
    let other = outside.app.another().await;
    for _ in 0..4 {
        outside.grow(130).await;
        tokio::join!(outside.deliver(), deliver(&other, other.ours.id), outside.deliver());
    }
    outside.deliver().await;
    let mut messages = outside.hook.take();
    let mut seen = BTreeSet::new();
    messages.retain(|message| seen.insert(message.header("webhook-id").to_owned()));
    assert_eq!(entries(&messages, 0), outside.signed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_job_hands_on_what_each_tenant_owns() {
    let outside = Outside::new().await;
    let app = &outside.app;
    let theirs = app.member(&app.theirs, Role::Owner).await;
    let (_, their_secret) = super::webhook(&theirs, &outside.hook.url("hooks.test", "/theirs/in?for=us")).await;
    let store = app.store().await;
    add(app, &store, app.theirs.id, 20).await;
    outside.grow(10).await;
    app.work_on_jobs().await;
    let messages = outside.hook.take();
    let (their, our): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.path.starts_with("/theirs"));
    assert_eq!(entries(&our, 0), outside.signed().await);
    assert_eq!(entries(&their, 0), signed(app, app.theirs.id).await);
    assert!(their.iter().all(|message| Outside::is_signed(message, &their_secret)));
    assert!(our.iter().all(|message| !Outside::is_signed(message, &their_secret)));
    // Delivering is no act: what has arrived leads to nothing more to deliver.
    sign(app).await;
    app.pass(4);
    app.work_on_jobs().await;
    assert_eq!(outside.hook.take(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_gone_gets_nothing_until_somebody_lets_it_go_on() {
    let outside = Outside::new().await;
    outside.grow(20).await;
    outside.hook.say(&[(410, None)]);
    outside.deliver().await;
    let gone = outside.hook.take();
    assert_eq!(gone.len(), 1);
    assert_eq!(outside.view().await["state"], "paused");
    let open = outside.deliveries().await.remove(0);
    assert_eq!(
        (&open["last_status"], &open["last_problem"], &open["next_at"]),
        (&json!(410), &json!("gone"), &json!(null))
    );
    let acts = outside.app.acts(outside.app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "webhook.pause").count(), 1);
    outside.app.pass(90_000);
    outside.deliver().await;
    assert_eq!(outside.hook.take(), []);
    let owner = outside.app.as_role(Role::Owner).await;
    let url = format!("/v1/webhooks/{}", outside.webhook);
    assert_eq!(owner.post(&format!("{url}/test"), &json!({})).await.is(409).code(), "webhook-paused");
    owner.patch(&url, &json!({ "state": "active" })).await.is(200);
    sign(&outside.app).await;
    outside.deliver().await;
    let messages = outside.hook.take();
    assert_eq!(messages[0].header("webhook-id"), gone[0].header("webhook-id"));
    assert_eq!(entries(&messages, 0), outside.signed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_answer_is_tried_again_and_retry_after_counts() {
    let outside = Outside::new().await;
    outside.grow(1).await;
    let said = [
        (500, None, 5),
        (302, None, 60),
        (404, None, 300),
        (503, Some("120"), 120),
        (429, Some("0"), 5),
        (503, Some("999999"), 6 * 3_600),
    ];
    for (status, retry_after, most) in said {
        outside.hook.say(&[(status, retry_after)]);
        assert_eq!(outside.deliver().await.failed, 1, "{status}");
        let waiting = outside.deliveries().await.remove(0);
        assert_eq!((&waiting["state"], &waiting["last_status"]), (&json!("waiting"), &json!(status)));
        let next: domain::Timestamp = serde_json::from_value(waiting["next_at"].clone()).unwrap();
        let pause = next.micros_since(outside.app.clock.now()) / 1_000_000;
        let least = if retry_after.is_some() { most } else { most * 3 / 4 - 1 };
        assert!((least..=most).contains(&pause), "{status}: {pause}");
        outside.app.pass(u64::try_from(pause).unwrap() + 1);
    }
    assert_eq!(outside.deliver().await.failed, 0);
    let messages = outside.hook.take();
    let ids: BTreeSet<_> = messages.iter().map(|message| message.header("webhook-id")).collect();
    assert_eq!((messages.len(), ids.len()), (7, 1));
    let times: BTreeSet<_> = messages.iter().map(|message| message.header("webhook-timestamp")).collect();
    assert_eq!(times.len(), 7, "each try is signed anew");
    assert!(messages.iter().all(|message| Outside::is_signed(message, &outside.secret)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_gets_the_acts_that_it_asks_for() {
    let outside = Outside::new().await;
    let url = outside.url();
    // Before anything arrived it is one person's to choose.
    outside.deafen().await;
    outside.owner.patch(&url, &json!({ "acts": ["webhook.update", "project.create"] })).await.is(200);
    outside.grow(1_200).await;
    outside.owner.post("/v1/projects", &json!({ "name": "noticed" })).await.is(201);
    outside.grow(5).await;
    outside.deliver().await;
    let messages = outside.hook.take();
    let log = outside.signed().await;
    let wanted = |entry: &str| {
        let leaf: Value = serde_json::from_str(entry).unwrap();
        leaf["act"] == "webhook.update" || leaf["act"] == "project.create"
    };
    let wanted: Vec<_> = log.iter().filter(|(_, entry)| wanted(entry)).cloned().collect();
    assert_eq!(entries(&messages, 0), wanted);
    assert!(wanted.len() >= 3 && messages.len() <= 3, "what is not wanted costs no request");
    assert_eq!(outside.view().await["waiting"], 0);
    // From now on all of them again; batches that were made before stay as they are.
    outside.owner.patch(&url, &json!({ "acts": null })).await.is(200);
    sign(&outside.app).await;
    outside.deliver().await;
    let later = outside.hook.take();
    assert_eq!(later[0].json()["data"]["from"], messages.last().unwrap().json()["data"]["to"]);
    assert_eq!(later[0].json()["data"]["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_are_listed_tested_and_sent_again_by_hand() {
    let outside = Outside::new().await;
    outside.grow(10).await;
    outside.deliver().await;
    let first = outside.hook.take().remove(0);
    let delivered = outside.deliveries().await.remove(0);
    let id = delivered["id"].as_str().unwrap().to_owned();
    assert_eq!(first.header("webhook-id"), format!("msg_{id}"));
    assert_eq!((&delivered["state"], &delivered["last_status"]), (&json!("delivered"), &json!(204)));
    let again = format!("/v1/webhooks/{}/deliveries/{id}/redeliver", outside.webhook);
    assert_eq!(outside.owner.post(&again, &json!({})).await.is(202).json()["state"], "waiting");
    let size = outside.view().await["delivered_size"].clone();
    sign(&outside.app).await;
    outside.deliver().await;
    let messages = outside.hook.take();
    assert_eq!((messages[0].header("webhook-id"), &messages[0].body), (first.header("webhook-id"), &first.body));
    entries(&messages[1..], size.as_u64().unwrap());

    let test = super::test(&outside.owner, &outside.webhook).await;
    assert_eq!(super::test(&outside.owner, &outside.webhook).await, test, "one is on its way already");
    outside.hook.say(&[(204, None), (500, None)]);
    outside.deliver().await;
    let sent = outside.hook.take().into_iter().find(|message| message.header("webhook-id").ends_with(&test)).unwrap();
    assert!(Outside::is_signed(&sent, &outside.secret));
    let body = sent.json();
    assert_eq!((&body["type"], &body["data"]["entries"]), (&json!("webhook.test"), &json!([])));
    // A test that fails says so and is given up some time; the log itself is not held up by it.
    let test = super::test(&outside.owner, &outside.webhook).await;
    for _ in 0..8 {
        outside.hook.say(&[(500, None)]);
        outside.deliver().await;
        outside.app.pass(50_000);
    }
    let failed = outside.deliveries().await.into_iter().find(|delivery| delivery["id"] == test.as_str()).unwrap();
    assert_eq!((&failed["state"], &failed["attempts"], &failed["kind"]), (&json!("failed"), &json!(8), &json!("test")));
    let owner = outside.app.as_role(Role::Owner).await;
    let list = owner.get(&format!("/v1/webhooks/{}/deliveries?state=failed", outside.webhook)).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

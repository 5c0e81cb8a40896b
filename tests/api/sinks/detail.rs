//! What lies beside entries, for receivers that two people let have it.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use policy::access::Role;
use sealtape_tests::acceptance::{Guarded, HookMessage, TestApp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Outside, entries, two::proposed};
use crate::{
    grants::{
        self,
        proposals::{approve, elder},
    },
    ledger::sign,
    stories,
};

const CANARY: &str = "CANARY of 4711 because the checkout hangs";

/// What a receiver does who believes nothing but the log: an entry's `d`, from the parts that came with it.
fn committed(parts: &[&Value]) -> String {
    let hash = |part: &Value| {
        if let Some(erased) = part["commitment"].as_str() {
            return URL_SAFE_NO_PAD.decode(erased).unwrap();
        }
        let salt = STANDARD.decode(part["salt"].as_str().unwrap()).unwrap();
        Sha256::new().chain_update(salt).chain_update(part["detail"].as_str().unwrap()).finalize().to_vec()
    };
    if let [part] = parts
        && part["of"] == "actor"
    {
        return URL_SAFE_NO_PAD.encode(hash(part));
    }
    let mut joined = Sha256::new_with_prefix(b"sealtape/audit-detail-parts/v1\0\0");
    for part in parts {
        let key: Uuid = part["key"].as_str().unwrap().parse().unwrap();
        joined.update([if part["of"] == "actor" { 1 } else { 2 }]);
        joined.update(key.as_bytes());
        joined.update(hash(part));
    }
    URL_SAFE_NO_PAD.encode(joined.finalize())
}

/// A receiver that gets what lies beside entries; what came before has arrived without it.
async fn told() -> (Outside, Guarded) {
    let outside = Outside::new().await;
    let security = elder(&outside.app, Role::Security).await;
    outside.grow(2).await;
    outside.deliver().await;
    let switched = outside.owner.patch(&outside.url(), &json!({ "detail": true })).await;
    assert_eq!(switched.json()["change"]["then"], json!({ "detail": true }));
    approve(&outside.app, &security.client, &proposed(&switched)).await.is(200);
    assert_eq!(outside.view().await["detail"], true);
    (outside, security)
}

/// An engineer asks for access, and says why.
async fn ask(app: &TestApp) {
    let (session, _) = stories::visit(app).await;
    let mut body = grants::asking_for(&session);
    body["reason"] = json!(CANARY);
    app.as_role(Role::Engineer).await.post("/v1/access-requests", &body).await.is(201);
}

fn details(message: &HookMessage) -> Vec<Value> {
    message.json()["data"].get("details").map_or_else(Vec::new, |details| details.as_array().unwrap().clone())
}

async fn on_record(app: &TestApp) -> Vec<Value> {
    app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == "webhook.detail").collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_let_a_receiver_have_what_lies_beside_entries() {
    let (outside, _) = told().await;
    let app = &outside.app;
    let before = outside.hook.take();
    assert!(before.iter().all(|message| message.json()["data"].get("details").is_none()));
    ask(app).await;
    outside.grow(1).await;
    outside.deliver().await;
    let messages = outside.hook.take();
    let told: Vec<_> = messages.iter().flat_map(details).collect();
    let log = entries(&messages, before.last().unwrap().json()["data"]["to"].as_u64().unwrap());
    let mut found = 0;
    let with_one: Vec<_> = log.iter().filter(|(_, entry)| entry.contains("\"d\":")).collect();
    for (index, entry) in &with_one {
        let parts: Vec<_> = told.iter().filter(|part| part["index"] == *index).collect();
        let leaf: Value = serde_json::from_str(entry).unwrap();
        assert_eq!(leaf["d"], committed(&parts), "of each entry that has one: {leaf}");
        let said = parts.iter().filter(|part| part["detail"].as_str().unwrap().contains(CANARY)).count();
        found += if leaf["act"] == "access-request.create" { said } else { 0 };
    }
    assert_eq!(found, 1);
    let all = told.len();

    // Each try is on record with the batch and how many it told, and that entry leads to no other.
    let record = on_record(app).await;
    let [leaf] = &record[..] else { panic!("one batch: {record:?}") };
    let id = messages.iter().find(|message| !details(message).is_empty()).unwrap().header("webhook-id").to_owned();
    let rule = format!("/webhook.deliver/batch:{}/details:{all}", id.trim_start_matches("msg_"));
    assert!(leaf["rule"].as_str().unwrap().ends_with(&rule), "{leaf}");
    assert_eq!((&leaf["actor"]["k"], &leaf["obj"]["id"]), (&json!("worker"), &json!(outside.webhook)));
    for quiet in [false, true] {
        sign(app).await;
        outside.deliver().await;
        let after = outside.hook.take();
        assert_eq!(after.is_empty(), quiet, "the log comes to rest outside, too");
        assert!(after.iter().all(|message| details(message).is_empty()));
    }
    assert_eq!(on_record(app).await.len(), 1);
}

/// What was handed on before stays as it was; what may not be told any more is not, also not once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_32_what_is_erased_or_switched_off_leaves_no_more() {
    let (outside, _) = told().await;
    let (outside, app) = (&outside, &outside.app);
    let bare = outside.hook.take().remove(0);
    ask(app).await;
    outside.grow(1).await;
    outside.deliver().await;
    let full = outside.hook.take().remove(0);
    assert!(full.body.windows(6).any(|window| window == b"CANARY"));
    let again = |message: &HookMessage| {
        let id = message.header("webhook-id").trim_start_matches("msg_").to_owned();
        let url = format!("{}/deliveries/{id}/redeliver", outside.url());
        async move {
            app.as_role(Role::Owner).await.post(&url, &json!({})).await.is(202);
            outside.deliver().await;
            let wanted = format!("msg_{id}");
            outside.hook.take().into_iter().find(|message| message.header("webhook-id") == wanted).unwrap()
        }
    };
    assert_eq!(again(&bare).await.body, bare.body, "from before two people said so");
    assert_eq!(again(&full).await.body, full.body);
    let engineer = app.id(&app.ours.members[&Role::Engineer].id);
    let key = format!("(SELECT person_key_id FROM member WHERE id = {engineer})");
    app.tamper(&[&format!("UPDATE person_key SET wrapped = NULL, state = 'shredded' WHERE id = {key}")]).await;
    let heir = app.another().await;
    let id = full.header("webhook-id").trim_start_matches("msg_").to_owned();
    app.as_role(Role::Owner)
        .await
        .post(&format!("{}/deliveries/{id}/redeliver", outside.url()), &json!({}))
        .await
        .is(202);
    super::deliver(&heir, heir.ours.id).await;
    let erased = outside.hook.take().into_iter().find(|message| message.header("webhook-id").ends_with(&id)).unwrap();
    assert!(!erased.body.windows(6).any(|window| window == b"CANARY"));
    assert_eq!(erased.json()["data"]["entries"], full.json()["data"]["entries"], "the log still proves itself");

    app.as_role(Role::Owner).await.patch(&outside.url(), &json!({ "detail": false })).await.is(200);
    assert!(details(&again(&full).await).is_empty(), "off is off");
}

/// Of two people, one is erased: the other's part still comes, and with what is left of the first it still proves itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_32_whoever_is_erased_takes_their_own_part_alone() {
    let (outside, _) = told().await;
    let app = &outside.app;
    drop(outside.hook.take());
    let gone = app.fresh_member(&app.ours, Role::Viewer).await.id;
    app.as_role(Role::Admin).await.post(&format!("/v1/members/{gone}/disable"), &json!({})).await.is(204);
    outside.grow(1).await;
    outside.deliver().await;
    let disabled = |message: &HookMessage| {
        let entries = message.json()["data"]["entries"].as_array().unwrap().clone();
        let entry = entries.iter().find(|entry| entry["entry"].as_str().unwrap().contains("\"member.disable\""));
        entry.map(|entry| {
            let leaf: Value = serde_json::from_str(entry["entry"].as_str().unwrap()).unwrap();
            let parts = details(message).into_iter().filter(|part| part["index"] == entry["index"]);
            (leaf["d"].clone(), parts.collect::<Vec<_>>())
        })
    };
    let message = outside.hook.take().into_iter().find(|message| disabled(message).is_some()).expect("is told");
    let (d, parts) = disabled(&message).unwrap();
    assert_eq!(parts.iter().map(|part| part["of"].as_str().unwrap()).collect::<Vec<_>>(), ["actor", "subject"]);
    assert!(parts[1]["detail"].as_str().unwrap().contains("disabled"), "{parts:?}");
    assert_eq!(d, committed(&parts.iter().collect::<Vec<_>>()));

    let key = format!("(SELECT person_key_id FROM member WHERE id = {})", app.id(&gone));
    app.tamper(&[&format!("UPDATE person_key SET wrapped = NULL, state = 'shredded' WHERE id = {key}")]).await;
    let heir = app.another().await;
    let id = message.header("webhook-id").trim_start_matches("msg_").to_owned();
    let url = format!("{}/deliveries/{id}/redeliver", outside.url());
    outside.owner.post(&url, &json!({})).await.is(202);
    super::deliver(&heir, heir.ours.id).await;
    let again = outside.hook.take().into_iter().find(|message| message.header("webhook-id").ends_with(&id)).unwrap();
    let (d, left) = disabled(&again).unwrap();
    assert_eq!(left[0], parts[0], "what is about the admin stays");
    let shown: Vec<_> = left[1].as_object().unwrap().keys().cloned().collect();
    assert_eq!(shown, ["commitment", "index", "key", "of"], "a hash is all that is left");
    assert_eq!(d, committed(&left.iter().collect::<Vec<_>>()));
}

/// The worst that people can write, where each character is escaped twice, makes more messages, not larger ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn details_however_long_keep_a_message_in_its_bounds() {
    const REASONS: usize = 110;
    let (outside, _) = told().await;
    let app = &outside.app;
    drop(outside.hook.take());
    let officer = app.as_role(Role::PrivacyOfficer).await;
    for _ in 0..REASONS {
        let reason = "\"\\".repeat(250);
        let wanted = json!({ "kind": "user_id", "value": "u", "purpose": "data-request", "reason": reason });
        officer.post("/v1/audit/subjects/find", &wanted).await.is(200);
    }
    outside.grow(1).await;
    let mut messages = Vec::new();
    loop {
        outside.deliver().await;
        let came = outside.hook.take();
        if came.is_empty() {
            break;
        }
        messages.extend(came);
    }
    let sizes: Vec<_> = messages.iter().map(|message| message.body.len()).collect();
    assert!(sizes.iter().all(|size| *size <= 256 * 1_024), "{sizes:?}");
    assert!(sizes.iter().any(|size| *size > 192 * 1_024), "and fills them: {sizes:?}");
    let long = |part: &Value| part["detail"].as_str().unwrap().len() > 1_000;
    assert_eq!(messages.iter().flat_map(details).filter(long).count(), REASONS, "nothing is left out");
}

/// Nothing of a person leaves that is not on record, or is not what was put on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_31_what_cannot_be_put_on_record_is_told_nobody() {
    let (outside, _) = told().await;
    let app = &outside.app;
    app.expect_damage();
    drop(outside.hook.take());
    ask(app).await;
    outside.grow(1).await;
    app.break_inserts("audit_outbox").await;
    assert_eq!(outside.deliver().await.arrived, 0);
    assert_eq!(outside.hook.take(), []);
    app.mend_inserts("audit_outbox").await;
    let swap = "UPDATE audit_outbox SET detail_sealed = (SELECT o.detail_sealed FROM audit_outbox o WHERE o.detail_sealed IS \
                NOT NULL AND o.id <> audit_outbox.id ORDER BY o.id LIMIT 1) WHERE detail_sealed IS NOT NULL";
    app.forge(&[swap]).await;
    assert_eq!(outside.deliver().await.broken, 1);
    assert_eq!(outside.hook.take(), []);
    assert_eq!(outside.view().await["state"], "failing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_of_persons_is_told_no_more_by_one() {
    let (outside, security) = told().await;
    let (app, owner, url) = (&outside.app, &outside.owner, outside.url());
    let narrow = proposed(&owner.patch(&url, &json!({ "acts": ["session.view"] })).await);
    approve(app, &security.client, &narrow).await.is(200);
    proposed(&owner.patch(&url, &json!({ "acts": null })).await);
    owner.patch(&url, &json!({ "detail": false, "acts": null })).await.is(200);
    let body = json!({ "name": "logs", "kind": "syslog", "url": "syslog+tls://logs.test" });
    let made = owner.post("/v1/webhooks", &body).await.is(201).json();
    let syslog = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
    assert_eq!(owner.patch(&syslog, &json!({ "detail": true })).await.is(409).code(), "no-detail");
    owner.patch(&syslog, &json!({ "detail": false })).await.is(200);
}

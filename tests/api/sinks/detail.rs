//! What lies beside entries, for receivers that two people let have it.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use policy::access::Role;
use sealtape_tests::acceptance::{Guarded, HookMessage, TestApp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

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
    for part in &told {
        let index = part["index"].as_u64().unwrap();
        let (_, entry) = log.iter().find(|(at, _)| *at == index).expect("of an entry of the same batch");
        let leaf: Value = serde_json::from_str(entry).unwrap();
        // What a receiver does who believes nothing but the log.
        let salt = STANDARD.decode(part["salt"].as_str().unwrap()).unwrap();
        let detail = part["detail"].as_str().unwrap();
        let digest = Sha256::new().chain_update(salt).chain_update(detail).finalize();
        assert_eq!(leaf["d"], URL_SAFE_NO_PAD.encode(digest), "{leaf}");
        assert_eq!(part["of"], "actor");
        found += usize::from(leaf["act"] == "access-request.create" && detail.contains(CANARY));
    }
    assert_eq!(found, 1);
    let with_one = log.iter().filter(|(_, entry)| entry.contains("\"d\":")).count();
    assert_eq!(told.len(), with_one, "of each entry that has one");

    // Each try is on record with the batch and how many it told, and that entry leads to no other.
    let record = on_record(app).await;
    let [leaf] = &record[..] else { panic!("one batch: {record:?}") };
    let id = messages.iter().find(|message| !details(message).is_empty()).unwrap().header("webhook-id").to_owned();
    let rule = format!("/webhook.deliver/batch:{}/details:{with_one}", id.trim_start_matches("msg_"));
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

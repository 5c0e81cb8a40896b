//! Checkpoints in storage that keeps them: a real S3 server with object lock, and a folder.

use std::sync::Arc;

use app::{
    ledger::{Anchored, Anchoring, EpochReason},
    settings::Anchors,
};
use domain::{Clock as _, TenantId};
use egress::{Guard, Policy, SystemResolver};
use ledger::{checkpoint::Checkpoint, note::SignedNote, tree::TreeHead};
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{BucketServer, TestApp, WitnessServer, until};
use serde_json::{Value, json};
use store::Store;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use vault::anchors::{AnchorName, AnchorStore, Place, Put};

use super::{
    add,
    anchors::{Auditor, deployment_key, sign_all},
    epoch::restore,
    newest, origin, sequence, signer,
};
use crate::{exports, stories};

/// Ten minutes, and a little more.
const DUE: u64 = 601;

fn name_of(size: u64) -> String {
    format!("audit/anchors/test/e0000000001-{size:016}.checkpoint")
}

/// Where a test's anchors lie.
enum Storage {
    Bucket(BucketServer),
    Folder(TempDir),
}

impl Storage {
    async fn both() -> [Self; 2] {
        [Self::Bucket(BucketServer::start().await), Self::Folder(TempDir::with_prefix("sealtape-worm-").unwrap())]
    }

    fn setting(&self) -> Anchors {
        match self {
            Self::Bucket(server) => server.setting(),
            Self::Folder(folder) => {
                Anchors { place: Place::Folder(folder.path().to_owned()), every: std::time::Duration::from_secs(600) }
            }
        }
    }

    /// The sizes of all anchors, in order.
    async fn sizes(&self) -> Vec<u64> {
        let names = match self {
            Self::Bucket(server) => server.names().await,
            Self::Folder(folder) => {
                let entries = std::fs::read_dir(folder.path().join("test")).unwrap();
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
            }
        };
        let size = |name: &String| name.strip_suffix(".checkpoint")?.rsplit('-').next()?.parse().ok();
        let mut sizes: Vec<u64> = names.iter().filter_map(size).collect();
        sizes.sort_unstable();
        sizes
    }
}

/// One more process, which puts anchors there.
async fn anchoring(app: &TestApp, anchors: Anchors) -> TestApp {
    app.another_with(|settings| settings.anchors = Some(anchors)).await
}

/// What puts anchors in a process that has just started.
async fn put_by(app: &TestApp) -> Anchoring {
    signer(app).await.anchoring().unwrap().expect("is set")
}

async fn round(app: &TestApp) -> Anchored {
    put_by(app).await.round().await.unwrap()
}

/// Grows the log of our tenant and with it the deployment's.
async fn grow(app: &TestApp, store: &Store) {
    add(app, store, app.ours.id, 1).await;
    app.pass(11);
    sign_all(app).await;
}

async fn head(store: &Store, tenant: TenantId) -> TreeHead {
    newest(store, tenant).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_are_put_into_a_bucket_and_stay() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let server = BucketServer::start().await;
    let puts = anchoring(&app, server.setting()).await;
    assert!(signer(&app).await.anchoring().unwrap().is_none(), "nobody asked for it");
    let mut anchoring = put_by(&puts).await;
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Agreed, "nothing is signed yet");
    sign_all(&app).await;
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Put(2));
    grow(&app, &store).await;
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Rested, "it is not time");
    app.pass(DUE);
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Put(3));
    app.pass(DUE);
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Rested, "nothing is new");
    assert_eq!(put_by(&puts).await.round().await.unwrap(), Anchored::Agreed, "a process that starts looks once");
    assert_eq!(server.names().await, [name_of(2), name_of(3)]);

    // What is put under a name that is taken stays outside.
    let guard = Guard::new(&Policy::default(), Arc::new(SystemResolver)).unwrap();
    let anchors = AnchorStore::open(&server.setting().place, "test", guard).unwrap();
    assert_eq!(anchors.put(AnchorName { epoch: 1, size: 3 }, "other".to_owned()).await.unwrap(), Put::Taken);
    assert_eq!(server.names().await, [name_of(2), name_of(3)]);

    // The object is the checkpoint that the world gets, and it is kept: nobody replaces or deletes it.
    let object = server.send(Method::GET, &name_of(3), "").await;
    assert_eq!(object.headers()["x-amz-object-lock-mode"], "COMPLIANCE");
    assert!(object.headers().contains_key("x-amz-object-lock-retain-until-date"));
    let version = object.headers()["x-amz-version-id"].to_str().unwrap().to_owned();
    let note = object.text().await.unwrap();
    let key = deployment_key(&app).await;
    let opened = Checkpoint::open(&SignedNote::parse(&note).unwrap(), &origin(TenantId::DEPLOYMENT), &[key]).unwrap();
    assert_eq!(opened.head, head(&store, TenantId::DEPLOYMENT).await);
    let gone = server.send(Method::DELETE, &format!("{}?versionId={version}", name_of(3)), "").await;
    assert_eq!(gone.status(), 403);
    assert_eq!(server.send(Method::PUT, &name_of(3), "something else").await.status(), 200);
    let kept = server.send(Method::GET, &format!("{}?versionId={version}", name_of(3)), "").await;
    assert_eq!(kept.text().await.unwrap(), note);
}

/// Whoever takes back database and signer's file has a log that fits all that we remember, but not what lies there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_log_that_was_taken_back_with_its_signer_is_refused() {
    for storage in Storage::both().await {
        let app = TestApp::new().await;
        let store = app.store().await;
        let (own, _) = stories::both(&app).await;
        let puts = anchoring(&app, storage.setting()).await;
        sign_all(&app).await;
        let (ours, deployment) = (head(&store, app.ours.id).await, head(&store, TenantId::DEPLOYMENT).await);
        let remembered = std::fs::read(app.signer_file()).unwrap();
        grow(&app, &store).await;
        let Anchored::Put(anchored) = round(&puts).await else { panic!("put") };

        for (tenant, head) in [(app.ours.id, ours), (TenantId::DEPLOYMENT, deployment)] {
            restore(&app, &store, tenant, usize::try_from(head.size).unwrap()).await;
        }
        std::fs::write(app.signer_file(), remembered).unwrap();
        add(&app, &store, app.ours.id, 1).await;
        sequence(&app).await;
        assert_eq!(signer(&app).await.sign().await.unwrap().refused, [], "without anchors nobody knows any more");

        let Anchored::Refused(reason) = round(&puts).await else { panic!("is refused") };
        assert!(reason.contains(&format!("{anchored:016}.checkpoint")), "{reason}");
        let signed = head(&store, app.ours.id).await;
        add(&app, &store, app.ours.id, 1).await;
        sequence(&app).await;
        let outcome = signer(&puts).await.sign().await.unwrap();
        assert_eq!((outcome.signed.len(), outcome.refused.len()), (0, 3), "no log of this database is signed");
        assert_eq!(head(&store, app.ours.id).await, signed);
        let auditor = app.as_role(Role::Auditor).await;
        let health: Value = auditor.get("/v1/audit/health").await.is(200).json();
        assert_eq!((&health["state"], &health["alarm"]["reason"]), (&json!("refused"), &json!("anchor")));
        let refused = exports::ask(&app.as_role(Role::Engineer).await, &own.closed).await.is(409).json();
        assert_eq!(refused["code"], "ledger-behind");
        assert!(matches!(round(&puts).await, Anchored::Refused(_)), "and again");
        let fails = app.acts(app.ours.id).await.into_iter().filter(|act| act == "integrity.fail").count();
        assert_eq!(fails, 1, "on record once");
        assert_eq!(storage.sizes().await, [anchored], "nothing was put");

        // The operator says that it was a restore: the logs go on under the next number, and the old one stays where it lies.
        for tenant in [app.ours.id, TenantId::DEPLOYMENT] {
            app.app().ledger().begin_epoch(tenant, EpochReason::Restore, &app.signer_file()).await.unwrap();
        }
        sequence(&app).await;
        assert!(matches!(round(&puts).await, Anchored::Agreed), "nothing is signed under it yet");
        assert_eq!(signer(&puts).await.sign().await.unwrap().refused, []);
        app.pass(DUE);
        let Anchored::Put(again) = round(&puts).await else { panic!("goes on") };
        assert_eq!(storage.sizes().await.len(), 2, "{again}");
        let auditor = app.as_role(Role::Auditor).await;
        let health: Value = auditor.get("/v1/audit/health").await.is(200).json();
        assert_eq!(health["alarm"], Value::Null);
    }
}

/// A log that was taken back and has grown past what lies there is another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_fork_that_is_longer_than_its_anchor_is_refused() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let folder = TempDir::with_prefix("sealtape-worm-").unwrap();
    let storage = Storage::Folder(folder);
    let puts = anchoring(&app, storage.setting()).await;
    sign_all(&app).await;
    let deployment = head(&store, TenantId::DEPLOYMENT).await;
    let remembered = std::fs::read(app.signer_file()).unwrap();
    grow(&app, &store).await;
    let Anchored::Put(anchored) = round(&puts).await else { panic!("put") };
    restore(&app, &store, TenantId::DEPLOYMENT, usize::try_from(deployment.size).unwrap()).await;
    let mut before: Value = serde_json::from_slice(&remembered).unwrap();
    let now: Value = serde_json::from_slice(&std::fs::read(app.signer_file()).unwrap()).unwrap();
    before["logs"][origin(app.ours.id)] = now["logs"][origin(app.ours.id)].clone();
    std::fs::write(app.signer_file(), before.to_string()).unwrap();
    for _ in 0..3 {
        grow(&app, &store).await;
    }
    assert!(head(&store, TenantId::DEPLOYMENT).await.size > anchored);
    app.pass(DUE);
    assert!(matches!(round(&puts).await, Anchored::Refused(_)));
    assert_eq!(storage.sizes().await, [anchored]);
}

/// What lies there under a name of ours is ours, or nobody can say what was there. Other names are other people's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_that_we_did_not_sign_is_no_anchor() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let server = BucketServer::start().await;
    let puts = anchoring(&app, server.setting()).await;
    sign_all(&app).await;
    server.send(Method::PUT, "audit/anchors/test/readme", "none of ours").await;
    server.send(Method::PUT, "audit/anchors/other/e0000000009-0000000000000009.checkpoint", "another's").await;
    assert_eq!(round(&puts).await, Anchored::Put(2));
    grow(&app, &store).await;
    server.send(Method::PUT, &name_of(7), "sealtape").await;
    let Anchored::Refused(reason) = round(&puts).await else { panic!("is refused") };
    assert!(reason.contains("is no checkpoint that we signed"), "{reason}");
    // Our own checkpoint under another size is a lie, too.
    let note = server.send(Method::GET, &name_of(2), "").await.text().await.unwrap();
    server.send(Method::PUT, &name_of(7), &note).await;
    assert!(matches!(round(&puts).await, Anchored::Refused(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_goes_on_while_the_storage_is_away() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let server = BucketServer::start().await;
    let puts = anchoring(&app, server.setting()).await;
    sign_all(&app).await;
    let mut anchoring = put_by(&puts).await;
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Put(2));
    server.part(true);
    grow(&app, &store).await;
    app.pass(DUE);
    assert_eq!(anchoring.round().await.unwrap_err().to_string(), "the storage of anchors failed or did not answer");
    assert!(put_by(&puts).await.round().await.is_err(), "also where a process starts");
    grow(&puts, &store).await;
    assert_eq!(head(&store, TenantId::DEPLOYMENT).await.size, 4, "heads are signed all the same");
    server.part(false);
    assert_eq!(anchoring.round().await.unwrap(), Anchored::Put(4));
    assert_eq!(server.names().await, [name_of(2), name_of(4)]);
}

/// Two processes put anchors, and one of them was killed before it could say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_put_is_known_again() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let server = BucketServer::start().await;
    let puts = anchoring(&app, server.setting()).await;
    sign_all(&app).await;
    let (mut one, mut other) = (put_by(&puts).await, put_by(&puts).await);
    let (first, second) = tokio::join!(one.round(), other.round());
    let outcomes = [first.unwrap(), second.unwrap()];
    assert!(outcomes.contains(&Anchored::Put(2)), "{outcomes:?}");
    grow(&app, &store).await;
    app.pass(DUE);
    assert_eq!(one.round().await.unwrap(), Anchored::Put(3));
    app.forge(&["DELETE FROM audit_anchored"]).await;
    assert_eq!(round(&puts).await, Anchored::Agreed);
    assert_eq!(app.number("SELECT max(size) FROM audit_anchored").await, 3);
    assert_eq!(server.names().await, [name_of(2), name_of(3)]);
    // Another bucket is begun at once.
    let moved = BucketServer::start().await;
    let puts = anchoring(&app, moved.setting()).await;
    assert_eq!(round(&puts).await, Anchored::Put(3));
    assert_eq!(moved.names().await, [name_of(3)]);
}

/// A server that starts on a log that was taken back signs none of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_look_comes_before_the_first_signature() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let storage = Storage::Folder(TempDir::with_prefix("sealtape-worm-").unwrap());
    let puts = anchoring(&app, storage.setting()).await;
    sign_all(&app).await;
    let (deployment, remembered) =
        (head(&store, TenantId::DEPLOYMENT).await, std::fs::read(app.signer_file()).unwrap());
    grow(&app, &store).await;
    assert_eq!(round(&puts).await, Anchored::Put(deployment.size + 1));
    restore(&app, &store, TenantId::DEPLOYMENT, usize::try_from(deployment.size).unwrap()).await;
    std::fs::write(app.signer_file(), remembered).unwrap();
    let checkpoints = app.number("SELECT count(*) FROM audit_checkpoint").await;
    let stopping = CancellationToken::new();
    let tended = tokio::spawn(workers::tend_ledger(puts.app().ledger().clone(), signer(&puts).await, stopping.clone()));
    let auditor = app.as_role(Role::Auditor).await;
    until("the log is refused", || async {
        let health: Value = auditor.get("/v1/audit/health").await.is(200).json();
        (health["state"] == "refused").then_some(())
    })
    .await;
    stopping.cancel();
    tended.await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM audit_checkpoint").await, checkpoints);
}

/// An auditor takes the checkpoint out of the bucket and believes nothing else of the deployment's log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_out_of_the_bucket_proves_a_tenants() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let server = BucketServer::start().await;
    let puts = anchoring(&app, server.setting()).await;
    let auditor = Auditor::new(&app).await;
    sign_all(&app).await;
    let witness = WitnessServer::for_log(&deployment_key(&app).await.to_string()).await;
    let asks = app.another_with(|settings| settings.witnesses = vec![witness.setting()]).await;
    assert_eq!(asks.app().ledger().witness().await.unwrap(), Some(1));
    assert_eq!(round(&puts).await, Anchored::Put(2));
    for _ in 0..3 {
        grow(&app, &store).await;
    }
    assert_eq!(asks.app().ledger().witness().await.unwrap(), Some(1));

    let object = server.send(Method::GET, &name_of(2), "").await.text().await.unwrap();
    let size = object.lines().nth(1).unwrap();
    let ask = async |size: &str| auditor.client.get(&format!("/v1/audit/proof/anchor?size={size}")).await;
    let anchor = ask(size).await.is(200).json();
    let said = auditor.verify_in(&anchor, Some(&object), Some(witness.key())).unwrap();
    assert!(said.contains(&origin(app.ours.id)) && said.contains("which has 2 entries"), "{said}");
    assert!(said.contains("witness.test/w1 signed it"), "what witnesses signed lies there with it: {said}");
    // It is the object that is believed: the answer's own is not looked at, and a proof in another tree does not fit.
    let mut mute = anchor.clone();
    mute["anchor"] = "".into();
    auditor.verify_in(&mute, Some(&object), None).unwrap();
    let later = auditor.client.get("/v1/audit/proof/anchor").await.is(200).json();
    auditor.verify_in(&later, Some(&object), None).unwrap_err();
    auditor.verify_in(&anchor, Some(&object.replacen("\n2\n", "\n3\n", 1)), None).unwrap_err();
    ask("77").await.is(404);
    ask("9007199254740993").await.is(404);
    ask("x").await.is(400);
}

/// A tenant is told how much of its log somebody outside holds, and since when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_says_what_is_covered_outside() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let folder = TempDir::with_prefix("sealtape-worm-").unwrap();
    let health = async |app: &TestApp| {
        let health = app.as_role(Role::Auditor).await.get("/v1/audit/health").await.is(200).json();
        (health["witnessed"].clone(), health["anchored"].clone())
    };
    sign_all(&app).await;
    assert_eq!(health(&app).await, (Value::Null, Value::Null), "nobody is named");
    let witness = WitnessServer::for_log(&deployment_key(&app).await.to_string()).await;
    let outside = app
        .another_with(|settings| {
            settings.witnesses = vec![witness.setting()];
            settings.anchors = Some(Storage::Folder(folder).setting());
        })
        .await;
    let nothing = json!({ "size": 0, "at": null });
    assert_eq!(health(&outside).await, (nothing.clone(), nothing), "nobody looked yet");
    let entered = head(&store, app.ours.id).await.size;
    // The folder went with its value: it is away, and a witness alone holds what there is.
    assert!(put_by(&outside).await.round().await.is_err());
    assert_eq!(outside.app().ledger().witness().await.unwrap(), Some(1));
    let (witnessed, anchored) = health(&outside).await;
    assert_eq!((&witnessed["size"], &anchored["size"]), (&json!(entered), &json!(0)));
    assert!(witnessed["at"].is_string());

    let storage = Storage::Folder(TempDir::with_prefix("sealtape-worm-").unwrap());
    let puts = anchoring(&outside, storage.setting()).await;
    assert!(matches!(round(&puts).await, Anchored::Put(_)));
    let at = app.clock.now();
    // It grows, and a tenant's newest entries are in no checkpoint that is held outside.
    grow(&app, &store).await;
    let (_, anchored) = health(&app).await;
    assert_eq!(anchored, json!({ "size": entered, "at": at }), "where nobody is named it is known all the same");
    assert!(head(&store, app.ours.id).await.size > entered);
    app.pass(DUE);
    assert!(matches!(round(&puts).await, Anchored::Put(_)));
    let (witnessed, anchored) = health(&app).await;
    assert_eq!(witnessed["size"], entered);
    assert!(anchored["size"].as_u64().unwrap() > entered);
    // What is nobody's business is not told: theirs has its own size.
    let theirs = app.member(&app.theirs, Role::Auditor).await.get("/v1/audit/health").await.is(200).json();
    assert_eq!(theirs["anchored"]["size"], head(&store, app.theirs.id).await.size);
}

//! The deployment's own log: it holds the checkpoints of all tenants' logs, and a witness outside, whose program nobody here
//! wrote, signs it.

use app::ledger::OutsideWitness;
use clap::Parser as _;
use domain::TenantId;
use ledger::{
    checkpoint::Checkpoint,
    note::{SignedNote, Verifier},
    tree::{Frontier, Hash, Tile, TileSet, TreeHead, proof, root_of},
};
use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp, WitnessServer};
use serde_json::{Value, json};
use store::{Backend, Store};

use super::{Stored, add, add_at_once, newest, origin, sign, signer};

const OURS: &str = "/.well-known/sealtape/ledger";

/// Signs all logs, and then the deployment's, in which their checkpoints are.
pub(super) async fn sign_all(app: &TestApp) {
    sign(app).await;
    sign(app).await;
}

/// The key of the deployment's log, as anybody gets it.
pub(super) async fn deployment_key(app: &TestApp) -> Verifier {
    app.anonymous().get(&format!("{OURS}/key")).await.is(200).text().trim_end().parse().unwrap()
}

/// The head that anybody gets.
async fn outside(app: &TestApp, key: &Verifier) -> TreeHead {
    let note = app.anonymous().get(&format!("{OURS}/checkpoint")).await.is(200).text();
    let note = SignedNote::parse(&note).unwrap();
    Checkpoint::open(&note, &origin(TenantId::DEPLOYMENT), std::slice::from_ref(key)).unwrap().head
}

pub(super) struct Auditor {
    pub(super) client: Client,
    keys: [String; 2],
    folder: tempfile::TempDir,
}

impl Auditor {
    pub(super) async fn new(app: &TestApp) -> Self {
        // Its first start makes the key.
        drop(signer(app).await);
        let client = app.as_role(Role::Auditor).await;
        let own = client.get("/v1/audit/key").await.is(200).text().trim_end().to_owned();
        let keys = [own, deployment_key(app).await.to_string()];
        Self { client, keys, folder: tempfile::tempdir().unwrap() }
    }

    async fn anchor(&self) -> Value {
        self.client.get("/v1/audit/proof/anchor").await.is(200).json()
    }

    /// What the offline verifier says of it.
    fn verify(&self, anchor: &Value, witness: Option<&str>) -> Result<String, String> {
        self.verify_in(anchor, None, witness)
    }

    /// The same against a checkpoint of the deployment that somebody has from elsewhere.
    pub(super) fn verify_in(
        &self,
        anchor: &Value,
        checkpoint: Option<&str>,
        witness: Option<&str>,
    ) -> Result<String, String> {
        let [path, kept] = ["anchor.json", "kept.checkpoint"].map(|name| self.folder.path().join(name));
        std::fs::write(&path, anchor.to_string()).unwrap();
        let [own, deployment] = &self.keys;
        let mut args = vec!["sealtape-verify", "anchor", path.to_str().unwrap(), "--key", own];
        args.extend(["--deployment-key", deployment]);
        if let Some(checkpoint) = checkpoint {
            std::fs::write(&kept, checkpoint).unwrap();
            args.extend(["--checkpoint", kept.to_str().unwrap()]);
        }
        args.extend(witness.iter().flat_map(|key| ["--witness", key]));
        verify::Cli::try_parse_from(args).unwrap().run().map_err(|error| format!("{error:#}"))
    }
}

/// How many entries the deployment's log has.
async fn entries(store: &Store) -> u64 {
    newest(store, TenantId::DEPLOYMENT).await.map_or(0, |head| head.size)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tenants_checkpoint_is_proved_to_be_in_one_log_for_all() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let auditor = Auditor::new(&app).await;
    auditor.client.get("/v1/audit/proof/anchor").await.is(409);
    sign_all(&app).await;
    let first = outside(&app, &deployment_key(&app).await).await;
    assert_eq!(first.size, 2, "one of ours, one of theirs");

    let anchor = auditor.anchor().await;
    let said = auditor.verify(&anchor, None).unwrap();
    assert!(said.contains(&origin(app.ours.id)) && said.contains(&origin(TenantId::DEPLOYMENT)), "{said}");
    assert_eq!((&anchor["witnesses"], &anchor["witnessed_at"]), (&json!(0), &Value::Null));

    // Whoever kept the first checkpoint follows the log by its hashes alone.
    add(&app, &store, app.ours.id, 3).await;
    sign_all(&app).await;
    let key = deployment_key(&app).await;
    let grown = outside(&app, &key).await;
    assert_eq!(grown.size, 3, "a log that did not grow is not entered again");
    let tile = Tile { level: 0, index: 0, width: grown.size };
    let hashes = app.anonymous().get(&format!("{OURS}/tile/{tile}")).await.is(200).body;
    let mut tiles = TileSet::default();
    tiles.insert(0, 0, hashes.as_chunks::<32>().0.iter().copied().map(Hash::from_bytes).collect());
    assert_eq!(root_of(&tiles, 0..grown.size), Ok(grown.root));
    let ranges = proof::consistency_ranges(first.size, grown.size).unwrap();
    proof::check_consistency(first, grown, &proof::collect(&tiles, &ranges).unwrap()).unwrap();

    // And the tenant sees that its newest checkpoint is in it.
    let later = auditor.anchor().await;
    assert!(auditor.verify(&later, None).unwrap().contains("is entry 2 of"), "{later}");
    assert_ne!(later["checkpoint"], anchor["checkpoint"]);
}

/// Nothing of a proof can be exchanged for something of another: not the checkpoint, not the entry, not the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_anchor_that_was_put_together_proves_nothing() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let auditor = Auditor::new(&app).await;
    sign_all(&app).await;
    let old = auditor.anchor().await;
    add(&app, &store, app.ours.id, 3).await;
    sign_all(&app).await;
    let new = auditor.anchor().await;
    auditor.verify(&old, None).expect("still holds");
    for part in ["checkpoint", "entry", "index", "hashes", "anchor"] {
        let mut mixed = new.clone();
        mixed[part] = old[part].clone();
        auditor.verify(&mixed, None).expect_err(part);
    }
    let mut own = new.clone();
    own["anchor"] = own["checkpoint"].clone();
    auditor.verify(&own, None).expect_err("our own log is not the deployment's");
}

/// Whoever rebuilds the deployment's log is met by the signer's memory like in any other log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_the_deployments_log_is_signed_only_as_it_grows() {
    let app = TestApp::new().await;
    let store = app.store().await;
    sign_all(&app).await;
    let signed = entries(&store).await;
    let of_all = app.id(&TenantId::DEPLOYMENT.to_string());
    app.forge(&[&format!("UPDATE audit_head SET size = 1 WHERE tenant_id = {of_all}")]).await;
    add(&app, &store, app.ours.id, 1).await;
    let _ = app.app().ledger().sequence().await;
    let outcome = signer(&app).await.sign().await.unwrap();
    let refused: Vec<_> = outcome.refused.iter().map(|refused| refused.tenant).collect();
    assert_eq!(refused, [TenantId::DEPLOYMENT]);
    assert!(outcome.signed.contains(&app.ours.id), "tenants' logs are signed all the same");
    assert_eq!(entries(&store).await, signed);
}

/// One more process that asks this witness.
async fn asking(app: &TestApp, witness: OutsideWitness) -> TestApp {
    app.another_with(|settings| settings.witnesses = vec![witness]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_nobody_here_wrote_signs_the_log_as_it_grows() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let auditor = Auditor::new(&app).await;
    sign_all(&app).await;
    let mut server = WitnessServer::for_log(&deployment_key(&app).await.to_string()).await;
    let asks = asking(&app, server.setting()).await;
    let ask = async |app: &TestApp| app.app().ledger().witness().await.unwrap();

    assert_eq!(ask(&app).await, None, "nobody is named");
    assert_eq!(ask(&asks).await, Some(1));
    assert_eq!(ask(&asks).await, None, "nothing is new");
    let anchor = auditor.anchor().await;
    assert_eq!(anchor["witnesses"], 1);
    let said = auditor.verify(&anchor, Some(server.key())).unwrap();
    assert!(said.contains("witness.test/w1 signed it"), "{said}");
    let note = app.anonymous().get(&format!("{OURS}/checkpoint")).await.is(200).text();
    assert!(note.contains("\u{2014} witness.test/w1 "), "{note}");

    // It grows over a tile's edge; the witness gets the proof. While it is away the log goes on, and catches up.
    for _ in 0..3 {
        add(&app, &store, app.ours.id, 2).await;
        sign_all(&app).await;
    }
    assert_eq!(ask(&asks).await, Some(1));
    let seen = auditor.anchor().await;
    server.kill().await;
    add(&app, &store, app.ours.id, 2).await;
    sign_all(&app).await;
    assert_eq!(ask(&asks).await, Some(0), "it is gone");
    assert_eq!(auditor.anchor().await, seen, "what was witnessed is what is shown");
    server.start().await;
    let asks = asking(&app, server.setting()).await;
    assert_eq!(ask(&asks).await, Some(1));
    let caught_up = auditor.anchor().await;
    assert_ne!(caught_up["checkpoint"], seen["checkpoint"]);
    auditor.verify(&caught_up, Some(server.key())).unwrap();

    // Its signature is on this checkpoint and on no other.
    let mut moved = caught_up.clone();
    let (text, _) = caught_up["anchor"].as_str().unwrap().split_once("\n\n").unwrap();
    let (_, lines) = seen["anchor"].as_str().unwrap().split_once("\n\n").unwrap();
    moved["anchor"] = format!("{text}\n\n{lines}").into();
    auditor.verify(&moved, Some(server.key())).unwrap_err();
}

/// Whoever has our key and our database and shows the world another log does not get the witness's signature for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_witness_does_not_sign_a_log_that_was_rebuilt() {
    let app = TestApp::new().await;
    let store = app.store().await;
    add_at_once(&app, &store, app.ours.id, 3).await;
    sign_all(&app).await;
    let server = WitnessServer::for_log(&deployment_key(&app).await.to_string()).await;
    let asks = asking(&app, server.setting()).await;
    assert_eq!(asks.app().ledger().witness().await.unwrap(), Some(1));
    let auditor = Auditor::new(&app).await;
    let seen = auditor.anchor().await;

    // One entry is another one, all above it is made anew, and nothing remembers what was signed.
    let mut stored = Stored::of(&store, TenantId::DEPLOYMENT).await;
    let entry = String::from_utf8(stored.entries[0].1.clone()).unwrap().replace("\"allow\"", "\"deny\"");
    stored.entries[0].1 = entry.clone().into_bytes();
    let (mut frontier, mut hashes) = (Frontier::default(), Vec::new());
    for (_, entry) in &stored.entries {
        frontier.append(Hash::of_leaf(entry), &mut Vec::new()).unwrap();
        hashes.extend(Hash::of_leaf(entry).as_bytes());
    }
    let bytes = |bytes: &[u8]| match store.backend() {
        Backend::Sqlite => format!("x'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("decode('{}', 'hex')", hex::encode(bytes)),
    };
    let (root, edge) = (bytes(frontier.root().as_bytes()), bytes(&frontier.to_bytes()));
    let of_all = app.id(&TenantId::DEPLOYMENT.to_string());
    let whose = format!("WHERE tenant_id = {of_all}");
    app.forge(&[
        &format!("UPDATE audit_outbox SET leaf = {} {whose} AND leaf_index = 0", bytes(entry.as_bytes())),
        &format!("UPDATE audit_tile SET hashes = {} {whose}", bytes(&hashes)),
        &format!("UPDATE audit_head SET root = {root}, frontier = {edge} {whose}"),
        &format!("DELETE FROM audit_checkpoint {whose}"),
        &format!("DELETE FROM audit_witnessed {whose}"),
    ])
    .await;
    std::fs::remove_file(app.signer_file()).unwrap();
    assert_eq!(signer(&app).await.sign().await.unwrap().refused, [], "here, nobody knows any more");
    assert_ne!(outside(&app, &deployment_key(&app).await).await.root, stored.head.root);
    assert_eq!(asks.app().ledger().witness().await.unwrap(), Some(0), "but the witness does");
    auditor.verify(&seen, Some(server.key())).expect("what was seen stays proved");
}

//! An auditor who believes nobody but the key: checkpoints, tiles, entries and proofs as the interface hands them out.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Parser as _;
use ledger::{
    Leaf,
    checkpoint::Checkpoint,
    note::{SignedNote, Verifier},
    tree::{Hash, Tile, TileSet, TreeHead, check_entries, check_tiles, proof},
};
use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::Value;
use store::LeafFilter;

use super::{add, add_at_once, origin, sign};

/// Somebody outside, with what they were told once: the log's key.
struct Auditor {
    client: Client,
    origin: String,
    key: Verifier,
}

impl Auditor {
    async fn of_ours(app: &TestApp) -> Self {
        let client = app.as_role(Role::Auditor).await;
        let key = client.get("/v1/audit/key").await.is(200).text().trim_end().parse().unwrap();
        Self { client, origin: origin(app.ours.id), key }
    }

    fn opened(&self, note: &str) -> TreeHead {
        let note = SignedNote::parse(note).unwrap();
        Checkpoint::open(&note, &self.origin, std::slice::from_ref(&self.key)).unwrap().head
    }

    async fn checkpoint(&self) -> TreeHead {
        let answer = self.client.get("/v1/audit/checkpoint").await.is(200);
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        self.opened(&answer.text())
    }

    async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(path).await.is(200);
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        answer.body.to_vec()
    }

    /// The whole log of a head: its tiles and entries.
    async fn read(&self, head: TreeHead) -> (TileSet, Vec<(u64, Vec<u8>)>) {
        let (mut tiles, mut entries) = (TileSet::default(), Vec::new());
        for level in 0..2 {
            let hashes = head.size >> (8 * level);
            for index in 0..hashes.div_ceil(Tile::WIDTH) {
                let width = (hashes - index * Tile::WIDTH).min(Tile::WIDTH);
                let tile = Tile { level, index, width };
                let bytes = self.bytes(&format!("/v1/audit/tile/{tile}")).await;
                assert_eq!(bytes.len() as u64, width * 32);
                let hashes = bytes.as_chunks::<32>().0.iter().copied().map(Hash::from_bytes);
                tiles.insert(level, index, hashes.collect());
                if level == 0 {
                    let bundle = self.bytes(&format!("/v1/audit/tile/{}", tile.entries_path())).await;
                    let places = index * Tile::WIDTH..;
                    entries.extend(places.zip(unbundled(&bundle)));
                }
            }
        }
        (tiles, entries)
    }

    fn check_inclusion(&self, proof: &Value) -> Leaf {
        let entry = STANDARD.decode(proof["entry"].as_str().unwrap()).unwrap();
        let head = self.opened(proof["checkpoint"].as_str().unwrap());
        let index = proof["index"].as_u64().unwrap();
        proof::check_inclusion(head, index, Hash::of_leaf(&entry), &hashes(proof)).unwrap();
        Leaf::from_bytes(&entry).unwrap()
    }
}

fn hashes(proof: &Value) -> Vec<Hash> {
    proof["hashes"].as_array().unwrap().iter().map(|hash| hash.as_str().unwrap().parse().unwrap()).collect()
}

/// The entries of a bundle: each behind two bytes of length.
fn unbundled(mut bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(entry.to_vec());
        bundle = rest;
    }
    entries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_log_is_read_and_checked_from_outside() {
    let app = TestApp::new().await;
    let store = app.store().await;
    add_at_once(&app, &store, app.ours.id, 600).await;
    sign(&app).await;
    let auditor = Auditor::of_ours(&app).await;
    let head = auditor.checkpoint().await;
    assert!(head.size > 600);
    let (tiles, entries) = auditor.read(head).await;
    let read = entries.iter().map(|(index, entry)| (*index, entry.as_slice()));
    check_entries(&tiles, 0..head.size, read).unwrap();
    check_tiles(&tiles, head).unwrap();
    let leaves: Vec<Leaf> = entries.iter().map(|(_, entry)| Leaf::from_bytes(entry).unwrap()).collect();
    assert!(leaves.iter().all(|leaf| leaf.tenant == app.ours.id), "nothing of another tenant");

    // Later: the same log, longer.
    add(&app, &store, app.ours.id, 10).await;
    sign(&app).await;
    let longer = auditor.checkpoint().await;
    let proof = auditor.client.get(&format!("/v1/audit/proof/consistency?from={}", head.size)).await.is(200).json();
    assert_eq!((proof["from"].as_u64(), proof["to"].as_u64()), (Some(head.size), Some(longer.size)));
    assert_eq!(auditor.opened(proof["checkpoint"].as_str().unwrap()), longer);
    proof::check_consistency(head, longer, &hashes(&proof)).unwrap();
    // And between heads that were signed before.
    let path = format!("/v1/audit/proof/consistency?from=100&to={}", head.size);
    let proof = auditor.client.get(&path).await.is(200).json();
    assert_eq!(auditor.opened(proof["checkpoint"].as_str().unwrap()), head);
    let at_100 = TreeHead { size: 100, root: ledger::tree::root_of(&tiles, 0..100).unwrap() };
    proof::check_consistency(at_100, head, &hashes(&proof)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_proved_once_it_is_signed() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let newest = async || {
        store
            .tenant_read(app.ours.id)
            .await
            .unwrap()
            .audit_leaf_list(LeafFilter::default(), None, 1)
            .await
            .unwrap()
            .remove(0)
            .id
    };
    let path = |id: domain::AuditId| format!("/v1/audit/proof/inclusion?event={id}");
    let client = app.as_role(Role::Auditor).await;
    let event = newest().await;
    assert_eq!(client.get(&path(event)).await.is(409).problem()["code"], "not-yet-signed");
    client.get("/v1/audit/checkpoint").await.is(404);
    sign(&app).await;
    let auditor = Auditor::of_ours(&app).await;
    let leaf = auditor.check_inclusion(&client.get(&path(event)).await.is(200).json());
    assert_eq!(leaf.id, event);
    app.pass(1);
    add(&app, &store, app.ours.id, 1).await;
    assert_eq!(client.get(&path(newest().await)).await.is(409).problem()["code"], "not-yet-signed");
    let theirs = store
        .tenant_read(app.theirs.id)
        .await
        .unwrap()
        .audit_leaf_list(LeafFilter::default(), None, 1)
        .await
        .unwrap()
        .remove(0)
        .id;
    client.get(&path(theirs)).await.is(404);
}

/// What the interface hands out is what `sealtape-verify` reads, and a log that was forged in between does not get past it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_the_offline_verifier_believes_what_holds_and_nothing_else() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let (folder, client) = (tempfile::tempdir().unwrap(), app.as_role(Role::Auditor).await);
    add(&app, &store, app.ours.id, 20).await;
    sign(&app).await;
    let key = client.get("/v1/audit/key").await.is(200).text().trim_end().to_owned();
    let saved = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let verify = |args: &[&str]| {
        let args = [&["sealtape-verify"], args, &["--key", &key]].concat();
        verify::Cli::try_parse_from(args).unwrap().run().map_err(|error| format!("{error:#}"))
    };
    let kept = saved("kept", &client.get("/v1/audit/checkpoint").await.is(200).text());
    let leaf = store
        .tenant_read(app.ours.id)
        .await
        .unwrap()
        .audit_leaf_list(LeafFilter::default(), None, 1)
        .await
        .unwrap()
        .remove(0);
    let answer = client.get(&format!("/v1/audit/proof/inclusion?event={}", leaf.id)).await.is(200).text();
    assert!(verify(&["proof", &saved("proof", &answer)]).unwrap().contains(&origin(app.ours.id)));
    let mut forged: Value = serde_json::from_str(&answer).unwrap();
    let entry = String::from_utf8(STANDARD.decode(forged["entry"].as_str().unwrap()).unwrap()).unwrap();
    forged["entry"] = STANDARD.encode(entry.replace("\"allow\"", "\"deny\"")).into();
    let refused = verify(&["proof", &saved("forged", &forged.to_string())]).unwrap_err();
    assert!(refused.contains("the entry is not proved to be number"), "{refused}");

    add(&app, &store, app.ours.id, 5).await;
    sign(&app).await;
    let size = std::fs::read_to_string(&kept).unwrap().lines().nth(1).unwrap().to_owned();
    let growth = client.get(&format!("/v1/audit/proof/consistency?from={size}")).await.is(200).text();
    let said = verify(&["checkpoints", &kept, &saved("growth", &growth)]).unwrap();
    assert!(said.contains(&format!("grew from {size} to ")), "{said}");
    // The other way round it is a log that lost its end.
    let newest = saved("newest", &client.get("/v1/audit/checkpoint").await.is(200).text());
    let mut shrunk: Value = serde_json::from_str(&growth).unwrap();
    shrunk["checkpoint"] = std::fs::read_to_string(&kept).unwrap().into();
    let refused = verify(&["checkpoints", &newest, &saved("shrunk", &shrunk.to_string())]).unwrap_err();
    assert!(refused.contains(&format!("entries from number {size} on are gone")), "{refused}");
}

/// What lies beyond the newest checkpoint, or beside the one spelling of a path, is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_was_signed_is_shown() {
    let app = TestApp::new().await;
    let store = app.store().await;
    add_at_once(&app, &store, app.ours.id, 256).await;
    sign(&app).await;
    let auditor = Auditor::of_ours(&app).await;
    let size = auditor.checkpoint().await.size;
    add_at_once(&app, &store, app.ours.id, 300).await;
    super::sequence(&app).await;
    let last = size - 256;
    auditor.client.get(&format!("/v1/audit/tile/0/001.p/{last}")).await.is(200);
    for path in [
        format!("0/001.p/{}", last + 1),
        format!("entries/001.p/{}", last + 1),
        "0/001".to_owned(),
        "entries/001".to_owned(),
        "1/000".to_owned(),
        "1/000.p/2".to_owned(),
        "2/000.p/1".to_owned(),
        "0/002.p/1".to_owned(),
        "0/000/".to_owned(),
        "0//000".to_owned(),
        "0/0".to_owned(),
        "0/000.p/0".to_owned(),
        "0/000.p/256".to_owned(),
        "00/000".to_owned(),
        "entries/0/000".to_owned(),
        "entries/".to_owned(),
        "0/%30%30%30x".to_owned(),
        "9/x999/x999/x999/x999/x999/999".to_owned(),
    ] {
        let answer = auditor.client.get(&format!("/v1/audit/tile/{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
        answer.problem();
    }
    auditor.bytes("/v1/audit/tile/0/000.p/7").await;
    auditor.bytes("/v1/audit/tile/1/000.p/1").await;
    for (path, status) in [
        (format!("consistency?from={}", size + 1), 422),
        (format!("consistency?from=1&to={}", size - 1), 404),
        (format!("consistency?from=1&to={}", u64::MAX), 404),
        ("consistency?from=-1".to_owned(), 400),
        ("inclusion?event=x".to_owned(), 400),
    ] {
        auditor.client.get(&format!("/v1/audit/proof/{path}")).await.is(status).problem();
    }
}

/// An entry or tile that was changed since is not proved, and the answer names its index (`threats.md` 29).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_proof_of_what_was_changed_names_its_index() {
    let app = TestApp::new().await;
    let store = app.store().await;
    add_at_once(&app, &store, app.ours.id, 20).await;
    sign(&app).await;
    let client = app.as_role(Role::Auditor).await;
    let ours = app.id(&app.ours.id.to_string());
    let ids = app.ids(&format!("SELECT id FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index = 5")).await;
    let path = format!("/v1/audit/proof/inclusion?event={}", ids[0]);
    client.get(&path).await.is(200);
    let zeros = app.zeros();
    app.forge(&[&format!("UPDATE audit_outbox SET leaf = {zeros} WHERE tenant_id = {ours} AND leaf_index = 5")]).await;
    let problem = client.get(&path).await.is(409).problem();
    assert_eq!(problem["code"], "integrity-fail");
    assert!(problem["detail"].as_str().unwrap().ends_with("see index 5"), "{problem}");
    // Nothing that is no event is shown as one.
    assert_eq!(client.get("/v1/audit/events").await.is(409).problem()["code"], "integrity-fail");

    app.forge(&[&format!("DELETE FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index = 5")]).await;
    let problem = client.get("/v1/audit/tile/entries/000.p/9").await.is(409).problem();
    assert!(problem["detail"].as_str().unwrap().ends_with("see index 5"), "{problem}");
    app.forge(&[&format!("DELETE FROM audit_tile WHERE tenant_id = {ours}")]).await;
    client.get("/v1/audit/tile/0/000.p/9").await.is(409).problem();
    client.get("/v1/audit/proof/consistency?from=3").await.is(409).problem();
}

//! A restored log is refused until its operator begins it anew, and that is on record.

use app::ledger::EpochReason;
use domain::TenantId;
use ledger::{
    checkpoint::Checkpoint,
    note::SignedNote,
    tree::{Frontier, Hash, TileSet},
};
use policy::access::Role;
use sealtape_tests::acceptance::TestApp;
use store::{Backend, Store};

use super::{Stored, add, newest, sequence, sign, signer, verifier};

/// Takes entries from the end of a log, as a backup from before them does.
pub(super) async fn restore(app: &TestApp, store: &Store, tenant: TenantId, size: usize) {
    let stored = Stored::of(store, tenant).await;
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for (_, entry) in &stored.entries[..size] {
        frontier.append(Hash::of_leaf(entry), &mut tiles).unwrap();
    }
    let bytes = |bytes: &[u8]| match store.backend() {
        Backend::Sqlite => format!("x'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("decode('{}', 'hex')", hex::encode(bytes)),
    };
    let (ours, hashes) = (app.id(&tenant.to_string()), tiles.hashes(0, 0).unwrap());
    let hashes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    let (root, edge) = (bytes(frontier.root().as_bytes()), bytes(&frontier.to_bytes()));
    app.forge(&[
        &format!("UPDATE audit_head SET size = {size}, root = {root}, frontier = {edge} WHERE tenant_id = {ours}"),
        &format!("UPDATE audit_tile SET hashes = {} WHERE tenant_id = {ours} AND level = 0", bytes(&hashes)),
        &format!("DELETE FROM audit_outbox WHERE tenant_id = {ours} AND (leaf_index >= {size} OR leaf_index IS NULL)"),
        &format!("DELETE FROM audit_checkpoint WHERE tenant_id = {ours} AND size > {size}"),
        &format!("DELETE FROM audit_witnessed WHERE tenant_id = {ours} AND size > {size}"),
        &format!("DELETE FROM audit_anchored WHERE tenant_id = {ours} AND size > {size}"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_log_goes_on_under_the_next_number() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let ledger = app.app().ledger();
    let begin_anew = async || ledger.begin_epoch(app.ours.id, EpochReason::Restore, &app.signer_file()).await;
    assert_eq!(begin_anew().await.unwrap_err().code(), "not-possible", "nothing is signed yet");
    sign(&app).await;
    let kept = newest(&store, app.ours.id).await.unwrap();
    add(&app, &store, app.ours.id, 5).await;
    sign(&app).await;
    let signed = newest(&store, app.ours.id).await.unwrap();

    let size = usize::try_from(kept.size).unwrap();
    restore(&app, &store, app.ours.id, size).await;
    let mut running = signer(&app).await;
    assert_eq!(running.sign().await.unwrap().refused.len(), 1, "shorter than what was signed");

    let begun = begin_anew().await.unwrap();
    assert_eq!(begun.last.head, signed);
    assert_eq!(begun.origin, format!("sealtape/test/{}/e2", app.ours.id));
    sequence(&app).await;
    assert_eq!(running.sign().await.unwrap().refused, [], "a signer that runs takes the new number over");

    // The tree goes on; the entry says which checkpoint it does not continue, and why.
    let row = store.tenant_read(app.ours.id).await.unwrap().audit_checkpoint_newest().await.unwrap().unwrap();
    let trusted = store_verifier(&store, &app, &begun.origin).await;
    let now = Checkpoint::open(&SignedNote::parse(&row.note).unwrap(), &begun.origin, &[trusted]).unwrap();
    let stored = Stored::of(&store, app.ours.id).await;
    stored.assert_whole();
    assert_eq!(now.head, stored.head);
    let leaves = app.leaves(app.ours.id).await;
    let entry = leaves.iter().find(|leaf| leaf["act"] == "ledger.begin-epoch").expect("on record");
    assert_eq!(entry["actor"]["k"], "operator");
    let root = hex::encode(signed.root.as_bytes());
    assert_eq!(entry["rule"], format!("epoch@1/2/restore/{}/{root}", signed.size));
    // And an auditor is told the new name.
    let auditor = app.as_role(Role::Auditor).await;
    assert!(auditor.get("/v1/audit/key").await.is(200).text().starts_with(&begun.origin));
    assert!(auditor.get("/v1/audit/checkpoint").await.is(200).text().starts_with(&begun.origin));

    // The new number is the signer's memory's alone: nobody who writes to the database alone can begin one.
    restore(&app, &store, app.ours.id, size).await;
    assert_eq!(signer(&app).await.sign().await.unwrap().refused.len(), 1);
}

async fn store_verifier(store: &Store, app: &TestApp, origin: &str) -> ledger::note::Verifier {
    let old = verifier(store, app.ours.id).await;
    let text = old.to_string().replacen("/e1+", "/e2+", 1);
    assert!(text.starts_with(origin));
    // The id of a key is bound to its name: the key itself is the same.
    let keys = store.tenant_read(TenantId::DEPLOYMENT).await.unwrap().signing_key_list("ledger").await.unwrap();
    let public_key = keys.last().unwrap().public_key.clone().try_into().unwrap();
    ledger::note::Verifier::new(origin.parse().unwrap(), public_key)
}

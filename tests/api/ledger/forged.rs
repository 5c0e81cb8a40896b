//! Somebody writes to the database past every check (`threats.md` 29): the signer refuses what does not continue what it
//! signed, and checking the log names the first index that is not as it was.

use ledger::{
    Leaf,
    tree::{Fault, Frontier, Hash, TileSet, TreeHead},
};
use sealtape_tests::acceptance::TestApp;
use store::{Backend, LeafFilter, Store};

use super::{Stored, add, add_at_once, newest, sequence, signer};

/// Leaves of the log before anybody touches it: a whole tile, and a part of the next.
const LEAVES: usize = 300;

struct Attack {
    app: TestApp,
    store: Store,
    /// What was signed before.
    signed: TreeHead,
}

impl Attack {
    /// A log of which all is signed.
    async fn on_a_signed_log() -> Self {
        let app = TestApp::new().await;
        let store = app.store().await;
        add_at_once(&app, &store, app.ours.id, LEAVES).await;
        sequence(&app).await;
        signer(&app).await.sign().await.unwrap();
        let signed = newest(&store, app.ours.id).await.unwrap();
        Self { app, store, signed }
    }

    /// Runs statements about our tenant's rows, `{ours}` in them.
    async fn forge(&self, statements: &[&str]) {
        let ours = self.app.id(&self.app.ours.id.to_string());
        let statements: Vec<String> = statements.iter().map(|sql| sql.replace("{ours}", &ours)).collect();
        self.app.forge(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }

    /// Bytes as they are written in this database's SQL.
    fn bytes(&self, bytes: &[u8]) -> String {
        match self.store.backend() {
            Backend::Sqlite => format!("x'{}'", hex::encode(bytes)),
            Backend::Postgres => format!("decode('{}', 'hex')", hex::encode(bytes)),
        }
    }

    async fn stored(&self) -> Stored {
        Stored::of(&self.store, self.app.ours.id).await
    }

    /// The reason why a signer refuses our log; a new one each time, since it must not depend on a process's memory. Theirs
    /// is signed all the same.
    async fn refusal(&self) -> String {
        add(&self.app, &self.store, self.app.theirs.id, 1).await;
        sequence(&self.app).await;
        let mut signer = signer(&self.app).await;
        let [first, again] = [signer.sign().await.unwrap(), signer.sign().await.unwrap()];
        assert!(first.signed.contains(&self.app.theirs.id) && !first.signed.contains(&self.app.ours.id), "{first:?}");
        assert_eq!(first.refused, again.refused, "it keeps refusing");
        let [refused] = &first.refused[..] else { panic!("one is refused: {first:?}") };
        assert_eq!(refused.tenant, self.app.ours.id);
        assert_eq!(newest(&self.store, self.app.ours.id).await, Some(self.signed), "nothing new was signed");
        let newest = self
            .store
            .tenant_read(self.app.ours.id)
            .await
            .unwrap()
            .audit_leaf_list(LeafFilter::default(), None, 1_000)
            .await
            .unwrap();
        // Some of what is stored may be no leaf any more.
        let acts = newest.iter().filter_map(|row| Leaf::from_bytes(&row.leaf).ok().map(|leaf| leaf.act));
        assert_eq!(acts.filter(|act| act == "integrity.fail").count(), 1, "on record, once");
        refused.reason.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_edited_entry_is_named() {
    let attack = Attack::on_a_signed_log().await;
    let edit =
        format!("UPDATE audit_outbox SET leaf = {} WHERE tenant_id = {{ours}} AND leaf_index = 77", attack.app.zeros());
    attack.forge(&[&edit]).await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Entry(77)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_entry_edited_before_it_is_signed_is_refused() {
    let attack = Attack::on_a_signed_log().await;
    add(&attack.app, &attack.store, attack.app.ours.id, 5).await;
    sequence(&attack.app).await;
    let index = attack.signed.size + 2;
    let edit = format!(
        "UPDATE audit_outbox SET leaf = {} WHERE tenant_id = {{ours}} AND leaf_index = {index}",
        attack.app.zeros()
    );
    attack.forge(&[&edit]).await;
    let reason = attack.refusal().await;
    assert_eq!(reason, format!("entry {index} is not the one that the log holds"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_deleted_entry_is_named() {
    let attack = Attack::on_a_signed_log().await;
    attack.forge(&["DELETE FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index = 255"]).await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Entry(255)));
    // Truncated: the last entries are gone, the head still counts them.
    let attack = Attack::on_a_signed_log().await;
    attack.forge(&["DELETE FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index >= 290"]).await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Entry(290)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_entries_in_another_order_are_named() {
    let attack = Attack::on_a_signed_log().await;
    let swap = |from: u64, to: u64| {
        format!("UPDATE audit_outbox SET leaf_index = {to} WHERE tenant_id = {{ours}} AND leaf_index = {from}")
    };
    attack.forge(&[&swap(20, 100_000), &swap(120, 20), &swap(100_000, 120)]).await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Entry(20)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_inserted_entry_is_named_or_holds_its_log() {
    let attack = Attack::on_a_signed_log().await;
    add(&attack.app, &attack.store, attack.app.ours.id, 1).await;
    // Into the middle: everything behind it moves.
    attack
        .forge(&[
            "UPDATE audit_outbox SET leaf_index = leaf_index + 1000000 WHERE tenant_id = {ours} AND leaf_index >= 40",
            "UPDATE audit_outbox SET leaf_index = leaf_index - 999999 WHERE tenant_id = {ours} AND leaf_index >= 1000000",
            "UPDATE audit_outbox SET leaf_index = 40 WHERE tenant_id = {ours} AND leaf_index IS NULL",
        ])
        .await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Entry(40)));
    // The place behind the head is taken now: nothing is placed there any more.
    add(&attack.app, &attack.store, attack.app.ours.id, 1).await;
    sequence(&attack.app).await;
    assert_eq!(attack.store.audit_waiting().await.unwrap(), [attack.app.ours.id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_edited_tile_is_refused_and_named() {
    let attack = Attack::on_a_signed_log().await;
    let zeros = attack.app.zeros();
    attack
        .forge(&[&format!(
            "UPDATE audit_tile SET hashes = {zeros} WHERE tenant_id = {{ours}} AND level = 1 AND number = 0"
        )])
        .await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Hash { level: 1, first: 0 }));
    add(&attack.app, &attack.store, attack.app.ours.id, 1).await;
    attack.refusal().await;
    // A tile that is gone.
    let attack = Attack::on_a_signed_log().await;
    attack.forge(&["DELETE FROM audit_tile WHERE tenant_id = {ours} AND level = 0 AND number = 1"]).await;
    assert_eq!(attack.stored().await.fault(), Err(Fault::Missing(256)));
    assert_eq!(attack.refusal().await, "hashes from entry 256 on are missing");
    // And its log does not grow over the hole.
    add(&attack.app, &attack.store, attack.app.ours.id, 1).await;
    sequence(&attack.app).await;
    assert_eq!(attack.store.audit_waiting().await.unwrap(), [attack.app.ours.id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_head_that_shrank_is_refused() {
    let attack = Attack::on_a_signed_log().await;
    // As it was at 100 leaves, to the last hash: an old backup, or somebody who wants 200 leaves forgotten.
    let stored = attack.stored().await;
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for (_, entry) in &stored.entries[..100] {
        frontier.append(Hash::of_leaf(entry), &mut tiles).unwrap();
    }
    let hex = |bytes: &[u8]| attack.bytes(bytes);
    let (root, edge) = (hex(frontier.root().as_bytes()), hex(&frontier.to_bytes()));
    attack
        .forge(&[
            &format!("UPDATE audit_head SET size = 100, root = {root}, frontier = {edge} WHERE tenant_id = {{ours}}"),
            "DELETE FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index >= 100",
        ])
        .await;
    let size = attack.signed.size;
    let shrunk = |new: u64| {
        format!("the tree does not continue what was signed: a tree of {new} leaves cannot continue one of {size}")
    };
    assert_eq!(attack.refusal().await, shrunk(100));

    let attack = Attack::on_a_signed_log().await;
    attack.forge(&["DELETE FROM audit_head WHERE tenant_id = {ours}"]).await;
    assert_eq!(attack.refusal().await, shrunk(0));
}

/// Everything rebuilt so that it fits together: entries, tiles, head. Only what was signed before tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_a_tree_that_was_rebuilt_is_refused() {
    for longer in [false, true] {
        let attack = Attack::on_a_signed_log().await;
        if longer {
            add(&attack.app, &attack.store, attack.app.ours.id, 7).await;
            sequence(&attack.app).await;
        }
        let mut stored = attack.stored().await;
        stored.entries[50].1 = b"nothing happened".to_vec();
        let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
        for (_, entry) in &stored.entries {
            frontier.append(Hash::of_leaf(entry), &mut tiles).unwrap();
        }
        let (root, edge) = (attack.bytes(frontier.root().as_bytes()), attack.bytes(&frontier.to_bytes()));
        let leaf = attack.bytes(&stored.entries[50].1);
        let mut statements = vec![
            format!("UPDATE audit_outbox SET leaf = {leaf} WHERE tenant_id = {{ours}} AND leaf_index = 50"),
            format!("UPDATE audit_head SET root = {root}, frontier = {edge} WHERE tenant_id = {{ours}}"),
        ];
        for (level, number) in [(0, 0), (0, 1), (1, 0)] {
            let hashes: Vec<u8> =
                tiles.hashes(level, number).unwrap().iter().flat_map(|hash| *hash.as_bytes()).collect();
            let hashes = attack.bytes(&hashes);
            statements.push(format!(
                "UPDATE audit_tile SET hashes = {hashes} WHERE tenant_id = {{ours}} AND level = {level} AND number = {number}"
            ));
        }
        attack.forge(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
        attack.stored().await.assert_whole();
        let reason = attack.refusal().await;
        assert_eq!(reason, "the tree does not continue what was signed: the proof leads to another root");
    }
}

/// What was undone is signed again: a refusal is a state of the log and not of the signer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_continues_again_is_signed_again() {
    let attack = Attack::on_a_signed_log().await;
    add(&attack.app, &attack.store, attack.app.ours.id, 1).await;
    sequence(&attack.app).await;
    let index = attack.signed.size;
    let entry = attack.stored().await.entries.pop().unwrap().1;
    let put = |bytes: &str| {
        format!("UPDATE audit_outbox SET leaf = {bytes} WHERE tenant_id = {{ours}} AND leaf_index = {index}")
    };
    attack.forge(&[&put(attack.app.zeros())]).await;
    attack.refusal().await;
    attack.forge(&[&put(&attack.bytes(&entry))]).await;
    sequence(&attack.app).await;
    assert_eq!(signer(&attack.app).await.sign().await.unwrap().refused, []);
    let now = attack.stored().await;
    now.assert_whole();
    assert_eq!(newest(&attack.store, attack.app.ours.id).await, Some(now.head));
}

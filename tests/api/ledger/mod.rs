//! The audit log as a tree: leaves get their places, heads get signed, and what was tampered with is found.

mod anchors;
mod details;
mod epoch;
mod events;
mod forged;
mod looks;
mod persons;
mod proofs;
mod races;
mod sequencing;
mod signing;
mod standing;
mod worm;

use app::ledger::Signer;
use domain::{AuditId, RequestId, SessionId, TenantId};
use ledger::{
    Actor, Leaf, Object, Outcome,
    checkpoint::Checkpoint,
    note::{SignedNote, Verifier},
    tree::{Fault, Frontier, Hash, TileSet, TreeHead, check_entries, check_tiles},
};
use sealtape_tests::acceptance::TestApp;
use store::{AuditOutboxRow, Store};

/// Places every leaf that waits, and says how many those were.
async fn sequence(app: &TestApp) -> u64 {
    let mut all = 0;
    loop {
        match app.app().ledger().sequence().await.unwrap() {
            0 => return all,
            placed => all += placed,
        }
    }
}

/// Adds leaves to a log as any act does, each in a transaction of its own.
pub(crate) async fn add(app: &TestApp, store: &Store, tenant: TenantId, count: usize) {
    for _ in 0..count {
        add_at_once(app, store, tenant, 1).await;
    }
}

/// The same in one transaction.
pub(crate) async fn add_at_once(app: &TestApp, store: &Store, tenant: TenantId, count: usize) {
    let (now, entropy) = (app.app().clock().now(), app.app().entropy());
    let tx = store.tenant(tenant).await.unwrap();
    for _ in 0..count {
        let leaf = Leaf {
            id: AuditId::mint(now, entropy),
            t: now,
            tenant,
            actor: Actor::Worker("test".into()),
            act: "test.add".into(),
            obj: Object::Session(SessionId::mint(now, entropy)),
            out: Outcome::Allow,
            rule: "test".to_owned(),
            req: RequestId::mint(now, entropy),
            d: None,
        };
        tx.audit_insert(AuditOutboxRow {
            tenant_id: tenant,
            id: leaf.id,
            leaf: leaf.to_bytes().unwrap(),
            detail_sealed: None,
            leaf_index: None,
            created_at: now,
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}

/// Both tenants, in the order in which logs are gone through.
fn both(app: &TestApp) -> Vec<TenantId> {
    let mut both = vec![app.ours.id, app.theirs.id];
    both.sort();
    both
}

/// A signer that remembers what the one before it signed.
async fn signer(app: &TestApp) -> Signer {
    app.app().ledger().signer(&app.signer_file()).await.unwrap()
}

/// Places all leaves and signs all heads.
pub(crate) async fn sign(app: &TestApp) {
    sequence(app).await;
    assert_eq!(signer(app).await.sign().await.unwrap().refused, []);
}

/// The key that an auditor believes.
pub(crate) async fn verifier(store: &Store, tenant: TenantId) -> Verifier {
    let keys = store.tenant_read(TenantId::DEPLOYMENT).await.unwrap().signing_key_list("ledger").await.unwrap();
    let public_key = keys.last().expect("the signer made one").public_key.clone().try_into().expect("32 bytes");
    Verifier::new(origin(tenant).parse().unwrap(), public_key)
}

pub(crate) fn origin(tenant: TenantId) -> String {
    format!("sealtape/test/{tenant}/e1")
}

/// The newest checkpoint, opened as an auditor does.
async fn newest(store: &Store, tenant: TenantId) -> Option<TreeHead> {
    let row = store.tenant_read(tenant).await.unwrap().audit_checkpoint_newest().await.unwrap()?;
    let note = SignedNote::parse(&row.note).unwrap();
    let checkpoint = Checkpoint::open(&note, &origin(tenant), &[verifier(store, tenant).await]).unwrap();
    assert_eq!((checkpoint.head.size, checkpoint.head.root.as_bytes()), (row.size, &row.root));
    Some(checkpoint.head)
}

/// A tenant's whole log as it is stored.
struct Stored {
    head: TreeHead,
    entries: Vec<(u64, Vec<u8>)>,
    tiles: TileSet,
}

impl Stored {
    async fn of(store: &Store, tenant: TenantId) -> Self {
        let heads = store.audit_heads().await.unwrap();
        let head = heads.iter().find(|head| head.tenant_id == tenant).expect("the log was begun");
        let head = TreeHead { size: head.size, root: Hash::from_bytes(head.root) };
        let read = store.tenant_read(tenant).await.unwrap();
        let mut tiles = TileSet::default();
        for level in 0..3 {
            for number in 0.. {
                let Some(bytes) = read.audit_tile_find(level, number).await.unwrap() else { break };
                let hashes = bytes.as_chunks::<32>().0.iter().copied().map(Hash::from_bytes).collect();
                tiles.insert(level, number, hashes);
            }
        }
        Self { head, entries: read.audit_entries(0..head.size + 1_000).await.unwrap(), tiles }
    }

    /// The first thing that does not fit: among the entries, or else among the hashes.
    fn fault(&self) -> Result<(), Fault> {
        let entries = self.entries.iter().map(|(index, entry)| (*index, entry.as_slice()));
        check_entries(&self.tiles, 0..self.head.size, entries)?;
        check_tiles(&self.tiles, self.head)
    }

    /// Every leaf has one place, there is no gap, and tiles, head and entries are one tree.
    fn assert_whole(&self) {
        let mut frontier = Frontier::default();
        for (place, (index, entry)) in self.entries.iter().enumerate() {
            assert_eq!(*index, place as u64, "contiguous");
            frontier.append(Hash::of_leaf(entry), &mut Vec::new()).unwrap();
        }
        assert_eq!(frontier.head(), self.head);
        assert_eq!(self.fault(), Ok(()));
    }
}

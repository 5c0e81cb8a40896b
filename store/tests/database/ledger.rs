//! The tables of the audit log: leaves get their places once, and a log only grows.

use domain::TenantId;
use store::{
    AuditCheckpointRow, AuditHeadRow, AuditOutboxRow, LeafCursor, LeafFilter, LedgerTx, Store, StoreError, WaitingLeaf,
};
use testkit::TestDatabase;

use crate::fixture::{self, at, hash, populate};

/// A head before anything was placed.
fn empty(tenant: TenantId) -> AuditHeadRow {
    AuditHeadRow { tenant_id: tenant, size: 0, root: hash(0), frontier: Vec::new(), sequenced_at: at(0) }
}

pub(crate) fn checkpoint(tenant: TenantId, size: u64, seconds: u64) -> AuditCheckpointRow {
    let note = format!("note of {size} at {seconds}");
    AuditCheckpointRow { tenant_id: tenant, size, signed_at: at(seconds), root: hash(size), note }
}

fn leaf(tenant: TenantId, number: u64) -> AuditOutboxRow {
    AuditOutboxRow { leaf: vec![u8::try_from(number).unwrap()], ..fixture::audit(tenant, number) }
}

async fn add(store: &Store, tenant: TenantId, numbers: &[u64]) {
    let tx = store.tenant(tenant).await.unwrap();
    for number in numbers {
        tx.audit_insert(leaf(tenant, *number)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Places everything that waits.
async fn place(tx: &LedgerTx) -> AuditHeadRow {
    let head = tx.audit_head_lock(&empty(tx.tenant())).await.unwrap();
    let waiting = tx.audit_waiting_list(1_000).await.unwrap();
    tx.audit_place(head.size, &waiting).await.unwrap();
    let size = head.size + waiting.len() as u64;
    let grown = AuditHeadRow { size, root: hash(size), sequenced_at: at(size), ..head };
    tx.audit_head_put(&grown).await.unwrap();
    grown
}

#[tokio::test]
async fn leaves_get_their_places_in_order_and_once() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let (tenant, other) = (populate(&store, 1).await, populate(&store, 2).await);
        assert_eq!(store.audit_waiting().await.unwrap(), []);
        add(&store, tenant, &[4, 2, 3]).await;
        assert_eq!(store.audit_waiting().await.unwrap(), [tenant]);

        let tx = store.ledger(tenant).await.unwrap();
        let grown = place(&tx).await;
        tx.commit().await.unwrap();
        assert_eq!(store.audit_heads().await.unwrap(), [grown]);
        assert_eq!(store.audit_waiting().await.unwrap(), []);

        // One that committed late has an id from before, and is not lost.
        add(&store, tenant, &[1]).await;
        add(&store, other, &[9]).await;
        assert_eq!(store.audit_waiting().await.unwrap(), [tenant, other]);
        let tx = store.ledger(tenant).await.unwrap();
        place(&tx).await;
        // Placed twice is a conflict, whoever tries it.
        let again = [WaitingLeaf { id: leaf(tenant, 1).id, leaf: vec![1] }];
        assert!(matches!(tx.audit_place(9, &again).await, Err(StoreError::Conflict)));
        drop(tx);
        let tx = store.ledger(tenant).await.unwrap();
        place(&tx).await;
        tx.commit().await.unwrap();

        let read = store.tenant_read(tenant).await.unwrap();
        let entries: Vec<(u64, Vec<u8>)> = read.audit_entries(1..9).await.unwrap();
        assert_eq!(entries, [(1, vec![3]), (2, vec![4]), (3, vec![1])]);
        let newest = read.audit_leaf_list(LeafFilter::default(), None, 2).await.unwrap();
        assert_eq!(newest.iter().map(|leaf| leaf.index).collect::<Vec<_>>(), [Some(2), Some(1)]);
        let older = read.audit_leaf_list(LeafFilter::default(), Some(LeafCursor(newest[1].id)), 9).await.unwrap();
        assert_eq!(older.iter().map(|leaf| leaf.leaf[0]).collect::<Vec<_>>(), [2, 1]);
        let found = read.audit_leaf_find(leaf(tenant, 4).id).await.unwrap().unwrap();
        assert_eq!((found.index, found.leaf), (Some(2), vec![4]));
        assert_eq!(read.audit_leaf_find(leaf(other, 9).id).await.unwrap(), None, "another tenant's");
    }
}

#[tokio::test]
async fn a_place_is_given_to_one_leaf() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        add(&store, tenant, &[1]).await;
        let tx = store.ledger(tenant).await.unwrap();
        place(&tx).await;
        tx.commit().await.unwrap();
        add(&store, tenant, &[2]).await;
        let tx = store.ledger(tenant).await.unwrap();
        let waiting = tx.audit_waiting_list(9).await.unwrap();
        assert!(matches!(tx.audit_place(0, &waiting).await, Err(StoreError::Conflict)));
        drop(tx);
        // Whoever adds a leaf gives it no place.
        let tx = store.tenant(tenant).await.unwrap();
        let placed = AuditOutboxRow { leaf_index: Some(1), ..leaf(tenant, 3) };
        assert!(tx.audit_insert(placed).await.is_err());
    }
}

#[tokio::test]
async fn what_is_dropped_half_way_leaves_nothing() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        add(&store, tenant, &[1, 2]).await;
        let tx = store.ledger(tenant).await.unwrap();
        place(&tx).await;
        tx.audit_tile_put(0, 0, vec![1; 64]).await.unwrap();
        drop(tx);
        assert_eq!(store.audit_heads().await.unwrap(), []);
        assert_eq!(store.audit_waiting().await.unwrap(), [tenant]);
        assert_eq!(store.tenant_read(tenant).await.unwrap().audit_tile_find(0, 0).await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_newest_checkpoint_is_of_the_largest_log() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.ledger(tenant).await.unwrap();
        for (size, seconds) in [(3, 7), (3, 9), (2, 8)] {
            tx.audit_checkpoint_insert(checkpoint(tenant, size, seconds)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let read = store.tenant_read(tenant).await.unwrap();
        assert_eq!(read.audit_checkpoint_newest().await.unwrap(), Some(checkpoint(tenant, 3, 9)));
        assert_eq!(read.audit_checkpoint_of(2).await.unwrap(), Some(checkpoint(tenant, 2, 8)));
        assert_eq!(read.audit_checkpoint_of(4).await.unwrap(), None);
        drop(read);
        let tx = store.ledger(tenant).await.unwrap();
        let again = tx.audit_checkpoint_insert(checkpoint(tenant, 3, 9)).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        drop(tx);
        let tx = store.ledger(tenant).await.unwrap();
        let theirs = tx.audit_checkpoint_insert(checkpoint(fixture::tenant_id(2), 1, 1)).await;
        assert!(matches!(theirs, Err(StoreError::WrongTenant)), "{theirs:?}");
    }
}

/// Even as superuser: what was written down is neither changed nor removed.
#[tokio::test]
async fn a_log_only_grows() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        add(&store, tenant, &[1, 2]).await;
        let tx = store.ledger(tenant).await.unwrap();
        place(&tx).await;
        tx.audit_tile_put(0, 0, vec![1; 64]).await.unwrap();
        tx.audit_tile_put(0, 0, vec![1; 96]).await.unwrap();
        tx.audit_checkpoint_insert(checkpoint(tenant, 2, 1)).await.unwrap();
        tx.commit().await.unwrap();
        for hashes in [vec![1; 96], vec![1; 32], vec![2; 128], vec![1; 100]] {
            let tx = store.ledger(tenant).await.unwrap();
            assert!(tx.audit_tile_put(0, 0, hashes).await.is_err());
        }
        let admin = database.admin().await;
        for refused in [
            "UPDATE audit_head SET size = 1",
            "UPDATE audit_head SET sequenced_at = 9",
            "DELETE FROM audit_head",
            "UPDATE audit_tile SET number = 1",
            "DELETE FROM audit_tile",
            "UPDATE audit_checkpoint SET note = ''",
            "DELETE FROM audit_checkpoint",
            "DELETE FROM audit_outbox",
            "UPDATE audit_outbox SET leaf_index = 7",
        ] {
            assert!(sea_orm::ConnectionTrait::execute_unprepared(&admin, refused).await.is_err(), "{refused}");
        }
    }
}

/// A leaf wakes the sequencer of the process that committed it, and one that was rolled back does not.
#[tokio::test]
async fn a_committed_leaf_wakes_its_sequencer() {
    let database = TestDatabase::sqlite().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let tx = store.tenant(tenant).await.unwrap();
    tx.audit_insert(leaf(tenant, 1)).await.unwrap();
    drop(tx);
    let mut waiting = Box::pin(store.audit_added());
    assert!(once(&mut waiting).await.is_pending());
    add(&store, tenant, &[2]).await;
    waiting.await;
}

async fn once<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    std::future::poll_fn(|cx| std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx))).await
}

//! Receivers of the audit log, and batches on their way: marks that move once, tries that count once.

use domain::{DeliveryId, SinkId, TenantId};
use store::{Attempted, DeliveryKind, DeliveryRow, DeliveryState, SinkKind, SinkRow, StoreError};
use testkit::TestDatabase;

use crate::fixture::{at, member_id, populate, uuid};

fn sink_id(n: u64) -> SinkId {
    SinkId::from_uuid(uuid(23, n))
}

fn delivery_id(n: u64) -> DeliveryId {
    DeliveryId::from_uuid(uuid(24, n))
}

/// A webhook that gets everything, made by the tenant's first member.
pub(crate) fn sink(tenant: TenantId, n: u64) -> SinkRow {
    SinkRow {
        tenant_id: tenant,
        id: sink_id(n),
        name: format!("sink {n}"),
        kind: SinkKind::Webhook,
        acts: None,
        settings_sealed: vec![1, 2, 3],
        revision: 1,
        created_by: member_id(0),
        created_at: at(n),
        paused_at: None,
        failing_since: None,
        told_at: None,
        last_delivery_at: None,
        done_size: 0,
        sent_size: 0,
        mac: vec![0; 32],
    }
}

/// The `n`th batch of the first sink: ten entries each.
pub(crate) fn delivery(tenant: TenantId, n: u64) -> DeliveryRow {
    DeliveryRow {
        tenant_id: tenant,
        id: delivery_id(n),
        sink_id: sink_id(0),
        kind: DeliveryKind::Batch,
        from_index: 10 * n,
        first_index: 10 * n,
        to_index: 10 * n + 10,
        entries: 10,
        checkpoint_size: 10 * n + 10,
        acts: Some(vec!["session.view".to_owned()]),
        state: DeliveryState::Waiting,
        attempts: 0,
        next_at: Some(at(n)),
        last_status: None,
        last_problem: None,
        created_at: at(n),
        delivered_at: None,
    }
}

fn tried(state: DeliveryState, next: Option<u64>, now: u64) -> Attempted {
    Attempted { state, next_at: next.map(at), status: Some(500), problem: Some("status"), now: at(now) }
}

#[tokio::test]
async fn a_batch_arrives_once_and_moves_the_mark_once() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.sink_insert(sink(tenant, 0)).await.unwrap();
        tx.delivery_insert(delivery(tenant, 0)).await.unwrap();
        assert_eq!(tx.delivery_open(sink_id(0)).await.unwrap(), Some(delivery(tenant, 0)));
        // The first try fails, the second does, and each number counts once.
        assert!(tx.delivery_attempted(delivery_id(0), 1, tried(DeliveryState::Waiting, Some(5), 1)).await.unwrap());
        assert!(!tx.delivery_attempted(delivery_id(0), 1, tried(DeliveryState::Delivered, None, 1)).await.unwrap());
        assert!(tx.sink_failed(sink_id(0), at(1)).await.unwrap());
        assert!(!tx.sink_failed(sink_id(0), at(2)).await.unwrap(), "since the first failure");
        assert!(!tx.sink_told(sink_id(0), at(0), at(3)).await.unwrap(), "not long enough");
        assert!(tx.sink_told(sink_id(0), at(1), at(3)).await.unwrap());
        assert!(!tx.sink_told(sink_id(0), at(1), at(4)).await.unwrap(), "once");
        assert!(tx.delivery_attempted(delivery_id(0), 2, tried(DeliveryState::Delivered, None, 6)).await.unwrap());
        assert!(tx.sink_moved(sink_id(0), 0, 10).await.unwrap());
        assert!(!tx.sink_moved(sink_id(0), 0, 10).await.unwrap());
        assert!(tx.sink_arrived(sink_id(0), at(6)).await.unwrap());
        let row = tx.sink_find(sink_id(0)).await.unwrap().unwrap();
        assert_eq!((row.done_size, row.sent_size, row.failing_since, row.told_at), (10, 10, None, None));
        assert_eq!(row.last_delivery_at, Some(at(6)));
        let row = tx.delivery_find(sink_id(0), delivery_id(0)).await.unwrap().unwrap();
        assert_eq!((row.state, row.attempts, row.delivered_at), (DeliveryState::Delivered, 2, Some(at(6))));
        assert_eq!(tx.delivery_open(sink_id(0)).await.unwrap(), None);
        // What is none of its entries is passed over; what is sent again is no batch of the log's any more.
        assert!(tx.sink_passed(sink_id(0), 10, 15).await.unwrap());
        assert!(!tx.sink_passed(sink_id(0), 10, 15).await.unwrap());
        assert!(tx.delivery_again(sink_id(0), delivery_id(0), at(7)).await.unwrap());
        assert!(!tx.delivery_again(sink_id(1), delivery_id(0), at(7)).await.unwrap(), "another sink's");
        assert_eq!(tx.delivery_open(sink_id(0)).await.unwrap(), None);
        assert_eq!(tx.delivery_hurry_log(sink_id(0), at(6)).await.unwrap(), 0);
        assert_eq!(tx.delivery_extra(sink_id(0), at(6), 9).await.unwrap(), []);
        let again = tx.delivery_extra(sink_id(0), at(7), 9).await.unwrap().remove(0);
        assert_eq!((again.id, again.attempts, again.delivered_at), (delivery_id(0), 0, Some(at(6))));
        tx.commit().await.unwrap();
        let tx = store.tenant(tenant).await.unwrap();
        let refused = tx.delivery_insert(DeliveryRow { id: delivery_id(9), ..delivery(tenant, 0) }).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "one batch from each place: {refused:?}");
    }
}

#[tokio::test]
async fn a_sink_is_changed_by_its_revision_paused_and_removed() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for n in 0..3 {
            tx.sink_insert(sink(tenant, n)).await.unwrap();
        }
        let page: Vec<_> = tx.sink_page(Some(sink_id(2)), 5).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(page, [sink_id(1), sink_id(0)]);
        let changed = SinkRow { name: "other".to_owned(), acts: Some(Vec::new()), revision: 2, ..sink(tenant, 0) };
        assert!(tx.sink_update(changed.clone()).await.unwrap());
        assert!(!tx.sink_update(changed.clone()).await.unwrap(), "another revision is there");
        assert_eq!(tx.sink_find(sink_id(0)).await.unwrap(), Some(changed));
        assert!(tx.sink_pause(sink_id(1), at(1)).await.unwrap() && !tx.sink_pause(sink_id(1), at(2)).await.unwrap());
        assert_eq!((tx.sink_active().await.unwrap().len(), tx.sink_count().await.unwrap()), (2, 3));
        tx.delivery_insert(delivery(tenant, 0)).await.unwrap();
        assert!(!tx.sink_delete(sink_id(0), 1).await.unwrap(), "another revision");
        assert!(tx.delivery_find(sink_id(0), delivery_id(0)).await.unwrap().is_some(), "and nothing of it is gone");
        assert!(tx.sink_delete(sink_id(0), 2).await.unwrap() && !tx.sink_delete(sink_id(0), 2).await.unwrap());
        assert_eq!(tx.delivery_find(sink_id(0), delivery_id(0)).await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_sink_is_looked_at_when_there_is_something_to_do() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        assert!(!tx.sink_wanted(at(9), at(0)).await.unwrap(), "none is there");
        tx.sink_insert(sink(tenant, 0)).await.unwrap();
        assert!(!tx.sink_wanted(at(9), at(0)).await.unwrap(), "nothing is signed");
        tx.commit().await.unwrap();
        let ledger = store.ledger(tenant).await.unwrap();
        ledger.audit_checkpoint_insert(crate::ledger::checkpoint(tenant, 10, 0)).await.unwrap();
        ledger.commit().await.unwrap();
        let tx = store.tenant(tenant).await.unwrap();
        assert!(tx.sink_wanted(at(9), at(0)).await.unwrap(), "entries wait");
        tx.delivery_insert(DeliveryRow { next_at: Some(at(20)), ..delivery(tenant, 0) }).await.unwrap();
        assert!(!tx.sink_wanted(at(9), at(0)).await.unwrap(), "their batch is not due");
        assert!(tx.sink_wanted(at(20), at(0)).await.unwrap(), "it is");
        tx.sink_failed(sink_id(0), at(5)).await.unwrap();
        assert!(tx.sink_wanted(at(9), at(5)).await.unwrap(), "somebody is to be told");
        tx.sink_pause(sink_id(0), at(6)).await.unwrap();
        assert!(!tx.sink_wanted(at(99), at(99)).await.unwrap(), "paused");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_log_of_deliveries_is_bounded() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.sink_insert(sink(tenant, 0)).await.unwrap();
        for n in 0..6 {
            tx.delivery_insert(delivery(tenant, n)).await.unwrap();
            if n != 1 {
                tx.delivery_attempted(delivery_id(n), 1, tried(DeliveryState::Delivered, None, n)).await.unwrap();
            }
        }
        // The first is too old; of the others the newest three stay, and whatever still waits.
        assert_eq!(tx.delivery_prune(sink_id(0), at(1), 3).await.unwrap(), 2);
        let left: Vec<_> =
            tx.delivery_page(sink_id(0), None, None, 9).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(left, [5, 4, 3, 1].map(delivery_id));
        let waiting = tx.delivery_page(sink_id(0), Some(DeliveryState::Waiting), None, 9).await.unwrap();
        assert_eq!(waiting.len(), 1);
        tx.commit().await.unwrap();
    }
}

//! `sink_delivery`: batches of the audit log on their way to a receiver, and those that arrived.

use domain::{DeliveryId, SinkId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{DeliveryKind, DeliveryState, StoreError, TenantRead, TenantTx};

table! {
    /// One batch. It names places in the log and holds no entry, so that what is sent is made anew each time, and is the same.
    DeliveryRow in sink_delivery = "sink_delivery" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id; the receiver sees it too.
            id: DeliveryId = Uuid,
        }
        /// To whom.
        sink_id: SinkId = Uuid,
        /// Entries, or a test.
        kind: DeliveryKind = String,
        /// Where the batch before ended.
        from_index: u64 = i64,
        /// The first entry in it.
        first_index: u64 = i64,
        /// Behind the last entry that was looked at for it.
        to_index: u64 = i64,
        /// How many entries are in it.
        entries: u64 = i64,
        /// The size of the log of which it tells the checkpoint.
        checkpoint_size: u64 = i64,
        /// Acts whose entries are in it; all when there is no list.
        acts: Option<Vec<String>> = Option<String>,
        /// Where it stands.
        state: DeliveryState = String,
        /// How often it was tried since it last began to wait.
        attempts: u32 = i64,
        /// When it is tried next, if its receiver is not paused; not before somebody says so when there is none.
        next_at: Option<Timestamp> = Option<i64>,
        /// The status of the last answer, when there was one.
        last_status: Option<u16> = Option<i64>,
        /// A word of ours for why the last try did not do.
        last_problem: Option<String> = Option<String>,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When it first arrived.
        delivered_at: Option<Timestamp> = Option<i64>,
    }
}
use sink_delivery::{Column, Entity};

/// What became of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempted {
    /// Where it stands now.
    pub state: DeliveryState,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why it did not do.
    pub problem: Option<&'static str>,
    /// When it was tried.
    pub now: Timestamp,
}

impl TenantRead {
    /// One delivery of one receiver.
    pub async fn delivery_find(&self, sink: SinkId, id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
        let of_sink = Entity::scoped(self.tenant()).filter(Column::SinkId.eq(sink.uuid()));
        self.one(of_sink.filter(Column::Id.eq(id.uuid()))).await
    }

    /// A page of a receiver's deliveries, newest first.
    pub async fn delivery_page(
        &self,
        sink: SinkId,
        state: Option<DeliveryState>,
        after: Option<DeliveryId>,
        limit: u64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        self.all(self.delivery_select(sink, state, after, limit)).await
    }

    pub(crate) fn delivery_select(
        &self,
        sink: SinkId,
        state: Option<DeliveryState>,
        after: Option<DeliveryId>,
        limit: u64,
    ) -> Select<Entity> {
        let mut select = Entity::scoped(self.tenant()).filter(Column::SinkId.eq(sink.uuid()));
        if let Some(state) = state {
            select = select.filter(Column::State.eq(state.as_str()));
        }
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        select.order_by_desc(Column::Id).limit(limit)
    }

    /// The batch that has to arrive before the next is made.
    pub async fn delivery_open(&self, sink: SinkId) -> Result<Option<DeliveryRow>, StoreError> {
        self.one(self.delivery_open_select(sink)).await
    }

    pub(crate) fn delivery_open_select(&self, sink: SinkId) -> Select<Entity> {
        let waiting = Entity::scoped(self.tenant())
            .filter(Column::SinkId.eq(sink.uuid()))
            .filter(Column::State.eq(DeliveryState::Waiting.as_str()));
        let open = waiting.filter(Column::Kind.eq(DeliveryKind::Batch.as_str())).filter(Column::DeliveredAt.is_null());
        open.order_by_asc(Column::Id).limit(1)
    }

    /// Tests and batches that are sent again by hand, as far as they are due, the longest due first.
    pub async fn delivery_extra(
        &self,
        sink: SinkId,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let waiting = Entity::scoped(self.tenant())
            .filter(Column::SinkId.eq(sink.uuid()))
            .filter(Column::State.eq(DeliveryState::Waiting.as_str()))
            .filter(Column::NextAt.lte(now.as_micros()));
        let test = Column::Kind.eq(DeliveryKind::Test.as_str());
        let extra = Condition::any().add(test).add(Column::DeliveredAt.is_not_null());
        self.all(waiting.filter(extra).order_by_asc(Column::NextAt).order_by_asc(Column::Id).limit(limit)).await
    }

    /// The test that has not arrived yet.
    pub async fn delivery_test(&self, sink: SinkId) -> Result<Option<DeliveryRow>, StoreError> {
        let waiting = Entity::scoped(self.tenant())
            .filter(Column::SinkId.eq(sink.uuid()))
            .filter(Column::State.eq(DeliveryState::Waiting.as_str()));
        self.one(waiting.filter(Column::Kind.eq(DeliveryKind::Test.as_str())).limit(1)).await
    }
}

impl TenantTx {
    /// Adds a delivery; [`StoreError::Conflict`] for a batch that is there.
    pub async fn delivery_insert(&self, row: DeliveryRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Writes down what became of a try, which was its `attempts`th; false when somebody else has tried meanwhile.
    pub async fn delivery_attempted(
        &self,
        id: DeliveryId,
        attempts: u32,
        tried: Attempted,
    ) -> Result<bool, StoreError> {
        let sql =
            "UPDATE sink_delivery SET state = $4, attempts = $3, next_at = $5, last_status = $6, last_problem = $7,
                     delivered_at = COALESCE(delivered_at, $8)
                   WHERE tenant_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'waiting'";
        let arrived = tried.state == DeliveryState::Delivered;
        let values = vec![
            id.uuid().into(),
            i64::from(attempts).into(),
            tried.state.as_str().into(),
            tried.next_at.map(Timestamp::as_micros).into(),
            tried.status.map(i64::from).into(),
            tried.problem.map(text).transpose()?.into(),
            arrived.then(|| tried.now.as_micros()).into(),
        ];
        self.won(sql, values).await
    }

    /// Tries what waits for this receiver at once; says how many that are.
    pub async fn delivery_hurry(&self, sink: SinkId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE sink_delivery SET next_at = $3 WHERE tenant_id = $1 AND sink_id = $2 AND state = 'waiting'";
        self.run(sql, vec![sink.uuid().into(), now.as_micros().into()]).await
    }

    /// The same for the log's own batch alone.
    pub async fn delivery_hurry_log(&self, sink: SinkId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE sink_delivery SET next_at = $3 WHERE tenant_id = $1 AND sink_id = $2 AND state = 'waiting'
                     AND kind = 'batch' AND delivered_at IS NULL AND next_at > $3";
        self.run(sql, vec![sink.uuid().into(), now.as_micros().into()]).await
    }

    /// Sends a delivery at once, also one that had arrived or was given up; false when there is none.
    pub async fn delivery_again(&self, sink: SinkId, id: DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
        let sql =
            "UPDATE sink_delivery SET next_at = $4, attempts = CASE WHEN state = 'waiting' THEN attempts ELSE 0 END,
                     state = 'waiting'
                   WHERE tenant_id = $1 AND sink_id = $2 AND id = $3";
        self.won(sql, vec![sink.uuid().into(), id.uuid().into(), now.as_micros().into()]).await
    }

    /// Forgets settled deliveries of a receiver: those made before `before`, and all but the newest `keep`.
    pub async fn delivery_prune(&self, sink: SinkId, before: Timestamp, keep: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sink_delivery WHERE tenant_id = $1 AND sink_id = $2 AND state <> 'waiting'
                     AND (created_at < $3 OR id <= (SELECT id FROM sink_delivery WHERE tenant_id = $1 AND sink_id = $2
                                                    ORDER BY id DESC LIMIT 1 OFFSET $4))";
        self.run(sql, vec![sink.uuid().into(), before.as_micros().into(), keep.store()?.into()]).await
    }
}

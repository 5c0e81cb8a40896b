//! `sink`: receivers of the audit log outside.

use domain::{MemberId, SinkId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{SinkKind, StoreError, TenantRead, TenantTx};

table! {
    /// One receiver.
    SinkRow in sink = "sink" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: SinkId = Uuid,
        }
        /// What people call it.
        name: String = String,
        /// What is at the other end.
        kind: SinkKind = String,
        /// Acts whose entries it gets; all when there is no list.
        acts: Option<Vec<String>> = Option<String>,
        /// Address and secrets, sealed.
        settings_sealed: Vec<u8> = Vec<u8>,
        /// Raised with every change of what the MAC covers.
        revision: u64 = i64,
        /// Who made it.
        created_by: MemberId = Uuid,
        /// When.
        created_at: Timestamp = i64,
        /// Since when nothing is sent.
        paused_at: Option<Timestamp> = Option<i64>,
        /// Since when nothing arrives.
        failing_since: Option<Timestamp> = Option<i64>,
        /// When members were told of that.
        told_at: Option<Timestamp> = Option<i64>,
        /// When something last arrived.
        last_delivery_at: Option<Timestamp> = Option<i64>,
        /// Entries before this place were handed on, or are none that it gets.
        done_size: u64 = i64,
        /// Where the last batch that arrived ended.
        sent_size: u64 = i64,
        /// Over kind, acts and settings; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}
use sink::{Column, Entity};

impl TenantRead {
    /// One receiver.
    pub async fn sink_find(&self, id: SinkId) -> Result<Option<SinkRow>, StoreError> {
        self.one(Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }

    /// A page of receivers, newest first.
    pub async fn sink_page(&self, after: Option<SinkId>, limit: u64) -> Result<Vec<SinkRow>, StoreError> {
        let mut select = Entity::scoped(self.tenant()).order_by_desc(Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        self.all(select).await
    }

    /// Receivers that are sent to.
    pub async fn sink_active(&self) -> Result<Vec<SinkRow>, StoreError> {
        self.all(Entity::scoped(self.tenant()).filter(Column::PausedAt.is_null()).order_by_asc(Column::Id)).await
    }

    /// How many there are.
    pub async fn sink_count(&self) -> Result<u64, StoreError> {
        let row = self.row("SELECT count(*) AS n FROM sink WHERE tenant_id = $1", Vec::new()).await?;
        let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
        u64::try_from(count).map_err(|_| StoreError::OutOfRange)
    }

    /// How many receivers that are sent to take nothing, and since when the first of them does.
    pub async fn sink_failing(&self) -> Result<(u64, Option<Timestamp>), StoreError> {
        let sql = "SELECT count(*) AS n, min(failing_since) AS since FROM sink
                   WHERE tenant_id = $1 AND failing_since IS NOT NULL AND paused_at IS NULL";
        let Some(row) = self.row(sql, Vec::new()).await? else { return Ok((0, None)) };
        let (count, since): (i64, Option<i64>) = (row.try_get("", "n")?, row.try_get("", "since")?);
        Ok((u64::try_from(count).map_err(|_| StoreError::OutOfRange)?, since.map(Timestamp::from_micros)))
    }

    /// Whether some receiver is to be sent to now: a delivery is due, signed entries wait for their first, or members are to be
    /// told of one that has failed since `failing`.
    pub async fn sink_wanted(&self, now: Timestamp, failing: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS yes FROM sink s WHERE s.tenant_id = $1 AND s.paused_at IS NULL AND (
                     EXISTS (SELECT 1 FROM sink_delivery d WHERE d.tenant_id = $1 AND d.sink_id = s.id
                             AND d.state = 'waiting' AND d.next_at <= $2)
                     OR (s.failing_since <= $3 AND s.told_at IS NULL)
                     OR (s.done_size < (SELECT max(c.size) FROM audit_checkpoint c WHERE c.tenant_id = $1)
                         AND NOT EXISTS (SELECT 1 FROM sink_delivery d WHERE d.tenant_id = $1 AND d.sink_id = s.id
                                         AND d.state = 'waiting' AND d.kind = 'batch' AND d.delivered_at IS NULL)))
                   LIMIT 1";
        Ok(self.row(sql, vec![now.as_micros().into(), failing.as_micros().into()]).await?.is_some())
    }
}

impl TenantTx {
    /// Adds a receiver.
    pub async fn sink_insert(&self, row: SinkRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Changes name, acts, settings and pause: `row` as it is to be, one revision after the one that is there. False when that
    /// is another one.
    pub async fn sink_update(&self, row: SinkRow) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET name = $4, acts = $5, settings_sealed = $6, paused_at = $7, failing_since = $8,
                     told_at = $9, mac = $10, revision = $3
                   WHERE tenant_id = $1 AND id = $2 AND revision = $3 - 1";
        let values = vec![
            row.id.uuid().into(),
            row.revision.store()?.into(),
            text(row.name)?.into(),
            row.acts.store()?.into(),
            row.settings_sealed.into(),
            row.paused_at.map(Timestamp::as_micros).into(),
            row.failing_since.map(Timestamp::as_micros).into(),
            row.told_at.map(Timestamp::as_micros).into(),
            row.mac.into(),
        ];
        self.won(sql, values).await
    }

    /// Removes a receiver of this revision, and the log of its deliveries; false when there is none.
    pub async fn sink_delete(&self, id: SinkId, revision: u64) -> Result<bool, StoreError> {
        let values = vec![id.uuid().into(), revision.store()?.into()];
        let forget = "DELETE FROM sink_delivery WHERE tenant_id = $1 AND sink_id = $2 AND EXISTS (
                        SELECT 1 FROM sink s WHERE s.tenant_id = $1 AND s.id = $2 AND s.revision = $3)";
        self.run(forget, values.clone()).await?;
        self.won("DELETE FROM sink WHERE tenant_id = $1 AND id = $2 AND revision = $3", values).await
    }

    /// Entries up to `to` are none that it gets; false when somebody else has moved it.
    pub async fn sink_passed(&self, id: SinkId, from: u64, to: u64) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET done_size = $4 WHERE tenant_id = $1 AND id = $2 AND done_size = $3";
        self.won(sql, vec![id.uuid().into(), from.store()?.into(), to.store()?.into()]).await
    }

    /// The batch from `from` to `to` has arrived; false when it had before.
    pub async fn sink_moved(&self, id: SinkId, from: u64, to: u64) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET done_size = $4, sent_size = $4 WHERE tenant_id = $1 AND id = $2 AND sent_size = $3";
        self.won(sql, vec![id.uuid().into(), from.store()?.into(), to.store()?.into()]).await
    }

    /// Something has arrived: it does not fail any more.
    pub async fn sink_arrived(&self, id: SinkId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET last_delivery_at = $3, failing_since = NULL, told_at = NULL
                   WHERE tenant_id = $1 AND id = $2";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// A test, or something that had arrived before, has arrived: somebody is there. Whether the log gets through is another
    /// question.
    pub async fn sink_heard(&self, id: SinkId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET last_delivery_at = $3 WHERE tenant_id = $1 AND id = $2";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// Something has not arrived; it is failing since then, or longer.
    pub async fn sink_failed(&self, id: SinkId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET failing_since = $3 WHERE tenant_id = $1 AND id = $2 AND failing_since IS NULL";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// Members are being told that it fails; false when they were, or it does not since `failing`.
    pub async fn sink_told(&self, id: SinkId, failing: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET told_at = $4
                   WHERE tenant_id = $1 AND id = $2 AND failing_since <= $3 AND told_at IS NULL AND paused_at IS NULL";
        self.won(sql, vec![id.uuid().into(), failing.as_micros().into(), now.as_micros().into()]).await
    }

    /// Stops sending, by the receiver's own word; false when it was stopped.
    pub async fn sink_pause(&self, id: SinkId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sink SET paused_at = $3 WHERE tenant_id = $1 AND id = $2 AND paused_at IS NULL";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }
}

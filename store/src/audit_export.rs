//! `audit_export`: what somebody takes out of the audit log, and how far it was looked through.

use domain::{AuditExportId, MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{AuditExportFormat, AuditExportState, StoreError, TenantRead, TenantTx};

table! {
    /// One export of the log.
    AuditExportRow in audit_export = "audit_export" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: AuditExportId = Uuid,
        }
        /// Its form.
        format: AuditExportFormat = String,
        /// What is wanted, as JSON; everything when absent.
        filter: Option<String> = Option<String>,
        /// Entries of the log up to its checkpoint.
        size: u64 = i64,
        /// How it stands.
        state: AuditExportState = String,
        /// Entries that were looked at.
        done: u64 = i64,
        /// Entries that were found.
        entries: u64 = i64,
        /// Bytes that they take.
        bytes: u64 = i64,
        /// The code of what went wrong.
        problem: Option<String> = Option<String>,
        /// When it was asked for.
        created_at: Timestamp = i64,
        /// By whom.
        member_id: MemberId = Uuid,
        /// No download from then on.
        expires_at: Timestamp = i64,
    }
}
use audit_export::{Column, Entity};

/// How far an export was looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditExportProgress {
    /// Entries that were looked at.
    pub done: u64,
    /// Entries that were found.
    pub entries: u64,
    /// Bytes that they take.
    pub bytes: u64,
}

impl TenantRead {
    /// One export.
    pub async fn audit_export_find(&self, id: AuditExportId) -> Result<Option<AuditExportRow>, StoreError> {
        self.one(Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }

    /// One page of exports, newest first, those before `after`.
    pub async fn audit_export_list(
        &self,
        after: Option<AuditExportId>,
        limit: u64,
    ) -> Result<Vec<AuditExportRow>, StoreError> {
        self.all(self.audit_export_page(after, limit)).await
    }

    pub(crate) fn audit_export_page(&self, after: Option<AuditExportId>, limit: u64) -> Select<Entity> {
        let mut select = Entity::scoped(self.tenant());
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        select.order_by_desc(Column::Id).limit(limit)
    }
}

impl TenantTx {
    /// Records that the log is taken out.
    pub async fn audit_export_insert(&self, row: AuditExportRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Moves an export from `done` to `reached`; it is ready when that is its size. False when somebody else moved it, or it was
    /// ended.
    pub async fn audit_export_advance(
        &self,
        id: AuditExportId,
        done: u64,
        reached: AuditExportProgress,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE audit_export
                   SET state = CASE WHEN size = $4 THEN 'ready' ELSE 'running' END, done = $4, entries = $5, bytes = $6
                   WHERE tenant_id = $1 AND id = $2 AND done = $3 AND state IN ('waiting', 'running')";
        let AuditExportProgress { done: to, entries, bytes } = reached;
        let values = vec![
            id.uuid().into(),
            done.store()?.into(),
            to.store()?.into(),
            entries.store()?.into(),
            bytes.store()?.into(),
        ];
        self.won(sql, values).await
    }

    /// Ends an export that is not ready, with the code of what went wrong; false when there is nothing to end.
    pub async fn audit_export_fail(&self, id: AuditExportId, problem: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE audit_export SET state = 'failed', problem = $3
                   WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running')";
        self.won(sql, vec![id.uuid().into(), text(problem)?.into()]).await
    }

    /// Ends an export that is not ready because nobody wants it any more; false when there is nothing to end.
    pub async fn audit_export_cancel(&self, id: AuditExportId) -> Result<bool, StoreError> {
        let sql = "UPDATE audit_export SET state = 'cancelled'
                   WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running')";
        self.won(sql, vec![id.uuid().into()]).await
    }

    /// Removes an export; false when there is none.
    pub async fn audit_export_remove(&self, id: AuditExportId) -> Result<bool, StoreError> {
        self.won("DELETE FROM audit_export WHERE tenant_id = $1 AND id = $2", vec![id.uuid().into()]).await
    }

    /// Removes exports that could not be downloaded any more at `before`; says how many.
    pub async fn audit_export_prune(&self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM audit_export WHERE tenant_id = $1 AND id IN (
                     SELECT id FROM audit_export WHERE tenant_id = $1 AND expires_at <= $2 ORDER BY id LIMIT $3)";
        self.run(sql, vec![before.as_micros().into(), limit.store()?.into()]).await
    }
}

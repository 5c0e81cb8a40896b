//! `session_export`: who took which session out. Only the count of downloads is ever changed.

use domain::{ExportId, MemberId, SessionId, TenantId, Timestamp};
use policy::grants::Purpose;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One time that somebody took a session out.
    SessionExportRow in session_export = "session_export" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: ExportId = Uuid,
        }
        /// What was taken out.
        session_id: SessionId = Uuid,
        /// Generation of the session's key that the export's follows from.
        generation: u32 = i64,
        /// Who took it.
        member_id: MemberId = Uuid,
        /// What for.
        purpose: Purpose = String,
        /// When.
        created_at: Timestamp = i64,
        /// No download from then on.
        expires_at: Timestamp = i64,
        /// How often it was downloaded.
        downloads: u32 = i64,
        /// When that was last.
        last_download_at: Option<Timestamp> = Option<i64>,
    }
}
use session_export::{Column, Entity};

impl TenantRead {
    /// One export.
    pub async fn session_export_find(&self, id: ExportId) -> Result<Option<SessionExportRow>, StoreError> {
        self.one(Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }

    /// One page of a session's exports, newest first, those before `after`.
    pub async fn session_export_list(
        &self,
        session: SessionId,
        after: Option<ExportId>,
        limit: u64,
    ) -> Result<Vec<SessionExportRow>, StoreError> {
        let mut select = Entity::scoped(self.tenant()).filter(Column::SessionId.eq(session.uuid()));
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        self.all(select.order_by_desc(Column::Id).limit(limit)).await
    }
}

impl TenantTx {
    /// Records that a session is taken out.
    pub async fn session_export_insert(&self, row: SessionExportRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Counts a download; false when its time is over.
    pub async fn session_export_count(&self, id: ExportId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE session_export SET downloads = downloads + 1, last_download_at = $3
                   WHERE tenant_id = $1 AND id = $2 AND expires_at > $3";
        self.won(sql, vec![id.uuid().into(), at.as_micros().into()]).await
    }
}

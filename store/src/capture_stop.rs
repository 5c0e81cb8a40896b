//! `capture_stop`: where nothing is captured now.

use domain::{MemberId, ProjectId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// Capture is stopped somewhere.
    CaptureStopRow in capture_stop = "capture_stop" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// A project's id, or the nil id: all of them.
            scope: Uuid = Uuid,
        }
        /// Since when.
        stopped_at: Timestamp = i64,
        /// Who stopped it.
        stopped_by: MemberId = Uuid,
    }
}
use capture_stop::{Column, Entity};

/// What a stop is about, as its row names it.
#[must_use]
pub fn capture_scope(project: Option<ProjectId>) -> Uuid {
    project.map_or(Uuid::nil(), ProjectId::uuid)
}

impl TenantRead {
    /// Where capture is stopped, that of everything first.
    pub async fn capture_stop_list(&self) -> Result<Vec<CaptureStopRow>, StoreError> {
        self.all(Entity::scoped(self.tenant()).order_by_asc(Column::Scope)).await
    }

    /// Whether capture is stopped in a project, by its own stop or by that of everything.
    pub async fn capture_is_stopped(&self, project: ProjectId) -> Result<bool, StoreError> {
        let scopes = [capture_scope(None), capture_scope(Some(project))];
        let select = Entity::scoped(self.tenant()).filter(Column::Scope.is_in(scopes));
        Ok(!self.all::<CaptureStopRow>(select).await?.is_empty())
    }

    /// The same for a session's project.
    pub async fn capture_is_stopped_for(&self, session: domain::SessionId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS yes FROM capture_stop c WHERE c.tenant_id = $1 AND (c.scope = $3 OR c.scope =
                     (SELECT project_id FROM session WHERE tenant_id = $1 AND id = $2)) LIMIT 1";
        Ok(self.row(sql, vec![session.uuid().into(), Uuid::nil().into()]).await?.is_some())
    }
}

impl TenantTx {
    /// Stops capture; false when it is stopped there already.
    pub async fn capture_stop_insert(&self, row: CaptureStopRow) -> Result<bool, StoreError> {
        let sql = "INSERT INTO capture_stop (tenant_id, scope, stopped_at, stopped_by) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (tenant_id, scope) DO NOTHING";
        let values = vec![row.scope.into(), row.stopped_at.as_micros().into(), row.stopped_by.uuid().into()];
        self.won(sql, values).await
    }

    /// Lets capture go on; false when it was not stopped there.
    pub async fn capture_stop_delete(&self, scope: Uuid) -> Result<bool, StoreError> {
        self.won("DELETE FROM capture_stop WHERE tenant_id = $1 AND scope = $2", vec![scope.into()]).await
    }
}

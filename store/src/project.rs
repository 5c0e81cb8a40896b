//! `project`: a tenant's applications.

use domain::{ProjectId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::Stored as _;
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One application of a tenant.
    ProjectRow in project = "project" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: ProjectId = Uuid,
        }
        /// Its name; unique within the tenant.
        name: String = String,
        /// When it was created.
        created_at: Timestamp = i64,
    }
}

/// How many sessions a project has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProjectCounts {
    /// Being recorded now.
    pub live: u64,
    /// All that are not erased.
    pub total: u64,
    /// Sealed bytes of all of them.
    pub bytes_stored: u64,
}

impl TenantRead {
    /// One project.
    pub async fn project_find(&self, id: ProjectId) -> Result<Option<ProjectRow>, StoreError> {
        self.one(project::Entity::scoped(self.tenant()).filter(project::Column::Id.eq(id.uuid()))).await
    }

    /// Every project by name, then id.
    pub async fn project_list(&self) -> Result<Vec<ProjectRow>, StoreError> {
        let select = project::Entity::scoped(self.tenant())
            .order_by_asc(project::Column::Name)
            .order_by_asc(project::Column::Id);
        self.all(select).await
    }

    /// Counts a project's sessions.
    pub async fn project_counts(&self, id: ProjectId) -> Result<ProjectCounts, StoreError> {
        let sql = format!(
            "SELECT {} AS live, {} AS total, {} AS bytes FROM session
             WHERE tenant_id = $1 AND project_id = $2 AND state <> 'erased'",
            sum("CASE WHEN state = 'live' THEN 1 ELSE 0 END"),
            sum("1"),
            sum("bytes_stored")
        );
        let Some(row) = self.row(&sql, vec![id.uuid().into()]).await? else { return Ok(ProjectCounts::default()) };
        let number = |column| -> Result<u64, StoreError> {
            u64::load(row.try_get("", column)?).ok_or(StoreError::Corrupt { table: "session", column })
        };
        Ok(ProjectCounts { live: number("live")?, total: number("total")?, bytes_stored: number("bytes")? })
    }
}

impl TenantTx {
    /// Adds a project. A name that is taken is a [`StoreError::Conflict`].
    pub async fn project_insert(&self, row: ProjectRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}

/// A sum that is a 64-bit number on both databases and 0 over no rows: PostgreSQL would answer NUMERIC and NULL.
fn sum(expression: &str) -> String {
    format!("CAST(COALESCE(SUM({expression}), 0) AS BIGINT)")
}

//! `project`: a tenant's applications.

use std::collections::BTreeMap;

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

    /// Those of these projects that there are, in no particular order.
    pub async fn project_list_of(&self, ids: &[ProjectId]) -> Result<Vec<ProjectRow>, StoreError> {
        let wanted = project::Column::Id.is_in(ids.iter().map(|id| id.uuid()));
        self.all(project::Entity::scoped(self.tenant()).filter(wanted)).await
    }

    /// Counts the sessions of each of these projects in one query. A project that has none is not in the answer.
    pub async fn project_counts(&self, ids: &[ProjectId]) -> Result<BTreeMap<ProjectId, ProjectCounts>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let wanted: Vec<String> = (2..).take(ids.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT project_id, {} AS live, {} AS total, {} AS bytes FROM session
             WHERE tenant_id = $1 AND project_id IN ({}) AND state <> 'erased' GROUP BY project_id",
            sum("CASE WHEN state = 'live' THEN 1 ELSE 0 END"),
            sum("1"),
            sum("bytes_stored"),
            wanted.join(", ")
        );
        let mut counts = BTreeMap::new();
        for row in self.rows(&sql, ids.iter().map(|id| id.uuid().into()).collect()).await? {
            let number = |column| -> Result<u64, StoreError> {
                u64::load(row.try_get("", column)?).ok_or(StoreError::Corrupt { table: "session", column })
            };
            let counted =
                ProjectCounts { live: number("live")?, total: number("total")?, bytes_stored: number("bytes")? };
            counts.insert(ProjectId::from_uuid(row.try_get("", "project_id")?), counted);
        }
        Ok(counts)
    }
}

impl TenantTx {
    /// Adds a project. A name that is taken is a [`StoreError::Conflict`].
    pub async fn project_insert(&self, row: ProjectRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}

/// A sum that is a 64-bit number on both databases: PostgreSQL would answer NUMERIC.
fn sum(expression: &str) -> String {
    format!("CAST(SUM({expression}) AS BIGINT)")
}

//! `project`: a tenant's applications.

use std::collections::BTreeMap;

use domain::{Environment, ProjectId, Sensitivity, SessionState, TenantId, Timestamp};
use policy::access::Predicate;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{StoreError, TenantRead, TenantTx, predicate, session};

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
        /// How closely its sessions are kept.
        sensitivity: Sensitivity = String,
        /// Where it runs.
        environment: Option<Environment> = Option<String>,
    }
}

/// What is to change of a project; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectChange {
    /// Its name.
    pub name: Option<String>,
    /// How closely its sessions are kept from now on.
    pub sensitivity: Option<Sensitivity>,
    /// Where it runs.
    pub environment: EnvironmentChange,
}

/// What is to become of a project's environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EnvironmentChange {
    /// It stays.
    #[default]
    Keep,
    /// It is no longer told.
    Clear,
    /// It is this one.
    Set(Environment),
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

    /// Counts those sessions of each of these projects that `only` lets through, in one query. A project that has none is
    /// not in the answer.
    pub async fn project_counts(
        &self,
        ids: &[ProjectId],
        only: &Predicate,
    ) -> Result<BTreeMap<ProjectId, ProjectCounts>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let counted = session::Entity::scoped(self.tenant())
            .filter(session::Column::ProjectId.is_in(ids.iter().map(|id| id.uuid())))
            .filter(session::Column::State.ne(SessionState::Erased.as_str()));
        let select = predicate::only(counted, only)
            .select_only()
            .column(session::Column::ProjectId)
            .expr_as(sum("CASE WHEN state = 'live' THEN 1 ELSE 0 END"), "live")
            .expr_as(sum("1"), "total")
            .expr_as(sum("bytes_stored"), "bytes")
            .group_by(session::Column::ProjectId);
        let mut counts = BTreeMap::new();
        for (id, live, total, bytes) in select.into_tuple::<(Uuid, i64, i64, i64)>().all(self.db()?).await? {
            let number = |value, column| u64::load(value).ok_or(StoreError::Corrupt { table: "session", column });
            let counted = ProjectCounts {
                live: number(live, "state")?,
                total: number(total, "id")?,
                bytes_stored: number(bytes, "bytes_stored")?,
            };
            counts.insert(ProjectId::from_uuid(id), counted);
        }
        Ok(counts)
    }
}

impl TenantTx {
    /// Adds a project. A name that is taken is a [`StoreError::Conflict`].
    pub async fn project_insert(&self, row: ProjectRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Changes what is given; sessions that started before keep theirs. False when there is no such project; a name that
    /// is taken is a [`StoreError::Conflict`].
    pub async fn project_update(&self, id: ProjectId, change: &ProjectChange) -> Result<bool, StoreError> {
        let sql = "UPDATE project SET name = COALESCE($3, name), sensitivity = COALESCE($4, sensitivity),
                     environment = CASE WHEN $5 THEN $6 ELSE environment END
                   WHERE tenant_id = $1 AND id = $2";
        let name: Option<String> = change.name.as_deref().map(text).transpose()?;
        let sensitivity = change.sensitivity.map(|sensitivity| sensitivity.as_str().to_owned());
        let (changed, environment) = match &change.environment {
            EnvironmentChange::Keep => (false, None),
            EnvironmentChange::Clear => (true, None),
            EnvironmentChange::Set(word) => (true, Some(word.to_string())),
        };
        let values = [name.into(), sensitivity.into(), changed.into(), environment.into()];
        self.won(sql, std::iter::once(id.uuid().into()).chain(values).collect()).await
    }
}

/// A sum that is a 64-bit number on both databases: PostgreSQL would answer NUMERIC.
fn sum(expression: &str) -> Expr {
    Expr::cust(format!("CAST(SUM({expression}) AS BIGINT)"))
}

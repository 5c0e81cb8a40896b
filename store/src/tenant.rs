//! `tenant`: the customers, and what one of them may know about itself.
//!
//! The table has no tenant policy (`architecture.md`): the app role reaches it only through look-up functions.

use domain::{TenantId, Timestamp};
use sea_orm::{ConnectionTrait as _, QueryResult};

use crate::stored::{Stored, text};
use crate::{Backend, StoreError, SystemTx, TenantRead, TenantState};

/// One customer organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRow {
    /// Its id.
    pub id: TenantId,
    /// Its name in URLs and at sign-in; unique.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether it may be used.
    pub state: TenantState,
    /// True for a demo tenant, which may live only in a demo folder.
    pub demo: bool,
    /// Grows when a key of the tenant is destroyed; caches compare it.
    pub key_epoch: u64,
    /// When it was created.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, slug, name, state, demo, key_epoch, created_at";

fn load(row: &QueryResult) -> Result<TenantRow, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "tenant", column };
    Ok(TenantRow {
        id: TenantId::from_uuid(row.try_get("", "id")?),
        slug: row.try_get("", "slug")?,
        name: row.try_get("", "name")?,
        state: Stored::load(row.try_get::<String>("", "state")?).ok_or(corrupt("state"))?,
        demo: row.try_get("", "demo")?,
        key_epoch: Stored::load(row.try_get::<i64>("", "key_epoch")?).ok_or(corrupt("key_epoch"))?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
    })
}

impl TenantRead {
    /// This transaction's own tenant.
    pub async fn tenant_find(&self) -> Result<Option<TenantRow>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => format!("SELECT {COLUMNS} FROM tenant WHERE id = $1"),
            // The function takes no argument: it answers for the tenant that row security is bound to.
            Backend::Postgres => format!("SELECT {COLUMNS} FROM tenant_self() WHERE id = $1"),
        };
        self.row(&sql, Vec::new()).await?.as_ref().map(load).transpose()
    }
}

impl SystemTx {
    /// Adds a tenant.
    pub async fn tenant_insert(&self, row: TenantRow) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO tenant ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        let values = vec![
            row.id.uuid().into(),
            text(row.slug)?.into(),
            text(row.name)?.into(),
            row.state.as_str().into(),
            row.demo.into(),
            row.key_epoch.store()?.into(),
            row.created_at.as_micros().into(),
        ];
        self.db().execute_raw(self.statement(&sql, values)).await?;
        Ok(())
    }

    /// One tenant.
    pub async fn tenant_find(&self, id: TenantId) -> Result<Option<TenantRow>, StoreError> {
        let statement = self.statement(&format!("SELECT {COLUMNS} FROM tenant WHERE id = $1"), vec![id.uuid().into()]);
        self.db().query_one_raw(statement).await?.as_ref().map(load).transpose()
    }

    /// Every tenant by id, without [`TenantId::DEPLOYMENT`], which is nobody's.
    pub async fn tenant_list(&self) -> Result<Vec<TenantRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tenant WHERE id <> $1 ORDER BY id");
        let statement = self.statement(&sql, vec![TenantId::DEPLOYMENT.uuid().into()]);
        self.db().query_all_raw(statement).await?.iter().map(load).collect()
    }
}

//! `tenant`: the customers, and what one of them may know about itself.
//!
//! The table has no tenant policy (`architecture.md`): the app role reaches it only through look-up functions.

use domain::{TenantId, Timestamp};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use crate::stored::{Stored, text};
use crate::{Backend, StoreError, SystemTx, TenantRead, TenantState, TenantTx};

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

impl TenantTx {
    /// Makes a tenant that was begun count, under this name; false when it counts already, or when it was to be the
    /// first (`alone`) and another was faster.
    pub async fn tenant_complete(&self, name: &str, demo: bool, alone: bool) -> Result<bool, StoreError> {
        let values = vec![text(name)?.into(), demo.into(), alone.into()];
        match self.backend() {
            // The one writer makes the look and the change one step.
            Backend::Sqlite => {
                let sql = "UPDATE tenant SET name = $2, demo = $3, ready = 1 WHERE id = $1 AND NOT ready
                           AND NOT ($4 AND EXISTS (SELECT 1 FROM tenant t WHERE t.ready AND t.id <> zeroblob(16)))";
                self.won(sql, values).await
            }
            Backend::Postgres => {
                let row = self.row("SELECT tenant_complete($1, $2, $3, $4) AS done", values).await?;
                Ok(row.map(|row| row.try_get("", "done")).transpose()?.unwrap_or(false))
            }
        }
    }
}

fn values(row: TenantRow) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        row.id.uuid().into(),
        text(row.slug)?.into(),
        text(row.name)?.into(),
        row.state.as_str().into(),
        row.demo.into(),
        row.key_epoch.store()?.into(),
        row.created_at.as_micros().into(),
    ])
}

impl SystemTx {
    /// Adds a tenant that counts at once. Whoever makes keys and members for it wants [`SystemTx::tenant_begin`].
    pub async fn tenant_insert(&self, row: TenantRow) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO tenant ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        self.db().execute_raw(self.statement(&sql, values(row)?)).await?;
        Ok(())
    }

    /// Reserves a tenant that counts as absent until [`TenantTx::tenant_complete`], and says under which id: one that a
    /// crash left unfinished under the same slug is taken up again. A finished one is a [`StoreError::Conflict`].
    pub async fn tenant_begin(&self, row: TenantRow) -> Result<TenantId, StoreError> {
        let (id, slug) = (row.id, row.slug.clone());
        let sql = format!(
            "INSERT INTO tenant ({COLUMNS}, ready) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE) ON CONFLICT (slug) DO NOTHING"
        );
        if self.db().execute_raw(self.statement(&sql, values(row)?)).await?.rows_affected() == 1 {
            return Ok(id);
        }
        let unfinished =
            self.statement("SELECT id FROM tenant WHERE slug = $1 AND NOT ready", vec![text(slug)?.into()]);
        let row = self.db().query_one_raw(unfinished).await?.ok_or(StoreError::Conflict)?;
        Ok(TenantId::from_uuid(row.try_get("", "id")?))
    }

    /// One tenant, when it is complete.
    pub async fn tenant_find(&self, id: TenantId) -> Result<Option<TenantRow>, StoreError> {
        let statement =
            self.statement(&format!("SELECT {COLUMNS} FROM tenant WHERE id = $1 AND ready"), vec![id.uuid().into()]);
        self.db().query_one_raw(statement).await?.as_ref().map(load).transpose()
    }

    /// Every complete tenant by id, without [`TenantId::DEPLOYMENT`], which is nobody's.
    pub async fn tenant_list(&self) -> Result<Vec<TenantRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tenant WHERE id <> $1 AND ready ORDER BY id");
        let statement = self.statement(&sql, vec![TenantId::DEPLOYMENT.uuid().into()]);
        self.db().query_all_raw(statement).await?.iter().map(load).collect()
    }
}

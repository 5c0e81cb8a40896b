//! `credential_index`: which tenant a credential belongs to, by a hash of it.
//!
//! Work that starts from a credential does not know its tenant yet, so these look-ups run outside any tenant: on
//! PostgreSQL through SECURITY DEFINER functions that return at most one row.

use domain::TenantId;
use sea_orm::{ConnectionTrait as _, Statement};
use uuid::Uuid;

use crate::stored::text;
use crate::{Backend, Store, StoreError, TenantTx};

/// Where a credential belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// What it is, such as `member-email` or `agent-key`.
    pub kind: String,
    /// Hash of the credential; never the credential.
    pub hash: [u8; 32],
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The row it stands for in that tenant (a member, an agent key).
    pub id: Uuid,
}

/// What `lookup_credential` does on PostgreSQL, for SQLite: only an unambiguous match in an active tenant counts.
const LOOKUP_SQLITE: &str = "SELECT tenant_id, id FROM (
        SELECT c.tenant_id, c.id, count(*) OVER () AS matches
        FROM credential_index c JOIN tenant t ON t.id = c.tenant_id
        WHERE c.kind = $1 AND c.hash = $2 AND t.state = 'active' AND t.ready AND ($3 IS NULL OR t.slug = $3)) found
    WHERE matches = 1";

impl Store {
    /// Finds the tenant and row of a credential.
    ///
    /// `None` when it is unknown, when its tenant is suspended, and when it exists in several tenants and `tenant_slug`
    /// does not say which.
    pub async fn lookup_credential(
        &self,
        kind: &str,
        hash: &[u8; 32],
        tenant_slug: Option<&str>,
    ) -> Result<Option<CredentialRow>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => LOOKUP_SQLITE,
            Backend::Postgres => "SELECT tenant_id, id FROM lookup_credential($1, $2, $3)",
        };
        let slug = tenant_slug.map(text).transpose()?;
        let values = [text(kind)?.into(), hash.to_vec().into(), slug.into()];
        let statement = Statement::from_sql_and_values(self.backend().sea_orm(), sql, values);
        let Some(row) = self.reader().query_one_raw(statement).await? else { return Ok(None) };
        Ok(Some(CredentialRow {
            kind: kind.to_owned(),
            hash: *hash,
            tenant_id: TenantId::from_uuid(row.try_get("", "tenant_id")?),
            id: row.try_get("", "id")?,
        }))
    }

    /// The next tenant, by id, in which this credential is known: one row at a time, for a person who is a member of
    /// several. Suspended tenants are passed over.
    pub async fn lookup_credential_next(
        &self,
        kind: &str,
        hash: &[u8; 32],
        after: TenantId,
    ) -> Result<Option<CredentialRow>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => {
                "SELECT c.tenant_id, c.id FROM credential_index c JOIN tenant t ON t.id = c.tenant_id
                 WHERE c.kind = $1 AND c.hash = $2 AND t.state = 'active' AND t.ready AND c.tenant_id > $3
                 ORDER BY c.tenant_id LIMIT 1"
            }
            Backend::Postgres => "SELECT tenant_id, id FROM lookup_credential_next($1, $2, $3)",
        };
        let values = [text(kind)?.into(), hash.to_vec().into(), after.uuid().into()];
        let statement = Statement::from_sql_and_values(self.backend().sea_orm(), sql, values);
        let Some(row) = self.reader().query_one_raw(statement).await? else { return Ok(None) };
        Ok(Some(CredentialRow {
            kind: kind.to_owned(),
            hash: *hash,
            tenant_id: TenantId::from_uuid(row.try_get("", "tenant_id")?),
            id: row.try_get("", "id")?,
        }))
    }

    /// Finds an active tenant by its name in URLs.
    pub async fn lookup_tenant_slug(&self, slug: &str) -> Result<Option<TenantId>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT id FROM tenant WHERE slug = $1 AND state = 'active' AND ready",
            Backend::Postgres => "SELECT id FROM lookup_tenant_slug($1)",
        };
        let statement = Statement::from_sql_and_values(self.backend().sea_orm(), sql, [text(slug)?.into()]);
        let row = self.reader().query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get("", "id")).transpose()?.map(TenantId::from_uuid))
    }
}

impl TenantTx {
    /// Makes a credential of this tenant findable. A second one with the same kind and hash is a
    /// [`StoreError::Conflict`].
    pub async fn credential_put(&self, kind: &str, hash: &[u8; 32], id: Uuid) -> Result<(), StoreError> {
        let values = vec![text(kind)?.into(), hash.to_vec().into(), id.into()];
        match self.backend() {
            Backend::Sqlite => {
                self.run("INSERT INTO credential_index (tenant_id, kind, hash, id) VALUES ($1, $2, $3, $4)", values)
                    .await?;
            }
            // The function takes the tenant from row security's setting, so a caller cannot name another one.
            Backend::Postgres => {
                self.row("SELECT credential_put($1, $2, $3, $4)", values).await?;
            }
        }
        Ok(())
    }

    /// Makes a credential of this tenant unfindable; false when it was not there.
    pub async fn credential_drop(&self, kind: &str, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let values = vec![text(kind)?.into(), hash.to_vec().into()];
        match self.backend() {
            Backend::Sqlite => {
                self.won("DELETE FROM credential_index WHERE tenant_id = $1 AND kind = $2 AND hash = $3", values).await
            }
            Backend::Postgres => {
                let row = self.row("SELECT credential_drop($1, $2, $3) AS dropped", values).await?;
                Ok(row.map(|row| row.try_get("", "dropped")).transpose()?.unwrap_or(false))
            }
        }
    }
}

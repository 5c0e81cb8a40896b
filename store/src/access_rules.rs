//! `access_rules`: a tenant's approval rules. The row is also the lock behind which things are counted over a whole tenant:
//! broken glass of a day, open reviews, whether anybody could approve.

use domain::{TenantId, Timestamp};

use crate::scope::{TenantScoped as _, table};
use crate::stored::text;
use crate::{Backend, StoreError, TenantRead, TenantTx};

table! {
    /// The rules of a tenant.
    AccessRulesRow in access_rules = "access_rules" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
        }
        /// Counts changes; 0 is the default that nobody changed yet.
        revision: u64 = i64,
        /// The rules as JSON.
        document: String = String,
        /// When they were last changed.
        changed_at: Timestamp = i64,
        /// Over revision and rules; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// The rules, when somebody has asked for them in a transaction that writes.
    pub async fn access_rules_find(&self) -> Result<Option<AccessRulesRow>, StoreError> {
        self.one(access_rules::Entity::scoped(self.tenant())).await
    }
}

impl TenantTx {
    /// Reads the rules and keeps everybody else who asks for them in this way waiting until this transaction ends. A tenant
    /// without a row gets `default` as revision 0.
    pub async fn access_rules_lock(&self, default: &str, now: Timestamp) -> Result<AccessRulesRow, StoreError> {
        let sql = "INSERT INTO access_rules (tenant_id, revision, document, changed_at) VALUES ($1, 0, $2, $3)
                   ON CONFLICT DO NOTHING";
        self.run(sql, vec![text(default)?.into(), now.as_micros().into()]).await?;
        let select = access_rules::Entity::scoped(self.tenant());
        let select = match self.backend() {
            Backend::Sqlite => select,
            Backend::Postgres => sea_orm::QuerySelect::lock(select, sea_orm::sea_query::LockType::NoKeyUpdate),
        };
        self.one(select).await?.ok_or(StoreError::Corrupt { table: "access_rules", column: "tenant_id" })
    }

    /// Replaces the rules, if revision `base` is still in force.
    pub async fn access_rules_replace(
        &self,
        base: u64,
        document: &str,
        now: Timestamp,
        mac: &[u8],
    ) -> Result<bool, StoreError> {
        let base = i64::try_from(base).map_err(|_| StoreError::OutOfRange)?;
        let sql = "UPDATE access_rules SET revision = revision + 1, document = $3, changed_at = $4, mac = $5
                   WHERE tenant_id = $1 AND revision = $2";
        self.won(sql, vec![base.into(), text(document)?.into(), now.as_micros().into(), mac.to_vec().into()]).await
    }
}

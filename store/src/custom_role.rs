//! `custom_role`: roles of a tenant's own, as sets of actions.

use domain::{RoleId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::text;
use crate::{Backend, StoreError, TenantRead, TenantTx};

table! {
    /// One role of one tenant.
    CustomRoleRow in custom_role = "custom_role" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id, which bindings name.
            id: RoleId = Uuid,
        }
        /// What people call it; one of its kind in the tenant.
        name: String = String,
        /// What it allows: a JSON array of actions' names.
        actions: String = String,
        /// What it takes away, likewise.
        denies: String = String,
        /// Whether who watches by it sees text.
        unmasked: bool = bool,
        /// Counts changes, from 1.
        revision: u64 = i64,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When it was last changed.
        changed_at: Timestamp = i64,
        /// Over everything that counts.
        mac: [u8; 32] = Vec<u8>,
    }
}
use custom_role::{Column, Entity};

impl TenantRead {
    /// Every role of the tenant, by name.
    pub async fn custom_role_list(&self) -> Result<Vec<CustomRoleRow>, StoreError> {
        self.all(Entity::scoped(self.tenant()).order_by_asc(Column::Name)).await
    }

    /// One role.
    pub async fn custom_role_find(&self, id: RoleId) -> Result<Option<CustomRoleRow>, StoreError> {
        self.one(Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }
}

impl TenantTx {
    /// Adds a role.
    pub async fn custom_role_insert(&self, row: CustomRoleRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Keeps a role from being changed, removed or given until this transaction ends; false when there is no such role.
    pub async fn custom_role_lock(&self, id: RoleId) -> Result<bool, StoreError> {
        // SQLite has one writer, and this is it.
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT id FROM custom_role WHERE tenant_id = $1 AND id = $2",
            Backend::Postgres => "SELECT id FROM custom_role WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        };
        Ok(self.row(sql, vec![id.uuid().into()]).await?.is_some())
    }

    /// Replaces the revision before `row`'s by `row`, and ends what the tokens of everybody who holds the role say; false when
    /// another revision is stored.
    pub async fn custom_role_replace(&self, row: &CustomRoleRow) -> Result<bool, StoreError> {
        let revision = i64::try_from(row.revision).map_err(|_| StoreError::OutOfRange)?;
        let sql = "UPDATE custom_role SET name = $4, actions = $5, denies = $6, unmasked = $7, revision = $3,
                          changed_at = $8, mac = $9
                   WHERE tenant_id = $1 AND id = $2 AND revision = $3 - 1";
        let values = vec![
            row.id.uuid().into(),
            revision.into(),
            text(&row.name)?.into(),
            text(&row.actions)?.into(),
            text(&row.denies)?.into(),
            row.unmasked.into(),
            row.changed_at.as_micros().into(),
            row.mac.to_vec().into(),
        ];
        if !self.won(sql, values).await? {
            return Ok(false);
        }
        let sql = "UPDATE member SET authz_epoch = authz_epoch + 1 WHERE tenant_id = $1 AND id IN
                   (SELECT member_id FROM role_binding WHERE tenant_id = $1 AND role = $2)";
        self.run(sql, vec![row.id.to_string().into()]).await?;
        Ok(true)
    }

    /// Removes a role that nobody holds; false when somebody does, or there is none.
    pub async fn custom_role_delete(&self, id: RoleId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM custom_role WHERE tenant_id = $1 AND id = $2 AND NOT EXISTS
                   (SELECT 1 FROM role_binding WHERE tenant_id = $1 AND role = $3)";
        self.won(sql, vec![id.uuid().into(), id.to_string().into()]).await
    }
}

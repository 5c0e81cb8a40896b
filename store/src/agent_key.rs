//! `agent_key`: public ingest keys with their origin allow-lists.

use domain::{AgentKeyId, ProjectId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One public ingest key.
    AgentKeyRow in agent_key = "agent_key" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: AgentKeyId = Uuid,
        }
        /// The project it records for.
        project_id: ProjectId = Uuid,
        /// The key as pages carry it; public.
        public_key: String = String,
        /// The origins that may use it, `scheme://host[:port]`.
        origins: Vec<String> = String,
        /// When it was created.
        created_at: Timestamp = i64,
        /// When it stopped to be accepted.
        revoked_at: Option<Timestamp> = Option<i64>,
        /// Over everything that counts; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One key, revoked or not.
    pub async fn agent_key_find(&self, id: AgentKeyId) -> Result<Option<AgentKeyRow>, StoreError> {
        self.one(agent_key::Entity::scoped(self.tenant()).filter(agent_key::Column::Id.eq(id.uuid()))).await
    }

    /// A project's keys by id, revoked ones too.
    pub async fn agent_key_list(&self, project: ProjectId) -> Result<Vec<AgentKeyRow>, StoreError> {
        let select = agent_key::Entity::scoped(self.tenant())
            .filter(agent_key::Column::ProjectId.eq(project.uuid()))
            .order_by_asc(agent_key::Column::Id);
        self.all(select).await
    }
}

impl TenantTx {
    /// Adds a key; [`TenantTx::credential_put`] makes it findable.
    pub async fn agent_key_insert(&self, row: AgentKeyRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Ends a key: `row` as it is then. False when there is none, or it had ended before.
    pub async fn agent_key_revoke(&self, row: &AgentKeyRow) -> Result<bool, StoreError> {
        let sql = "UPDATE agent_key SET revoked_at = $4, mac = $5
                   WHERE tenant_id = $1 AND project_id = $2 AND id = $3 AND revoked_at IS NULL";
        let at = row.revoked_at.map(Timestamp::as_micros);
        let values = vec![row.project_id.uuid().into(), row.id.uuid().into(), at.into(), row.mac.clone().into()];
        self.won(sql, values).await
    }
}

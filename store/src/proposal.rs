//! `proposal`: changes that take two people.

use domain::{MemberId, ProposalId, TenantId, Timestamp};
use policy::proposals::ProposalState;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::{Backend, StoreError, TenantRead, TenantTx};

table! {
    /// One proposal.
    ProposalRow in proposal = "proposal" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: ProposalId = Uuid,
        }
        /// Who proposed.
        member_id: MemberId = Uuid,
        /// The kind of change.
        kind: String = String,
        /// The exact change, as canonical JSON.
        change: String = String,
        /// SHA-256 of it.
        change_hash: [u8; 32] = Vec<u8>,
        /// Where it stands.
        state: ProposalState = String,
        /// When it was proposed.
        created_at: Timestamp = i64,
        /// In solo mode: when it is carried out.
        execute_after: Option<Timestamp> = Option<i64>,
        /// Until when it may be decided.
        expires_at: Timestamp = i64,
        /// When it was over.
        decided_at: Option<Timestamp> = Option<i64>,
        /// By whom, when it was a person.
        decided_by: Option<MemberId> = Option<Uuid>,
        /// Over everything but its end; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}
use proposal::{Column, Entity};

impl TenantRead {
    /// One proposal.
    pub async fn proposal_find(&self, id: ProposalId) -> Result<Option<ProposalRow>, StoreError> {
        self.one(self.proposal_one(id)).await
    }

    fn proposal_one(&self, id: ProposalId) -> Select<Entity> {
        Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))
    }

    /// One page of proposals, newest first; those in one state only when one is named.
    pub async fn proposal_list(
        &self,
        state: Option<ProposalState>,
        after: Option<ProposalId>,
        limit: u64,
    ) -> Result<Vec<ProposalRow>, StoreError> {
        let mut select = Entity::scoped(self.tenant());
        if let Some(state) = state {
            select = select.filter(Column::State.eq(state.as_str()));
        }
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.uuid()));
        }
        self.all(select.order_by_desc(Column::Id).limit(limit)).await
    }
}

impl TenantTx {
    /// Adds a proposal.
    pub async fn proposal_insert(&self, row: ProposalRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Reads a proposal and keeps everybody else from deciding it until this transaction ends.
    pub async fn proposal_lock(&self, id: ProposalId) -> Result<Option<ProposalRow>, StoreError> {
        let select = self.proposal_one(id);
        let select = match self.backend() {
            Backend::Sqlite => select,
            Backend::Postgres => select.lock(sea_orm::sea_query::LockType::NoKeyUpdate),
        };
        self.one(select).await
    }

    /// Ends an open proposal; false when it is no longer open.
    pub async fn proposal_end(
        &self,
        id: ProposalId,
        to: ProposalState,
        by: Option<MemberId>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE proposal SET state = $3, decided_by = $4, decided_at = $5
                   WHERE tenant_id = $1 AND id = $2 AND state = 'open'";
        let values = vec![id.uuid().into(), to.as_str().into(), by.map(MemberId::uuid).into(), at.as_micros().into()];
        self.won(sql, values).await
    }
}

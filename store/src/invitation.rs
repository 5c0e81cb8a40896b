//! `invitation`: addresses that were asked to become members.

use domain::{InvitationId, MemberId, PersonKeyId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{InvitationState, StoreError, TenantRead, TenantTx};

table! {
    /// One invitation.
    InvitationRow in invitation = "invitation" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: InvitationId = Uuid,
        }
        /// The key that seals the address; it becomes the member's.
        person_key_id: PersonKeyId = Uuid,
        /// The sealed address, as a member's row holds it.
        email_sealed: Vec<u8> = Vec<u8>,
        /// The look-up hash of the address.
        email_hash: [u8; 32] = Vec<u8>,
        /// SHA-256 of the token in force.
        token_hash: [u8; 32] = Vec<u8>,
        /// Names of the roles that the member will have.
        roles: Vec<String> = String,
        /// Who invited.
        invited_by: MemberId = Uuid,
        /// Where it stands.
        state: InvitationState = String,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When the token in force was made.
        sent_at: Timestamp = i64,
        /// When that token ends.
        expires_at: Timestamp = i64,
        /// Over who is invited to what, by whom and with which token; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One invitation.
    pub async fn invitation_find(&self, id: InvitationId) -> Result<Option<InvitationRow>, StoreError> {
        self.one(invitation::Entity::scoped(self.tenant()).filter(invitation::Column::Id.eq(id.uuid()))).await
    }

    /// A page of those that wait to be accepted, newest first.
    pub async fn invitation_page(
        &self,
        after: Option<InvitationId>,
        limit: u64,
    ) -> Result<Vec<InvitationRow>, StoreError> {
        let mut select = invitation::Entity::scoped(self.tenant())
            .filter(invitation::Column::State.eq(InvitationState::Pending.as_str()))
            .order_by_desc(invitation::Column::Id)
            .limit(limit);
        if let Some(after) = after {
            select = select.filter(invitation::Column::Id.lt(after.uuid()));
        }
        self.all(select).await
    }
}

impl TenantTx {
    /// Adds an invitation; a second one that waits for the same address is a [`StoreError::Conflict`].
    /// [`TenantTx::credential_put`] makes its token findable.
    pub async fn invitation_insert(&self, row: InvitationRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Replaces the token, if the invitation still waits with the one that was read.
    pub async fn invitation_renew(
        &self,
        id: InvitationId,
        old: &[u8; 32],
        new: &[u8; 32],
        sent_at: Timestamp,
        expires_at: Timestamp,
        mac: &[u8],
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE invitation SET token_hash = $4, sent_at = $5, expires_at = $6, mac = $7
                   WHERE tenant_id = $1 AND id = $2 AND token_hash = $3 AND state = 'pending'";
        let values = vec![
            id.uuid().into(),
            old.to_vec().into(),
            new.to_vec().into(),
            sent_at.as_micros().into(),
            expires_at.as_micros().into(),
            mac.to_vec().into(),
        ];
        self.won(sql, values).await
    }

    /// Ends an invitation that waits with this token: of accepting twice, and of accepting and withdrawing, one wins.
    pub async fn invitation_end(
        &self,
        id: InvitationId,
        token_hash: &[u8; 32],
        to: InvitationState,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE invitation SET state = $4
                   WHERE tenant_id = $1 AND id = $2 AND token_hash = $3 AND state = 'pending'";
        self.won(sql, vec![id.uuid().into(), token_hash.to_vec().into(), to.as_str().into()]).await
    }
}

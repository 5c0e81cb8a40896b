//! `membership_proof`: in which other tenants the password of a sign-in was right too. Rows of the deployment: no tenant
//! may read where else a person of theirs belongs.

use domain::{LoginId, MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One other membership, proven at one sign-in.
    MembershipProofRow in membership_proof = "membership_proof" {
        key {
            /// Always [`TenantId::DEPLOYMENT`].
            tenant_id: TenantId = Uuid,
            /// The sign-in.
            login_id: LoginId = Uuid,
            /// The other tenant.
            of_tenant: TenantId = Uuid,
        }
        /// The member there.
        member_id: MemberId = Uuid,
        /// SHA-256 of the password hash that matched: a password changed since ends the proof.
        password_digest: [u8; 32] = Vec<u8>,
        /// When the proof ends.
        expires_at: Timestamp = i64,
    }
}

impl TenantRead {
    /// What a sign-in proved, by tenant.
    pub async fn membership_proof_list(
        &self,
        login: LoginId,
        now: Timestamp,
    ) -> Result<Vec<MembershipProofRow>, StoreError> {
        let select = membership_proof::Entity::scoped(self.tenant())
            .filter(membership_proof::Column::LoginId.eq(login.uuid()))
            .filter(membership_proof::Column::ExpiresAt.gt(now.as_micros()))
            .order_by_asc(membership_proof::Column::OfTenant);
        self.all(select).await
    }
}

impl TenantTx {
    /// Adds a proof.
    pub async fn membership_proof_insert(&self, row: MembershipProofRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Removes a sign-in's proofs.
    pub async fn membership_proof_drop(&self, login: LoginId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM membership_proof WHERE tenant_id = $1 AND login_id = $2";
        self.run(sql, vec![login.uuid().into()]).await
    }

    /// Removes proofs whose time is over, and says how many there were.
    pub async fn membership_proof_tidy(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM membership_proof WHERE tenant_id = $1 AND expires_at < $2";
        self.run(sql, vec![now.as_micros().into()]).await
    }
}

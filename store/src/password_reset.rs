//! `password_reset`: ways to set a forgotten password anew, each good once and for a short time.

use domain::{MemberId, PasswordResetId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One of them.
    PasswordResetRow in password_reset = "password_reset" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: PasswordResetId = Uuid,
        }
        /// The member whose password it is.
        member_id: MemberId = Uuid,
        /// SHA-256 of the token.
        token_hash: [u8; 32] = Vec<u8>,
        /// Which password of the member it replaces; with another one it is not good any more.
        password_epoch: u64 = i64,
        /// When it was asked for.
        created_at: Timestamp = i64,
        /// When it ends.
        expires_at: Timestamp = i64,
        /// When it was used, or ended by a newer one.
        used_at: Option<Timestamp> = Option<i64>,
        /// Over whose password which token replaces; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One of them, used or not.
    pub async fn password_reset_find(&self, id: PasswordResetId) -> Result<Option<PasswordResetRow>, StoreError> {
        self.one(password_reset::Entity::scoped(self.tenant()).filter(password_reset::Column::Id.eq(id.uuid()))).await
    }

    /// A member's that were not used.
    pub async fn password_reset_open(&self, member: MemberId) -> Result<Vec<PasswordResetRow>, StoreError> {
        let select = password_reset::Entity::scoped(self.tenant())
            .filter(password_reset::Column::MemberId.eq(member.uuid()))
            .filter(password_reset::Column::UsedAt.is_null());
        self.all(select).await
    }

    /// Those whose time is over, oldest first.
    pub async fn password_reset_over(&self, now: Timestamp, limit: u64) -> Result<Vec<PasswordResetId>, StoreError> {
        let select = password_reset::Entity::scoped(self.tenant())
            .filter(password_reset::Column::ExpiresAt.lt(now.as_micros()))
            .order_by_asc(password_reset::Column::Id)
            .limit(limit);
        let rows: Vec<PasswordResetRow> = self.all(select).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}

impl TenantTx {
    /// Adds one; [`TenantTx::credential_put`] makes its token findable.
    pub async fn password_reset_insert(&self, row: PasswordResetRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Uses it up, if nobody did and its time is not over: of any number of parallel calls exactly one wins.
    pub async fn password_reset_use(&self, id: PasswordResetId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE password_reset SET used_at = $3
                   WHERE tenant_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// Ends all of a member's that were not used, and says how many there were.
    pub async fn password_reset_end(&self, member: MemberId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE password_reset SET used_at = $3 WHERE tenant_id = $1 AND member_id = $2 AND used_at IS NULL";
        self.run(sql, vec![member.uuid().into(), now.as_micros().into()]).await
    }

    /// Removes one; false when it is not there.
    pub async fn password_reset_remove(&self, id: PasswordResetId) -> Result<bool, StoreError> {
        self.won("DELETE FROM password_reset WHERE tenant_id = $1 AND id = $2", vec![id.uuid().into()]).await
    }
}

//! `recovery_code`: what a member keeps on paper for the day the other factors are lost. Only keyed hashes are kept.

use domain::{MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One recovery code in its place.
    RecoveryCodeRow in recovery_code = "recovery_code" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Whose.
            member_id: MemberId = Uuid,
            /// Its place, 0 to 9.
            n: u16 = i64,
        }
        /// The keyed hash of the code.
        hash: [u8; 32] = Vec<u8>,
        /// When the set was made.
        created_at: Timestamp = i64,
        /// When it was used, or the set ended.
        used_at: Option<Timestamp> = Option<i64>,
    }
}

impl TenantRead {
    /// A member's codes by place, used ones too.
    pub async fn recovery_code_list(&self, member: MemberId) -> Result<Vec<RecoveryCodeRow>, StoreError> {
        let select = recovery_code::Entity::scoped(self.tenant())
            .filter(recovery_code::Column::MemberId.eq(member.uuid()))
            .order_by_asc(recovery_code::Column::N);
        self.all(select).await
    }
}

impl TenantTx {
    /// Puts a new code in its place; the one before it is good no more. Put a whole set in ascending places: of two sets made
    /// at once the later one then overwrites all of the earlier one.
    pub async fn recovery_code_put(&self, row: RecoveryCodeRow) -> Result<(), StoreError> {
        if row.tenant_id != self.tenant() {
            return Err(StoreError::WrongTenant);
        }
        let sql = "INSERT INTO recovery_code (tenant_id, member_id, n, hash, created_at, used_at)
                   VALUES ($1, $2, $3, $4, $5, NULL)
                   ON CONFLICT (tenant_id, member_id, n) DO UPDATE
                   SET hash = excluded.hash, created_at = excluded.created_at, used_at = NULL";
        let values = vec![
            row.member_id.uuid().into(),
            i64::from(row.n).into(),
            row.hash.to_vec().into(),
            row.created_at.as_micros().into(),
        ];
        self.run(sql, values).await.map(drop)
    }

    /// Spends a code: of any number of parallel calls exactly one wins.
    pub async fn recovery_code_use(
        &self,
        member: MemberId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE recovery_code SET used_at = $4
                   WHERE tenant_id = $1 AND member_id = $2 AND hash = $3 AND used_at IS NULL";
        self.won(sql, vec![member.uuid().into(), hash.to_vec().into(), now.as_micros().into()]).await
    }

    /// Ends what is left of a member's codes.
    pub async fn recovery_code_end(&self, member: MemberId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE recovery_code SET used_at = $3 WHERE tenant_id = $1 AND member_id = $2 AND used_at IS NULL";
        self.run(sql, vec![member.uuid().into(), now.as_micros().into()]).await
    }
}

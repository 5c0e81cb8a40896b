//! `once`: what was created under an `Idempotency-Key`.

use domain::{MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One creating request that was carried out.
    OnceRow in once = "once" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Who asked.
            member_id: MemberId = Uuid,
            /// SHA-256 of the key.
            key: [u8; 32] = Vec<u8>,
        }
        /// SHA-256 of what was asked.
        request: [u8; 32] = Vec<u8>,
        /// What was created.
        object: Uuid = Uuid,
        /// When.
        created_at: Timestamp = i64,
    }
}

impl TenantRead {
    /// What this member created under this key.
    pub async fn once_find(&self, member: MemberId, key: &[u8; 32]) -> Result<Option<OnceRow>, StoreError> {
        let select = once::Entity::scoped(self.tenant())
            .filter(once::Column::MemberId.eq(member.uuid()))
            .filter(once::Column::Key.eq(key.to_vec()));
        self.one(select).await
    }
}

impl TenantTx {
    /// Takes a key for this transaction's creation; false when it is taken. A parallel transaction that took it first is
    /// waited for.
    pub async fn once_claim(&self, row: &OnceRow) -> Result<bool, StoreError> {
        if row.tenant_id != self.tenant() {
            return Err(StoreError::WrongTenant);
        }
        let sql = "INSERT INTO once (tenant_id, member_id, key, request, object, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, member_id, key) DO NOTHING";
        let values = vec![
            row.member_id.uuid().into(),
            row.key.to_vec().into(),
            row.request.to_vec().into(),
            row.object.into(),
            row.created_at.as_micros().into(),
        ];
        self.won(sql, values).await
    }

    /// Forgets a member's keys from before `before`.
    pub async fn once_forget(&self, member: MemberId, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM once WHERE tenant_id = $1 AND member_id = $2 AND created_at < $3";
        self.run(sql, vec![member.uuid().into(), before.as_micros().into()]).await
    }
}

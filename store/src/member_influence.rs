//! `member_influence`: who invited, promoted or reset whom, and when last.

use domain::{MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use crate::scope::{TenantScoped as _, table};
use crate::{Influence, StoreError, TenantRead, TenantTx};

table! {
    /// What ties one member to another.
    MemberInfluenceRow in member_influence = "member_influence" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Who was invited, promoted or reset.
            member_id: MemberId = Uuid,
            /// By whom.
            by_id: MemberId = Uuid,
            /// Which of the three.
            kind: Influence = String,
        }
        /// When last.
        at: Timestamp = i64,
    }
}

impl TenantRead {
    /// Whom this member invited, promoted or reset at or after that time.
    pub async fn member_influence_by(
        &self,
        by: MemberId,
        since: Timestamp,
    ) -> Result<Vec<MemberInfluenceRow>, StoreError> {
        use member_influence::Column;
        let select = member_influence::Entity::scoped(self.tenant())
            .filter(Column::ById.eq(by.uuid()))
            .filter(Column::At.gte(since.as_micros()));
        self.all(select).await
    }
}

impl TenantTx {
    /// Notes that `by` invited, promoted or reset `member` at `at`.
    pub async fn member_influence_put(
        &self,
        member: MemberId,
        by: MemberId,
        kind: Influence,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO member_influence (tenant_id, member_id, by_id, kind, at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (tenant_id, member_id, by_id, kind) DO UPDATE SET at = excluded.at
                   WHERE member_influence.at < excluded.at";
        let values = vec![member.uuid().into(), by.uuid().into(), kind.as_str().into(), at.as_micros().into()];
        self.run(sql, values).await?;
        Ok(())
    }
}

//! `api_key`: keys of programs that act for a member. Only the hash of a key is kept.

use std::time::Duration;

use domain::{ApiKeyId, MemberId, ProjectId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One key.
    ApiKeyRow in api_key = "api_key" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: ApiKeyId = Uuid,
        }
        /// The member for whom it acts, and who made it.
        member_id: MemberId = Uuid,
        /// What it is for.
        name: String = String,
        /// SHA-256 of the whole key.
        key_hash: [u8; 32] = Vec<u8>,
        /// Names of the actions it is for; never more than its member may do.
        scopes: Vec<String> = String,
        /// The only project it reaches, when it is bound to one.
        project_id: Option<ProjectId> = Option<Uuid>,
        /// Networks it may come from; from everywhere when there are none.
        networks: Vec<String> = String,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When it ends.
        expires_at: Timestamp = i64,
        /// When it was last used, to the hour.
        last_used_at: Option<Timestamp> = Option<i64>,
        /// When it was ended before its time.
        revoked_at: Option<Timestamp> = Option<i64>,
        /// Over everything that counts; whoever reads it decides whether it is right.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One key, ended or not.
    pub async fn api_key_find(&self, id: ApiKeyId) -> Result<Option<ApiKeyRow>, StoreError> {
        self.one(api_key::Entity::scoped(self.tenant()).filter(api_key::Column::Id.eq(id.uuid()))).await
    }

    /// A page of keys, newest first, ended ones too; one member's only when one is named.
    pub async fn api_key_page(
        &self,
        member: Option<MemberId>,
        after: Option<ApiKeyId>,
        limit: u64,
    ) -> Result<Vec<ApiKeyRow>, StoreError> {
        let mut select = api_key::Entity::scoped(self.tenant()).order_by_desc(api_key::Column::Id).limit(limit);
        if let Some(member) = member {
            select = select.filter(api_key::Column::MemberId.eq(member.uuid()));
        }
        if let Some(after) = after {
            select = select.filter(api_key::Column::Id.lt(after.uuid()));
        }
        self.all(select).await
    }

    /// How many of a member's keys are in force.
    pub async fn api_key_count(&self, member: MemberId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM api_key
                   WHERE tenant_id = $1 AND member_id = $2 AND revoked_at IS NULL AND expires_at > $3";
        let row = self.row(sql, vec![member.uuid().into(), now.as_micros().into()]).await?;
        let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
        u64::try_from(count).map_err(|_| StoreError::OutOfRange)
    }

    /// Keys in force, of active members, that end within `before` and were good for longer than that, of which their member was
    /// reminded fewer than `times` times; each with its member, the next to end first.
    pub async fn api_key_ending(
        &self,
        now: Timestamp,
        before: Duration,
        times: u32,
        limit: u64,
    ) -> Result<Vec<(ApiKeyId, MemberId)>, StoreError> {
        let sql = "SELECT k.id, k.member_id FROM api_key k
                   WHERE k.tenant_id = $1 AND k.revoked_at IS NULL AND k.expires_at > $2 AND k.expires_at <= $3
                     AND k.created_at < k.expires_at - $4 AND k.reminded < $5
                     AND EXISTS (SELECT 1 FROM member m
                                 WHERE m.tenant_id = k.tenant_id AND m.id = k.member_id AND m.state = 'active')
                   ORDER BY k.expires_at, k.id LIMIT $6";
        let long = i64::try_from(before.as_micros()).map_err(|_| StoreError::OutOfRange)?;
        let limit = i64::try_from(limit).map_err(|_| StoreError::OutOfRange)?;
        let until = now.plus(before).as_micros();
        let values = vec![now.as_micros().into(), until.into(), long.into(), i64::from(times).into(), limit.into()];
        let rows = self.rows(sql, values).await?;
        let ids = |row: &QueryResult| {
            let id = ApiKeyId::from_uuid(row.try_get("", "id")?);
            Ok((id, MemberId::from_uuid(row.try_get("", "member_id")?)))
        };
        rows.iter().map(ids).collect()
    }
}

impl TenantTx {
    /// Adds a key; [`TenantTx::credential_put`] makes it findable.
    pub async fn api_key_insert(&self, row: ApiKeyRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Ends a key: `row` as it is then. False when there is none, or it had ended before.
    pub async fn api_key_revoke(&self, row: &ApiKeyRow) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET revoked_at = $3, mac = $4
                   WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL";
        let at = row.revoked_at.map(Timestamp::as_micros);
        self.won(sql, vec![row.id.uuid().into(), at.into(), row.mac.clone().into()]).await
    }

    /// Notes that its member was reminded of a key's end for the `times`th time; false when they were, or it has ended.
    pub async fn api_key_reminded(&self, id: ApiKeyId, times: u32) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET reminded = $3
                   WHERE tenant_id = $1 AND id = $2 AND reminded < $3 AND revoked_at IS NULL";
        self.won(sql, vec![id.uuid().into(), i64::from(times).into()]).await
    }

    /// Notes that a key was used, unless `coarse` was noted or passed already.
    pub async fn api_key_used(&self, id: ApiKeyId, coarse: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET last_used_at = $3
                   WHERE tenant_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
        self.won(sql, vec![id.uuid().into(), coarse.as_micros().into()]).await
    }
}

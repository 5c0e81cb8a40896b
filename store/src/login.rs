//! `login`: refresh families. Only hashes of refresh tokens are kept (`access.md`, "Identity").

use domain::{LoginId, MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{Backend, StoreError, TenantRead, TenantTx};

table! {
    /// One sign-in of a member.
    LoginRow in login = "login" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: LoginId = Uuid,
        }
        /// Who signed in.
        member_id: MemberId = Uuid,
        /// SHA-256 of the refresh token in force.
        refresh_hash: [u8; 32] = Vec<u8>,
        /// SHA-256 of the token before it.
        previous_hash: Option<[u8; 32]> = Option<Vec<u8>>,
        /// When the token was last replaced.
        rotated_at: Option<Timestamp> = Option<i64>,
        /// When the member signed in.
        created_at: Timestamp = i64,
        /// When the family was last used.
        last_used_at: Timestamp = i64,
        /// The absolute end.
        expires_at: Timestamp = i64,
        /// When the family was ended.
        revoked_at: Option<Timestamp> = Option<i64>,
        /// When its holder last proved who they are; none: when the login was made.
        authenticated_at: Option<Timestamp> = Option<i64>,
        /// When its holder last proved a second factor.
        mfa_at: Option<Timestamp> = Option<i64>,
        /// MAC over browser family and coarse network, to compare a later use with.
        place_mac: Option<[u8; 32]> = Option<Vec<u8>>,
        /// The same two, sealed, to show to the member.
        place_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// MAC over what the sign-in opens; empty once it was ended, so that nobody wakes it.
        mac: Vec<u8> = Vec<u8>,
    }
}

impl TenantRead {
    /// One family.
    pub async fn login_find(&self, id: LoginId) -> Result<Option<LoginRow>, StoreError> {
        self.one(login::Entity::scoped(self.tenant()).filter(login::Column::Id.eq(id.uuid()))).await
    }

    /// A member's families that have not ended, newest first.
    pub async fn login_list(&self, member: MemberId, now: Timestamp) -> Result<Vec<LoginRow>, StoreError> {
        let select = login::Entity::scoped(self.tenant())
            .filter(login::Column::MemberId.eq(member.uuid()))
            .filter(login::Column::RevokedAt.is_null())
            .filter(login::Column::ExpiresAt.gt(now.as_micros()))
            .order_by_desc(login::Column::Id);
        self.all(select).await
    }

    /// The family whose present or previous token has this hash; the caller tells reuse from a retry by which it was.
    pub async fn login_find_by_hash(&self, hash: &[u8; 32]) -> Result<Option<LoginRow>, StoreError> {
        let either = Condition::any()
            .add(login::Column::RefreshHash.eq(hash.to_vec()))
            .add(login::Column::PreviousHash.eq(hash.to_vec()));
        self.one(login::Entity::scoped(self.tenant()).filter(either)).await
    }
}

impl TenantTx {
    /// Adds a family.
    pub async fn login_insert(&self, row: LoginRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Keeps every other change of a family waiting until this transaction ends; false when there is none.
    pub async fn login_lock(&self, id: LoginId) -> Result<bool, StoreError> {
        // SQLite has one writer, and this is it.
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT id FROM login WHERE tenant_id = $1 AND id = $2",
            Backend::Postgres => "SELECT id FROM login WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        };
        Ok(self.row(sql, vec![id.uuid().into()]).await?.is_some())
    }

    /// Replaces the token by that of `next`, if the presented one is still in force: of any number of parallel calls exactly
    /// one wins.
    pub async fn login_rotate(&self, presented: &[u8; 32], next: &LoginRow) -> Result<bool, StoreError> {
        let sql = "UPDATE login SET previous_hash = refresh_hash, refresh_hash = $4, rotated_at = $5, last_used_at = $5, mac = $6
                   WHERE tenant_id = $1 AND id = $2 AND refresh_hash = $3 AND revoked_at IS NULL";
        let values = vec![
            next.id.uuid().into(),
            presented.to_vec().into(),
            next.refresh_hash.to_vec().into(),
            next.last_used_at.as_micros().into(),
            next.mac.clone().into(),
        ];
        self.won(sql, values).await
    }

    /// Writes when the holder of a family last proved who they are; false when the family had ended.
    pub async fn login_prove(&self, row: &LoginRow) -> Result<bool, StoreError> {
        let sql = "UPDATE login SET authenticated_at = $3, mfa_at = $4, mac = $5
                   WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL";
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_micros);
        let (authenticated, mfa) = (micros(row.authenticated_at), micros(row.mfa_at));
        self.won(sql, vec![row.id.uuid().into(), authenticated.into(), mfa.into(), row.mac.clone().into()]).await
    }

    /// Ends a family; false when it had ended before.
    pub async fn login_revoke(&self, id: LoginId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE login SET revoked_at = $3, mac = $4 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into(), NONE.into()]).await
    }

    /// Ends a member's families except `kept` and says how many there were.
    pub async fn login_revoke_others(
        &self,
        member: MemberId,
        kept: LoginId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE login SET revoked_at = $4, mac = $5
                   WHERE tenant_id = $1 AND member_id = $2 AND id <> $3 AND revoked_at IS NULL";
        let values = vec![member.uuid().into(), kept.uuid().into(), now.as_micros().into(), NONE.into()];
        self.run(sql, values).await
    }

    /// Ends every family of a member and says how many there were.
    pub async fn login_revoke_member(&self, member: MemberId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "UPDATE login SET revoked_at = $3, mac = $4
                   WHERE tenant_id = $1 AND member_id = $2 AND revoked_at IS NULL";
        self.run(sql, vec![member.uuid().into(), now.as_micros().into(), NONE.into()]).await
    }
}

/// The MAC of what is over.
const NONE: Vec<u8> = Vec::new();

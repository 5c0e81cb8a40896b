//! `factor` and `factor_attempt`: members' second factors and how often somebody tried (`access.md`, "Identity").

use std::time::Duration;

use domain::{FactorId, MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{FactorKind, FactorState, StoreError, TenantRead, TenantTx};

table! {
    /// One second factor of one member.
    FactorRow in factor = "factor" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: FactorId = Uuid,
        }
        /// Whose.
        member_id: MemberId = Uuid,
        /// What it is.
        kind: FactorKind = String,
        /// Whether it counts.
        state: FactorState = String,
        /// The sealed name that the member gave a security key.
        name_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// The sealed TOTP secret or credential.
        secret_sealed: Vec<u8> = Vec<u8>,
        /// SHA-256 of a security key's credential id.
        credential_hash: Option<[u8; 32]> = Option<Vec<u8>>,
        /// The last accepted step of a TOTP, the signature count of a security key.
        counter: u64 = i64,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When its first proof was given.
        confirmed_at: Option<Timestamp> = Option<i64>,
        /// When it last proved its holder.
        last_used_at: Option<Timestamp> = Option<i64>,
    }
}

impl TenantRead {
    /// A member's factors, oldest first, those that do not count yet too.
    pub async fn factor_list(&self, member: MemberId) -> Result<Vec<FactorRow>, StoreError> {
        let select = factor::Entity::scoped(self.tenant())
            .filter(factor::Column::MemberId.eq(member.uuid()))
            .order_by_asc(factor::Column::CreatedAt)
            .order_by_asc(factor::Column::Id);
        self.all(select).await
    }

    /// One factor.
    pub async fn factor_find(&self, id: FactorId) -> Result<Option<FactorRow>, StoreError> {
        self.one(factor::Entity::scoped(self.tenant()).filter(factor::Column::Id.eq(id.uuid()))).await
    }
}

impl TenantTx {
    /// Adds a factor. A member's second TOTP, and a credential that is registered already, are a [`StoreError::Conflict`].
    pub async fn factor_insert(&self, row: FactorRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Puts a pending factor in force after the proof with this counter; false when it is not pending any more.
    pub async fn factor_confirm(&self, id: FactorId, counter: u64, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE factor SET state = 'active', counter = $3, confirmed_at = $4, last_used_at = $4
                   WHERE tenant_id = $1 AND id = $2 AND state = 'pending'";
        self.won(sql, vec![id.uuid().into(), number(counter)?, now.as_micros().into()]).await
    }

    /// Spends one step of a TOTP: of any number of parallel calls with this step or an earlier one exactly one wins.
    pub async fn factor_totp_use(&self, id: FactorId, step: u64, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE factor SET counter = $3, last_used_at = $4
                   WHERE tenant_id = $1 AND id = $2 AND kind = 'totp' AND state = 'active' AND counter < $3";
        self.won(sql, vec![id.uuid().into(), number(step)?, now.as_micros().into()]).await
    }

    /// Notes a security key's use and what its credential became; false when its signature count did not grow. A key that
    /// does not count says 0 every time.
    pub async fn factor_key_use(
        &self,
        id: FactorId,
        counter: u64,
        secret_sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE factor SET counter = $3, secret_sealed = $4, last_used_at = $5
                   WHERE tenant_id = $1 AND id = $2 AND kind = 'security-key' AND state = 'active'
                     AND (counter < $3 OR (counter = 0 AND $3 = 0))";
        self.won(sql, vec![id.uuid().into(), number(counter)?, secret_sealed.into(), now.as_micros().into()]).await
    }

    /// Gives a member's security key another name; false when the member has no such key.
    pub async fn factor_rename(&self, member: MemberId, id: FactorId, sealed: Vec<u8>) -> Result<bool, StoreError> {
        let sql = "UPDATE factor SET name_sealed = $4
                   WHERE tenant_id = $1 AND member_id = $2 AND id = $3 AND kind = 'security-key'";
        self.won(sql, vec![member.uuid().into(), id.uuid().into(), sealed.into()]).await
    }

    /// Removes a member's factor; false when the member has no such factor.
    pub async fn factor_remove(&self, member: MemberId, id: FactorId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM factor WHERE tenant_id = $1 AND member_id = $2 AND id = $3";
        self.won(sql, vec![member.uuid().into(), id.uuid().into()]).await
    }

    /// When the window of a member's tries began; none when nobody tried.
    pub async fn factor_attempt_since(&self, member: MemberId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT since FROM factor_attempt WHERE tenant_id = $1 AND member_id = $2";
        let row = self.row(sql, vec![member.uuid().into()]).await?;
        row.map(|row| Ok(Timestamp::from_micros(row.try_get("", "since")?))).transpose()
    }

    /// Drops what a member began to enrol and did not confirm.
    pub async fn factor_drop_pending(&self, member: MemberId) -> Result<(), StoreError> {
        let sql = "DELETE FROM factor WHERE tenant_id = $1 AND member_id = $2 AND state = 'pending'";
        self.run(sql, vec![member.uuid().into()]).await.map(drop)
    }

    /// Takes one of the `most` tries that a member has within `window`; false when none is left. Taken before the proof is
    /// looked at, so that parallel guesses are counted like guesses one after another.
    pub async fn factor_attempt_take(
        &self,
        member: MemberId,
        now: Timestamp,
        window: Duration,
        most: u32,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO factor_attempt (tenant_id, member_id, attempts, since) VALUES ($1, $2, 1, $3)
                   ON CONFLICT (tenant_id, member_id) DO UPDATE SET
                     attempts = CASE WHEN factor_attempt.since <= $4 THEN 1 ELSE factor_attempt.attempts + 1 END,
                     since = CASE WHEN factor_attempt.since <= $4 THEN $3 ELSE factor_attempt.since END
                   WHERE factor_attempt.since <= $4 OR factor_attempt.attempts < $5";
        let window = i64::try_from(window.as_micros()).map_err(|_| StoreError::OutOfRange)?;
        let over = now.as_micros().saturating_sub(window);
        let values = vec![member.uuid().into(), now.as_micros().into(), over.into(), i64::from(most).into()];
        self.won(sql, values).await
    }

    /// Forgets a member's tries: the right proof was given.
    pub async fn factor_attempt_clear(&self, member: MemberId) -> Result<(), StoreError> {
        let sql = "UPDATE factor_attempt SET attempts = 0 WHERE tenant_id = $1 AND member_id = $2";
        self.run(sql, vec![member.uuid().into()]).await.map(drop)
    }
}

fn number(value: u64) -> Result<sea_orm::Value, StoreError> {
    i64::try_from(value).map(Into::into).map_err(|_| StoreError::OutOfRange)
}

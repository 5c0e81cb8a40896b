//! `factor_challenge`: questions that wait for the proof of a second factor. Only hashes of their names are kept.

use domain::{LoginId, MemberId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::{ChallengePurpose, StoreError, TenantRead, TenantTx};

/// Most that are looked at beyond those that are kept.
const BEYOND: u64 = 100;

table! {
    /// One challenge.
    FactorChallengeRow in factor_challenge = "factor_challenge" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// SHA-256 of the challenge that was handed out.
            hash: [u8; 32] = Vec<u8>,
        }
        /// Who must answer.
        member_id: MemberId = Uuid,
        /// In which sign-in; none while there is none yet.
        login_id: Option<LoginId> = Option<Uuid>,
        /// What for.
        purpose: ChallengePurpose = String,
        /// Tries taken so far.
        tries: u32 = i64,
        /// For a sign-in: a digest that names the password, so that a change of password ends the challenge.
        password_mark: Option<[u8; 32]> = Option<Vec<u8>>,
        /// What a security key is asked, sealed.
        state_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// When it was handed out.
        created_at: Timestamp = i64,
        /// When it ends.
        expires_at: Timestamp = i64,
        /// When it was answered.
        used_at: Option<Timestamp> = Option<i64>,
    }
}

impl TenantRead {
    /// One challenge, also one that has ended.
    pub async fn challenge_find(&self, hash: &[u8; 32]) -> Result<Option<FactorChallengeRow>, StoreError> {
        let select =
            factor_challenge::Entity::scoped(self.tenant()).filter(factor_challenge::Column::Hash.eq(hash.to_vec()));
        self.one(select).await
    }

    /// Challenges whose time is over, the oldest first; one member's only when one is named.
    pub async fn challenge_over(
        &self,
        member: Option<MemberId>,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<[u8; 32]>, StoreError> {
        let mut select = factor_challenge::Entity::scoped(self.tenant())
            .filter(factor_challenge::Column::ExpiresAt.lte(now.as_micros()))
            .order_by_asc(factor_challenge::Column::ExpiresAt)
            .order_by_asc(factor_challenge::Column::Hash)
            .limit(limit);
        if let Some(member) = member {
            select = select.filter(factor_challenge::Column::MemberId.eq(member.uuid()));
        }
        self.hashes(select).await
    }

    /// A member's challenges of this purpose but the newest `keep` of them.
    pub async fn challenge_beyond(
        &self,
        member: MemberId,
        purpose: ChallengePurpose,
        keep: u64,
    ) -> Result<Vec<[u8; 32]>, StoreError> {
        let select = factor_challenge::Entity::scoped(self.tenant())
            .filter(factor_challenge::Column::MemberId.eq(member.uuid()))
            .filter(factor_challenge::Column::Purpose.eq(purpose.as_str()))
            .order_by_desc(factor_challenge::Column::CreatedAt)
            .order_by_desc(factor_challenge::Column::Hash)
            .offset(keep)
            .limit(BEYOND);
        self.hashes(select).await
    }

    async fn hashes(&self, select: Select<factor_challenge::Entity>) -> Result<Vec<[u8; 32]>, StoreError> {
        Ok(self.all::<FactorChallengeRow>(select).await?.into_iter().map(|row| row.hash).collect())
    }
}

impl TenantTx {
    /// Adds a challenge.
    pub async fn challenge_insert(&self, row: FactorChallengeRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Takes one of the `most` tries of an open challenge; false when it is answered, over, or has none left.
    pub async fn challenge_try(&self, hash: &[u8; 32], now: Timestamp, most: u32) -> Result<bool, StoreError> {
        let sql = "UPDATE factor_challenge SET tries = tries + 1
                   WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3 AND tries < $4";
        self.won(sql, vec![hash.to_vec().into(), now.as_micros().into(), i64::from(most).into()]).await
    }

    /// Marks a challenge answered: of any number of parallel calls exactly one wins.
    pub async fn challenge_use(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE factor_challenge SET used_at = $3
                   WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3";
        self.won(sql, vec![hash.to_vec().into(), now.as_micros().into()]).await
    }

    /// Removes a challenge; false when it is not there.
    pub async fn challenge_remove(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let sql = "DELETE FROM factor_challenge WHERE tenant_id = $1 AND hash = $2";
        self.won(sql, vec![hash.to_vec().into()]).await
    }
}

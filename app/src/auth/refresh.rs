//! Renewing and ending a login.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Entropy, LoginId, Secret};
use sha2::{Digest as _, Sha256};
use store::{LoginRow, MemberState};
use vault::chain::RowKey;

use super::{ABSOLUTE, Auth, IDLE, Parts, REFRESH, SignedIn};
use crate::AppError;

/// Within this time a token that was just replaced gets its successor again: two tabs may refresh at once.
const BENIGN: Duration = Duration::from_secs(10);

const ENDED: AppError =
    AppError::Unauthenticated { code: "signed-out", detail: "the sign-in has ended; sign in again" };

impl Auth {
    /// Trades a refresh token for its successor and a fresh access token.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] `signed-out`; a token presented again after ten seconds ends the whole login.
    pub async fn refresh(&self, presented: &str) -> Result<SignedIn, AppError> {
        let parts = &self.parts;
        let (row, hash) = parts.login_of(presented).await?.ok_or(ENDED)?;
        let now = parts.clock.now();
        if row.revoked_at.is_some() || row.expires_at <= now || row.last_used_at.plus(IDLE) <= now {
            return Err(ENDED);
        }
        let successor = parts.successor(presented);
        let next = hash_of(successor.expose());
        if row.refresh_hash == hash {
            let tx = parts.store.tenant(row.tenant_id).await?;
            if tx.login_rotate(row.id, &hash, &next, now).await? {
                tx.credential_put(REFRESH, &next, row.id.uuid()).await?;
                tx.commit().await?;
            }
            // Otherwise a parallel request rotated it this instant: the successor is the same.
        } else if row.refresh_hash != next || row.rotated_at.is_none_or(|at| at.plus(BENIGN) < now) {
            parts.end(&row).await?;
            tracing::warn!(login.id = %row.id, "a refresh token was used twice; the login was ended");
            return Err(ENDED);
        }
        let read = parts.store.tenant_read(row.tenant_id).await?;
        let member =
            read.member_find(row.member_id).await?.filter(|member| member.state == MemberState::Active).ok_or(ENDED)?;
        drop(read);
        parts.forget(row.tenant_id, row.id).await;
        let mut signed_in = parts.signed_in(row.tenant_id, member.id, row.id, member.authz_epoch, successor)?;
        let left = row.created_at.plus(ABSOLUTE).micros_since(now);
        signed_in.refresh_max_age = Duration::from_micros(u64::try_from(left).unwrap_or(0));
        Ok(signed_in)
    }

    /// Ends the login of this refresh token. An unknown one is no error: the caller is signed out either way.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn logout(&self, presented: &str) -> Result<(), AppError> {
        match self.parts.login_of(presented).await? {
            Some((row, _)) => self.parts.end(&row).await,
            None => Ok(()),
        }
    }
}

impl Parts {
    async fn login_of(&self, presented: &str) -> Result<Option<(LoginRow, [u8; 32])>, AppError> {
        let hash = hash_of(presented);
        let Some(found) = self.store.lookup_credential(REFRESH, &hash, None).await? else { return Ok(None) };
        let read = self.store.tenant_read(found.tenant_id).await?;
        Ok(read.login_find(LoginId::from_uuid(found.id)).await?.map(|row| (row, hash)))
    }

    fn successor(&self, presented: &str) -> Secret<String> {
        let mac = RowKey::derive(&self.deployment.refresh).body_mac(&hash_of(presented));
        Secret::new(URL_SAFE_NO_PAD.encode(mac))
    }

    async fn end(&self, row: &LoginRow) -> Result<(), AppError> {
        let tx = self.store.tenant(row.tenant_id).await?;
        tx.login_revoke(row.id, self.clock.now()).await?;
        tx.commit().await?;
        self.forget(row.tenant_id, row.id).await;
        Ok(())
    }
}

/// The first refresh token of a login: 256 random bits.
pub(super) fn first(entropy: &dyn Entropy) -> Secret<String> {
    let mut bytes = [0_u8; 32];
    entropy.fill(&mut bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a refresh token.
pub(super) fn hash(token: &Secret<String>) -> [u8; 32] {
    hash_of(token.expose())
}

fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

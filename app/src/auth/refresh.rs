//! Renewing and ending a login.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{LoginId, RequestId, Secret};
use ledger::Object;
use store::LoginRow;
use vault::chain::RowKey;

use super::{Auth, CoarsePlace, IDLE, Parts, Place, REFRESH, SignedIn, span};
use crate::{
    AppError,
    notices::{Audience, NoticeKind},
    opaque,
    rights::rows,
};

/// Within this time a token that was just replaced gets its successor again: two tabs may refresh at once.
const BENIGN: Duration = Duration::from_secs(10);

pub(crate) const ENDED: AppError =
    AppError::Unauthenticated { code: "signed-out", detail: "the sign-in has ended; sign in again" };

impl Auth {
    /// Trades a refresh token for its successor and a fresh access token.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] `signed-out`; a token presented again after ten seconds, or from another browser
    /// family or network than the sign-in, ends the whole login.
    pub async fn refresh(&self, presented: &str, place: Place, request: RequestId) -> Result<SignedIn, AppError> {
        let parts = &self.parts;
        let (row, hash) = parts.login_of(presented).await?.ok_or(ENDED)?;
        let now = parts.clock.now();
        if row.expires_at <= now || row.last_used_at.plus(IDLE) <= now {
            return Err(ENDED);
        }
        let successor = parts.successor(presented);
        let next = opaque::hash(successor.expose());
        let elsewhere =
            row.place_mac.is_some_and(|mac| !opaque::same(mac, CoarsePlace::from(place).mac(&parts.deployment.lookup)));
        if elsewhere {
            parts.reused(&row, request).await?;
            return Err(ENDED);
        }
        if row.refresh_hash == hash {
            parts.rotate(&row, &hash, next).await?;
        } else if row.refresh_hash != next || row.rotated_at.is_none_or(|at| at.plus(BENIGN) < now) {
            parts.reused(&row, request).await?;
            return Err(ENDED);
        }
        let read = parts.store.tenant_read(row.tenant_id).await?;
        let member = parts.authorizer.active(&read, row.member_id).await?.ok_or(ENDED)?;
        drop(read);
        parts.forget(row.tenant_id, row.id).await;
        let mut signed_in = parts.signed_in(row.tenant_id, member.id, row.id, member.authz_epoch, successor)?;
        signed_in.refresh_max_age = span(now, row.expires_at);
        Ok(signed_in)
    }

    /// Ends the login of this refresh token. An unknown one is no error: the caller is signed out either way.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn logout(&self, presented: &str, request: RequestId) -> Result<(), AppError> {
        match self.parts.login_of(presented).await? {
            Some((row, _)) => self.parts.end(&row, request).await,
            None => Ok(()),
        }
    }
}

impl Parts {
    async fn login_of(&self, presented: &str) -> Result<Option<(LoginRow, [u8; 32])>, AppError> {
        let hash = opaque::hash(presented);
        let Some(found) = self.store.lookup_credential(REFRESH, &hash, None).await? else { return Ok(None) };
        let read = self.store.tenant_read(found.tenant_id).await?;
        Ok(self.authorizer.login(&read, LoginId::from_uuid(found.id)).await?.map(|row| (row, hash)))
    }

    /// Puts the successor in the presented token's place. When a parallel request did so this instant, it is the same.
    async fn rotate(&self, row: &LoginRow, presented: &[u8; 32], next: [u8; 32]) -> Result<(), AppError> {
        let now = self.clock.now();
        let tx = self.store.tenant(row.tenant_id).await?;
        let row = self.authorizer.login_held(&tx, row.id).await?.ok_or(ENDED)?;
        let next = LoginRow { refresh_hash: next, rotated_at: Some(now), last_used_at: now, ..row };
        let next = rows::sealed_login(&self.authorizer.authority_by(&tx).await?, next);
        if tx.login_rotate(presented, &next).await? {
            tx.credential_put(REFRESH, &next.refresh_hash, next.id.uuid()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    fn successor(&self, presented: &str) -> Secret<String> {
        let mac = RowKey::derive(&self.deployment.refresh).body_mac(&opaque::hash(presented));
        Secret::new(URL_SAFE_NO_PAD.encode(mac))
    }

    /// A token was carried elsewhere or used twice: whoever holds its successor is out too, and it is put on record.
    async fn reused(&self, row: &LoginRow, request: RequestId) -> Result<(), AppError> {
        let tx = self.store.tenant(row.tenant_id).await?;
        if tx.login_revoke(row.id, self.clock.now()).await? {
            let object = Object::Login(row.id);
            self.audit().refused(&tx, row.member_id, "login.refresh", object, "reused-token", request).await?;
            self.tell(&tx, NoticeKind::RefreshReused, Audience::Member(row.member_id), object).await?;
        }
        tx.commit().await?;
        self.forget(row.tenant_id, row.id).await;
        tracing::warn!(login.id = %row.id, "a refresh token was used twice or elsewhere; the login was ended");
        Ok(())
    }

    async fn end(&self, row: &LoginRow, request: RequestId) -> Result<(), AppError> {
        let tx = self.store.tenant(row.tenant_id).await?;
        if tx.login_revoke(row.id, self.clock.now()).await? {
            let object = Object::Login(row.id);
            self.audit().proven(&tx, row.member_id, "login.end", object, "refresh-token", request).await?;
        }
        tx.commit().await?;
        self.forget(row.tenant_id, row.id).await;
        Ok(())
    }
}

//! A member's own sign-ins: where they are signed in, and ending one of them.

use domain::{LoginId, Personal, Timestamp};
use ledger::Object;
use policy::access::{Actor, Permit, can};

use super::{Auth, IDLE, member_of, place::CoarsePlace};
use crate::AppError;

/// One sign-in, as its member sees it.
#[derive(Debug, Clone)]
pub struct SignInView {
    /// Its id.
    pub id: LoginId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used to get an access token.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The network it is used from, as a /24 or /48.
    pub network: Option<Personal<String>>,
    /// The browser's family.
    pub browser: Option<String>,
    /// Whether it is the one that asks.
    pub this: bool,
}

impl Auth {
    /// One's own sign-ins that have not ended, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_ins(&self, permit: &Permit<can::MeManage>) -> Result<Vec<SignInView>, AppError> {
        let parts = self.parts();
        let (tenant, member, now) = (permit.tenant(), member_of(permit.actor())?, parts.clock.now());
        let read = parts.store.tenant_read(tenant).await?;
        let rows = read.login_list(member, now).await?;
        let person = read.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?.person_key_id;
        drop(read);
        let key = parts.keys.person(tenant, person).await.ok();
        let views = rows.into_iter().filter(|row| row.last_used_at.plus(IDLE) > now).map(|row| {
            let sealed = row.place_sealed.as_deref().zip(key.as_ref());
            let place = sealed.and_then(|(sealed, key)| CoarsePlace::open(tenant, row.id, key, sealed).ok());
            let (network, browser) = place.map_or((None, None), |place| (Some(place.network), place.browser));
            SignInView {
                id: row.id,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
                expires_at: row.expires_at,
                network: network.map(Personal::new),
                browser,
                this: matches!(permit.actor(), Actor::Member { login, .. } if *login == row.id),
            }
        });
        Ok(views.collect())
    }

    /// Ends one of one's own sign-ins. Ending one again changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for another member's.
    pub async fn sign_in_end(&self, permit: &Permit<can::MeManage>, id: LoginId) -> Result<(), AppError> {
        let parts = self.parts();
        let member = member_of(permit.actor())?;
        let tx = parts.store.tenant(permit.tenant()).await?;
        tx.login_find(id).await?.filter(|row| row.member_id == member).ok_or(AppError::NotFound { kind: "sign-in" })?;
        if tx.login_revoke(id, parts.clock.now()).await? {
            parts.audit().allowed(&tx, permit, "login.end", Object::Login(id)).await?;
        }
        tx.commit().await?;
        parts.forget(permit.tenant(), id).await;
        Ok(())
    }
}

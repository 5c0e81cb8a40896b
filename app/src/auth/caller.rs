//! From an access token to a caller with permits.

use std::sync::Arc;

use domain::{LoginId, MemberId, RequestId, TenantId};
use policy::access::{Actor, Can, Holdings, Permit, Subject};
use store::MemberState;

use super::{Auth, Freshness, Parts, Standing, bound_roles};
use crate::{
    AppError, forbidden,
    keys::{AccessClaims, BadToken, Purpose},
};

/// A signed-in member. Cheap to clone.
#[derive(Clone)]
pub struct MemberCaller {
    parts: Arc<Parts>,
    tenant: TenantId,
    member: MemberId,
    login: LoginId,
    holdings: Holdings,
    freshness: Option<Freshness>,
    request: RequestId,
}

impl Auth {
    /// Who holds this access token, when it, its login and its member are still good.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] in every other case.
    pub async fn member(&self, access_token: &str, request: RequestId) -> Result<MemberCaller, AppError> {
        let claims: AccessClaims = self
            .parts
            .deployment
            .tokens
            .verify(Purpose::Access, access_token, &*self.parts.clock)
            .map_err(BadToken::into_error)?;
        let standing = self.parts.standing(claims.tenant, claims.login, claims.sub).await?;
        if !standing.good || i64::try_from(standing.epoch).ok() != Some(claims.epoch) {
            // The epoch grows when roles change: the browser gets a fresh token with its refresh cookie.
            return Err(BadToken::Expired.into_error());
        }
        Ok(MemberCaller {
            parts: Arc::clone(&self.parts),
            tenant: claims.tenant,
            member: claims.sub,
            login: claims.login,
            holdings: standing.holdings,
            freshness: standing.freshness,
            request,
        })
    }
}

impl MemberCaller {
    /// The proof that this member may do `A`.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when no role of theirs allows it.
    pub fn permit<A: Can>(&self) -> Result<Permit<A>, AppError> {
        self.parts.authorizer.authorize(self.subject(self.holdings.clone())).map_err(|_| forbidden())
    }

    /// The permit as it would be given now, when the login is still good and the roles still allow `A`; for streams that
    /// outlive their first check.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] when the stream must end.
    pub async fn still<A: Can>(&self) -> Result<Permit<A>, AppError> {
        let standing = self.parts.standing(self.tenant, self.login, self.member).await?;
        if !standing.good {
            return Err(BadToken::Expired.into_error());
        }
        self.parts.authorizer.authorize(self.subject(standing.holdings)).map_err(|_| forbidden())
    }

    /// When this member last proved who they are in this sign-in, at most two seconds late. A use case that decides by it
    /// asks [`crate::factors::Factors::require`], which is never late.
    #[must_use]
    pub const fn freshness(&self) -> Option<Freshness> {
        self.freshness
    }

    /// The tenant of the credential.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The member.
    #[must_use]
    pub const fn member(&self) -> MemberId {
        self.member
    }

    const fn subject(&self, holdings: Holdings) -> Subject {
        let actor = Actor::Member { id: self.member, login: self.login };
        Subject { tenant: self.tenant, actor, holdings, request: self.request }
    }
}

impl Parts {
    /// Login, member and roles as they stand, at most two seconds old.
    async fn standing(&self, tenant: TenantId, login: LoginId, member: MemberId) -> Result<Standing, AppError> {
        let key = (tenant, login);
        if let Some(known) = self.checks.get(&key).await {
            return Ok(known);
        }
        let read = self.store.tenant_read(tenant).await?;
        let now = self.clock.now();
        let login = read
            .login_find(login)
            .await?
            .filter(|row| row.member_id == member && row.revoked_at.is_none() && row.expires_at > now);
        let row = read.member_find(member).await?.filter(|row| row.state == MemberState::Active);
        let standing = match row {
            Some(row) if login.is_some() => Standing {
                good: true,
                holdings: self.authorizer.holdings(bound_roles(&read, member).await?),
                epoch: row.authz_epoch,
                freshness: login.as_ref().map(Freshness::of),
            },
            _ => Standing { good: false, holdings: Holdings::default(), epoch: 0, freshness: None },
        };
        self.checks.insert(key, standing.clone()).await;
        Ok(standing)
    }

    /// Makes the next check of this login read the store.
    pub(crate) async fn forget(&self, tenant: TenantId, login: LoginId) {
        self.checks.invalidate(&(tenant, login)).await;
    }
}

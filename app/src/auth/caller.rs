//! From a credential to a caller with permits: an access token of a sign-in, or an API key.

use std::sync::Arc;

use domain::{ApiKeyId, LoginId, MemberId, Place, RequestId, TenantId, Timestamp};
use ledger::Object;
use policy::access::{Action, Actor, Can, Holdings, Permit, Subject};
use store::ApiKeyRow;

use super::{Auth, Freshness, Parts, Standing};
use crate::{
    AppError,
    api_keys::{self, KeyStanding},
    forbidden,
    keys::{AccessClaims, BadToken, Purpose},
    opaque,
    refusals::Refusal,
    rights::rows,
};

/// A signed-in member, or a program with one of their API keys. Cheap to clone.
#[derive(Clone)]
pub struct MemberCaller {
    parts: Arc<Parts>,
    tenant: TenantId,
    member: MemberId,
    actor: Actor,
    /// Finds a key's standing again.
    key_hash: Option<[u8; 32]>,
    /// What the member holds; a key's own limits are in its actor.
    holdings: Holdings,
    freshness: Option<Freshness>,
    request: RequestId,
    place: Option<Place>,
}

impl Auth {
    /// Who holds this credential, an access token or an API key, asking from `place`.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when it, what it stands for, or its member is not good any more.
    pub async fn caller(&self, credential: &str, place: Place, request: RequestId) -> Result<MemberCaller, AppError> {
        let caller = if api_keys::looks_like_one(credential) {
            self.key_holder(credential, place, request).await?
        } else {
            self.member(credential, request).await?
        };
        Ok(MemberCaller { place: Some(place), ..caller })
    }

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
            actor: Actor::Member { id: claims.sub, login: claims.login },
            key_hash: None,
            holdings: standing.holdings,
            freshness: standing.freshness,
            request,
            place: None,
        })
    }

    async fn key_holder(&self, key: &str, place: Place, request: RequestId) -> Result<MemberCaller, AppError> {
        let invalid = || BadToken::Invalid.into_error();
        let id = api_keys::id_of(key).ok_or_else(invalid)?;
        let hash = opaque::hash(key);
        let standing =
            self.parts.key_standing(&hash).await?.filter(|standing| standing.id == id).ok_or_else(invalid)?;
        if standing.expires_at <= self.parts.clock.now() {
            self.parts.refusals.unproven(standing.tenant);
            return Err(BadToken::Expired.into_error());
        }
        if !standing.admits(place.address()) {
            self.parts.refusals.unproven(standing.tenant);
            return Err(AppError::Forbidden {
                code: "network-not-allowed",
                detail: "the API key is not for this network",
            });
        }
        Ok(MemberCaller {
            parts: Arc::clone(&self.parts),
            tenant: standing.tenant,
            member: standing.member,
            actor: standing.actor(),
            key_hash: Some(hash),
            holdings: standing.holdings.clone(),
            freshness: None,
            request,
            place: None,
        })
    }
}

impl MemberCaller {
    /// The proof that this member, or this key of theirs, may do `A`.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when no role of theirs allows it, or it is no scope of the key.
    pub fn permit<A: Can>(&self) -> Result<Permit<A>, AppError> {
        self.permitted(self.actor, self.holdings.clone())
    }

    /// What goes on record when this caller is refused `action`; nothing is written by this.
    #[must_use]
    pub const fn refusal(&self, action: Action) -> Refusal {
        Refusal {
            tenant: self.tenant,
            actor: self.actor,
            request: self.request,
            action,
            object: None,
            code: "forbidden",
        }
    }

    /// The permit as it would be given now, when the credential is still good and still allows `A`; for streams that
    /// outlive their first check.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] when the stream must end.
    pub async fn still<A: Can>(&self) -> Result<Permit<A>, AppError> {
        let (actor, holdings) = match (self.actor, self.key_hash) {
            (Actor::Member { login, .. }, _) => {
                let standing = self.parts.standing(self.tenant, login, self.member).await?;
                if !standing.good {
                    return Err(BadToken::Expired.into_error());
                }
                (self.actor, standing.holdings)
            }
            (_, Some(hash)) => {
                let standing = self.parts.key_standing(&hash).await?;
                let standing = standing.filter(|standing| standing.expires_at > self.parts.clock.now());
                let standing = standing.ok_or_else(|| BadToken::Expired.into_error())?;
                (standing.actor(), standing.holdings.clone())
            }
            _ => return Err(forbidden()),
        };
        self.permitted(actor, holdings)
    }

    /// When this member last proved who they are in this sign-in, at most two seconds late; none for a key. A use case
    /// that decides by it asks [`crate::factors::Factors::require`], which is never late.
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

    /// Whether it is a program with a key, and not the person.
    #[must_use]
    pub const fn is_key(&self) -> bool {
        self.key_hash.is_some()
    }

    fn permitted<A: Can>(&self, actor: Actor, holdings: Holdings) -> Result<Permit<A>, AppError> {
        let subject = Subject { tenant: self.tenant, actor, holdings, request: self.request };
        let permit: Permit<A> = self.parts.authorizer.authorize(subject).map_err(|_| forbidden())?;
        Ok(permit.asked_from(self.place))
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
        let login = self.authorizer.login(&read, login).await?;
        let login = login.filter(|row| row.member_id == member && row.expires_at > now);
        let row = self.authorizer.active(&read, member).await?;
        let standing = match row {
            Some(row) if login.is_some() => Standing {
                good: true,
                holdings: self.authorizer.of(&read, member).await?,
                epoch: row.authz_epoch,
                freshness: login.as_ref().map(Freshness::of),
            },
            _ => Standing { good: false, holdings: Holdings::default(), epoch: 0, freshness: None },
        };
        self.checks.insert(key, standing.clone()).await;
        Ok(standing)
    }

    /// Key, member and roles as they stand, at most two seconds old; `None` when the key or its member is not good.
    async fn key_standing(&self, hash: &[u8; 32]) -> Result<Option<Arc<KeyStanding>>, AppError> {
        if let Some(known) = self.key_checks.get(hash).await {
            return Ok(Some(known));
        }
        let Some(found) = self.store.lookup_credential(api_keys::API_KEY, hash, None).await? else { return Ok(None) };
        let read = self.store.tenant_read(found.tenant_id).await?;
        let Some(row) = read.api_key_find(ApiKeyId::from_uuid(found.id)).await? else { return Ok(None) };
        let authority = self.authorizer.authority_by(&read).await?;
        if !rows::api_key(&row, |of| authority.holds(of, &row.mac)) {
            self.authorizer.distrust(row.tenant_id, Object::ApiKey(row.id), &row.mac).await;
            return Ok(None);
        }
        let member = self.authorizer.active(&read, row.member_id).await?;
        if member.is_none() || row.revoked_at.is_some() || !opaque::same(row.key_hash, *hash) {
            return Ok(None);
        }
        let holdings = self.authorizer.of(&read, row.member_id).await?;
        drop(read);
        self.note_key_use(&row).await?;
        let standing = Arc::new(KeyStanding::new(&row, holdings));
        self.key_checks.insert(*hash, Arc::clone(&standing)).await;
        Ok(Some(standing))
    }

    /// To the hour: enough to find keys that nobody needs, too little to follow somebody's day.
    async fn note_key_use(&self, row: &ApiKeyRow) -> Result<(), AppError> {
        const HOUR: i64 = 3_600_000_000;
        let hour = Timestamp::from_micros(self.clock.now().as_micros().div_euclid(HOUR) * HOUR);
        if row.last_used_at.is_some_and(|last| last >= hour) {
            return Ok(());
        }
        let tx = self.store.tenant(row.tenant_id).await?;
        tx.api_key_used(row.id, hour).await?;
        Ok(tx.commit().await?)
    }

    /// Makes the next check of this login read the store.
    pub(crate) async fn forget(&self, tenant: TenantId, login: LoginId) {
        self.checks.invalidate(&(tenant, login)).await;
    }

    /// The same for a key.
    pub(crate) async fn forget_key(&self, hash: &[u8; 32]) {
        self.key_checks.invalidate(hash).await;
    }

    /// Whether the member behind an actor may do `action` now, and the key that acts for them is for it.
    pub(crate) async fn may(&self, read: &store::TenantRead, actor: &Actor, action: Action) -> Result<bool, AppError> {
        let in_scope = match actor {
            Actor::ApiKey { scopes, .. } => scopes.contains(action),
            _ => true,
        };
        Ok(in_scope && self.authorizer.of(read, super::member_of(actor)?).await?.decide(action).is_some())
    }
}

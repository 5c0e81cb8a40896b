//! Signing in and staying signed in.
//!
//! A sign-in makes a *login*: a family of refresh tokens of which one is good at a time. The access token is short
//! (5 minutes) and names the login, so that signing out, disabling and role changes end it within [`CHECK_LIFE`].
//!
//! A refresh token's successor is HMAC(refresh key, presented token): the same token presented twice at nearly the same
//! time by one browser gets the same successor, and only hashes are stored. Presented later, it is reuse: the family ends.

mod begin;
mod caller;
mod change;
mod freshness;
mod password;
mod place;
mod refresh;
mod reset;
mod sign_ins;
mod switch;

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{Clock, Entropy, LoginId, MemberId, Personal, RequestId, Secret, TenantId, Timestamp};
use ledger::Object;
use moka::future::Cache;
use policy::access::{Action, Actor, Holdings, Permit, Role, can};
use store::{MemberRow, Store, TenantTx};
use url::Url;
use vault::{
    chain::RowKey,
    seal::{Kind, ObjectContext},
};

pub(crate) use begin::{First, password_mark};
pub use caller::MemberCaller;
pub use domain::Place;
pub use freshness::Freshness;
pub(crate) use password::{Passwords, checked_password};
pub(crate) use place::CoarsePlace;
pub use place::place;
pub(crate) use refresh::ENDED as SIGNED_OUT;
pub use reset::ForgotInput;
pub(crate) use reset::PASSWORD_RESET;
pub use sign_ins::SignInView;

use crate::{
    AppError,
    api_keys::KeyStanding,
    attempts::{Attempts, What},
    columns,
    factors::{RelyingParty, SignIn},
    jobs::Jobs,
    keys::{AccessClaims, DeploymentKeys, Keys, Purpose, validity},
    limits::Allowance,
    looks::Looks,
    notices::{Audience, Notice, NoticeKind, Notices},
    people,
    refusals::Refusals,
    rights::{Rights, built_in, rows},
    settings::{Limits, Settings},
    tenants::check_slug,
};

/// Seconds an access token is good for (at most five minutes).
const ACCESS_SECONDS: u64 = 300;
/// A login ends so long after its last refresh, …
const IDLE: Duration = Duration::from_secs(30 * 60);
/// … and so long after it began.
const ABSOLUTE: Duration = Duration::from_secs(12 * 3_600);
/// How old the check of login, member and roles may be.
const CHECK_LIFE: Duration = Duration::from_secs(2);
/// The kind of credential index row that a member's e-mail address has.
pub(crate) const LOGIN_EMAIL: &str = "login-email";
/// The kind of credential index row that a login's current refresh token has.
pub(crate) const REFRESH: &str = "refresh";

/// What a person types to sign in.
#[derive(Debug)]
pub struct LoginInput {
    /// E-mail address.
    pub email: Personal<String>,
    /// Password.
    pub password: Secret<String>,
    /// Which tenant, for a person who belongs to several.
    pub tenant: Option<String>,
    /// The request.
    pub request: RequestId,
}

/// The right to try one password; given for one address, used up by [`Auth::login`].
#[derive(Debug)]
pub struct Attempt {
    address: [u8; 32],
    place: Place,
    allowance: Allowance,
}

impl Attempt {
    /// What is left of the limit.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        self.allowance
    }
}

/// The right to try one token; given by [`Auth::token_try`], used up by whatever takes a token.
#[derive(Debug)]
pub struct TokenTry {
    allowance: Allowance,
}

impl TokenTry {
    /// What is left of the limit.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        self.allowance
    }
}

/// A sign-in or its renewal.
#[derive(Debug)]
pub struct SignedIn {
    /// The access token.
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// The refresh token, for the cookie.
    pub refresh: Secret<String>,
    /// How long the cookie lives.
    pub refresh_max_age: Duration,
}

/// A tenant, as its members see it.
#[derive(Debug, Clone)]
pub struct TenantView {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Me {
    /// The member.
    pub id: MemberId,
    /// Name.
    pub name: Personal<String>,
    /// E-mail address.
    pub email: Personal<String>,
    /// Built-in roles in this tenant.
    pub roles: Vec<Role>,
    /// Names of the tenant's own roles that they have.
    pub own_roles: Vec<String>,
    /// The tenant.
    pub tenant: TenantView,
}

/// Use cases of signing in.
#[derive(Clone)]
pub struct Auth {
    parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) authorizer: Arc<Rights>,
    pub(crate) passwords: Passwords,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) limits: Limits,
    /// None where the console is reached by an address and not by a name: no browser lets security keys sign for one.
    pub(crate) relying_party: Option<RelyingParty>,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) notices: Notices,
    /// Where failures are counted of callers whose tenant is known.
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) console: Url,
    pub(crate) looks: Looks,
    checks: Cache<(TenantId, LoginId), Standing>,
    key_checks: Cache<[u8; 32], Arc<KeyStanding>>,
}

/// What was last found about a login.
#[derive(Debug, Clone)]
struct Standing {
    good: bool,
    holdings: Holdings,
    epoch: u64,
    freshness: Option<Freshness>,
}

pub(crate) const LOGIN_FAILED: AppError = AppError::Unauthenticated {
    code: "login-failed",
    detail: "e-mail address or password is wrong; a person in several tenants must also name one",
};

impl Auth {
    pub(crate) fn new(
        keys: Keys,
        authorizer: Arc<Rights>,
        notices: Notices,
        refusals: Arc<Refusals>,
        settings: &Settings,
    ) -> Result<Self, AppError> {
        let Jobs { store, deployment, clock, entropy } = notices.jobs.clone();
        let limits = settings.limits.clone();
        let parts = Parts {
            passwords: Passwords::new(settings.password, &*entropy)?,
            limits: limits.clone(),
            relying_party: RelyingParty::new(&settings.console_origin)?,
            attempts: Arc::new(Attempts::new(store.clone(), Arc::clone(&deployment), Arc::clone(&clock), limits)),
            notices,
            refusals,
            console: settings.console_origin.clone(),
            looks: Looks::new(),
            checks: Cache::builder().max_capacity(100_000).time_to_live(CHECK_LIFE).build(),
            key_checks: Cache::builder().max_capacity(100_000).time_to_live(CHECK_LIFE).build(),
            store,
            keys,
            deployment,
            authorizer,
            clock,
            entropy,
        };
        Ok(Self { parts: Arc::new(parts) })
    }

    pub(crate) const fn parts(&self) -> &Arc<Parts> {
        &self.parts
    }

    pub(crate) fn shared(&self) -> Arc<Parts> {
        Arc::clone(&self.parts)
    }

    /// Counts an attempt to sign in as `email` from `place`, per address and per network.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub async fn attempt(&self, email: &Personal<String>, place: Place) -> Result<Attempt, AppError> {
        let address = self.parts.email_hash(email.expose());
        let allowance = self.parts.attempts.admit(What::Password, Some(place.address()), Some(&address)).await?;
        Ok(Attempt { address, place, allowance })
    }

    /// Counts a try of a token out of a link, or of the set-up token.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub async fn token_try(&self, address: IpAddr) -> Result<TokenTry, AppError> {
        Ok(TokenTry { allowance: self.parts.attempts.admit(What::Token, Some(address), None).await? })
    }

    /// Signs a person in, or asks for the second factor of a person who has one.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] `login-failed` for every reason alike, also when the attempt was for another address.
    pub async fn login(&self, attempt: Attempt, input: LoginInput) -> Result<SignIn, AppError> {
        let parts = &self.parts;
        let address = parts.email_hash(input.email.expose());
        if attempt.address != address {
            return Err(LOGIN_FAILED);
        }
        // What cannot be a slug names no tenant; the work goes on as for one that is not there.
        let slug = input.tenant.as_deref().map(|slug| if check_slug(slug).is_ok() { slug } else { "" });
        let found = parts.store.lookup_credential(LOGIN_EMAIL, &address, slug).await?;
        let member = match &found {
            Some(found) => {
                let read = parts.store.tenant_read(found.tenant_id).await?;
                parts.authorizer.active(&read, MemberId::from_uuid(found.id)).await?
            }
            None => None,
        };
        let stored = member.as_ref().map(|member| member.password_hash.as_str());
        if !parts.passwords.verify(&input.password, stored).await? {
            if let Some(found) = found {
                parts.refusals.unproven(found.tenant_id);
            }
            return Err(LOGIN_FAILED);
        }
        let member = member.ok_or(LOGIN_FAILED)?;
        parts.rehash(&member, &input.password).await?;
        let (login, answer) = parts.admit(&member, attempt.place, input.request).await?;
        // After the answer's own work and apart from it: neither the answer nor its time tells of other memberships.
        tokio::spawn(switch::prove_others(Arc::clone(parts), member.tenant_id, login, address, input.password));
        Ok(answer)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the member's key is not to be had.
    pub async fn me(&self, permit: &Permit<can::MeRead>) -> Result<Me, AppError> {
        let member = member_of(permit.actor())?;
        let tenant = permit.tenant();
        let read = self.parts.store.tenant_read(tenant).await?;
        let row = read.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?;
        let rights = &self.parts.authorizer;
        let bindings = rights.sound(&read, read.role_binding_list(member).await?).await?;
        let own_roles = rights.own_names(&read, &bindings).await?.remove(&member).unwrap_or_default();
        let roles = built_in(&bindings);
        let home = read.tenant_find().await?.ok_or(AppError::NotFound { kind: "tenant" })?;
        drop(read);
        let person = row.person_key_id;
        let key = self.parts.keys.person(tenant, person).await?;
        Ok(Me {
            id: member,
            name: people::opened(columns::MEMBER_NAME, tenant, person, &key, &row.name_sealed)?,
            email: people::opened(columns::MEMBER_EMAIL, tenant, person, &key, &row.email_sealed)?,
            roles: roles.iter().collect(),
            own_roles,
            tenant: TenantView { id: tenant, slug: home.slug, name: home.name },
        })
    }

    /// Everything the caller may do somewhere.
    #[must_use]
    pub fn permissions(&self, permit: &Permit<can::MeRead>) -> Vec<Action> {
        permit.holdings().actions().collect()
    }

    /// Password hashes computed since the start: what a wait at sign-in is made of, and the same for every way to fail.
    #[must_use]
    pub fn password_work(&self) -> u64 {
        self.parts.passwords.work()
    }

    /// The public halves of the keys whose signatures others verify, as a JWK set (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        self.parts.deployment.tokens.jwks()
    }
}

impl Parts {
    /// Tells members what happened in `tx`.
    pub(crate) async fn tell(
        &self,
        tx: &TenantTx,
        kind: NoticeKind,
        audience: Audience,
        about: Object,
    ) -> Result<(), AppError> {
        self.notices.notify(tx, Notice { kind, audience, about: Some(about) }).await
    }

    /// The look-up hash of an e-mail address. Keyed, so that the table does not answer "is this address known?".
    pub(crate) fn email_hash(&self, email: &str) -> [u8; 32] {
        use sha2::Digest as _;
        let normal = vault::blind::normalise(email);
        RowKey::derive(&self.deployment.lookup).body_mac(&sha2::Sha256::digest(normal).into())
    }

    /// Replaces a hash that was made at another cost. The password stays what it is, and with it all that it proved.
    async fn rehash(&self, member: &MemberRow, password: &Secret<String>) -> Result<(), AppError> {
        if !self.passwords.is_dated(&member.password_hash) {
            return Ok(());
        }
        let fresh = self.passwords.hash(password, &*self.entropy).await?;
        let mac = rows::rehash_mac(&self.authorizer.authority(member.tenant_id).await?, member, &fresh);
        let tx = self.store.tenant(member.tenant_id).await?;
        // Not when it was changed meanwhile, or somebody else's sign-in did it.
        tx.member_password_rehash(member.id, &member.password_hash, &fresh, &mac).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) fn signed_in(
        &self,
        tenant: TenantId,
        member: MemberId,
        login: LoginId,
        epoch: u64,
        refresh: Secret<String>,
    ) -> Result<SignedIn, AppError> {
        let (iat, exp) = validity(self.clock.now(), ACCESS_SECONDS);
        let issuer = self.deployment.tokens.issuer().to_owned();
        let claims = AccessClaims {
            iss: issuer.clone(),
            aud: issuer,
            sub: member,
            tenant,
            login,
            epoch: i64::try_from(epoch).unwrap_or(i64::MAX),
            jti: RequestId::mint(self.clock.now(), &*self.entropy).to_string(),
            iat,
            nbf: iat,
            exp,
        };
        Ok(SignedIn {
            access_token: self.deployment.tokens.sign(Purpose::Access, &claims)?,
            expires_in: u32::try_from(ACCESS_SECONDS).unwrap_or(u32::MAX),
            refresh,
            refresh_max_age: ABSOLUTE,
        })
    }
}

/// From `now` to `then`, never negative.
fn span(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(then.micros_since(now)).unwrap_or(0))
}

/// The context of a member's sealed column; it is sealed under the member's person key.
pub(crate) const fn member_context(column: u64, tenant: TenantId, person: domain::PersonKeyId) -> ObjectContext {
    ObjectContext { kind: Kind::Metadata, tenant, object: person.uuid(), number: column, generation: 1 }
}

/// The member behind a permit.
pub(crate) fn member_of(actor: &Actor) -> Result<MemberId, AppError> {
    match actor {
        Actor::Member { id, .. } | Actor::ApiKey { member: id, .. } => Ok(*id),
        _ => Err(crate::forbidden()),
    }
}

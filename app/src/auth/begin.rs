//! How a sign-in begins: the one way to a login, whatever proved who is there.

use std::sync::Arc;

use domain::{LoginId, RequestId, Timestamp};
use ledger::Object;
use sha2::{Digest as _, Sha256};
use store::{FactorState, LoginRow, MemberRow, TenantTx};

use vault::Key32;

use super::{ABSOLUTE, CoarsePlace, Parts, Place, REFRESH, SignedIn, span};
use crate::{AppError, audit::Audit, details::Telling, factors::Method, opaque, rights::rows};

/// What makes a sign-in known, before a second factor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct First {
    /// As the audit row's rule names it.
    pub(crate) by: &'static str,
    /// When it was given.
    pub(crate) at: Timestamp,
    /// The latest end of the login, when it must not outlive something else.
    pub(crate) until: Option<Timestamp>,
}

impl First {
    /// The password, just now.
    pub(crate) const fn password(now: Timestamp) -> Self {
        Self { by: "password", at: now, until: None }
    }
}

/// A login to be. Made outside the transaction that writes it: the place takes the member's key.
pub(crate) struct Beginning {
    login: LoginId,
    place: CoarsePlace,
    /// The member's key, when it is to be had just now.
    person: Option<Arc<Key32>>,
    place_sealed: Option<Vec<u8>>,
    first: First,
    request: RequestId,
}

/// A member whom nothing changes until the transaction ends, and of whom still holds what was looked at before it.
pub(crate) struct Held {
    member: MemberRow,
    factor: Option<Method>,
}

/// Names a member's password, and changes with it; not when the same one is hashed anew.
pub(crate) fn password_mark(member: &MemberRow) -> [u8; 32] {
    let mut bound = Sha256::new();
    bound.update(b"sealtape/password/v1\0");
    bound.update(member.id.uuid().as_bytes());
    bound.update(member.password_epoch.to_be_bytes());
    bound.finalize().into()
}

impl Parts {
    /// Holds a member who proved, before `tx`, the password that `member` has and `factor`; none when they may not sign in any
    /// more, their password is another one, or it takes a factor by now. Looking at a password takes its time, and whatever
    /// was read before that may be over.
    pub(crate) async fn hold(
        &self,
        tx: &TenantTx,
        member: &MemberRow,
        factor: Option<Method>,
    ) -> Result<Option<Held>, AppError> {
        tx.member_lock(member.id).await?;
        let now = self.authorizer.active(tx, member.id).await?;
        let now = now.filter(|now| opaque::same(password_mark(now), password_mark(member)));
        let active = tx.factor_list(member.id).await?.iter().any(|factor| factor.state == FactorState::Active);
        Ok(now.filter(|_| factor.is_some() == active).map(|member| Held { member, factor }))
    }

    /// Prepares the login `login` of `member` from `place`.
    pub(crate) async fn beginning(
        &self,
        member: &MemberRow,
        login: LoginId,
        place: Place,
        first: First,
        request: RequestId,
    ) -> Result<Beginning, AppError> {
        let place = CoarsePlace::from(place);
        // A member whose key is not to be had just now may sign in all the same; only the list of sign-ins lacks a place.
        let person = self.keys.person(member.tenant_id, member.person_key_id).await.ok();
        let sealed = |person: &Arc<Key32>| place.sealed(member.tenant_id, login, person, &*self.entropy);
        let place_sealed = person.as_ref().map(sealed).transpose()?;
        Ok(Beginning { login, place, person, place_sealed, first, request })
    }

    /// Writes the login of a member who has proved who they are, by what comes first and by `factor` when they have one.
    pub(crate) async fn begin(&self, tx: &TenantTx, held: Held, beginning: Beginning) -> Result<SignedIn, AppError> {
        let Held { member, factor } = held;
        let Beginning { login, place, person, place_sealed, first, request } = beginning;
        let now = self.clock.now();
        let ends = first.until.map_or(now.plus(ABSOLUTE), |until| until.min(now.plus(ABSOLUTE)));
        let refresh = opaque::fresh(&*self.entropy);
        let hash = opaque::hash(refresh.expose());
        let row = LoginRow {
            tenant_id: member.tenant_id,
            id: login,
            member_id: member.id,
            refresh_hash: hash,
            previous_hash: None,
            rotated_at: None,
            created_at: now,
            last_used_at: now,
            expires_at: ends,
            revoked_at: None,
            authenticated_at: Some(if factor.is_some() { now } else { first.at }),
            mfa_at: factor.map(|_| now),
            place_mac: Some(place.mac(&self.deployment.lookup)),
            place_sealed,
            mac: Vec::new(),
        };
        tx.login_insert(rows::sealed_login(&self.authorizer.authority_by(tx).await?, row)).await?;
        tx.credential_put(REFRESH, &hash, login.uuid()).await?;
        let by = factor.map_or_else(|| first.by.to_owned(), |method| format!("{}/{}", first.by, method.rule_word()));
        let telling = person.map(|key| Telling::by(member.person_key_id, key, place.into())).unwrap_or_default();
        let object = Object::Login(login);
        self.audit().proven_telling(tx, member.id, "login.create", object, &by, request, telling).await?;
        let mut signed_in = self.signed_in(member.tenant_id, member.id, login, member.authz_epoch, refresh)?;
        signed_in.refresh_max_age = span(now, ends);
        Ok(signed_in)
    }

    /// Writes the leaves of this process.
    pub(crate) fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

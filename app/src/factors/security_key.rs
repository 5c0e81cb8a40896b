//! A member's own security keys: registering, naming, removing.

use domain::{FactorId, Personal, Secret};
use ledger::Object;
use policy::access::{Permit, can};
use store::{ChallengePurpose, FactorKind, FactorRow, FactorState, MemberRow, StoreError};
use vault::seal::{self, Codec};

use super::{
    Attestation, Challenge, Demand, Factors, Method, Refusal, SecurityKeyView,
    challenge::{ENDED, Question, WRONG},
    factor_context,
    webauthn::Person,
};
use crate::{
    AppError,
    auth::{SIGNED_OUT, member_context},
    columns,
    keys::open_error,
};

/// Most security keys of one member.
const MOST: usize = 10;
/// Longest name of a security key, in characters.
const NAME_CHARS: usize = 60;

const UNAVAILABLE: Refusal = Refusal {
    code: "webauthn-unavailable",
    detail: "security keys need a console that is reached by name, not by address",
};
const REGISTERED: Refusal = Refusal { code: "factor-exists", detail: "this security key is registered already" };
const TOO_MANY: Refusal = Refusal { code: "factor-limit", detail: "no more security keys; remove one first" };

/// A security key's answer to a registration.
#[derive(Debug)]
pub struct Registration {
    /// The challenge of [`Factors::key_challenge`].
    pub challenge: Secret<String>,
    /// What the member calls the key.
    pub name: Personal<String>,
    /// What the key answered.
    pub credential: Attestation,
}

impl Factors {
    /// Asks for a new security key of the caller.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::Conflict`] `webauthn-unavailable` or `factor-limit`.
    pub async fn key_challenge(&self, permit: &Permit<can::MeManage>) -> Result<Challenge, AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let console = parts.relying_party.as_ref().ok_or_else(|| UNAVAILABLE.error())?;
        let (member, login) = parts.own(permit).await?;
        let keys = self.keys_of(&member).await?;
        if keys.len() >= MOST {
            return Err(TOO_MANY.error());
        }
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let open = |factor: &FactorRow| {
            let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, factor.id);
            seal::open(&person, &context, &factor.secret_sealed).map(|opened| opened.plaintext).map_err(open_error)
        };
        let known = keys.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let text = |column, sealed: &[u8]| {
            let context = member_context(column, member.tenant_id, member.person_key_id);
            let plain = seal::open(&person, &context, sealed).map_err(open_error)?.plaintext;
            String::from_utf8(plain).map(Personal::new).map_err(AppError::internal)
        };
        let who = Person {
            id: member.id,
            email: text(columns::MEMBER_EMAIL, &member.email_sealed)?,
            name: text(columns::MEMBER_NAME, &member.name_sealed)?,
        };
        let (options, state) = console.ask_registration(&who, &known)?;
        let question = Question {
            purpose: ChallengePurpose::Register,
            login: Some(login),
            state: Some(&state),
            mark: None,
            at: parts.clock.now(),
        };
        let challenge = parts.ask(&member, question).await?;
        let (expires_in, tries) = (parts.limits.challenge_seconds, parts.limits.challenge_tries);
        Ok(Challenge { challenge, expires_in, tries, methods: vec![Method::Webauthn], webauthn: Some(options) })
    }

    /// Registers the key that answered.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `challenge-ended` or `factor-wrong`; [`AppError::Conflict`] `factor-exists` or
    /// `factor-limit`; [`AppError::Invalid`] for the name; [`AppError::StepUpRequired`].
    pub async fn key_register(
        &self,
        permit: &Permit<can::MeManage>,
        registration: Registration,
    ) -> Result<SecurityKeyView, AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let name = check_name(&registration.name)?;
        let console = parts.relying_party.as_ref().ok_or_else(|| UNAVAILABLE.error())?;
        let (member, login) = parts.own(permit).await?;
        let presented = registration.challenge.expose();
        let taken = parts.take_own(permit.tenant(), presented, ChallengePurpose::Register, login).await?;
        let asked = taken.asked.as_deref().ok_or(ENDED)?;
        let Some(registered) = console.check_registration(asked, &registration.credential)? else {
            // The library has one answer for every reason; that it is one's own key is worth knowing.
            let presented = registration.credential.credential_hash();
            if presented.is_some() && self.keys_of(&member).await?.iter().any(|key| key.credential_hash == presented) {
                return Err(REGISTERED.error());
            }
            return parts.refuse(&member, permit.request(), "webauthn", WRONG).await;
        };
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let now = parts.clock.now();
        let id = FactorId::mint(now, &*parts.entropy);
        let seal = |column, plain: &[u8]| {
            let context = factor_context(column, member.tenant_id, id);
            seal::seal(&person, &context, Codec::Raw, plain, &*parts.entropy)
        };
        let row = FactorRow {
            tenant_id: member.tenant_id,
            id,
            member_id: member.id,
            kind: FactorKind::SecurityKey,
            state: FactorState::Active,
            name_sealed: Some(seal(columns::FACTOR_NAME, name.expose().as_bytes())),
            secret_sealed: seal(columns::FACTOR_SECRET, &registered.credential),
            credential_hash: Some(registered.hash),
            counter: registered.counter,
            created_at: now,
            confirmed_at: Some(now),
            last_used_at: None,
        };
        let tx = parts.store.tenant(member.tenant_id).await?;
        tx.member_lock(member.id).await?;
        if !parts.finish_challenge(&tx, &taken.row).await? {
            return Err(ENDED);
        }
        let there = tx.factor_list(member.id).await?;
        if there.iter().filter(|factor| factor.kind == FactorKind::SecurityKey).count() >= MOST {
            return Err(TOO_MANY.error());
        }
        match tx.factor_insert(row).await {
            Ok(()) => {}
            Err(StoreError::Conflict) => return Err(REGISTERED.error()),
            Err(error) => return Err(error.into()),
        }
        tx.factor_attempt_clear(member.id).await?;
        parts.authorizer.proved(&tx, login, now, true).await?.ok_or(SIGNED_OUT)?;
        self.added(&tx, permit, id).await?;
        tx.commit().await?;
        parts.forget(member.tenant_id, login).await;
        Ok(SecurityKeyView { id, name, created_at: now, last_used_at: None })
    }

    /// Gives one of the caller's security keys another name.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a colleague's key; [`AppError::Invalid`] for the name.
    pub async fn key_rename(
        &self,
        permit: &Permit<can::MeManage>,
        id: FactorId,
        name: Personal<String>,
    ) -> Result<SecurityKeyView, AppError> {
        let parts = &*self.parts;
        let (member, _) = parts.own(permit).await?;
        let key = self.own_key(&member, id).await?;
        let name = check_name(&name)?;
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let context = factor_context(columns::FACTOR_NAME, member.tenant_id, id);
        let sealed = seal::seal(&person, &context, Codec::Raw, name.expose().as_bytes(), &*parts.entropy);
        let tx = parts.store.tenant(member.tenant_id).await?;
        if !tx.factor_rename(member.id, id, sealed).await? {
            return Err(NOT_FOUND);
        }
        parts.audit().allowed(&tx, permit, "factor.rename", Object::Factor(id)).await?;
        tx.commit().await?;
        Ok(SecurityKeyView { id, name, created_at: key.created_at, last_used_at: key.last_used_at })
    }

    /// Removes one of the caller's security keys.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a colleague's key; [`AppError::StepUpRequired`].
    pub async fn key_remove(&self, permit: &Permit<can::MeManage>, id: FactorId) -> Result<(), AppError> {
        let parts = &*self.parts;
        let (member, _) = parts.own(permit).await?;
        self.own_key(&member, id).await?;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        self.remove(permit, &member, id).await
    }

    pub(super) async fn key_view(&self, member: &MemberRow, factor: &FactorRow) -> Result<SecurityKeyView, AppError> {
        let person = self.parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let context = factor_context(columns::FACTOR_NAME, member.tenant_id, factor.id);
        let name = match &factor.name_sealed {
            Some(sealed) => {
                let plain = seal::open(&person, &context, sealed).map_err(open_error)?.plaintext;
                String::from_utf8(plain).map_err(AppError::internal)?
            }
            None => String::new(),
        };
        Ok(SecurityKeyView {
            id: factor.id,
            name: Personal::new(name),
            created_at: factor.created_at,
            last_used_at: factor.last_used_at,
        })
    }

    async fn own_key(&self, member: &MemberRow, id: FactorId) -> Result<FactorRow, AppError> {
        self.keys_of(member).await?.into_iter().find(|factor| factor.id == id).ok_or(NOT_FOUND)
    }

    async fn keys_of(&self, member: &MemberRow) -> Result<Vec<FactorRow>, AppError> {
        let mut factors = self.parts.active_factors(member).await?;
        factors.retain(|factor| factor.kind == FactorKind::SecurityKey);
        Ok(factors)
    }
}

const NOT_FOUND: AppError = AppError::NotFound { kind: "security key" };

/// A name that can be told from others when it is listed: trimmed, without control characters.
fn check_name(name: &Personal<String>) -> Result<Personal<String>, AppError> {
    let trimmed = name.expose().trim();
    let length = trimmed.chars().count();
    if length == 0 || length > NAME_CHARS || trimmed.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "/name",
            format!("must have 1 to {NAME_CHARS} characters, no control characters"),
        ));
    }
    Ok(Personal::new(trimmed.to_owned()))
}

//! A member's own factors: what there is, an authenticator app, recovery codes, and taking factors away.

use domain::{FactorId, MemberId, Secret, Timestamp};
use ledger::Object;
use policy::access::{Permit, can};
use store::{FactorKind, FactorRow, FactorState, MemberRow, RecoveryCodeRow, StoreError, TenantTx};
use vault::seal::{self, Codec};

use super::{Demand, Factors, NO_FACTOR, Refusal, codes, factor_context, totp};
use crate::{
    AppError,
    auth::{Freshness, SIGNED_OUT, member_context, member_of},
    columns,
    keys::open_error,
    notices::{Audience, NoticeKind},
};

/// What a member has for proving themselves.
#[derive(Debug)]
pub struct Overview {
    /// Their authenticator app.
    pub totp: Option<TotpView>,
    /// Their security keys, oldest first.
    pub security_keys: Vec<SecurityKeyView>,
    /// Their recovery codes, when a set was made.
    pub recovery_codes: Option<RecoveryCodesView>,
    /// Whether security keys can be registered here: a browser refuses them where the console has no name, only an address.
    pub webauthn_available: bool,
    /// When they last proved themselves in this sign-in.
    pub freshness: Freshness,
}

/// An authenticator app in force.
#[derive(Debug)]
pub struct TotpView {
    /// When its first code was given.
    pub confirmed_at: Timestamp,
    /// When its last code was given.
    pub last_used_at: Option<Timestamp>,
}

/// A registered security key.
#[derive(Debug)]
pub struct SecurityKeyView {
    /// Its id.
    pub id: FactorId,
    /// What the member calls it.
    pub name: domain::Personal<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last proved them.
    pub last_used_at: Option<Timestamp>,
}

/// How many recovery codes are left.
#[derive(Debug)]
pub struct RecoveryCodesView {
    /// Codes that are not used yet.
    pub left: u16,
    /// When the set was made.
    pub created_at: Timestamp,
}

/// What an authenticator app must be told, once.
#[derive(Debug)]
pub struct TotpEnrolment {
    /// The `otpauth` address that the app reads from a QR code.
    pub uri: Secret<String>,
    /// The same secret for typing, base32 without padding.
    pub secret: Secret<String>,
}

const TOTP_EXISTS: Refusal =
    Refusal { code: "factor-exists", detail: "there is an authenticator app; remove it first" };
const NOT_BEGUN: Refusal =
    Refusal { code: "enrolment-not-begun", detail: "no enrolment waits for its first code; begin again" };

impl Factors {
    /// What the caller has enrolled.
    ///
    /// # Errors
    /// When the store does not answer or the member's key is not to be had.
    pub async fn overview(&self, permit: &Permit<can::MeManage>) -> Result<Overview, AppError> {
        let parts = &*self.parts;
        let (member, login) = parts.own(permit).await?;
        let read = parts.store.tenant_read(member.tenant_id).await?;
        let factors = read.factor_list(member.id).await?;
        let codes = read.recovery_code_list(member.id).await?;
        let login = parts.authorizer.login(&read, login).await?.ok_or(SIGNED_OUT)?;
        drop(read);
        let active: Vec<_> = factors.iter().filter(|factor| factor.state == FactorState::Active).collect();
        let of_kind = |kind| active.iter().filter(move |factor| factor.kind == kind);
        let totp = of_kind(FactorKind::Totp).find_map(|factor| {
            Some(TotpView { confirmed_at: factor.confirmed_at?, last_used_at: factor.last_used_at })
        });
        let mut security_keys = Vec::new();
        for factor in of_kind(FactorKind::SecurityKey) {
            security_keys.push(self.key_view(&member, factor).await?);
        }
        let left = codes.iter().filter(|code| code.used_at.is_none()).count();
        Ok(Overview {
            totp,
            security_keys,
            recovery_codes: codes.first().filter(|_| !active.is_empty()).map(|code| RecoveryCodesView {
                left: u16::try_from(left).unwrap_or(codes::SET),
                created_at: code.created_at,
            }),
            webauthn_available: parts.relying_party.is_some(),
            freshness: Freshness::of(&login),
        })
    }

    /// Makes a secret for an authenticator app. It counts for nothing until one of its codes came back.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::Conflict`] `factor-exists`.
    pub async fn totp_begin(&self, permit: &Permit<can::MeManage>) -> Result<TotpEnrolment, AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let (member, _) = parts.own(permit).await?;
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let email = seal::open(
            &person,
            &member_context(columns::MEMBER_EMAIL, member.tenant_id, member.person_key_id),
            &member.email_sealed,
        );
        let email = Secret::new(String::from_utf8(email.map_err(open_error)?.plaintext).map_err(AppError::internal)?);
        let secret = totp::mint(&*parts.entropy);
        let now = parts.clock.now();
        let id = FactorId::mint(now, &*parts.entropy);
        let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, id);
        let row = FactorRow {
            tenant_id: member.tenant_id,
            id,
            member_id: member.id,
            kind: FactorKind::Totp,
            state: FactorState::Pending,
            name_sealed: None,
            secret_sealed: seal::seal(&person, &context, Codec::Raw, secret.expose(), &*parts.entropy),
            credential_hash: None,
            counter: 0,
            created_at: now,
            confirmed_at: None,
            last_used_at: None,
        };
        let tx = parts.store.tenant(member.tenant_id).await?;
        tx.member_lock(member.id).await?;
        tx.factor_drop_pending(member.id).await?;
        match tx.factor_insert(row).await {
            Ok(()) => tx.commit().await?,
            Err(StoreError::Conflict) => return Err(TOTP_EXISTS.error()),
            Err(error) => return Err(error.into()),
        }
        totp::enrolment(&secret, email.expose())
    }

    /// Puts the authenticator app in force, with its first code.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `enrolment-not-begun`; [`AppError::Forbidden`] `factor-wrong`; [`AppError::TooMany`];
    /// [`AppError::StepUpRequired`].
    pub async fn totp_confirm(&self, permit: &Permit<can::MeManage>, code: &Secret<String>) -> Result<(), AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let (member, login) = parts.own(permit).await?;
        let factors = parts.store.tenant_read(member.tenant_id).await?.factor_list(member.id).await?;
        let pending = factors
            .into_iter()
            .find(|factor| factor.kind == FactorKind::Totp && factor.state == FactorState::Pending)
            .ok_or_else(|| NOT_BEGUN.error())?;
        parts.take_one_attempt(&member).await?;
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, pending.id);
        let secret = seal::open(&person, &context, &pending.secret_sealed).map_err(open_error)?.plaintext;
        let now = parts.clock.now();
        let Some(step) = totp::step(&secret, code.expose(), now) else {
            return parts.refuse(&member, permit.request(), "totp", super::challenge::WRONG).await;
        };
        let tx = parts.store.tenant(member.tenant_id).await?;
        if !tx.factor_confirm(pending.id, step, now).await? {
            return Err(NOT_BEGUN.error());
        }
        tx.factor_attempt_clear(member.id).await?;
        parts.authorizer.proved(&tx, login, now, true).await?.ok_or(SIGNED_OUT)?;
        self.added(&tx, permit, pending.id).await?;
        tx.commit().await?;
        parts.forget(member.tenant_id, login).await;
        Ok(())
    }

    /// Takes the authenticator app away.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::NotFound`].
    pub async fn totp_remove(&self, permit: &Permit<can::MeManage>) -> Result<(), AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let (member, _) = parts.own(permit).await?;
        let factors = parts.active_factors(&member).await?;
        let totp = factors.iter().find(|factor| factor.kind == FactorKind::Totp);
        let totp = totp.ok_or(AppError::NotFound { kind: "authenticator app" })?;
        self.remove(permit, &member, totp.id).await
    }

    /// Makes ten recovery codes, shown this once; those before them are good no more.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`]; [`AppError::Conflict`] `no-factor`: codes stand in for a factor, and there is none.
    pub async fn recovery_codes(&self, permit: &Permit<can::MeManage>) -> Result<Vec<Secret<String>>, AppError> {
        let parts = &*self.parts;
        parts.require_fresh(permit, Demand::Any, parts.fresh_for()).await?;
        let (member, _) = parts.own(permit).await?;
        let person = parts.keys.person(member.tenant_id, member.person_key_id).await?;
        let now = parts.clock.now();
        let set: Vec<_> = (0..codes::SET).map(|_| codes::mint(&*parts.entropy)).collect();
        let tx = parts.store.tenant(member.tenant_id).await?;
        tx.member_lock(member.id).await?;
        if !has_active(&tx, member.id).await? {
            return Err(NO_FACTOR.error());
        }
        for (n, code) in (0..).zip(&set) {
            let hash = codes::hash(&person, member.tenant_id, member.id, code.expose());
            let hash = hash.ok_or_else(|| AppError::internal("a minted code does not read back"))?;
            let row = RecoveryCodeRow {
                tenant_id: member.tenant_id,
                member_id: member.id,
                n,
                hash,
                created_at: now,
                used_at: None,
            };
            tx.recovery_code_put(row).await?;
        }
        parts.audit().allowed(&tx, permit, "recovery-code.create", Object::Member(member.id)).await?;
        tx.commit().await?;
        Ok(set)
    }

    /// Removes a factor; with the last one the recovery codes end too, since they stand in for a factor.
    pub(super) async fn remove(
        &self,
        permit: &Permit<can::MeManage>,
        member: &MemberRow,
        id: FactorId,
    ) -> Result<(), AppError> {
        let parts = &*self.parts;
        let tx = parts.store.tenant(member.tenant_id).await?;
        tx.member_lock(member.id).await?;
        if !tx.factor_remove(member.id, id).await? {
            return Err(AppError::NotFound { kind: "factor" });
        }
        if !has_active(&tx, member.id).await? {
            tx.recovery_code_end(member.id, parts.clock.now()).await?;
        }
        parts.audit().allowed(&tx, permit, "factor.remove", Object::Factor(id)).await?;
        parts.tell(&tx, NoticeKind::FactorRemoved, Audience::Member(member.id), Object::Factor(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Puts a new factor on record, and tells its member.
    pub(super) async fn added(
        &self,
        tx: &TenantTx,
        permit: &Permit<can::MeManage>,
        id: FactorId,
    ) -> Result<(), AppError> {
        let object = Object::Factor(id);
        self.parts.audit().allowed(tx, permit, "factor.add", object).await?;
        self.parts.tell(tx, NoticeKind::FactorAdded, Audience::Member(member_of(permit.actor())?), object).await
    }
}

async fn has_active(tx: &TenantTx, member: MemberId) -> Result<bool, AppError> {
    Ok(tx.factor_list(member).await?.iter().any(|factor| factor.state == FactorState::Active))
}

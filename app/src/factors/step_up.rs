//! Proving oneself again while signed in, and use cases that ask for it.

use std::time::Duration;

use domain::{LoginId, RequestId, Secret};
use ledger::Object;
use policy::access::{Actor, Can, Permit, can};
use store::{ChallengePurpose, FactorChallengeRow, MemberRow};

use super::{
    Challenge, Factors, NO_FACTOR, Proof,
    challenge::{ENDED, Question, WRONG},
    proof::Right,
};
use crate::{
    AppError,
    auth::{Freshness, Parts, SIGNED_OUT},
    forbidden,
};

/// What a use case asks of the caller's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Any proof; a second factor when the member has one.
    Any,
    /// A second factor; a member who has none must enrol one first.
    Factor,
}

/// A proof that a use case asks for and that was not given lately enough (403 `step-up-required`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUp {
    /// What would do.
    pub needs: Needs,
    /// How recent it must be.
    pub within: Duration,
}

impl StepUp {
    /// For people: what to do.
    pub(crate) const fn detail(&self) -> &'static str {
        match self.needs {
            Needs::Password => "this needs a fresh proof of who you are: give your password again",
            Needs::Factor => "this needs a fresh proof of who you are: give your second factor again",
            Needs::Enrolment => "this needs a second factor, and you have none: enrol one first",
        }
    }
}

/// What would satisfy a use case that asks for a fresh proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The password again.
    Password,
    /// A second factor again.
    Factor,
    /// A second factor, which must be enrolled first.
    Enrolment,
}

impl Needs {
    /// The published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Factor => "factor",
            Self::Enrolment => "enrolment",
        }
    }
}

/// What somebody who is signed in proves themselves with.
#[derive(Debug)]
pub enum StepUpInput {
    /// The password: for a member without a second factor.
    Password(Secret<String>),
    /// A second factor; a security key's answer names the challenge that it answers.
    Factor {
        /// From [`Factors::step_up_challenge`].
        challenge: Option<Secret<String>>,
        /// The proof.
        proof: Proof,
    },
}

/// A right proof of somebody who is signed in.
#[derive(Default)]
struct Evidence {
    /// None: the password was right.
    factor: Option<Right>,
    /// The challenge that it answers.
    challenge: Option<FactorChallengeRow>,
}

const PASSWORD_WRONG: AppError =
    AppError::Forbidden { code: "password-wrong", detail: "this is not the password of this account" };

impl Factors {
    /// Asks the caller for any of their factors. Only a security key needs a question to answer; codes come without.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `no-factor` when the member has none: then the password does.
    pub async fn step_up_challenge(&self, permit: &Permit<can::MeManage>) -> Result<Challenge, AppError> {
        let (member, login) = self.parts.own(permit).await?;
        let factors = self.parts.active_factors(&member).await?;
        if factors.is_empty() {
            return Err(NO_FACTOR.error());
        }
        let at = self.parts.clock.now();
        let question = Question { purpose: ChallengePurpose::StepUp, login: Some(login), state: None, mark: None, at };
        self.parts.ask_any(&member, &factors, question).await
    }

    /// Takes a proof of who the caller is, and notes the time of it on their sign-in.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `factor-wrong`, `password-wrong` or `challenge-ended`; [`AppError::StepUpRequired`] for
    /// the password of a member who has a factor; [`AppError::TooMany`].
    pub async fn step_up(&self, permit: &Permit<can::MeManage>, input: StepUpInput) -> Result<Freshness, AppError> {
        let parts = &*self.parts;
        let (member, login) = parts.own(permit).await?;
        let evidence = match input {
            StepUpInput::Password(password) => {
                if !parts.active_factors(&member).await?.is_empty() {
                    return Err(AppError::StepUpRequired(StepUp { needs: Needs::Factor, within: parts.fresh_for() }));
                }
                parts.take_one_attempt(&member).await?;
                if !parts.passwords.verify(&password, Some(&member.password_hash)).await? {
                    return parts.refuse(&member, permit.request(), "password", PASSWORD_WRONG).await;
                }
                Evidence::default()
            }
            StepUpInput::Factor { challenge: None, proof } => {
                parts.take_one_attempt(&member).await?;
                let right = parts.weigh(&member, &proof, None).await?;
                let Some(right) = right else { return parts.refuse_proof(&member, permit.request(), &proof).await };
                Evidence { factor: Some(right), challenge: None }
            }
            StepUpInput::Factor { challenge: Some(challenge), proof } => {
                let purpose = ChallengePurpose::StepUp;
                let taken = parts.take_own(permit.tenant(), challenge.expose(), purpose, login).await?;
                let right = parts.weigh(&member, &proof, taken.asked.as_deref()).await?;
                let Some(right) = right else { return parts.refuse_proof(&member, permit.request(), &proof).await };
                Evidence { factor: Some(right), challenge: Some(taken.row) }
            }
        };
        self.note(permit, &member, login, evidence).await
    }

    /// Makes the evidence count: spends it, and notes the time on the sign-in.
    async fn note(
        &self,
        permit: &Permit<can::MeManage>,
        member: &MemberRow,
        login: LoginId,
        evidence: Evidence,
    ) -> Result<Freshness, AppError> {
        let parts = &*self.parts;
        let now = parts.clock.now();
        let tx = parts.store.tenant(member.tenant_id).await?;
        if let Some(row) = &evidence.challenge
            && !parts.finish_challenge(&tx, row).await?
        {
            return Err(ENDED);
        }
        let mfa = evidence.factor.is_some();
        if let Some(right) = evidence.factor {
            let method = right.method();
            if !right.spend(&tx, member, now).await? {
                drop(tx);
                return parts.refuse(member, permit.request(), method.rule_word(), WRONG).await;
            }
            parts.note_use(&tx, member, method, permit.request()).await?;
        }
        tx.factor_attempt_clear(member.id).await?;
        let row = parts.authorizer.proved(&tx, login, now, mfa).await?.ok_or(SIGNED_OUT)?;
        parts.audit().allowed(&tx, permit, "login.prove", Object::Login(login)).await?;
        tx.commit().await?;
        parts.forget(member.tenant_id, login).await;
        Ok(Freshness::of(&row))
    }

    /// When the caller last proved who they are; none for a caller that did not sign in.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn freshness<A: Can>(&self, permit: &Permit<A>) -> Result<Option<Freshness>, AppError> {
        self.parts.freshness(permit).await
    }

    /// Refuses a caller who did not prove themselves within this time.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`].
    pub async fn require<A: Can>(
        &self,
        permit: &Permit<A>,
        demand: Demand,
        within: Duration,
    ) -> Result<Freshness, AppError> {
        self.parts.require_fresh(permit, demand, within).await
    }
}

impl Parts {
    /// Reads the sign-in itself: a cached answer could be older than a proof given a moment ago in another process.
    pub(crate) async fn freshness<A: Can>(&self, permit: &Permit<A>) -> Result<Option<Freshness>, AppError> {
        let Actor::Member { login, .. } = *permit.actor() else { return Ok(None) };
        let read = self.store.tenant_read(permit.tenant()).await?;
        Ok(self.authorizer.login(&read, login).await?.as_ref().map(Freshness::of))
    }

    /// See [`Factors::require`].
    pub(crate) async fn require_fresh<A: Can>(
        &self,
        permit: &Permit<A>,
        demand: Demand,
        within: Duration,
    ) -> Result<Freshness, AppError> {
        let fresh = self.freshness(permit).await?.ok_or_else(forbidden)?;
        let (member, _) = self.own(permit).await?;
        let has_factor = !self.active_factors(&member).await?.is_empty();
        let now = self.clock.now();
        let needs = match (demand, has_factor) {
            (Demand::Any, false) if fresh.authenticated_within(within, now) => return Ok(fresh),
            (Demand::Any, false) => Needs::Password,
            (Demand::Factor, false) => Needs::Enrolment,
            (_, true) if fresh.mfa_within(within, now) => return Ok(fresh),
            (_, true) => Needs::Factor,
        };
        Err(AppError::StepUpRequired(StepUp { needs, within }))
    }

    /// Refuses a member with a second factor who did not prove it lately; one without has nothing to prove.
    pub(crate) async fn require_fresh_factor<A: Can>(
        &self,
        permit: &Permit<A>,
        member: &MemberRow,
    ) -> Result<(), AppError> {
        if !self.active_factors(member).await?.is_empty() {
            self.require_fresh(permit, Demand::Factor, self.fresh_for()).await?;
        }
        Ok(())
    }

    /// How long a proof is fresh for changes to one's own factors.
    pub(crate) const fn fresh_for(&self) -> Duration {
        Duration::from_secs(self.limits.fresh_seconds)
    }

    /// The member and the sign-in behind a permit.
    pub(super) async fn own<A: Can>(&self, permit: &Permit<A>) -> Result<(MemberRow, LoginId), AppError> {
        let Actor::Member { id, login } = *permit.actor() else { return Err(forbidden()) };
        let read = self.store.tenant_read(permit.tenant()).await?;
        let member = self.good_member(&read, id).await?.ok_or(AppError::NotFound { kind: "member" })?;
        Ok((member, login))
    }

    /// Takes a try, durably, for a proof that answers no challenge.
    pub(super) async fn take_one_attempt(&self, member: &MemberRow) -> Result<(), AppError> {
        let tx = self.store.tenant(member.tenant_id).await?;
        self.take_attempt(&tx, member).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn refuse_proof<T>(
        &self,
        member: &MemberRow,
        request: RequestId,
        proof: &Proof,
    ) -> Result<T, AppError> {
        self.refuse(member, request, proof.method().rule_word(), WRONG).await
    }
}

//! The second half of a sign-in.

use domain::{MemberId, RequestId, Secret};
use store::{ChallengePurpose, MemberRow, MemberState, TenantRead, TenantTx};

use super::{
    Challenge, Method, Proof,
    challenge::{ENDED, WRONG},
};
use crate::{
    AppError,
    auth::{Auth, Parts, SignedIn},
};

/// How a sign-in goes on after the right password.
#[derive(Debug)]
pub enum SignIn {
    /// The member has no second factor: signed in.
    Complete(SignedIn),
    /// The member has one: asked for it.
    Factor(Challenge),
}

/// The answer to the challenge of a sign-in.
#[derive(Debug)]
pub struct MfaInput {
    /// The challenge.
    pub challenge: Secret<String>,
    /// What proves the second factor.
    pub proof: Proof,
    /// The request.
    pub request: RequestId,
}

impl Auth {
    /// Completes a sign-in with a second factor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `challenge-ended` or `factor-wrong`, [`AppError::TooMany`].
    pub async fn mfa(&self, input: MfaInput) -> Result<SignedIn, AppError> {
        let parts = self.parts();
        let taken = parts.take_sign_in(input.challenge.expose()).await?;
        let member = &taken.member;
        let Some(right) = parts.weigh(member, &input.proof, taken.asked.as_deref()).await? else {
            return parts.refuse_proof(member, input.request, &input.proof).await;
        };
        let method = right.method();
        let tx = parts.store.tenant(member.tenant_id).await?;
        if !parts.finish_challenge(&tx, &taken.row).await? {
            return Err(ENDED);
        }
        if !right.spend(&tx, member, parts.clock.now()).await? {
            drop(tx);
            return parts.refuse(member, input.request, method.rule_word(), WRONG).await;
        }
        tx.factor_attempt_clear(member.id).await?;
        parts.note_use(&tx, member, method, input.request).await?;
        let (login, refresh) = parts.write_login(&tx, member, input.request, Some(method)).await?;
        tx.commit().await?;
        parts.signed_in(member.tenant_id, member.id, login, member.authz_epoch, refresh)
    }
}

impl Parts {
    /// Goes on after the right password: signs in, or asks for a second factor when the member has one.
    pub(crate) async fn admit(&self, member: &MemberRow, request: RequestId) -> Result<SignIn, AppError> {
        let factors = self.active_factors(member).await?;
        if factors.is_empty() {
            return self.begin(member, request).await.map(SignIn::Complete);
        }
        self.ask_any(member, &factors, ChallengePurpose::SignIn, None).await.map(SignIn::Factor)
    }

    /// Puts a wrong proof on record and answers it with `error`. The member's tries bound how often this happens.
    pub(super) async fn refuse<T>(
        &self,
        member: &MemberRow,
        request: RequestId,
        tried: &'static str,
        error: AppError,
    ) -> Result<T, AppError> {
        let tx = self.store.tenant(member.tenant_id).await?;
        self.audit().proof_refused(&tx, member.id, tried, request).await?;
        tx.commit().await?;
        Err(error)
    }

    /// What the use of a factor leaves besides the act that it allows: a spent recovery code is on record, and told.
    pub(super) async fn note_use(
        &self,
        tx: &TenantTx,
        member: &MemberRow,
        method: Method,
        request: RequestId,
    ) -> Result<(), AppError> {
        if method != Method::RecoveryCode {
            return Ok(());
        }
        self.audit().recovery_code_used(tx, member.id, request).await
    }

    /// A member who may sign in.
    pub(super) async fn good_member(&self, read: &TenantRead, id: MemberId) -> Result<Option<MemberRow>, AppError> {
        Ok(read.member_find(id).await?.filter(|member| member.state == MemberState::Active))
    }
}

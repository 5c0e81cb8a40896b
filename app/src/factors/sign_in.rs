//! The second half of a sign-in.

use domain::{LoginId, MemberId, RequestId, Secret, Timestamp};
use ledger::Object;
use store::{ChallengePurpose, MemberRow, TenantRead, TenantTx};

use super::{
    Challenge, Method, Proof,
    challenge::{ENDED, Question, Taken, WRONG, switch_mark},
    proof::Right,
};
use crate::{
    AppError,
    auth::{Auth, First, LOGIN_FAILED, Parts, Place, SignedIn, password_mark},
    notices::{Audience, NoticeKind},
};

/// How a sign-in goes on after the right password.
#[derive(Debug)]
pub enum SignIn {
    /// The member has no second factor: signed in.
    Complete(SignedIn),
    /// The member has one: asked for it.
    Factor(Challenge),
}

/// The answer to a challenge.
#[derive(Debug)]
pub struct MfaAnswer {
    /// The challenge.
    pub challenge: Secret<String>,
    /// What proves the second factor.
    pub proof: Proof,
}

impl Auth {
    /// Completes a sign-in with a second factor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `challenge-ended` or `factor-wrong`, [`AppError::TooMany`].
    pub async fn mfa(&self, answer: MfaAnswer, place: Place, request: RequestId) -> Result<SignedIn, AppError> {
        let parts = self.parts();
        let taken = parts.take_sign_in(answer.challenge.expose()).await?;
        let member = &taken.member;
        let right = parts.right(&taken, &answer.proof, request).await?;
        let method = right.method();
        let first = First::password(taken.row.created_at);
        let beginning = parts.beginning(member, taken.login(), place, first, request).await?;
        let tx = parts.store.tenant(member.tenant_id).await?;
        let held = parts.hold(&tx, member, Some(method)).await?.ok_or(ENDED)?;
        if !parts.spend(&tx, &taken, right, request).await? {
            drop(tx);
            return parts.refuse(member, request, method.rule_word(), WRONG).await;
        }
        let signed_in = parts.begin(&tx, held, beginning).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}

impl Parts {
    /// Goes on after the right password: signs in, or asks for a second factor when the member has one. Also says which
    /// login that makes, now or with the right answer.
    pub(crate) async fn admit(
        &self,
        member: &MemberRow,
        place: Place,
        request: RequestId,
    ) -> Result<(LoginId, SignIn), AppError> {
        let factors = self.active_factors(member).await?;
        let now = self.clock.now();
        if !factors.is_empty() {
            let challenge = self.ask_any(member, &factors, sign_in(password_mark(member), now)).await?;
            return Ok((challenge.login(now), SignIn::Factor(challenge)));
        }
        let login = LoginId::mint(now, &*self.entropy);
        let beginning = self.beginning(member, login, place, First::password(now), request).await?;
        let tx = self.store.tenant(member.tenant_id).await?;
        let held = self.hold(&tx, member, None).await?.ok_or(LOGIN_FAILED)?;
        let signed_in = self.begin(&tx, held, beginning).await?;
        tx.commit().await?;
        Ok((login, SignIn::Complete(signed_in)))
    }

    /// Asks a member of another tenant, who changes over from the login `from`, for the second factor that they have
    /// there; none when they have none.
    pub(crate) async fn ask_for_switch(
        &self,
        member: &MemberRow,
        from: LoginId,
    ) -> Result<Option<Challenge>, AppError> {
        let factors = self.active_factors(member).await?;
        if factors.is_empty() {
            return Ok(None);
        }
        let question = sign_in(switch_mark(member, from), self.clock.now());
        self.ask_any(member, &factors, question).await.map(Some)
    }

    /// Takes the answer to a challenge of [`Parts::ask_for_switch`], and makes it count.
    pub(crate) async fn answer_for_switch(
        &self,
        member: &MemberRow,
        from: LoginId,
        answer: &MfaAnswer,
        request: RequestId,
    ) -> Result<Method, AppError> {
        let taken = self.take_switch(member, from, answer.challenge.expose()).await?;
        let right = self.right(&taken, &answer.proof, request).await?;
        let method = right.method();
        let tx = self.store.tenant(member.tenant_id).await?;
        if !self.spend(&tx, &taken, right, request).await? {
            drop(tx);
            return self.refuse(member, request, method.rule_word(), WRONG).await;
        }
        tx.commit().await?;
        Ok(method)
    }

    /// The proof that answers a challenge, when it is right; else it is put on record.
    async fn right(&self, taken: &Taken, proof: &Proof, request: RequestId) -> Result<Right, AppError> {
        match self.weigh(&taken.member, proof, taken.asked.as_deref()).await? {
            Some(right) => Ok(right),
            None => self.refuse_proof(&taken.member, request, proof).await,
        }
    }

    /// Makes a right answer count; false when its proof was used before.
    async fn spend(&self, tx: &TenantTx, taken: &Taken, right: Right, request: RequestId) -> Result<bool, AppError> {
        if !self.finish_challenge(tx, &taken.row).await? {
            return Err(ENDED);
        }
        let (member, method) = (&taken.member, right.method());
        if !right.spend(tx, member, self.clock.now()).await? {
            return Ok(false);
        }
        tx.factor_attempt_clear(member.id).await?;
        self.note_use(tx, member, method, request).await?;
        Ok(true)
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
        self.audit().recovery_code_used(tx, member.id, request).await?;
        self.tell(tx, NoticeKind::RecoveryCodeUsed, Audience::Member(member.id), Object::Member(member.id)).await
    }

    /// A member who may sign in.
    pub(super) async fn good_member(&self, read: &TenantRead, id: MemberId) -> Result<Option<MemberRow>, AppError> {
        self.authorizer.active(read, id).await
    }
}

const fn sign_in(mark: [u8; 32], at: Timestamp) -> Question<'static> {
    Question { purpose: ChallengePurpose::SignIn, login: None, state: None, mark: Some(mark), at }
}

//! One person in several tenants (`docs/decisions/0009-switching-tenants-needs-the-same-password.md`).
//!
//! Memberships are separate accounts that share an address. A sign-in may change over to another of them only when the
//! password typed at it is right there too; what was proven is kept with the sign-in, in rows that no tenant can read,
//! and ends with it, or when the password there changes. So nothing that one tenant's people can do, to an account of
//! theirs, opens another tenant.

use std::sync::Arc;

use domain::{LoginId, MemberId, RequestId, Secret, TenantId};
use ledger::Object;
use policy::access::{Actor, Permit, can};
use store::{LoginRow, MemberRow, MembershipProofRow, TenantState};

use super::{Auth, First, Freshness, LOGIN_EMAIL, Parts, Place, TenantView, password_mark, refresh::ENDED};
use crate::{
    AppError,
    factors::{MfaAnswer, SignIn},
    tenants::check_slug,
};

/// Most other memberships that one sign-in looks at.
const MOST: usize = 8;

const NO_TENANT: AppError = AppError::NotFound { kind: "tenant" };

impl Auth {
    /// The other tenants that this sign-in can change over to.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tenants(&self, permit: &Permit<can::MeManage>) -> Result<Vec<TenantView>, AppError> {
        let parts = self.parts();
        let mut tenants = Vec::new();
        for proof in parts.proofs(login_of(permit)?).await? {
            if parts.proven_member(&proof).await?.is_none() {
                continue;
            }
            let row = parts.store.tenant_read(proof.of_tenant).await?.tenant_find().await?;
            let row = row.filter(|row| row.state == TenantState::Active);
            tenants.extend(row.map(|row| TenantView { id: row.id, slug: row.slug, name: row.name }));
        }
        tenants.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(tenants)
    }

    /// Changes over to the tenant of this short name: ends this sign-in and begins one there, which ends no later. Whoever
    /// has a second factor there is asked for it first, and comes again with the answer.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for every tenant in which this sign-in's password was not right, known or not;
    /// [`AppError::Forbidden`] `challenge-ended`, `factor-wrong`; [`AppError::TooMany`].
    pub async fn switch(
        &self,
        permit: &Permit<can::MeManage>,
        slug: &str,
        answer: Option<MfaAnswer>,
        place: Place,
        request: RequestId,
    ) -> Result<SignIn, AppError> {
        let parts = self.parts();
        let from = login_of(permit)?;
        check_slug(slug).map_err(|_| NO_TENANT)?;
        let proofs = parts.proofs(from).await?;
        let tenant = parts.store.lookup_tenant_slug(slug).await?.ok_or(NO_TENANT)?;
        let proof = proofs.iter().find(|proof| proof.of_tenant == tenant).ok_or(NO_TENANT)?;
        let member = parts.proven_member(proof).await?.ok_or(NO_TENANT)?;
        let factor = match answer {
            Some(answer) => Some(parts.answer_for_switch(&member, from, &answer, request).await?),
            None => match parts.ask_for_switch(&member, from).await? {
                Some(challenge) => return Ok(SignIn::Factor(challenge)),
                None => None,
            },
        };
        let (old, back) = parts.leave(permit, from).await?;
        let login = LoginId::mint(parts.clock.now(), &*parts.entropy);
        // Changing over proves nothing anew: what was proved long ago stays as old as it is.
        let first = First { by: "switch", at: Freshness::of(&old).authenticated_at, until: Some(old.expires_at) };
        let beginning = parts.beginning(&member, login, place, first, request).await?;
        let tx = parts.store.tenant(tenant).await?;
        let held = parts.hold(&tx, &member, factor).await?.ok_or(ENDED)?;
        let signed_in = parts.begin(&tx, held, beginning).await?;
        tx.commit().await?;
        let returning = proof_of(from, &back, old.expires_at);
        let others = proofs.iter().filter(|proof| proof.of_tenant != tenant).cloned().chain([returning]);
        let tx = parts.store.tenant(TenantId::DEPLOYMENT).await?;
        tx.membership_proof_drop(from).await?;
        for other in others {
            tx.membership_proof_insert(MembershipProofRow { login_id: login, ..other }).await?;
        }
        tx.commit().await?;
        Ok(SignIn::Complete(signed_in))
    }
}

impl Parts {
    /// Ends the login that somebody changes over from, which makes this the one change of any number of parallel ones; the
    /// login, and its member.
    async fn leave(&self, permit: &Permit<can::MeManage>, from: LoginId) -> Result<(LoginRow, MemberRow), AppError> {
        let tenant = permit.tenant();
        let tx = self.store.tenant(tenant).await?;
        let old = self.authorizer.login_held(&tx, from).await?.ok_or(ENDED)?;
        let back = tx.member_find(old.member_id).await?.ok_or(ENDED)?;
        if !tx.login_revoke(from, self.clock.now()).await? {
            return Err(ENDED);
        }
        self.audit().allowed(&tx, permit, "login.end", Object::Login(from)).await?;
        tx.commit().await?;
        self.forget(tenant, from).await;
        Ok((old, back))
    }

    async fn proofs(&self, login: LoginId) -> Result<Vec<MembershipProofRow>, AppError> {
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        Ok(read.membership_proof_list(login, self.clock.now()).await?)
    }

    /// The member that was proven, when they are still one and their password is still that one.
    async fn proven_member(&self, proof: &MembershipProofRow) -> Result<Option<MemberRow>, AppError> {
        let member = self.authorizer.active(&self.store.tenant_read(proof.of_tenant).await?, proof.member_id).await?;
        Ok(member.filter(|member| password_mark(member) == proof.password_digest))
    }
}

fn proof_of(login: LoginId, member: &MemberRow, until: domain::Timestamp) -> MembershipProofRow {
    MembershipProofRow {
        tenant_id: TenantId::DEPLOYMENT,
        login_id: login,
        of_tenant: member.tenant_id,
        member_id: member.id,
        password_digest: password_mark(member),
        expires_at: until,
    }
}

/// Tries the password of a sign-in on the other accounts of its address, and keeps where it was right.
pub(super) async fn prove_others(
    parts: Arc<Parts>,
    home: TenantId,
    login: LoginId,
    address: [u8; 32],
    password: Secret<String>,
) {
    if let Err(error) = try_others(&parts, home, login, &address, &password).await {
        tracing::warn!(login.id = %login, error = ?error, "other memberships could not be proven; there is no switching");
    }
}

async fn try_others(
    parts: &Parts,
    home: TenantId,
    login: LoginId,
    address: &[u8; 32],
    password: &Secret<String>,
) -> Result<(), AppError> {
    let until = parts.clock.now().plus(super::ABSOLUTE);
    let (mut after, mut proofs) = (TenantId::DEPLOYMENT, Vec::new());
    for _ in 0..MOST {
        let Some(found) = parts.store.lookup_credential_next(LOGIN_EMAIL, address, after).await? else { break };
        after = found.tenant_id;
        if after == home {
            continue;
        }
        let read = parts.store.tenant_read(after).await?;
        let Some(member) = parts.authorizer.active(&read, MemberId::from_uuid(found.id)).await? else { continue };
        drop(read);
        if parts.passwords.verify(password, Some(&member.password_hash)).await? {
            proofs.push(proof_of(login, &member, until));
        }
    }
    if proofs.is_empty() {
        return Ok(());
    }
    let tx = parts.store.tenant(TenantId::DEPLOYMENT).await?;
    tx.membership_proof_tidy(parts.clock.now()).await?;
    for proof in proofs {
        tx.membership_proof_insert(proof).await?;
    }
    Ok(tx.commit().await?)
}

fn login_of(permit: &Permit<can::MeManage>) -> Result<LoginId, AppError> {
    match permit.actor() {
        Actor::Member { login, .. } => Ok(*login),
        _ => Err(crate::forbidden()),
    }
}

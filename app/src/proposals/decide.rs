//! Voting on proposals and stopping them.

use domain::ProposalId;
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    proposals::{ChangeHash, FRESH, Ineligible, ProposalState, eligible, fresh_enough},
};

use super::{
    NO_PROPOSAL, ProposalView, Proposals, eligible as people_eligible,
    execute::{self, Order},
    read, refused, rule,
};
use crate::{
    AppError,
    auth::member_of,
    factors::Demand,
    grants::{people, rules},
    notices::{Audience, NoticeKind},
};

impl Proposals {
    /// Approves exactly the change that the voter was shown; it is carried out at once. When what it was to change is no
    /// longer as it was, the proposal is void instead.
    ///
    /// # Errors
    /// [`AppError::StepUpRequired`] without a fresh second factor; [`AppError::Forbidden`] `not-eligible`, `own-proposal`;
    /// [`AppError::Conflict`] when it was decided, or is another change than the one shown.
    pub async fn approve(
        &self,
        permit: &Permit<can::ProposalVote>,
        id: ProposalId,
        seen: &str,
    ) -> Result<ProposalView, AppError> {
        let (parts, voter) = (&self.parts, member_of(permit.actor())?);
        // Whether there is such a proposal, is told before a second factor is asked for.
        parts.store.tenant_read(permit.tenant()).await?.proposal_find(id).await?.ok_or(NO_PROPOSAL)?;
        let fresh = parts.factors.require(permit, Demand::Factor, FRESH).await?;
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        rules::lock(&tx, &parts.authorizer, now).await?;
        let row = tx.proposal_lock(id).await?.ok_or(NO_PROPOSAL)?;
        let (change, proposal) = super::ours(parts, &tx, &row).await?;
        let seen = crate::unhex(seen).map_or(ChangeHash::from_bytes([0; 32]), ChangeHash::from_bytes);
        proposal.approve(voter, seen, now).map_err(refused)?;
        people::hold(&tx, [voter, row.member_id].into_iter().chain(change.beneficiary())).await?;
        let candidate = people_eligible::candidate(parts, &tx, voter, row.member_id, now).await?;
        eligible(&candidate, row.member_id, change.beneficiary(), now)
            .and_then(|()| fresh_enough(fresh.mfa_at, now))
            .map_err(ineligible)?;
        let order = Order { proposal: id, proposer: row.member_id, rule: rule(permit, id, false) };
        let (end, act) = match execute::check(parts, &tx, row.member_id, &change).await {
            Ok(()) => {
                execute::carry_out(parts, &tx, permit, &change, &order, now).await?;
                (ProposalState::Executed, "proposal.approve")
            }
            Err(AppError::Conflict { .. }) => (ProposalState::Void, "proposal.void"),
            Err(error) => return Err(error),
        };
        self.end(&tx, permit, &row, end, act, now).await?;
        tx.commit().await?;
        self.view(permit, id).await
    }

    /// Rejects a proposal. Anybody who may vote can, also who could not approve it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `own-proposal`, [`AppError::Conflict`] when it was decided.
    pub async fn reject(&self, permit: &Permit<can::ProposalVote>, id: ProposalId) -> Result<ProposalView, AppError> {
        let (parts, voter) = (&self.parts, member_of(permit.actor())?);
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let row = tx.proposal_lock(id).await?.ok_or(NO_PROPOSAL)?;
        people::hold(&tx, [voter]).await?;
        if !parts.authorizer.may(&tx, voter, Action::ProposalVote).await? {
            return Err(crate::forbidden());
        }
        // What nobody may read any more can still be stopped.
        let proposal = read(&row).map_or_else(|_| super::bare(&row), |(_, proposal)| proposal);
        let end = proposal.reject(voter, now).map_err(refused)?;
        self.end(&tx, permit, &row, end, "proposal.reject", now).await?;
        tx.commit().await?;
        self.view(permit, id).await
    }

    /// Takes a proposal back. In solo mode every member may stop it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `not-your-proposal`, [`AppError::Conflict`] when it was decided.
    pub async fn cancel(&self, permit: &Permit<can::MeManage>, id: ProposalId) -> Result<ProposalView, AppError> {
        let (parts, member) = (&self.parts, member_of(permit.actor())?);
        let now = parts.clock.now();
        let tx = parts.store.tenant(permit.tenant()).await?;
        let row = tx.proposal_lock(id).await?.ok_or(NO_PROPOSAL)?;
        // What nobody may read any more can still be stopped.
        let proposal = match read(&row) {
            Ok((_, proposal)) => proposal,
            Err(_) => super::bare(&row),
        };
        let end = proposal.cancel(member, now).map_err(refused)?;
        self.end(&tx, permit, &row, end, "proposal.cancel", now).await?;
        tx.commit().await?;
        self.view(permit, id).await
    }

    /// Writes an end that somebody brought about, puts it on record and tells whoever may vote, and the proposer.
    async fn end<A: policy::access::Can>(
        &self,
        tx: &store::TenantTx,
        permit: &Permit<A>,
        row: &store::ProposalRow,
        end: ProposalState,
        act: &'static str,
        now: domain::Timestamp,
    ) -> Result<(), AppError> {
        let (parts, id) = (&self.parts, row.id);
        if !tx.proposal_end(id, end, Some(member_of(permit.actor())?), now).await? {
            return Err(AppError::internal("a locked proposal changed its state"));
        }
        let solo = row.execute_after.is_some() && end != ProposalState::Executed;
        parts.audit().allowed_by(tx, permit, rule(permit, id, solo), act, Object::Proposal(id)).await?;
        let audience = if row.execute_after.is_some() {
            Audience::Everyone
        } else {
            Audience::HoldersAnd(Action::ProposalVote, row.member_id)
        };
        parts.tell(tx, NoticeKind::ProposalDecided, audience, Object::Proposal(id)).await
    }
}

/// Why somebody's approval does not count, told to them.
fn ineligible(why: Ineligible) -> AppError {
    let detail = match why {
        Ineligible::Proposer => "nobody approves their own proposal",
        Ineligible::Beneficiary => "nobody approves what they gain by",
        Ineligible::NoVote => "no role of yours lets you vote",
        Ineligible::NoFactor => "approving takes a second factor of your own",
        Ineligible::NewInRole => "approving takes seven days in the role that lets you vote",
        Ineligible::Influenced => "whom the proposer invited, promoted or reset within thirty days does not approve",
        Ineligible::NotFresh => "show your second factor again: it must be less than ten minutes ago",
    };
    AppError::Forbidden { code: "not-eligible", detail }
}

//! What time does to proposals: the use case of the job that ends them, and carries out those of solo mode.

use domain::{ProposalId, TenantId};
use ledger::Object;
use policy::{
    access::{Action, Permit, can},
    proposals::{Due, ProposalState},
};
use serde::{Deserialize, Serialize};
use store::{ProposalRow, TenantTx};

use super::{
    Proposals, bare, eligible,
    execute::{self, Order},
    rule,
};
use crate::{
    AppError,
    grants::{people, rules},
    jobs::{JobKind, Payload, Report},
    notices::{Audience, NoticeKind},
};

/// Most open proposals of one sweep; a tenant has no more.
const MOST: u64 = super::OPEN as u64;

/// The job that settles a tenant's proposals.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleProposals {}

impl Payload for SettleProposals {
    const KIND: JobKind = JobKind::new("proposal-settle");
}

/// What one sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SettleReport {
    /// Proposals that nobody decided in time.
    pub expired: u64,
    /// Proposals of solo mode that nobody stopped within their day, carried out.
    pub executed: u64,
    /// Proposals whose change was no longer possible.
    pub voided: u64,
}

impl Report for SettleReport {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

impl Proposals {
    /// Whether the tenant has a proposal that time could settle.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn settle_wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        let read = self.parts.store.tenant_read(tenant).await?;
        Ok(!read.proposal_list(Some(ProposalState::Open), None, 1).await?.is_empty())
    }

    /// Ends the tenant's proposals whose time is over, and carries out those of solo mode whose day is.
    ///
    /// # Errors
    /// When the store does not answer; what was settled until then stays so.
    pub async fn settle(&self, permit: &Permit<can::ProposalExpire>) -> Result<SettleReport, AppError> {
        let mut report = SettleReport::default();
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let open = read.proposal_list(Some(ProposalState::Open), None, MOST).await?;
        drop(read);
        // Oldest first: of two that contradict each other the earlier one counts.
        for row in open.iter().rev() {
            match self.settle_one(permit, row.id).await? {
                Some(ProposalState::Executed) => report.executed += 1,
                Some(ProposalState::Expired) => report.expired += 1,
                Some(_) => report.voided += 1,
                None => {}
            }
        }
        Ok(report)
    }

    async fn settle_one(
        &self,
        permit: &Permit<can::ProposalExpire>,
        id: ProposalId,
    ) -> Result<Option<ProposalState>, AppError> {
        let (parts, now) = (&self.parts, self.parts.clock.now());
        let tx = parts.store.tenant(permit.tenant()).await?;
        let strict = rules::lock(&tx, &parts.authorizer, now).await?.rules.strict;
        let Some(row) = tx.proposal_lock(id).await? else { return Ok(None) };
        let ours = match super::ours(parts, &tx, &row).await {
            Err(AppError::Conflict { .. }) => None,
            ours => Some(ours?),
        };
        let Some((change, proposal)) = ours else {
            // Changed behind our back: it is never carried out, and ends when its time is over.
            let over = bare(&row).due(false, now) == Some(Due::Expire);
            return if over { self.settled(tx, permit, &row, ProposalState::Expired).await } else { Ok(None) };
        };
        people::hold(&tx, [row.member_id].into_iter().chain(change.beneficiary())).await?;
        let still_solo = !strict && eligible::nobody(parts, &tx, row.member_id, &change, now).await?;
        let end = match proposal.due(still_solo, now) {
            None => return Ok(None),
            Some(Due::Expire) => ProposalState::Expired,
            Some(Due::Execute) => match execute::check(parts, &tx, row.member_id, &change).await {
                Ok(()) => {
                    let order = Order { proposal: id, proposer: row.member_id, rule: rule(permit, id, true) };
                    execute::carry_out(parts, &tx, permit, &change, &order, now).await?;
                    ProposalState::Executed
                }
                Err(AppError::Conflict { .. }) => ProposalState::Void,
                Err(error) => return Err(error),
            },
        };
        self.settled(tx, permit, &row, end).await
    }

    async fn settled(
        &self,
        tx: TenantTx,
        permit: &Permit<can::ProposalExpire>,
        row: &ProposalRow,
        end: ProposalState,
    ) -> Result<Option<ProposalState>, AppError> {
        let (parts, solo) = (&self.parts, row.execute_after.is_some());
        if !tx.proposal_end(row.id, end, None, parts.clock.now()).await? {
            return Ok(None);
        }
        let act = match end {
            ProposalState::Executed => "proposal.execute",
            ProposalState::Void => "proposal.void",
            _ => "proposal.expire",
        };
        parts.audit().allowed_by(&tx, permit, rule(permit, row.id, solo), act, Object::Proposal(row.id)).await?;
        let audience =
            if solo { Audience::Everyone } else { Audience::HoldersAnd(Action::ProposalVote, row.member_id) };
        parts.tell(&tx, NoticeKind::ProposalDecided, audience, Object::Proposal(row.id)).await?;
        tx.commit().await?;
        Ok(Some(end))
    }
}

//! Looking at proposals.

use domain::{Personal, ProposalId};
use policy::{
    access::{Action, Can, Permit, can},
    proposals::{Change, ProposalState},
};
use store::ProposalRow;
use vault::wrap::Purpose;

use super::{Addresses, NO_PROPOSAL, ProposalView, Proposals, eligible, read};
use crate::{AppError, Page, Paged, auth::member_of, grants::rules, hex, paging::Cursors, sinks};

impl Proposals {
    /// One page of proposals, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(
        &self,
        permit: &Permit<can::ProposalList>,
        state: Option<ProposalState>,
        page: Page,
    ) -> Result<Paged<ProposalView>, AppError> {
        let (parts, tenant, size) = (&self.parts, permit.tenant(), page.size()?);
        let cursors = Cursors::new(&parts.deployment.cursor);
        let bound = format!("proposals {state:?}");
        let after: Option<ProposalId> = match &page.cursor {
            Some(cursor) => Some(cursors.read(tenant, &bound, cursor)?),
            None => None,
        };
        let read = parts.store.tenant_read(tenant).await?;
        let mut rows = read.proposal_list(state, after, size as u64 + 1).await?;
        drop(read);
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.shown(permit, row).await?);
        }
        Ok(Paged { items, next_cursor })
    }

    /// One proposal: for whoever may list them, for its proposer, and in solo mode for every member, since every member may
    /// stop it.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find(&self, permit: &Permit<can::MeRead>, id: ProposalId) -> Result<ProposalView, AppError> {
        let (parts, member) = (&self.parts, member_of(permit.actor())?);
        let read = parts.store.tenant_read(permit.tenant()).await?;
        let row = read.proposal_find(id).await?.ok_or(NO_PROPOSAL)?;
        drop(read);
        let shown = row.execute_after.is_some()
            || row.member_id == member
            || permit.holdings().decide(Action::ProposalList).is_some();
        if shown { self.shown(permit, row).await } else { Err(NO_PROPOSAL) }
    }

    /// Whether this member's tenant is in solo mode for them: they could find nobody to approve a proposal, and the rules
    /// do not make them wait for somebody.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_solo(&self, permit: &Permit<can::MeRead>) -> Result<bool, AppError> {
        let (parts, member) = (&self.parts, member_of(permit.actor())?);
        let read = parts.store.tenant_read(permit.tenant()).await?;
        let strict = rules::in_force(&read, &self.parts.authorizer).await?.rules.strict;
        Ok(!strict && eligible::is_alone(parts, &read, member, parts.clock.now()).await?)
    }

    /// What a use case that would have made a change has proposed instead.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn proposed<A: Can>(&self, permit: &Permit<A>, id: ProposalId) -> Result<ProposalView, AppError> {
        self.view(permit, id).await
    }

    pub(super) async fn view<A: Can>(&self, permit: &Permit<A>, id: ProposalId) -> Result<ProposalView, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.proposal_find(id).await?.ok_or(NO_PROPOSAL)?;
        drop(read);
        self.shown(permit, row).await
    }

    async fn shown<A: Can>(&self, permit: &Permit<A>, row: ProposalRow) -> Result<ProposalView, AppError> {
        let tenant = row.tenant_id;
        // A list must not end at a row that somebody changed; the change that it claims is not shown.
        let change: Option<Change> = read(&row).ok().map(|(change, _)| change);
        let addresses = match &change {
            Some(change) => self.addresses(permit, change).await?,
            None => None,
        };
        Ok(ProposalView {
            id: row.id,
            proposer: self.parts.person(tenant, row.member_id).await,
            change,
            addresses,
            hash: hex(&row.change_hash),
            state: row.state,
            created_at: row.created_at,
            execute_after: row.execute_after,
            expires_at: row.expires_at,
            decided_at: row.decided_at,
            decided_by: match row.decided_by {
                Some(by) => Some(self.parts.person(tenant, by).await),
                None => None,
            },
        })
    }

    /// What a change says of where a receiver is. In solo mode everybody sees the proposal, and not everybody this.
    async fn addresses<A: Can>(&self, permit: &Permit<A>, change: &Change) -> Result<Option<Addresses>, AppError> {
        let Change::WebhookUpdate { webhook, then, .. } = change else { return Ok(None) };
        let Some(sealed) = then.address.as_deref() else { return Ok(None) };
        if permit.holdings().decide(Action::WebhookList).is_none() {
            return Ok(None);
        }
        let (keys, tenant) = (&self.parts.keys, permit.tenant());
        let key = keys.purpose(tenant, Purpose::Secrets).await?;
        // What cannot be opened was written by nobody here.
        let opened = sinks::Addresses::open(&key, tenant, *webhook, sealed).ok();
        Ok(opened.map(|opened| Addresses {
            now: Personal::new(opened.now.clone()),
            then: Personal::new(opened.then.clone()),
        }))
    }
}

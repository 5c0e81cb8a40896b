//! Looking at requests and grants.

use std::collections::HashMap;

use domain::{GrantId, MemberId, TenantId};
use ledger::Object;
use policy::{
    access::{Can, Permit},
    grants::{GrantState, Kind},
};
use store::AccessGrantFilter;

use super::{GrantDetail, GrantSummary, Grants, NO_REQUEST, Reader};
use crate::{AppError, Page, Paged, looks::Look, paging::Cursors};

/// Which requests or grants to list.
#[derive(Debug, Clone, Default)]
pub struct GrantFilter {
    /// In this state.
    pub state: Option<GrantState>,
    /// Of this member.
    pub member: Option<MemberId>,
}

impl Grants {
    /// One page of access requests, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn requests(
        &self,
        reader: &Reader<'_>,
        filter: GrantFilter,
        page: Page,
    ) -> Result<Paged<GrantSummary>, AppError> {
        let wanted = AccessGrantFilter { kind: Some(Kind::Request), ..Self::wanted(reader, &filter)? };
        let mut page = self.page(reader.tenant(), "access-requests", wanted, page).await?;
        let own = reader.member()?;
        for summary in page.items.iter_mut().filter(|summary| summary.requester.id == own) {
            hide_count(summary);
        }
        Ok(page)
    }

    /// One page of grants, newest first: what was approved at some time, and broken glass. Everybody's tell who used which, so
    /// reading them is on record; one's own are one's own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn grants(
        &self,
        reader: &Reader<'_>,
        filter: GrantFilter,
        page: Page,
    ) -> Result<Paged<GrantSummary>, AppError> {
        let wanted = AccessGrantFilter { approved: true, ..Self::wanted(reader, &filter)? };
        if let Reader::Everybody(permit) = reader {
            self.after("grants", permit.tenant(), &wanted, &page)?;
            self.record_look(permit, Look::Grants).await?;
        }
        self.page(reader.tenant(), "grants", wanted, page).await
    }

    /// Puts on record that somebody looks at what others used.
    pub(super) async fn record_look<A: Can>(&self, permit: &Permit<A>, look: Look) -> Result<(), AppError> {
        let (parts, tenant) = (&self.parts, Object::Tenant(permit.tenant()));
        parts.looks.record(&parts.store, parts.audit(), permit, look, tenant).await
    }

    /// One request or grant.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for somebody else's when the reader sees only their own.
    pub async fn find(&self, reader: &Reader<'_>, id: GrantId) -> Result<GrantDetail, AppError> {
        let mut detail = self.parts.detail(reader.tenant(), id).await?;
        if reader.limited_to()?.is_some_and(|member| detail.summary.requester.id != member) {
            return Err(NO_REQUEST);
        }
        if detail.summary.requester.id == reader.member()? {
            hide_unapproved(&mut detail);
        }
        Ok(detail)
    }

    /// What a reviewer sees after a step of theirs.
    pub(super) async fn detail(&self, tenant: TenantId, id: GrantId) -> Result<GrantDetail, AppError> {
        self.parts.detail(tenant, id).await
    }

    /// A reader who sees only their own asks for nobody else's; whose name they put in changes nothing.
    fn wanted(reader: &Reader<'_>, filter: &GrantFilter) -> Result<AccessGrantFilter, AppError> {
        Ok(AccessGrantFilter {
            member: reader.limited_to()?.or(filter.member),
            states: filter.state.into_iter().collect(),
            ..AccessGrantFilter::default()
        })
    }

    /// What a page's cursor is bound to, and where the page begins.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub(super) fn after(
        &self,
        list: &str,
        tenant: TenantId,
        wanted: &AccessGrantFilter,
        page: &Page,
    ) -> Result<(String, Option<GrantId>), AppError> {
        page.size()?;
        // The cursor holds for exactly this list and filter, so also for this reader's share of it.
        let bound = format!("{list} {wanted:?}");
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, &bound, cursor)).transpose()?;
        Ok((bound, after))
    }

    pub(super) async fn page(
        &self,
        tenant: TenantId,
        list: &str,
        wanted: AccessGrantFilter,
        page: Page,
    ) -> Result<Paged<GrantSummary>, AppError> {
        let (parts, size) = (&self.parts, page.size()?);
        let (bound, after) = self.after(list, tenant, &wanted, &page)?;
        let cursors = Cursors::new(&parts.deployment.cursor);
        let read = parts.store.tenant_read(tenant).await?;
        let mut rows = read.access_grant_list(&wanted, after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        let ids: Vec<GrantId> = rows.iter().map(|row| row.id).collect();
        let mut sessions: HashMap<GrantId, usize> = HashMap::new();
        for session in read.access_grant_session_list(&ids).await? {
            *sessions.entry(session.grant_id).or_default() += 1;
        }
        drop(read);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(parts.summary(&row, sessions.get(&row.id).copied().unwrap_or_default()).await?);
        }
        Ok(Paged { items, next_cursor })
    }
}

/// Whoever asked, overseer or not, may know what they wrote, and of sessions only what was approved: metadata, the number
/// that a filter finds and the hash over it would tell of sessions that they may not list.
fn hide_unapproved(detail: &mut GrantDetail) {
    detail.seen = None;
    hide_count(&mut detail.summary);
    if detail.summary.approved_at.is_none() {
        detail.sessions.clear();
        if detail.wanted.is_some() {
            detail.needs.clear();
        }
    }
}

/// The same in a list.
fn hide_count(summary: &mut GrantSummary) {
    if summary.by_filter && summary.approved_at.is_none() {
        summary.sessions = 0;
    }
}

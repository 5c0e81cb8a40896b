//! One session's page: details, manifest, who watched.

use std::sync::Arc;

use domain::{MemberId, PersonKeyId, Personal, SessionId, TenantId, Timestamp, ViewId};
use ledger::Object;
use policy::access::{Can, Pane, Permit, can};
use serde::{Deserialize, Serialize};
use store::{SessionRow, ViewCursor};
use vault::{Key32, seal};

use super::{
    CheckedManifest, PageView, Parts, SessionDetail, Sessions, TabView, ViewerView,
    access::{By, NO_SESSION, admit, opened},
    plan::gap_view,
    summary::ProjectNames,
};
use crate::{
    AppError, Page, Paged,
    auth::{member_context, member_of},
    columns::{self, SealedPage},
    details::{Telling, Told},
    grants::in_force,
    hex,
    ingest::facts_context,
    keys::open_error,
    looks::Look,
    paging::Cursors,
};

/// Most pages shown for one session.
const PAGES: usize = 500;

#[derive(Serialize, Deserialize)]
struct Position(i64, ViewId);

impl Sessions {
    /// Details of a session. They hold addresses and titles, so reading them needs the right to view.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] `access-required`, [`AppError::Gone`].
    pub async fn find(&self, permit: &Permit<can::SessionView>, id: SessionId) -> Result<SessionDetail, AppError> {
        let (tenant, parts) = (permit.tenant(), &self.parts);
        let read = parts.store.tenant_read(tenant).await?;
        let (row, admitted) = opened(&self.parts, &read, permit, id).await?;
        self.use_grant(permit, &row, admitted.by).await?;
        let tabs = read.session_tab_spans(id).await?;
        let gaps = read.gap_list(id).await?;
        let labels = parts.labels_of(&read, &row).await?;
        // Addresses and titles are what the page shows.
        let shown = admitted.panes.contains(Pane::Dom);
        let sealed = if shown { read.segment_facts(id, PAGES as u64).await? } else { Vec::new() };
        drop(read);
        let mut pages = Vec::new();
        for (tab, n, generation, facts) in sealed {
            let key = parts.keys.session(tenant, id, generation).await?;
            let context = facts_context(tenant, id, tab, n, generation);
            let told: Vec<recording::Page> = columns::open(&key, &context, &facts)?;
            pages.extend(told.into_iter().map(|page| {
                let shown = SealedPage { url: page.url, title: page.title };
                let shown = if admitted.masked { shown.masked() } else { shown };
                PageView { at_ms: page.at_ms, url: Personal::new(shown.url), title: shown.title.map(Personal::new) }
            }));
        }
        pages.sort_by_key(|page| page.at_ms);
        pages.truncate(PAGES);
        let mut names = ProjectNames::new();
        parts.learn_names(tenant, std::slice::from_ref(&row), &mut names).await?;
        let start_ms = row.first_event_at.unwrap_or(row.started_at).as_millis();
        Ok(SessionDetail {
            closed_at: row.closed_at,
            close_reason: row.close_reason,
            policy_hash: hex(&row.policy_hash),
            agent_name: row.agent_name.clone(),
            agent_version: row.agent_version.clone(),
            manifest: row.manifest_hash.map(|hash| (row.manifest_rev, hex(&hash))),
            tabs: tabs
                .into_iter()
                .map(|span| TabView {
                    tab: span.tab,
                    segments: span.segments,
                    first_ms: Some(span.first_ms),
                    last_ms: Some(span.last_ms),
                })
                .collect(),
            gaps: gaps.into_iter().map(gap_view).collect(),
            pages,
            labels,
            start_ms,
            previous_session: row.previous_session,
            summary: parts.summary(row, &names, admitted.masked).await,
        })
    }

    /// Whoever is let in by a grant uses it, also without watching: that is on record before anything is shown.
    async fn use_grant<A: Can>(&self, permit: &Permit<A>, row: &SessionRow, by: By) -> Result<(), AppError> {
        let By::Grant(grant) = by else { return Ok(()) };
        let (parts, member) = (&self.parts, member_of(permit.actor())?);
        let tx = parts.store.tenant(permit.tenant()).await?;
        in_force::use_in(&tx, &parts.authorizer, grant, member, row, parts.clock.now()).await?;
        parts.audit().allowed_by(&tx, permit, by.rule(permit), "session.find", Object::Session(row.id)).await?;
        Ok(tx.commit().await?)
    }

    /// The newest manifest, after it was checked against the row.
    ///
    /// # Errors
    /// [`AppError::NotFound`] while the session is live.
    pub async fn manifest(
        &self,
        permit: &Permit<can::SessionManifest>,
        id: SessionId,
    ) -> Result<CheckedManifest, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let (row, admitted) = opened(&self.parts, &read, permit, id).await?;
        drop(read);
        self.use_grant(permit, &row, admitted.by).await?;
        let Some(hash) = row.manifest_hash else { return Err(AppError::NotFound { kind: "manifest" }) };
        let Some(manifest) = self.parts.manifest(&row).await? else {
            let tx = self.parts.store.tenant(permit.tenant()).await?;
            self.parts.audit().integrity_failed(&tx, permit, ledger::Object::Session(id)).await?;
            tx.commit().await?;
            return Err(integrity_failed());
        };
        Ok(CheckedManifest { hash: hex(&hash), manifest })
    }

    /// Who watched, newest first. Reading it is on record before anything is shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] for a page that is none.
    pub async fn viewers(
        &self,
        permit: &Permit<can::SessionViewers>,
        id: SessionId,
        page: Page,
    ) -> Result<Paged<ViewerView>, AppError> {
        let (tenant, parts) = (permit.tenant(), &self.parts);
        let size = page.size()?;
        let bound = format!("viewers {id}");
        let cursors = Cursors::new(&parts.deployment.cursor);
        let after = match &page.cursor {
            Some(cursor) => {
                let Position(at, id) = cursors.read(tenant, &bound, cursor)?;
                Some(ViewCursor { at: Timestamp::from_micros(at), id })
            }
            None => None,
        };
        let read = parts.store.tenant_read(tenant).await?;
        // Who watched an erased session can still be told.
        let row = read.session_find(id).await?.ok_or(NO_SESSION)?;
        admit(parts, &read, permit, &row).await?;
        drop(read);
        parts.looks.record(&parts.store, parts.audit(), permit, Look::Viewers, Object::Session(id)).await?;
        let read = parts.store.tenant_read(tenant).await?;
        let mut rows = read.session_view_list(id, after, size as u64 + 1).await?;
        drop(read);
        let next_cursor =
            cursors.cut(tenant, &bound, &mut rows, size, |last| Position(last.at.as_micros(), last.id))?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(ViewerView {
                at: row.at,
                viewer_id: row.member_id,
                viewer_name: parts.member_name(tenant, row.member_id).await?,
                panes: row.panes.split(',').map(str::to_owned).collect(),
                from_ms: row.from_ms,
                to_ms: row.to_ms,
            });
        }
        Ok(Paged { items, next_cursor })
    }
}

/// Somebody who watches: their name over the picture, and the key under which is told where they watch from.
pub(super) struct Viewer {
    pub(super) name: Personal<String>,
    key: Option<(PersonKeyId, Arc<Key32>)>,
}

impl Viewer {
    /// What is put on record beside a view of theirs.
    pub(super) fn telling<A: Can>(&self, permit: &Permit<A>) -> Telling {
        match &self.key {
            Some((person, key)) => Telling::by(*person, Arc::clone(key), Told::default().placed(permit.place())),
            None => Telling::default(),
        }
    }
}

impl Parts {
    /// Who watches.
    pub(super) async fn viewer<A: Can>(&self, permit: &Permit<A>) -> Result<Viewer, AppError> {
        self.named(permit.tenant(), member_of(permit.actor())?).await
    }

    pub(super) async fn member_name(&self, tenant: TenantId, member: MemberId) -> Result<Personal<String>, AppError> {
        Ok(self.named(tenant, member).await?.name)
    }

    async fn named(&self, tenant: TenantId, member: MemberId) -> Result<Viewer, AppError> {
        const NOBODY: Viewer = Viewer { name: Personal::new(String::new()), key: None };
        let read = self.store.tenant_read(tenant).await?;
        let Some(row) = read.member_find(member).await? else { return Ok(NOBODY) };
        drop(read);
        let person = row.person_key_id;
        let key = match self.keys.person(tenant, person).await {
            // That somebody watched stays; who it was is gone for good.
            Err(AppError::Gone { .. }) => return Ok(NOBODY),
            key => key?,
        };
        let opened = seal::open(&key, &member_context(columns::MEMBER_NAME, tenant, person), &row.name_sealed);
        let name = String::from_utf8(opened.map_err(open_error)?.plaintext).map_err(AppError::internal)?;
        Ok(Viewer { name: Personal::new(name), key: Some((person, key)) })
    }
}

/// Stored parts contradict each other; what happened is in the audit log.
pub(super) fn integrity_failed() -> AppError {
    AppError::Conflict {
        code: "integrity-fail",
        detail: "the session's manifest does not match what is stored; it is kept aside and the failure was recorded"
            .to_owned(),
        next: None,
    }
}

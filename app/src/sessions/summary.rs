//! From a row to what a list shows: opens the sealed pages of one row.

use std::collections::{BTreeMap, HashMap};

use domain::{Personal, ProjectId, SessionId, TenantId};
use policy::access::Scope;
use store::{SessionRow, TenantRead};

use super::{Parts, SessionSummary};
use crate::{
    AppError,
    columns::{self, SealedPage},
};

/// Names of projects, as far as they were needed.
pub(super) type ProjectNames = HashMap<ProjectId, String>;

impl Parts {
    /// One row for a list. A summary whose key or seal is not good is shown without its pages, and logged: one damaged
    /// row must not hide the others.
    ///
    /// `masked`: for somebody who may watch the session and not read it.
    pub(super) async fn summary(&self, row: SessionRow, names: &ProjectNames, masked: bool) -> SessionSummary {
        let shown = |page: Option<SealedPage>| if masked { page.map(SealedPage::masked) } else { page };
        let entry = shown(self.page(&row, columns::ENTRY_PAGE, row.summary_sealed.as_deref()).await);
        let last = shown(self.page(&row, columns::LAST_PAGE, row.last_page_sealed.as_deref()).await);
        let (entry_url, entry_title) = match entry {
            Some(page) => (Some(Personal::new(page.url)), page.title.map(Personal::new)),
            None => (None, None),
        };
        SessionSummary {
            project_name: names.get(&row.project_id).cloned().unwrap_or_default(),
            last_url: last.map(|page| Personal::new(page.url)).or_else(|| entry_url.clone()),
            entry_url,
            entry_title,
            id: row.id,
            project_id: row.project_id,
            state: row.state,
            started_at: row.started_at,
            last_event_at: row.last_event_at,
            duration_ms: row.duration_ms,
            tabs: row.tabs,
            segments: row.segments,
            events: row.events,
            bytes_stored: row.bytes_stored,
            errors: row.errors,
            gaps: row.gaps,
            has_error: row.has_error,
            release: row.release,
            browser: row.browser,
            os: row.os,
            policy_version: row.policy_version,
            validation: row.validation,
            sensitivity: row.sensitivity,
            environment: row.environment,
        }
    }

    /// For each of these sessions, which are open to who holds the scope: whether they are shown without text.
    pub(super) async fn masked(
        &self,
        read: &TenantRead,
        scope: &Scope<'_>,
        rows: &[SessionRow],
    ) -> Result<Vec<bool>, AppError> {
        if let Some(all) = scope.masks_all() {
            return Ok(vec![all; rows.len()]);
        }
        let ids: Vec<SessionId> = rows.iter().map(|row| row.id).collect();
        let mut labels =
            if scope.asks_for_labels() { read.session_label_tokens_of(&ids).await? } else { BTreeMap::new() };
        let mut masked = |row: &SessionRow| {
            let facts = row.facts(labels.remove(&row.id).unwrap_or_default());
            scope.admit(&facts).is_none_or(|admission| admission.masked)
        };
        Ok(rows.iter().map(&mut masked).collect())
    }

    /// Adds the names of the projects that `rows` belong to; what is known already is not read again.
    pub(super) async fn learn_names(
        &self,
        tenant: TenantId,
        rows: &[SessionRow],
        names: &mut ProjectNames,
    ) -> Result<(), AppError> {
        let mut wanted: Vec<ProjectId> = rows.iter().map(|row| row.project_id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|id| !names.contains_key(id));
        if wanted.is_empty() {
            return Ok(());
        }
        let found = self.store.tenant_read(tenant).await?.project_list_of(&wanted).await?;
        names.extend(found.into_iter().map(|row| (row.id, row.name)));
        Ok(())
    }

    async fn page(&self, row: &SessionRow, column: u64, sealed: Option<&[u8]>) -> Option<SealedPage> {
        let sealed = sealed?;
        let generation = row.summary_generation;
        let key = self.keys.session(row.tenant_id, row.id, generation).await.ok()?;
        let context = columns::context(column, row.tenant_id, row.id, generation);
        columns::open(&key, &context, sealed).ok()
    }
}

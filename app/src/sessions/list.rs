//! Searching sessions: by what is in clear, and by blind words for what is not.

use domain::{ProjectId, SessionId, SessionState, Timestamp};
use policy::access::{Action, Permit, Predicate, can};
use serde::{Deserialize, Serialize};
use store::{SessionCursor, SessionRow};
use vault::{
    Key32,
    blind::{SearchToken, SearchTokens},
    wrap::Purpose,
};

use super::{SessionSummary, Sessions, summary::ProjectNames};
use crate::{AppError, Page, Paged, paging::Cursors};

/// What to search for; everything that is set must match.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Started at or after.
    pub from: Option<Timestamp>,
    /// Started before.
    pub to: Option<Timestamp>,
    /// In this state.
    pub state: Option<SessionState>,
    /// With or without errors.
    pub has_error: Option<bool>,
    /// Of this release; a trailing `*` means "starts with".
    pub release: Option<String>,
    /// In this browser family.
    pub browser: Option<String>,
    /// On this system family.
    pub os: Option<String>,
    /// That saw a page of this origin.
    pub origin: Option<String>,
    /// That saw a page below this path (an address or a bare path).
    pub url: Option<String>,
    /// With an error of this fingerprint.
    pub error: Option<String>,
    /// At least this long.
    pub min_duration_ms: Option<u64>,
    /// Marked with this label.
    pub label: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Position(i64, SessionId);

impl Sessions {
    /// One page of those sessions that the caller could open, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a filter or cursor that is none.
    pub async fn list(
        &self,
        permit: &Permit<can::SessionList>,
        filter: SessionFilter,
        page: Page,
    ) -> Result<Paged<SessionSummary>, AppError> {
        let (tenant, parts) = (permit.tenant(), &self.parts);
        let size = page.size()?;
        // The cursor holds for exactly this filter.
        let bound = format!("sessions {filter:?}");
        let cursors = Cursors::new(&parts.deployment.cursor);
        let after = match &page.cursor {
            Some(cursor) => {
                let Position(started, id) = cursors.read(tenant, &bound, cursor)?;
                Some(SessionCursor { started_at: Timestamp::from_micros(started), id })
            }
            None => None,
        };
        let tokens = self.tokens(tenant, &filter).await?;
        let label = match &filter.label {
            Some(text) => {
                let label = text
                    .parse()
                    .map_err(|error: domain::ParseWordError| AppError::invalid("/label", format!("{error}")))?;
                Some(parts.label_token(tenant, &label).await?)
            }
            None => None,
        };
        let view = permit.holdings().scope(Action::SessionView);
        let mut only = permit.holdings().listable();
        if filter.url.is_some() || filter.error.is_some() {
            // What masking hides must not be found by guessing it.
            only = Predicate::all([only, view.unmasked()]);
        }
        let wanted = store::SessionFilter {
            project: filter.project,
            from: filter.from,
            to: filter.to,
            state: filter.state,
            has_error: filter.has_error,
            release: filter.release,
            browser: filter.browser,
            os: filter.os,
            min_duration_ms: filter.min_duration_ms,
            tokens,
            label,
            only,
        };
        let read = parts.store.tenant_read(tenant).await?;
        let mut rows = read.session_list(&wanted, after, size as u64 + 1).await?;
        let position = |last: &SessionRow| Position(last.started_at.as_micros(), last.id);
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, position)?;
        let mut names = ProjectNames::new();
        parts.learn_names(tenant, &rows, &mut names).await?;
        let masked = parts.masked(&read, &view, &rows).await?;
        drop(read);
        let mut items = Vec::with_capacity(rows.len());
        for (row, masked) in rows.into_iter().zip(masked) {
            items.push(parts.summary(row, &names, masked).await);
        }
        Ok(Paged { items, next_cursor })
    }

    /// Turns the words that are not in clear into what the index knows.
    async fn tokens(
        &self,
        tenant: domain::TenantId,
        filter: &SessionFilter,
    ) -> Result<Vec<(String, [u8; 32])>, AppError> {
        if filter.origin.is_none() && filter.url.is_none() && filter.error.is_none() {
            return Ok(Vec::new());
        }
        let key = self.parts.keys.purpose(tenant, Purpose::Search).await?;
        let words = SearchTokens::new(Key32::from_bytes(*key.expose()));
        let mut tokens: Vec<SearchToken> = Vec::new();
        if let Some(origin) = &filter.origin {
            tokens.push(
                words
                    .origin(origin)
                    .ok_or_else(|| AppError::invalid("/origin", "must be an origin such as https://shop.example"))?,
            );
        }
        if let Some(url) = &filter.url {
            // A whole address names its origin too; a bare path is looked for everywhere.
            tokens.extend(words.origin(url));
            tokens.push(words.path_prefix(url));
        }
        if let Some(error) = &filter.error {
            tokens.push(words.error(error));
        }
        Ok(tokens.into_iter().map(|token| (token.kind.to_owned(), token.token)).collect())
    }
}

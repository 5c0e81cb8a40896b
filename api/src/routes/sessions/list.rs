//! `GET /v1/sessions`.

use actix_web::{get, web};
use app::{App, Page, sessions::SessionFilter};
use domain::{ProjectId, SessionState, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{SessionStateName, SessionSummary};
use crate::{ApiError, caller::Caller, input::Search};

/// What to find, and which page of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionSearch {
    /// Of this project.
    #[param(value_type = Option<Uuid>)]
    project: Option<ProjectId>,
    /// Started at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Started before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// In this state.
    #[param(value_type = Option<SessionStateName>)]
    state: Option<SessionState>,
    /// With or without an error.
    has_error: Option<bool>,
    /// Of this release.
    release: Option<String>,
    /// In this browser, by family.
    browser: Option<String>,
    /// On this operating system, by family.
    os: Option<String>,
    /// That visited a page of exactly this origin.
    origin: Option<String>,
    /// That visited a page below this address: origin and path, whole path segments.
    url: Option<String>,
    /// With an error of this fingerprint.
    error: Option<String>,
    /// At least so long.
    min_duration_ms: Option<u64>,
    /// Marked with this label.
    label: Option<String>,
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before, with the same filter.
    cursor: Option<String>,
}

/// One page of sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    items: Vec<SessionSummary>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Find sessions.
///
/// What is sealed is found by blind tokens: exact values only. Whatever is listed can also be opened.
#[utoipa::path(operation_id = "session_list", tag = "sessions", security(("member" = []), ("api-key" = [])), params(SessionSearch),
    responses((status = 200, description = "One page.", body = SessionList)))]
#[get("/v1/sessions")]
pub(crate) async fn session_list(
    caller: Caller<can::SessionList>,
    search: Search<SessionSearch>,
    app: web::Data<App>,
) -> Result<web::Json<SessionList>, ApiError> {
    let asked = search.read()?;
    let filter = SessionFilter {
        project: asked.project,
        from: asked.from,
        to: asked.to,
        state: asked.state,
        has_error: asked.has_error,
        release: asked.release,
        browser: asked.browser,
        os: asked.os,
        origin: asked.origin,
        url: asked.url,
        error: asked.error,
        min_duration_ms: asked.min_duration_ms,
        label: asked.label,
    };
    let page = app.sessions().list(&caller, filter, Page { limit: asked.limit, cursor: asked.cursor }).await?;
    let items = page.items.into_iter().map(SessionSummary::from).collect();
    Ok(web::Json(SessionList { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/sessions/{id}`.

use actix_web::{get, web};
use app::App;
use domain::{CloseReason, Personal, SessionId, Timestamp};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::{SessionLabel, SessionSummary};
use crate::{ApiError, caller::Caller, input::InPath};

/// A session with its tabs, gaps and pages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionDetail {
    #[serde(flatten)]
    summary: SessionSummary,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    closed_at: Option<Timestamp>,
    #[schema(value_type = Option<CloseReasonName>, required)]
    close_reason: Option<CloseReason>,
    /// SHA-256 of the policy document in force.
    policy_hash: String,
    agent: AgentVersion,
    /// The newest manifest; null while live.
    #[schema(required)]
    manifest: Option<ManifestRef>,
    tab_list: Vec<SessionTab>,
    gap_list: Vec<SessionGap>,
    pages: Vec<SessionPage>,
    labels: Vec<SessionLabel>,
    /// Where the timeline starts, in milliseconds since the epoch.
    start_ms: i64,
    /// The session that this one follows, when the agent split a long visit.
    #[schema(value_type = Option<Uuid>, required)]
    previous_session: Option<SessionId>,
}

/// What recorded the session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentVersion {
    name: String,
    version: String,
}

/// Which manifest covers the session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManifestRef {
    rev: u32,
    hash: String,
}

/// One browser tab of a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionTab {
    tab: u16,
    segments: u64,
    /// Milliseconds since the epoch; null for a tab without segments.
    #[schema(required)]
    first_ms: Option<i64>,
    #[schema(required)]
    last_ms: Option<i64>,
}

/// A stretch without data, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionGap {
    tab: u16,
    from_ms: i64,
    to_ms: i64,
    /// `event-too-large`, `session-limit`, `upload-refused`, `offline-overflow`, `shed`, `paused`, …
    reason: String,
    #[schema(required)]
    detail: Option<String>,
}

/// A page that was visited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionPage {
    /// Milliseconds since the epoch.
    at_ms: i64,
    #[schema(value_type = String)]
    url: Personal<String>,
    #[schema(value_type = Option<String>, required)]
    title: Option<Personal<String>>,
}

/// Why a session was closed or sealed again.
#[derive(ToSchema)]
#[schema(as = CloseReason, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `domain::CloseReason`, which knows nothing of OpenAPI")]
pub(crate) enum CloseReasonName {
    Finished,
    Idle,
    Length,
    Late,
}

impl From<app::sessions::SessionDetail> for SessionDetail {
    fn from(session: app::sessions::SessionDetail) -> Self {
        Self {
            summary: session.summary.into(),
            closed_at: session.closed_at,
            close_reason: session.close_reason,
            policy_hash: session.policy_hash,
            agent: AgentVersion { name: session.agent_name, version: session.agent_version },
            manifest: session.manifest.map(|(rev, hash)| ManifestRef { rev, hash }),
            tab_list: session
                .tabs
                .into_iter()
                .map(|tab| SessionTab {
                    tab: tab.tab,
                    segments: tab.segments,
                    first_ms: tab.first_ms,
                    last_ms: tab.last_ms,
                })
                .collect(),
            gap_list: session
                .gaps
                .into_iter()
                .map(|gap| SessionGap {
                    tab: gap.tab,
                    from_ms: gap.from_ms,
                    to_ms: gap.to_ms,
                    reason: gap.reason,
                    detail: gap.detail,
                })
                .collect(),
            pages: session
                .pages
                .into_iter()
                .map(|page| SessionPage { at_ms: page.at_ms, url: page.url, title: page.title })
                .collect(),
            labels: session.labels.into_iter().map(SessionLabel::from).collect(),
            start_ms: session.start_ms,
            previous_session: session.previous_session,
        }
    }
}

/// Open one session: its details, tabs, gaps and pages.
#[utoipa::path(operation_id = "session_view", tag = "sessions", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "The session.", body = SessionDetail)))]
#[get("/v1/sessions/{id}")]
pub(crate) async fn session_view(
    caller: Caller<can::SessionView>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<SessionDetail>, ApiError> {
    Ok(web::Json(app.sessions().find(&caller, path.id("id", "session")?).await?.into()))
}

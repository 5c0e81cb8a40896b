//! `POST /v1/agent/sessions/{id}/finish`.

use actix_web::{post, web};
use app::{
    App,
    agent::{FinishInput, GapInput},
};
use recording::GapReason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::FromSession,
    input::{Body, InPath},
    output::NoContent,
};

/// The end of a tab.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Finish {
    tab: u16,
    /// How many segments the agent made.
    segments: u32,
    /// What it could not send.
    #[serde(default)]
    gaps: Vec<FinishGap>,
}

/// A stretch that the agent could not send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FinishGap {
    /// Milliseconds since the epoch.
    from_ms: i64,
    to_ms: i64,
    /// `event-too-large`, `session-limit`, `upload-refused`, `offline-overflow`, `shed` or `paused`; others count as `other`.
    reason: String,
}

/// Say that a tab is over: a hint, segments may still follow.
#[utoipa::path(operation_id = "agent_session_finish", tag = "agent", security(("session-token" = [])),
    params(("id" = Uuid, Path, description = "The token's session.")), request_body = Finish,
    responses((status = 204, description = "Noted.")))]
#[post("/v1/agent/sessions/{id}/finish")]
pub(crate) async fn agent_session_finish(
    caller: FromSession,
    path: InPath,
    body: Body<Finish>,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    caller.only(path.id("id", "session")?)?;
    let Finish { tab, segments, gaps } = body.read().await?;
    let gaps = gaps
        .into_iter()
        .map(|gap| GapInput { from_ms: gap.from_ms, to_ms: gap.to_ms, reason: GapReason::from_name(&gap.reason) })
        .collect();
    app.agent().finish(&caller, FinishInput { tab, segments, gaps }).await?;
    Ok(NoContent)
}

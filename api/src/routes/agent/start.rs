//! `POST /v1/agent/sessions`.

use actix_web::{HttpRequest, http::header, post, web};
use app::{App, agent::StartInput};
use domain::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Claimed;
use crate::{
    ApiError,
    caller::FromAgent,
    input::Body,
    output::{Created, tell_allowance},
};

/// A session to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionStart {
    /// Who the person says to be, if known already.
    subject: Option<Claimed>,
    page: StartPage,
    /// The policy version that the agent captures under.
    policy_version: u32,
    agent: StartAgent,
    /// The application's release.
    #[schema(max_length = 200)]
    release: Option<String>,
    /// The session that this one follows, when the agent split a long visit. What is no session of the key's project is
    /// ignored.
    #[schema(value_type = Option<Uuid>)]
    previous_session: Option<SessionId>,
}

/// Where the recording starts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartPage {
    /// The address; query values and fragment are dropped.
    url: String,
    title: Option<String>,
}

/// What records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartAgent {
    name: String,
    version: String,
}

/// A started session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionStarted {
    #[schema(value_type = Uuid)]
    session_id: SessionId,
    /// The right to append to this session.
    token: String,
    /// The right to ask for a new token, until 72 hours after the start.
    resume: String,
    /// The first tab's number.
    tab: u16,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    limits: StartLimits,
}

/// What the session may send.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartLimits {
    /// Bytes of one body as sent.
    segment_bytes: usize,
    /// Bytes of one body when decoded.
    decoded_bytes: usize,
    /// Events of one segment.
    events: usize,
    /// Send at least so often, in milliseconds.
    interval_ms: u32,
    /// Longest session, in milliseconds.
    session_ms: u64,
}

/// Start a session.
#[utoipa::path(operation_id = "agent_session_start", tag = "agent", security(("agent-key" = [])), request_body = SessionStart,
    responses((status = 201, description = "Started.", body = SessionStarted)))]
#[post("/v1/agent/sessions")]
pub(crate) async fn agent_session_start(
    caller: FromAgent,
    req: HttpRequest,
    body: Body<SessionStart>,
    app: web::Data<App>,
) -> Result<Created<SessionStarted>, ApiError> {
    let slot = app.agent().reserve(&caller)?;
    tell_allowance(&req, slot.allowance());
    let start = body.read().await?;
    let user_agent = req.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let input = StartInput {
        page_url: start.page.url,
        page_title: start.page.title,
        policy_version: start.policy_version,
        agent_name: start.agent.name,
        agent_version: start.agent.version,
        release: start.release,
        user_agent,
        subject: start.subject.map(Into::into),
        previous_session: start.previous_session,
    };
    let started = app.agent().start(slot, &caller, input).await?;
    Ok(Created(SessionStarted {
        session_id: started.session_id,
        token: started.token,
        resume: started.resume,
        tab: started.tab,
        expires_at: started.expires_at,
        limits: StartLimits {
            segment_bytes: started.limits.segment_bytes,
            decoded_bytes: started.limits.decoded_bytes,
            events: started.limits.events,
            interval_ms: started.limits.interval_ms,
            session_ms: started.limits.session_ms,
        },
    }))
}

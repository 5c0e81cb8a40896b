//! `POST /v1/agent/sessions/{id}/token`.

use actix_web::{post, web};
use app::App;
use domain::{Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::FromAgent,
    input::{Body, InPath},
};

/// The right to a new token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRenew {
    /// As given when the session was started.
    #[schema(value_type = String)]
    resume: Secret<String>,
}

/// A new session token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenRenewed {
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Renew a session token, to send what is still queued; until 72 hours after the session's start.
#[utoipa::path(operation_id = "agent_token_renew", tag = "agent", security(("agent-key" = [])),
    params(("id" = Uuid, Path, description = "The session.")), request_body = TokenRenew,
    responses((status = 200, description = "Renewed.", body = TokenRenewed)))]
#[post("/v1/agent/sessions/{id}/token")]
pub(crate) async fn agent_token_renew(
    caller: FromAgent,
    path: InPath,
    body: Body<TokenRenew>,
    app: web::Data<App>,
) -> Result<web::Json<TokenRenewed>, ApiError> {
    let session = path.id("id", "session")?;
    let TokenRenew { resume } = body.read().await?;
    let renewed = app.agent().renew(&caller, session, resume.expose()).await?;
    Ok(web::Json(TokenRenewed { token: renewed.token, expires_at: renewed.expires_at }))
}

//! `POST /v1/agent/sessions/{id}/identify`.

use actix_web::{post, web};
use app::App;

use super::Claimed;
use crate::{
    ApiError,
    caller::FromSession,
    input::{Body, InPath},
    output::NoContent,
};

/// Say who the recorded person is.
///
/// A claim, never taken for proof. 409 `subject-changed` when the session is somebody else's already.
#[utoipa::path(operation_id = "agent_session_identify", tag = "agent", security(("session-token" = [])),
    params(("id" = Uuid, Path, description = "The token's session.")), request_body = Claimed,
    responses((status = 204, description = "Noted.")))]
#[post("/v1/agent/sessions/{id}/identify")]
pub(crate) async fn agent_session_identify(
    caller: FromSession,
    path: InPath,
    body: Body<Claimed>,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    caller.only(path.id("id", "session")?)?;
    app.agent().identify(&caller, &body.read().await?.into()).await?;
    Ok(NoContent)
}

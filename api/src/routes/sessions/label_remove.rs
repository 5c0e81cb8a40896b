//! `DELETE /v1/sessions/{id}/labels/{label}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Take a label from a session.
///
/// Taking away what is not there changes nothing.
#[utoipa::path(operation_id = "session_label_remove", tag = "sessions", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session."), ("label" = Uuid, Path, description = "The label's id.")),
    responses((status = 204, description = "The session has it no more.")))]
#[delete("/v1/sessions/{id}/labels/{label}")]
pub(crate) async fn session_label_remove(
    caller: Caller<can::SessionLabel>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.sessions().label_remove(&caller, path.id("id", "session")?, path.id("label", "label")?).await?;
    Ok(NoContent)
}

//! `POST /v1/projects/{id}/kill-switch`.

use actix_web::{HttpResponse, post, web};
use app::App;
use policy::access::can;

use super::KillSwitchChange;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// Stop capture in one project, or let it go on.
///
/// As the tenant's kill switch, for one project. Both stop by themselves: capture goes on when neither is on.
#[utoipa::path(operation_id = "project_kill_switch", tag = "capture", security(("member" = []), ("api-key" = [])),
    request_body = KillSwitchChange, params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 204, description = "It is as wanted, also when it was before.")))]
#[post("/v1/projects/{id}/kill-switch")]
pub(crate) async fn project_kill_switch(
    caller: Caller<can::ProjectManage>,
    path: InPath,
    body: Body<KillSwitchChange>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let project = path.id("id", "project")?;
    app.capture().switch_project(&caller, project, body.read().await?.into()).await?;
    Ok(HttpResponse::NoContent().finish())
}

//! `POST /v1/kill-switch`.

use actix_web::{HttpResponse, post, web};
use app::App;
use policy::access::can;

use super::KillSwitchChange;
use crate::{ApiError, caller::Caller, input::Body};

/// Stop capture in every project, or let it go on.
///
/// From the answer on no upload is taken: agents get 410 and drop what they have not sent; sessions that were recorded so far
/// stay. Switching off lets capture go on where no project is stopped by itself, for pages that are loaded from then on.
#[utoipa::path(operation_id = "kill_switch_set", tag = "capture", security(("member" = []), ("api-key" = [])),
    request_body = KillSwitchChange,
    responses((status = 204, description = "It is as wanted, also when it was before.")))]
#[post("/v1/kill-switch")]
pub(crate) async fn kill_switch_set(
    caller: Caller<can::TenantManage>,
    body: Body<KillSwitchChange>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    app.capture().switch_everything(&caller, body.read().await?.into()).await?;
    Ok(HttpResponse::NoContent().finish())
}

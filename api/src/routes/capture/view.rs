//! `GET /v1/kill-switch`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::SwitchView;
use crate::{ApiError, caller::Caller};

/// Read whether capture is stopped in every project. What stops one project is in the project.
#[utoipa::path(operation_id = "kill_switch_view", tag = "capture", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The tenant's kill switch.", body = SwitchView)))]
#[get("/v1/kill-switch")]
pub(crate) async fn kill_switch_view(
    caller: Caller<can::ProjectList>,
    app: web::Data<App>,
) -> Result<web::Json<SwitchView>, ApiError> {
    let stopped = app.capture().everywhere(&caller).await?;
    Ok(web::Json(SwitchView { stopped: stopped.map(Into::into) }))
}

//! `POST /v1/grants/{id}/revoke`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, routes::access_requests::GrantView};

/// End a grant before its time. What is being watched under it is cut within five seconds.
#[utoipa::path(operation_id = "grant_revoke", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The grant.")),
    responses((status = 200, description = "The ended grant.", body = GrantView)))]
#[post("/v1/grants/{id}/revoke")]
pub(crate) async fn grant_revoke(
    caller: Caller<can::GrantRevoke>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    Ok(web::Json(app.grants().revoke(&caller, path.id("id", "grant")?).await?.into()))
}

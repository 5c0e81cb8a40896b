//! `GET /v1/roles/{id}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::RoleView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Read a role of the tenant's own.
#[utoipa::path(operation_id = "role_view", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The role.")),
    responses((status = 200, description = "The role.", body = RoleView)))]
#[get("/v1/roles/{id}")]
pub(crate) async fn role_view(
    caller: Caller<can::RoleList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<RoleView>, ApiError> {
    Ok(web::Json(app.roles().find(&caller, path.id("id", "role")?).await?.into()))
}

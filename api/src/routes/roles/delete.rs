//! `DELETE /v1/roles/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Remove a role of the tenant's own that nobody has.
#[utoipa::path(operation_id = "role_delete", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The role.")),
    responses((status = 204, description = "Removed.")))]
#[delete("/v1/roles/{id}")]
pub(crate) async fn role_delete(
    caller: Caller<can::RoleManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.roles().delete(&caller, path.id("id", "role")?).await?;
    Ok(NoContent)
}

//! `DELETE /v1/role-bindings/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Take a role from a member.
///
/// It counts within 5 seconds. The last active owner stays one.
#[utoipa::path(operation_id = "role_binding_delete", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The binding.")),
    responses((status = 204, description = "Taken.")))]
#[delete("/v1/role-bindings/{id}")]
pub(crate) async fn role_binding_delete(
    caller: Caller<can::MemberManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.roles().take(&caller, path.id("id", "role binding")?).await?;
    Ok(NoContent)
}

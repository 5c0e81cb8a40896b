//! `POST /v1/roles`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::{RoleCreate, RoleView};
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// Make a role of the tenant's own.
///
/// It can allow no more than whoever makes it may do everywhere. Nobody has it yet: give it with a role binding.
#[utoipa::path(operation_id = "role_create", tag = "members", security(("member" = []), ("api-key" = [])), request_body = RoleCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    responses((status = 201, description = "Made.", body = RoleView)))]
#[post("/v1/roles")]
pub(crate) async fn role_create(
    caller: Caller<can::RoleManage>,
    once: OnceKey,
    body: Body<RoleCreate>,
    app: web::Data<App>,
) -> Result<Created<RoleView>, ApiError> {
    let once = once.read()?;
    let role = body.read().await?;
    Ok(Created(app.roles().create(&caller, role.into(), once).await?.into()))
}

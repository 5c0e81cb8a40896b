//! `PUT /v1/roles/{id}`.

use actix_web::{put, web};
use app::{App, rights::RoleInput};
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::RoleView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// What a role is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleUpdate {
    /// The revision that this replaces.
    revision: u64,
    /// As at its creation.
    #[schema(min_length = 2, max_length = 40)]
    name: String,
    actions: Vec<String>,
    denies: Vec<String>,
    unmasked: bool,
}

/// Replace a role of the tenant's own.
///
/// It counts for everybody who has it within 5 seconds. Nobody changes a role that they have themselves.
#[utoipa::path(operation_id = "role_update", tag = "members", security(("member" = []), ("api-key" = [])), request_body = RoleUpdate,
    params(("id" = Uuid, Path, description = "The role.")),
    responses((status = 200, description = "The role as it is now.", body = RoleView)))]
#[put("/v1/roles/{id}")]
pub(crate) async fn role_update(
    caller: Caller<can::RoleManage>,
    path: InPath,
    body: Body<RoleUpdate>,
    app: web::Data<App>,
) -> Result<web::Json<RoleView>, ApiError> {
    let id = path.id("id", "role")?;
    let RoleUpdate { revision, name, actions, denies, unmasked } = body.read().await?;
    let input = RoleInput { name, actions, denies, unmasked };
    Ok(web::Json(app.roles().update(&caller, id, revision, input).await?.into()))
}

//! `GET /v1/members/{id}/permissions`.

use actix_web::{get, web};
use app::App;
use domain::MemberId;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath, routes::roles::PermissionView};

/// What a member may do, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberPermissions {
    #[schema(value_type = Uuid)]
    member_id: MemberId,
    /// Whether they may sign in; who may not may do nothing.
    active: bool,
    /// Every action that a person can have. What grants open beyond that is in the list of grants.
    permissions: Vec<PermissionView>,
}

/// What may this member do, and why?
#[utoipa::path(operation_id = "member_permissions", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The member.")),
    responses((status = 200, description = "Every action with its reasons.", body = MemberPermissions)))]
#[get("/v1/members/{id}/permissions")]
pub(crate) async fn member_permissions(
    caller: Caller<can::MemberList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<MemberPermissions>, ApiError> {
    let found = app.roles().of_member(&caller, path.id("id", "member")?).await?;
    let permissions = found.permissions.into_iter().map(PermissionView::from).collect();
    Ok(web::Json(MemberPermissions { member_id: found.member, active: found.active, permissions }))
}

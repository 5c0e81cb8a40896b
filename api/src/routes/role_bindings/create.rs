//! `POST /v1/role-bindings`.

use actix_web::{post, web};
use app::App;
use domain::MemberId;
use policy::access::{Condition, can, condition};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RoleBindingView;
use crate::{ApiError, caller::Caller, input::Body, output::Created, routes::roles::ConditionSchema};

/// A role to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleBindingCreate {
    #[schema(value_type = Uuid)]
    member_id: MemberId,
    /// A built-in role's name, or the id of one of the tenant's own.
    #[schema(example = "engineer")]
    role: String,
    /// For which sessions; for all of them without one.
    #[serde(default, deserialize_with = "condition::object")]
    #[schema(value_type = Option<ConditionSchema>)]
    condition: Option<Condition>,
}

/// Give a member a role.
///
/// It counts within 5 seconds. Nobody changes their own roles. Only an owner makes owners, and only an owner or privacy
/// officer privacy officers.
#[utoipa::path(operation_id = "role_binding_create", tag = "members", security(("member" = []), ("api-key" = [])),
    request_body = RoleBindingCreate, responses((status = 201, description = "Given.", body = RoleBindingView)))]
#[post("/v1/role-bindings")]
pub(crate) async fn role_binding_create(
    caller: Caller<can::MemberManage>,
    body: Body<RoleBindingCreate>,
    app: web::Data<App>,
) -> Result<Created<RoleBindingView>, ApiError> {
    let RoleBindingCreate { member_id, role, condition } = body.read().await?;
    Ok(Created(app.roles().give(&caller, member_id, &role, condition).await?.into()))
}

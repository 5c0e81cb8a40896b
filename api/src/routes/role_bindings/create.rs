//! `POST /v1/role-bindings`.

use actix_web::{HttpResponse, post, web};
use app::{App, rights::Given};
use domain::MemberId;
use policy::access::{Condition, can, condition};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RoleBindingView;
use crate::{
    ApiError,
    caller::Caller,
    input::Body,
    routes::{proposals::ProposalView, roles::ConditionSchema},
};

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
/// officer privacy officers; both roles are given for every session, and take a second person: the answer is the proposal.
#[utoipa::path(operation_id = "role_binding_create", tag = "members", security(("member" = []), ("api-key" = [])),
    request_body = RoleBindingCreate,
    responses((status = 201, description = "Given.", body = RoleBindingView),
        (status = 202, description = "It waits for a second person.", body = ProposalView)))]
#[post("/v1/role-bindings")]
pub(crate) async fn role_binding_create(
    caller: Caller<can::MemberManage>,
    body: Body<RoleBindingCreate>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let RoleBindingCreate { member_id, role, condition } = body.read().await?;
    Ok(match app.roles().give(&caller, member_id, &role, condition).await? {
        Given::Bound(binding) => HttpResponse::Created().json(RoleBindingView::from(*binding)),
        Given::Proposed(id) => {
            HttpResponse::Accepted().json(ProposalView::from(app.proposals().proposed(&caller, id).await?))
        }
    })
}

//! `GET /v1/role-bindings`.

use actix_web::{get, web};
use app::{App, Page};
use domain::MemberId;
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::RoleBindingView;
use crate::{ApiError, caller::Caller, input::Search};

/// Whose, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RoleBindingSearch {
    /// Of this member only.
    #[param(value_type = Option<uuid::Uuid>)]
    member: Option<MemberId>,
    /// Most items of the answer.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of bindings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleBindingList {
    items: Vec<RoleBindingView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List who has which role.
#[utoipa::path(operation_id = "role_binding_list", tag = "members", security(("member" = []), ("api-key" = [])),
    params(RoleBindingSearch), responses((status = 200, description = "One page.", body = RoleBindingList)))]
#[get("/v1/role-bindings")]
pub(crate) async fn role_binding_list(
    caller: Caller<can::MemberList>,
    search: Search<RoleBindingSearch>,
    app: web::Data<App>,
) -> Result<web::Json<RoleBindingList>, ApiError> {
    let RoleBindingSearch { member, limit, cursor } = search.read()?;
    let page = app.roles().bindings(&caller, member, Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(RoleBindingView::from).collect();
    Ok(web::Json(RoleBindingList { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/roles`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::RoleView;
use crate::{ApiError, caller::Caller};

/// The tenant's own roles: all of them, since there are few.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleList {
    items: Vec<RoleView>,
    /// Always null.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the tenant's own roles.
#[utoipa::path(operation_id = "role_list", tag = "members", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The roles, by name.", body = RoleList)))]
#[get("/v1/roles")]
pub(crate) async fn role_list(
    caller: Caller<can::RoleList>,
    app: web::Data<App>,
) -> Result<web::Json<RoleList>, ApiError> {
    let items = app.roles().list(&caller).await?.into_iter().map(RoleView::from).collect();
    Ok(web::Json(RoleList { items, next_cursor: None }))
}

//! `GET /v1/me/permissions`.

use actix_web::{get, web};
use app::App;
use policy::access::{Action, can};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, routes::roles::PermissionView};

/// What I may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PermissionsView {
    /// Names of actions, `resource.verb`.
    #[schema(value_type = Vec<String>, example = json!(["session.list", "session.view"]))]
    actions: Vec<Action>,
    /// Every action that a person can have, with the roles that give it and take it away.
    why: Vec<PermissionView>,
}

/// Read what I may do, and why.
///
/// For showing and hiding controls; each operation decides again.
#[utoipa::path(operation_id = "me_permissions", tag = "me", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The allowed actions.", body = PermissionsView)))]
#[get("/v1/me/permissions")]
pub(crate) async fn me_permissions(
    caller: Caller<can::MeRead>,
    app: web::Data<App>,
) -> Result<web::Json<PermissionsView>, ApiError> {
    let why = app.roles().mine(&caller).await?.into_iter().map(PermissionView::from).collect();
    Ok(web::Json(PermissionsView { actions: app.auth().permissions(&caller), why }))
}

//! `GET /v1/access-rules`.

use actix_web::{get, web};
use app::App;

use super::AccessRulesView;
use crate::{
    ApiError,
    routes::access_requests::{Looker, reader},
};

/// The tenant's access rules: what a request takes.
#[utoipa::path(operation_id = "access_rules_view", tag = "access", security(("member" = [])),
    responses((status = 200, description = "The rules in force.", body = AccessRulesView)))]
#[get("/v1/access-rules")]
pub(crate) async fn access_rules_view(
    caller: Looker,
    app: web::Data<App>,
) -> Result<web::Json<AccessRulesView>, ApiError> {
    Ok(web::Json(app.grants().rules(&reader(&caller)).await?.into()))
}

//! `GET /v1/access-requests/{id}`.

use actix_web::{get, web};
use app::App;

use super::{GrantView, Looker, reader};
use crate::{ApiError, input::InPath};

/// One access request or grant.
///
/// Somebody else's is not found by those who may see their own only. Sessions are shown as metadata, nothing recorded.
#[utoipa::path(operation_id = "access_request_view", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 200, description = "The request.", body = GrantView)))]
#[get("/v1/access-requests/{id}")]
pub(crate) async fn access_request_view(
    caller: Looker,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    let id = path.id("id", "access request")?;
    Ok(web::Json(app.grants().find(&reader(&caller), id).await?.into()))
}

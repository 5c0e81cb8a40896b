//! `POST /v1/access-requests/{id}/cancel`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::GrantView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Take an access request of your own back, or give the grant up.
#[utoipa::path(operation_id = "access_request_cancel", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 200, description = "It is over.", body = GrantView)))]
#[post("/v1/access-requests/{id}/cancel")]
pub(crate) async fn access_request_cancel(
    caller: Caller<can::GrantRequest>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<GrantView>, ApiError> {
    let id = path.id("id", "access request")?;
    Ok(web::Json(app.grants().withdraw(&caller, id).await?.into()))
}

//! `GET /v1/members/{id}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::MemberView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Read one member.
#[utoipa::path(operation_id = "member_view", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The member.")),
    responses((status = 200, description = "The member.", body = MemberView)))]
#[get("/v1/members/{id}")]
pub(crate) async fn member_view(
    caller: Caller<can::MemberList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<MemberView>, ApiError> {
    Ok(web::Json(app.members().find(&caller, path.id("id", "member")?).await?.into()))
}

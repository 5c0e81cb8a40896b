//! `POST /v1/members/{id}/enable`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Give a disabled member their access back.
///
/// They sign in anew. Doing it again changes nothing.
#[utoipa::path(operation_id = "member_enable", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The member.")),
    responses((status = 204, description = "Enabled.")))]
#[post("/v1/members/{id}/enable")]
pub(crate) async fn member_enable(
    caller: Caller<can::MemberManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.members().enable(&caller, path.id("id", "member")?).await?;
    Ok(NoContent)
}

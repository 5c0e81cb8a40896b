//! `POST /v1/members/{id}/disable`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// End a member's access.
///
/// Sign-ins, access tokens, API keys and open links of theirs stop working within 5 seconds. Doing it again changes nothing.
/// The last active owner cannot be disabled, and nobody disables themselves.
#[utoipa::path(operation_id = "member_disable", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The member.")),
    responses((status = 204, description = "Disabled.")))]
#[post("/v1/members/{id}/disable")]
pub(crate) async fn member_disable(
    caller: Caller<can::MemberManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.members().disable(&caller, path.id("id", "member")?).await?;
    Ok(NoContent)
}

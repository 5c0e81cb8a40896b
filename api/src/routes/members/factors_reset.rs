//! `POST /v1/members/{id}/reset-factors`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Take a member's second factors away, when they lost them.
///
/// Factors and recovery codes end, and so do the member's sign-ins; the password is what proves them until they enrol anew. They
/// are told. Whoever does this cannot be the other one of two people with that member for 30 days. Nobody does it to themselves.
#[utoipa::path(operation_id = "member_factors_reset", tag = "members", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The member.")),
    responses((status = 204, description = "Taken away.")))]
#[post("/v1/members/{id}/reset-factors")]
pub(crate) async fn member_factors_reset(
    caller: Caller<can::MemberManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.members().factors_reset(&caller, path.id("id", "member")?).await?;
    Ok(NoContent)
}

//! `DELETE /v1/invitations/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Withdraw an invitation.
///
/// Its link is not good any more, and the address is destroyed. Doing it again changes nothing.
#[utoipa::path(operation_id = "invitation_withdraw", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The invitation.")),
    responses((status = 204, description = "Withdrawn.")))]
#[delete("/v1/invitations/{id}")]
pub(crate) async fn invitation_withdraw(
    caller: Caller<can::MemberInvite>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.members().invitation_withdraw(&caller, path.id("id", "invitation")?).await?;
    Ok(NoContent)
}

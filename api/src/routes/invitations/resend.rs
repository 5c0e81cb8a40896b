//! `POST /v1/invitations/{id}/resend`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::InvitationLink;
use crate::{ApiError, caller::Caller, input::InPath};

/// Make a new link for an invitation that waits.
///
/// The link before it is not good any more.
#[utoipa::path(operation_id = "invitation_resend", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The invitation.")),
    responses((status = 200, description = "The new link.", body = InvitationLink)))]
#[post("/v1/invitations/{id}/resend")]
pub(crate) async fn invitation_resend(
    caller: Caller<can::MemberInvite>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<InvitationLink>, ApiError> {
    let link = app.members().invitation_resend(&caller, path.id("id", "invitation")?).await?;
    Ok(web::Json(InvitationLink::from(&link)))
}

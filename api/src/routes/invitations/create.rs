//! `POST /v1/invitations`.

use actix_web::{post, web};
use app::App;
use domain::Personal;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::InvitationLink;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationCreate {
    #[schema(value_type = String, format = Email)]
    email: Personal<String>,
    /// The roles that the member will have.
    #[schema(min_items = 1, example = json!(["engineer"]))]
    roles: Vec<String>,
}

/// Invite somebody to become a member.
///
/// The link is good once and for 72 hours, and is shown this once. Only an owner invites owners, and only an owner or privacy
/// officer privacy officers.
#[utoipa::path(operation_id = "invitation_create", tag = "members", security(("member" = []), ("api-key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = InvitationCreate, responses((status = 201, description = "Invited.", body = InvitationLink)))]
#[post("/v1/invitations")]
pub(crate) async fn invitation_create(
    caller: Caller<can::MemberInvite>,
    once: OnceKey,
    body: Body<InvitationCreate>,
    app: web::Data<App>,
) -> Result<Created<InvitationLink>, ApiError> {
    let once = once.read()?;
    let InvitationCreate { email, roles } = body.read().await?;
    Ok(Created(InvitationLink::from(&app.members().invite(&caller, &email, &roles, once).await?)))
}

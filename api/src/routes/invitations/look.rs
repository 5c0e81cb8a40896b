//! `POST /v1/invitations/look`.

use actix_web::{HttpRequest, post, web};
use app::App;
use domain::{Personal, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ApiError, client::address, input::Body, output::tell_allowance};

/// The token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationLook {
    /// What stands behind `#` in the link.
    #[schema(value_type = String, format = Password)]
    token: Secret<String>,
}

/// What a link is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitedView {
    /// The tenant's name.
    tenant: String,
    /// The invited address.
    #[schema(value_type = String)]
    email: Personal<String>,
    /// The roles that the member will have.
    roles: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Read what an invitation's link is for, before accepting it.
///
/// Uses nothing up. A link that is not good any more, or never was, is 410.
#[utoipa::path(operation_id = "invitation_look", tag = "members", security(()), request_body = InvitationLook,
    responses((status = 200, description = "What it is for.", body = InvitedView)))]
#[post("/v1/invitations/look")]
pub(crate) async fn invitation_look(
    req: HttpRequest,
    body: Body<InvitationLook>,
    app: web::Data<App>,
) -> Result<web::Json<InvitedView>, ApiError> {
    let try_once = app.auth().token_try(address(&req)?).await?;
    tell_allowance(&req, try_once.allowance());
    let invited = app.members().invitation_look(try_once, &body.read().await?.token).await?;
    let app::members::Invited { tenant, email, roles, expires_at } = invited;
    Ok(web::Json(InvitedView { tenant, email, roles, expires_at }))
}

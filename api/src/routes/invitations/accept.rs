//! `POST /v1/invitations/accept`.

use actix_web::{HttpRequest, post, web};
use app::{App, members::AcceptInput};
use domain::{Personal, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Interface,
    caller::request_id,
    client::address,
    input::Body,
    output::{NoContent, tell_allowance},
};

/// Who accepts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationAccept {
    /// What stands behind `#` in the link.
    #[schema(value_type = String, format = Password)]
    token: Secret<String>,
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    name: Personal<String>,
    /// At least 12 characters, and not a well-known one.
    #[schema(value_type = String, format = Password, min_length = 12)]
    password: Secret<String>,
}

/// Accept an invitation: become a member.
///
/// Works once. Sign in afterwards. A link that is not good any more, or never was, is 410.
#[utoipa::path(operation_id = "invitation_accept", tag = "members", security(()), request_body = InvitationAccept,
    responses((status = 204, description = "A member now.")))]
#[post("/v1/invitations/accept")]
pub(crate) async fn invitation_accept(
    req: HttpRequest,
    body: Body<InvitationAccept>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<NoContent, ApiError> {
    interface.refuse_other_origins(&req)?;
    let try_once = app.auth().token_try(address(&req)?).await?;
    tell_allowance(&req, try_once.allowance());
    let InvitationAccept { token, name, password } = body.read().await?;
    let input = AcceptInput { token, name, password, request: request_id(&req) };
    app.members().invitation_accept(try_once, input).await?;
    Ok(NoContent)
}

//! `POST /v1/auth/password/reset`.

use actix_web::{HttpRequest, post, web};
use app::App;
use domain::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Interface,
    caller::request_id,
    client::address,
    input::Body,
    output::{NoContent, tell_allowance},
};

/// The link's token and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordReset {
    /// What stands behind `#` in the link.
    #[schema(value_type = String, format = Password)]
    token: Secret<String>,
    /// At least 12 characters, and not a well-known one.
    #[schema(value_type = String, format = Password, min_length = 12)]
    new_password: Secret<String>,
}

/// Set a new password with a mailed link.
///
/// Works once, ends all sign-ins, and signs nobody in: the next sign-in asks for the second factor of a member who has one. A
/// link that is not good any more, or never was, is 410.
#[utoipa::path(operation_id = "password_reset", tag = "auth", security(()), request_body = PasswordReset,
    responses((status = 204, description = "Set.")))]
#[post("/v1/auth/password/reset")]
pub(crate) async fn password_reset(
    req: HttpRequest,
    body: Body<PasswordReset>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<NoContent, ApiError> {
    interface.refuse_other_origins(&req)?;
    let try_once = app.auth().token_try(address(&req)?).await?;
    tell_allowance(&req, try_once.allowance());
    let PasswordReset { token, new_password } = body.read().await?;
    app.auth().password_reset(try_once, &token, &new_password, request_id(&req)).await?;
    Ok(NoContent)
}

//! `POST /v1/auth/password/forgot`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use app::{App, auth::ForgotInput};
use domain::Personal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApiError, Interface, caller::request_id, client::place, input::Body, output::tell_allowance};

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordForgot {
    #[schema(value_type = String, format = Email)]
    email: Personal<String>,
    /// The tenant's short name; needed only by somebody who is a member of several.
    tenant: Option<String>,
}

/// Ask for a link to set a new password.
///
/// The link is mailed, and good once and for an hour. The answer is the same for every address, and made before any look-up.
#[utoipa::path(operation_id = "password_forgot", tag = "auth", security(()), request_body = PasswordForgot,
    responses((status = 202, description = "A link is mailed, if the address is a member's.")))]
#[post("/v1/auth/password/forgot")]
pub(crate) async fn password_forgot(
    req: HttpRequest,
    body: Body<PasswordForgot>,
    app: web::Data<App>,
    interface: web::Data<Interface>,
) -> Result<HttpResponse, ApiError> {
    interface.refuse_other_origins(&req)?;
    let place = place(&req)?;
    let PasswordForgot { email, tenant } = body.read().await?;
    let input = ForgotInput { email, tenant, request: request_id(&req) };
    tell_allowance(&req, app.auth().password_forgot(input, place).await?);
    Ok(HttpResponse::Accepted().finish())
}

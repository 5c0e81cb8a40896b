//! `POST /v1/auth/password/change`.

use actix_web::{HttpRequest, post, web};
use app::App;
use domain::Secret;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, client::place, input::Body, output::NoContent};

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    #[schema(value_type = String, format = Password)]
    old_password: Secret<String>,
    /// At least 12 characters, and not a well-known one.
    #[schema(value_type = String, format = Password, min_length = 12)]
    new_password: Secret<String>,
}

/// Change one's own password in this tenant.
///
/// Ends all other sign-ins. A wrong old password counts as an attempt to sign in.
#[utoipa::path(operation_id = "password_change", tag = "auth", security(("member" = [])),
    request_body = PasswordChange, responses((status = 204, description = "Changed.")))]
#[post("/v1/auth/password/change")]
pub(crate) async fn password_change(
    caller: Caller<can::MeManage>,
    req: HttpRequest,
    body: Body<PasswordChange>,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    let PasswordChange { old_password, new_password } = body.read().await?;
    app.auth().password_change(&caller, place(&req)?, &old_password, &new_password).await?;
    Ok(NoContent)
}

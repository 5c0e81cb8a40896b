//! `PUT /v1/me/mfa/totp`.

use actix_web::{put, web};
use app::App;
use domain::Secret;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::Body, output::NoContent};

/// The first code of an authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TotpConfirm {
    /// Six digits; spaces do not matter.
    #[schema(value_type = String, example = "123 456")]
    code: Secret<String>,
}

/// Put the authenticator app in force.
///
/// From now on a sign-in asks for a code. Make recovery codes next.
#[utoipa::path(operation_id = "totp_confirm", tag = "me", security(("member" = [])), request_body = TotpConfirm,
    responses((status = 204, description = "In force.")))]
#[put("/v1/me/mfa/totp")]
pub(crate) async fn totp_confirm(
    caller: Caller<can::MeManage>,
    body: Body<TotpConfirm>,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    let TotpConfirm { code } = body.read().await?;
    app.factors().totp_confirm(&caller, &code).await?;
    Ok(NoContent)
}

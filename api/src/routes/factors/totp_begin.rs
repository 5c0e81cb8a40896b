//! `POST /v1/me/mfa/totp`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, output::Created};

/// What an authenticator app must be told; shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpEnrolment {
    /// For the QR code.
    #[schema(example = "otpauth://totp/Sealtape:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Sealtape")]
    uri: String,
    /// The same secret for typing, base32.
    secret: String,
}

/// Begin to enrol an authenticator app.
///
/// The secret counts for nothing until one of its codes came back. Beginning again drops what was begun before.
#[utoipa::path(operation_id = "totp_begin", tag = "me", security(("member" = [])),
    responses((status = 201, description = "A secret to confirm.", body = TotpEnrolment)))]
#[post("/v1/me/mfa/totp")]
pub(crate) async fn totp_begin(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<Created<TotpEnrolment>, ApiError> {
    let begun = app.factors().totp_begin(&caller).await?;
    Ok(Created(TotpEnrolment { uri: begun.uri.expose().clone(), secret: begun.secret.expose().clone() }))
}

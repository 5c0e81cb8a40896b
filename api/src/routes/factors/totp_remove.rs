//! `DELETE /v1/me/mfa/totp`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, output::NoContent};

/// Remove the authenticator app.
///
/// Needs a fresh second factor. With the last factor the recovery codes end too.
#[utoipa::path(operation_id = "totp_remove", tag = "me", security(("member" = [])),
    responses((status = 204, description = "Removed.")))]
#[delete("/v1/me/mfa/totp")]
pub(crate) async fn totp_remove(caller: Caller<can::MeManage>, app: web::Data<App>) -> Result<NoContent, ApiError> {
    app.factors().totp_remove(&caller).await?;
    Ok(NoContent)
}

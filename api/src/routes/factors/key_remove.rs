//! `DELETE /v1/me/mfa/webauthn/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Remove one of my security keys.
///
/// Needs a fresh second factor. With the last factor the recovery codes end too.
#[utoipa::path(operation_id = "security_key_remove", tag = "me", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses((status = 204, description = "Removed.")))]
#[delete("/v1/me/mfa/webauthn/{id}")]
pub(crate) async fn security_key_remove(
    caller: Caller<can::MeManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.factors().key_remove(&caller, path.id("id", "security key")?).await?;
    Ok(NoContent)
}

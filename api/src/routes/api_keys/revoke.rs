//! `DELETE /v1/api-keys/{id}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Revoke an API key.
///
/// It is refused within 5 seconds. Doing it again changes nothing.
#[utoipa::path(operation_id = "api_key_revoke", tag = "api-keys", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses((status = 204, description = "Revoked.")))]
#[delete("/v1/api-keys/{id}")]
pub(crate) async fn api_key_revoke(
    caller: Caller<can::ApiKeyRevoke>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.api_keys().revoke(&caller, path.id("id", "API key")?).await?;
    Ok(NoContent)
}

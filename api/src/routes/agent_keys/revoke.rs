//! `DELETE /v1/projects/{id}/agent-keys/{key}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Revoke an agent key.
///
/// It starts no further session; sessions that it started may finish. Revoking again changes nothing.
#[utoipa::path(operation_id = "agent_key_revoke", tag = "agent-keys", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The project."), ("key" = Uuid, Path, description = "The key's id.")),
    responses((status = 204, description = "Revoked.")))]
#[delete("/v1/projects/{id}/agent-keys/{key}")]
pub(crate) async fn agent_key_revoke(
    caller: Caller<can::AgentKeyRevoke>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.projects().agent_key_revoke(&caller, path.id("id", "project")?, path.id("key", "agent key")?).await?;
    Ok(NoContent)
}

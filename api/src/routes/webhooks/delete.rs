//! `DELETE /v1/webhooks/{webhook}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Remove a receiver of the audit log, with the log of its deliveries.
#[utoipa::path(operation_id = "webhook_delete", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 204, description = "Removed.")))]
#[delete("/v1/webhooks/{webhook}")]
pub(crate) async fn webhook_delete(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    app.sinks().remove(&caller, path.id("webhook", "webhook")?).await?;
    Ok(NoContent)
}

//! `GET /v1/webhooks/{webhook}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::WebhookView;
use crate::{ApiError, caller::Caller, input::InPath};

/// See one receiver of the audit log.
#[utoipa::path(operation_id = "webhook_view", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "The webhook.", body = WebhookView)))]
#[get("/v1/webhooks/{webhook}")]
pub(crate) async fn webhook_view(
    caller: Caller<can::WebhookList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<WebhookView>, ApiError> {
    let webhook = path.id("webhook", "webhook")?;
    Ok(web::Json(app.sinks().view(&caller, webhook).await?.into()))
}

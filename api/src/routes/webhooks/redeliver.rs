//! `POST /v1/webhooks/{webhook}/deliveries/{delivery}/redeliver`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::DeliveryView;
use crate::{ApiError, caller::Caller, input::InPath, output::Accepted};

/// Send a delivery now: one that waits, one that was given up, or once more one that has arrived.
///
/// It has the same `webhook-id` and the same body as before.
#[utoipa::path(operation_id = "webhook_redeliver", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook."), ("delivery" = Uuid, Path, description = "The delivery.")),
    responses((status = 202, description = "To be sent.", body = DeliveryView)))]
#[post("/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver")]
pub(crate) async fn webhook_redeliver(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<Accepted<DeliveryView>, ApiError> {
    let (webhook, delivery) = (path.id("webhook", "webhook")?, path.id("delivery", "delivery")?);
    Ok(Accepted(app.sinks().redeliver(&caller, webhook, delivery).await?.into()))
}

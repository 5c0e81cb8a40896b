//! `POST /v1/webhooks/{webhook}/test`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::DeliveryView;
use crate::{ApiError, caller::Caller, input::InPath, output::Accepted};

/// Send a message without entries, to see whether it arrives.
///
/// It is sent within seconds; look at it among the deliveries.
#[utoipa::path(operation_id = "webhook_test", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 202, description = "To be sent.", body = DeliveryView)))]
#[post("/v1/webhooks/{webhook}/test")]
pub(crate) async fn webhook_test(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<Accepted<DeliveryView>, ApiError> {
    Ok(Accepted(app.sinks().test(&caller, path.id("webhook", "webhook")?).await?.into()))
}

//! `POST /v1/webhooks/{webhook}/secret`.

use actix_web::{post, web};
use app::App;
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath};

/// A webhook's new secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookSecret {
    /// Shown this once.
    #[schema(example = "whsec_…")]
    secret: String,
    /// Until then messages are signed with the secret before as well.
    #[schema(value_type = String, format = DateTime)]
    previous_until: Timestamp,
}

/// Give a webhook another secret.
///
/// For 24 hours messages carry two signatures, so that a receiver can change over without losing any. It takes a fresh proof of
/// who you are.
#[utoipa::path(operation_id = "webhook_rotate", tag = "webhooks", security(("member" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "The new secret.", body = WebhookSecret)))]
#[post("/v1/webhooks/{webhook}/secret")]
pub(crate) async fn webhook_rotate(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<WebhookSecret>, ApiError> {
    let (secret, previous_until) = app.sinks().rotate(&caller, path.id("webhook", "webhook")?).await?;
    Ok(web::Json(WebhookSecret { secret: secret.expose().clone(), previous_until }))
}

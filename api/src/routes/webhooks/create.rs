//! `POST /v1/webhooks`.

use actix_web::{post, web};
use app::{App, sinks::NewSink};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Kind, WebhookView};
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// A receiver to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookCreate {
    #[schema(min_length = 1, max_length = 80, example = "SIEM")]
    name: String,
    kind: Kind,
    /// `https://…` for a webhook, `syslog+tls://host:6514` for syslog; public, unless the operator allows it.
    #[schema(max_length = 2048, example = "https://siem.example.com/sealtape")]
    url: String,
    /// Acts whose entries it gets; all when absent or null.
    #[schema(min_items = 1, max_items = 64, example = json!(["session.view", "session.export"]))]
    acts: Option<Vec<String>>,
}

/// A receiver that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookCreated {
    /// What its messages are signed with (Standard Webhooks), shown this once; null for syslog.
    #[schema(required, example = "whsec_…")]
    secret: Option<String>,
    #[serde(flatten)]
    view: WebhookView,
}

/// Create a receiver of the audit log.
///
/// It gets every signed entry, from the first of the log on, in the log's order, at least once. Making one takes a fresh proof
/// of who you are.
#[utoipa::path(operation_id = "webhook_create", tag = "webhooks", security(("member" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = WebhookCreate, responses((status = 201, description = "Created.", body = WebhookCreated)))]
#[post("/v1/webhooks")]
pub(crate) async fn webhook_create(
    caller: Caller<can::WebhookManage>,
    once: OnceKey,
    body: Body<WebhookCreate>,
    app: web::Data<App>,
) -> Result<Created<WebhookCreated>, ApiError> {
    let once = once.read()?;
    let WebhookCreate { name, kind, url, acts } = body.read().await?;
    let made = app.sinks().create(&caller, NewSink { name, kind: kind.into(), url, acts }, once).await?;
    let secret = made.secret.map(|secret| secret.expose().clone());
    Ok(Created(WebhookCreated { secret, view: made.sink.into() }))
}

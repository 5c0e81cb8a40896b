//! `PATCH /v1/webhooks/{webhook}`.

use actix_web::{patch, web};
use app::{
    App,
    sinks::{ActsChange, SinkChange},
};
use policy::access::can;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::WebhookView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// Whether anything is sent.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WebhookSwitch)]
pub(crate) enum Switch {
    /// Entries are sent; what waited is tried at once.
    Active,
    /// Nothing is sent. What comes meanwhile waits.
    Paused,
}

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookUpdate {
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 2048)]
    url: Option<String>,
    /// Acts whose entries it gets from now on; null for all. A batch that is under way stays as it is.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 64)]
    acts: ActsChange,
    state: Option<Switch>,
}

/// Null is something else than absent.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ActsChange, D::Error> {
    let acts = Option::<Vec<String>>::deserialize(deserializer)?;
    Ok(acts.map_or(ActsChange::All, ActsChange::Only))
}

/// Change a receiver of the audit log, stop it or let it go on.
#[utoipa::path(operation_id = "webhook_update", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")), request_body = WebhookUpdate,
    responses((status = 200, description = "The webhook as it is now.", body = WebhookView)))]
#[patch("/v1/webhooks/{webhook}")]
pub(crate) async fn webhook_update(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    body: Body<WebhookUpdate>,
    app: web::Data<App>,
) -> Result<web::Json<WebhookView>, ApiError> {
    let webhook = path.id("webhook", "webhook")?;
    let WebhookUpdate { name, url, acts, state } = body.read().await?;
    let change = SinkChange { name, url, acts, paused: state.map(|state| matches!(state, Switch::Paused)) };
    Ok(web::Json(app.sinks().update(&caller, webhook, change).await?.into()))
}

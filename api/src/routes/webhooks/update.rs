//! `PATCH /v1/webhooks/{webhook}`.

use actix_web::{HttpResponse, patch, web};
use app::{
    App,
    sinks::{ActsChange, SinkChange, SinkChanged},
};
use policy::access::can;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::WebhookView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
    routes::proposals::ProposalView,
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
    /// Whether it gets, from the next batch on, also what lies beside entries; webhooks only.
    detail: Option<bool>,
}

/// Null is something else than absent.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ActsChange, D::Error> {
    let acts = Option::<Vec<String>>::deserialize(deserializer)?;
    Ok(acts.map_or(ActsChange::All, ActsChange::Only))
}

/// Change a receiver of the audit log, stop it or let it go on.
///
/// It takes a fresh proof of who you are. What makes it hear less (fewer acts, another address, a pause) or more about persons
/// (`detail`, and more acts or another address with it) takes a second person: the answer is the proposal.
#[utoipa::path(operation_id = "webhook_update", tag = "webhooks", security(("member" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook.")), request_body = WebhookUpdate,
    responses((status = 200, description = "The webhook as it is now.", body = WebhookView),
        (status = 202, description = "It waits for a second person.", body = ProposalView)))]
#[patch("/v1/webhooks/{webhook}")]
pub(crate) async fn webhook_update(
    caller: Caller<can::WebhookManage>,
    path: InPath,
    body: Body<WebhookUpdate>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let webhook = path.id("webhook", "webhook")?;
    let WebhookUpdate { name, url, acts, state, detail } = body.read().await?;
    let paused = state.map(|state| matches!(state, Switch::Paused));
    let change = SinkChange { name, url, acts, paused, detail };
    Ok(match app.sinks().update(&caller, webhook, change).await? {
        SinkChanged::Changed(sink) => HttpResponse::Ok().json(WebhookView::from(*sink)),
        SinkChanged::Proposed(id) => {
            HttpResponse::Accepted().json(ProposalView::from(app.proposals().proposed(&caller, id).await?))
        }
    })
}

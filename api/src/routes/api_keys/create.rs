//! `POST /v1/api-keys`.

use actix_web::{post, web};
use app::{App, api_keys::NewApiKey};
use domain::{ProjectId, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApiKeyView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// A key to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyCreate {
    /// What it is for.
    #[schema(min_length = 1, max_length = 80, example = "nightly report")]
    name: String,
    /// Actions it is for: at most those that whoever makes it may do.
    #[schema(min_items = 1, example = json!(["session.list", "session.view"]))]
    scopes: Vec<String>,
    /// Bind it to one project: it then reaches nothing else.
    #[schema(value_type = Option<Uuid>)]
    project_id: Option<ProjectId>,
    /// Networks it may come from; from everywhere when there are none.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["203.0.113.0/24"]))]
    networks: Vec<String>,
    /// At most one year ahead.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyCreated {
    /// The key itself, shown this once: send it as `Authorization: Bearer …`.
    key: String,
    #[serde(flatten)]
    view: ApiKeyView,
}

/// Create an API key.
///
/// It acts for whoever makes it, and never may more than they may at the moment of its use. The key is shown this once.
#[utoipa::path(operation_id = "api_key_create", tag = "api-keys", security(("member" = []), ("api-key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = ApiKeyCreate, responses((status = 201, description = "Created.", body = ApiKeyCreated)))]
#[post("/v1/api-keys")]
pub(crate) async fn api_key_create(
    caller: Caller<can::ApiKeyCreate>,
    once: OnceKey,
    body: Body<ApiKeyCreate>,
    app: web::Data<App>,
) -> Result<Created<ApiKeyCreated>, ApiError> {
    let once = once.read()?;
    let ApiKeyCreate { name, scopes, project_id, networks, expires_at } = body.read().await?;
    let new = NewApiKey { name, scopes, project: project_id, networks, expires_at };
    let (view, key) = app.api_keys().create(&caller, new, once).await?;
    Ok(Created(ApiKeyCreated { key: key.expose().clone(), view: view.into() }))
}

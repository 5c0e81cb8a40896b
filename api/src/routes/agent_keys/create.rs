//! `POST /v1/projects/{id}/agent-keys`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::AgentKeyView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath, OnceKey},
    output::Created,
};

/// An agent key to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgentKeyCreate {
    /// Pages of these origins may use it: scheme, host and port, nothing behind.
    #[schema(example = json!(["https://shop.example"]), min_items = 1, max_items = 50)]
    origins: Vec<String>,
}

/// Create an agent key.
#[utoipa::path(operation_id = "agent_key_create", tag = "agent-keys", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The project."),
        ("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = AgentKeyCreate,
    responses((status = 201, description = "Created.", body = AgentKeyView)))]
#[post("/v1/projects/{id}/agent-keys")]
pub(crate) async fn agent_key_create(
    caller: Caller<can::AgentKeyCreate>,
    path: InPath,
    once: OnceKey,
    body: Body<AgentKeyCreate>,
    app: web::Data<App>,
) -> Result<Created<AgentKeyView>, ApiError> {
    let project = path.id("id", "project")?;
    let once = once.read()?;
    let AgentKeyCreate { origins } = body.read().await?;
    Ok(Created(app.projects().agent_key_create(&caller, project, origins, once).await?.into()))
}

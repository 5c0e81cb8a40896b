//! `GET /v1/projects/{id}/agent-keys`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::AgentKeyView;
use crate::{ApiError, caller::Caller, input::InPath};

/// A project's agent keys; there are few, so there is one page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentKeyList {
    items: Vec<AgentKeyView>,
    /// Always null.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List a project's agent keys, revoked ones too.
#[utoipa::path(operation_id = "agent_key_list", tag = "agent-keys", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "All keys.", body = AgentKeyList)))]
#[get("/v1/projects/{id}/agent-keys")]
pub(crate) async fn agent_key_list(
    caller: Caller<can::AgentKeyList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<AgentKeyList>, ApiError> {
    let keys = app.projects().agent_keys(&caller, path.id("id", "project")?).await?;
    Ok(web::Json(AgentKeyList { items: keys.into_iter().map(AgentKeyView::from).collect(), next_cursor: None }))
}

//! `POST /v1/projects`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProjectView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Created,
};

/// A project to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectCreate {
    /// What people call it; unique in the tenant.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Create a project.
#[utoipa::path(operation_id = "project_create", tag = "projects", security(("member" = []), ("api-key" = [])), request_body = ProjectCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    responses((status = 201, description = "Created.", body = ProjectView)))]
#[post("/v1/projects")]
pub(crate) async fn project_create(
    caller: Caller<can::ProjectCreate>,
    once: OnceKey,
    body: Body<ProjectCreate>,
    app: web::Data<App>,
) -> Result<Created<ProjectView>, ApiError> {
    let once = once.read()?;
    let ProjectCreate { name } = body.read().await?;
    Ok(Created(app.projects().create(&caller, name, once).await?.into()))
}

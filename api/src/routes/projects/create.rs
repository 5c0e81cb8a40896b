//! `POST /v1/projects`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProjectView;
use crate::{ApiError, caller::Caller, input::Body, output::Created};

/// A project to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectCreate {
    /// What people call it; unique in the tenant.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Create a project.
#[utoipa::path(operation_id = "project_create", tag = "projects", security(("member" = [])), request_body = ProjectCreate,
    responses((status = 201, description = "Created.", body = ProjectView)))]
#[post("/v1/projects")]
pub(crate) async fn project_create(
    caller: Caller<can::ProjectCreate>,
    body: Body<ProjectCreate>,
    app: web::Data<App>,
) -> Result<Created<ProjectView>, ApiError> {
    let ProjectCreate { name } = body.read().await?;
    Ok(Created(app.projects().create(&caller, name).await?.into()))
}

//! `PATCH /v1/projects/{id}`.

use actix_web::{patch, web};
use app::{
    App, AppError, FieldError,
    projects::{EnvironmentChange, ProjectChange},
};
use domain::{ParseWordError, Sensitivity};
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ProjectView, SensitivityName};
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectUpdate {
    /// What people call it; unique in the tenant.
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// For sessions that start from now on; those that started keep theirs.
    #[schema(value_type = Option<SensitivityName>)]
    sensitivity: Option<Sensitivity>,
    /// Where it runs, for sessions that start from now on; empty when it is not to be told any more.
    #[schema(max_length = 40, example = "production")]
    environment: Option<String>,
}

impl ProjectUpdate {
    fn change(self) -> Result<ProjectChange, ApiError> {
        let environment = match self.environment.as_deref() {
            None => EnvironmentChange::Keep,
            Some("") => EnvironmentChange::Clear,
            Some(word) => EnvironmentChange::Set(word.parse().map_err(|error: ParseWordError| {
                let errors = vec![FieldError { pointer: "/environment".to_owned(), detail: error.to_string() }];
                AppError::Invalid { code: "invalid-input", detail: error.to_string(), errors }
            })?),
        };
        Ok(ProjectChange { name: self.name, sensitivity: self.sensitivity, environment })
    }
}

/// Change a project's name, sensitivity or environment.
#[utoipa::path(operation_id = "project_update", tag = "projects", security(("member" = [])), request_body = ProjectUpdate,
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The project as it is now.", body = ProjectView)))]
#[patch("/v1/projects/{id}")]
pub(crate) async fn project_update(
    caller: Caller<can::ProjectManage>,
    path: InPath,
    body: Body<ProjectUpdate>,
    app: web::Data<App>,
) -> Result<web::Json<ProjectView>, ApiError> {
    let project = path.id("id", "project")?;
    let change = body.read().await?.change()?;
    Ok(web::Json(app.projects().update(&caller, project, change).await?.into()))
}

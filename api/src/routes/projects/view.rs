//! `GET /v1/projects/{id}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::ProjectView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Read one project.
#[utoipa::path(operation_id = "project_view", tag = "projects", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The project.", body = ProjectView)))]
#[get("/v1/projects/{id}")]
pub(crate) async fn project_view(
    caller: Caller<can::ProjectList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<ProjectView>, ApiError> {
    Ok(web::Json(app.projects().find(&caller, path.id("id", "project")?).await?.into()))
}

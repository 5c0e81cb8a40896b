//! `GET /v1/projects`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProjectView;
use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// One page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectList {
    items: Vec<ProjectView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the tenant's projects.
#[utoipa::path(operation_id = "project_list", tag = "projects", security(("member" = []), ("api-key" = [])), params(PageSearch),
    responses((status = 200, description = "One page.", body = ProjectList)))]
#[get("/v1/projects")]
pub(crate) async fn project_list(
    caller: Caller<can::ProjectList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ProjectList>, ApiError> {
    let page = app.projects().list(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(ProjectView::from).collect();
    Ok(web::Json(ProjectList { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/projects`.

use actix_web::{get, web};
use app::{App, Page};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ProjectView;
use crate::{ApiError, caller::Caller, input::Search};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProjectSearch {
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectList {
    items: Vec<ProjectView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the tenant's projects.
#[utoipa::path(operation_id = "project_list", tag = "projects", security(("member" = []), ("api-key" = [])), params(ProjectSearch),
    responses((status = 200, description = "One page.", body = ProjectList)))]
#[get("/v1/projects")]
pub(crate) async fn project_list(
    caller: Caller<can::ProjectList>,
    search: Search<ProjectSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ProjectList>, ApiError> {
    let ProjectSearch { limit, cursor } = search.read()?;
    let page = app.projects().list(&caller, Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(ProjectView::from).collect();
    Ok(web::Json(ProjectList { items, next_cursor: page.next_cursor }))
}

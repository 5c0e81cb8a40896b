//! `GET /v1/sessions/{id}/exports`.

use actix_web::{get, web};
use app::{App, Page};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ExportView;
use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, Search},
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportSearch {
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of exports, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportList {
    items: Vec<ExportView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// See who took a session out.
#[utoipa::path(operation_id = "export_list", tag = "exports", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The session."), ExportSearch),
    responses((status = 200, description = "One page.", body = ExportList)))]
#[get("/v1/sessions/{id}/exports")]
pub(crate) async fn export_list(
    caller: Caller<can::SessionViewers>,
    path: InPath,
    search: Search<ExportSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ExportList>, ApiError> {
    let session = path.id("id", "session")?;
    let ExportSearch { limit, cursor } = search.read()?;
    let page = app.sessions().exports(&caller, session, Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(web::Json(ExportList { items, next_cursor: page.next_cursor }))
}

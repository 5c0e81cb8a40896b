//! `GET /v1/sessions/{id}/exports`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::ExportView;
use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, PageSearch, Search},
};

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
    params(("id" = Uuid, Path, description = "The session."), PageSearch),
    responses((status = 200, description = "One page.", body = ExportList)))]
#[get("/v1/sessions/{id}/exports")]
pub(crate) async fn export_list(
    caller: Caller<can::SessionViewers>,
    path: InPath,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ExportList>, ApiError> {
    let session = path.id("id", "session")?;
    let page = app.sessions().exports(&caller, session, search.read()?.into()).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(web::Json(ExportList { items, next_cursor: page.next_cursor }))
}

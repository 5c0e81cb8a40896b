//! `GET /v1/audit/exports`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::AuditExportView;
use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// One page of exports, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditExportList {
    items: Vec<AuditExportView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the exports of the audit log, newest first.
#[utoipa::path(operation_id = "audit_export_list", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(PageSearch), responses((status = 200, description = "One page.", body = AuditExportList)))]
#[get("/v1/audit/exports")]
pub(crate) async fn audit_export_list(
    caller: Caller<can::AuditExport>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<AuditExportList>, ApiError> {
    let page = app.audit_exports().list(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(web::Json(AuditExportList { items, next_cursor: page.next_cursor }))
}

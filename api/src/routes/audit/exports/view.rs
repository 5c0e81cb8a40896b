//! `GET /v1/audit/exports/{audit_export}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::AuditExportView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Read how an export of the audit log stands.
#[utoipa::path(operation_id = "audit_export_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("audit_export" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The export.", body = AuditExportView)))]
#[get("/v1/audit/exports/{audit_export}")]
pub(crate) async fn audit_export_view(
    caller: Caller<can::AuditExport>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<AuditExportView>, ApiError> {
    let export = path.id("audit_export", "export")?;
    Ok(web::Json(app.audit_exports().find(&caller, export).await?.into()))
}

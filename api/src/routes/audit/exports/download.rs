//! `GET /v1/audit/exports/{audit_export}/file`.

use actix_web::{HttpResponse, get, http::header, web};
use app::{
    App,
    ledger::{AuditExportFormat, Download},
};
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, stream::while_allowed};

/// Download an export of the audit log.
///
/// Every download is on record before its first byte. One that was cut ends without the checkpoint of its last line. Check it
/// with `sealtape-verify export`.
#[utoipa::path(operation_id = "audit_export_download", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("audit_export" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The file: NDJSON or CSV.", body = Vec<u8>, content_type = "application/x-ndjson")))]
#[get("/v1/audit/exports/{audit_export}/file")]
pub(crate) async fn audit_export_download(
    caller: Caller<can::AuditExport>,
    path: InPath,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let export = path.id("audit_export", "export")?;
    let Download { name, format, file } = app.audit_exports().download(&caller, export).await?;
    let open = move |permit| {
        let app = app.clone();
        async move { app.audit_exports().still_open(&permit, export).await.is_ok() }
    };
    let kind = match format {
        AuditExportFormat::Csv => "text/csv; charset=utf-8",
        AuditExportFormat::Log | AuditExportFormat::Ocsf => "application/x-ndjson",
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(while_allowed(caller, open, file)))
}

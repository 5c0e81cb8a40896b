//! `DELETE /v1/audit/exports/{audit_export}`.

use actix_web::{delete, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, output::NoContent};

/// Cancel an export of the audit log that is not ready, or remove one that is over, failed or no longer wanted.
///
/// A download of it that runs is cut.
#[utoipa::path(operation_id = "audit_export_remove", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("audit_export" = Uuid, Path, description = "The export.")),
    responses((status = 204, description = "It is cancelled or gone.")))]
#[delete("/v1/audit/exports/{audit_export}")]
pub(crate) async fn audit_export_remove(
    caller: Caller<can::AuditExport>,
    path: InPath,
    app: web::Data<App>,
) -> Result<NoContent, ApiError> {
    let export = path.id("audit_export", "export")?;
    app.audit_exports().remove(&caller, export).await?;
    Ok(NoContent)
}

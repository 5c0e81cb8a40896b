//! `POST /v1/audit/exports`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AuditExportFilter, AuditExportFormat, AuditExportView};
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, OnceKey},
    output::Accepted,
};

/// What to take out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditExportCreate {
    format: AuditExportFormat,
    /// Everything when absent.
    filter: Option<AuditExportFilter>,
}

/// Begin to take the audit log out, up to the newest signed checkpoint.
///
/// Entries hold ids, times and fixed words; what is sealed beside them stays. The log is looked through in the background;
/// once the export is `ready` it can be downloaded until `expires_at`, also by others who may. A few a day.
#[utoipa::path(operation_id = "audit_export_create", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = AuditExportCreate, responses((status = 202, description = "It is being looked through.", body = AuditExportView)))]
#[post("/v1/audit/exports")]
pub(crate) async fn audit_export_create(
    caller: Caller<can::AuditExport>,
    once: OnceKey,
    body: Body<AuditExportCreate>,
    app: web::Data<App>,
) -> Result<Accepted<AuditExportView>, ApiError> {
    let once = once.read()?;
    let AuditExportCreate { format, filter } = body.read().await?;
    let filter = filter.unwrap_or_default().into();
    Ok(Accepted(app.audit_exports().create(&caller, format.into(), &filter, once).await?.into()))
}

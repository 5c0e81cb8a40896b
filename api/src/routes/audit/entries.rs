//! `GET /v1/audit/tile/entries/{tile}`.

use actix_web::{HttpResponse, get, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath};

/// Read the entries whose hashes a tile of level 0 holds, each behind its length in two bytes (C2SP tlog-tiles).
///
/// An entry is an audit leaf: canonical JSON of ids, times and fixed words. Reading entries is on record like reading events.
#[utoipa::path(operation_id = "audit_entries_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("tile" = String, Path, description = "The tile's number, and `.p/<width>` when it is not full.")),
    responses((status = 200, description = "The entries.", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/v1/audit/tile/entries/{tile:.*}")]
pub(crate) async fn audit_entries_view(
    caller: Caller<can::AuditRead>,
    path: InPath,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let entries = app.ledger().entries(&caller, path.text("tile")).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(entries))
}

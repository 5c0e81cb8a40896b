//! `GET /v1/audit/tile/{tile}`.

use actix_web::{HttpResponse, get, web};
use app::App;
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath};

/// Read a tile of the log: up to 256 hashes of 32 bytes (C2SP tlog-tiles).
///
/// The path is `<level>/<number>`, the number in groups of three digits of which all but the last begin with `x`, and for a
/// tile that is not full `.p/<width>`: `0/x001/x234/067`, `1/000.p/5`. Every width up to what the newest checkpoint holds
/// is there.
#[utoipa::path(operation_id = "audit_tile_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("tile" = String, Path, description = "Level and number, slashes as they are.")),
    responses((status = 200, description = "The hashes, one after the other.", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/v1/audit/tile/{tile:.*}")]
pub(crate) async fn audit_tile_view(
    caller: Caller<can::AuditRead>,
    path: InPath,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let hashes = app.ledger().tile(&caller, path.text("tile")).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(hashes))
}

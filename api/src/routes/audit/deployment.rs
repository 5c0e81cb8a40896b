//! `GET /.well-known/sealtape/ledger/…`: the deployment's own log, for whoever wants to hold us to it.
//!
//! Its entries are the checkpoints of all tenants' logs. Outsiders get its checkpoints and hashes, in the forms and under the
//! paths of C2SP tlog-tiles; its entries nobody gets but the tenant whom they name.

use actix_web::{HttpResponse, get, web};
use app::App;

use crate::{ApiError, input::InPath};

/// Read the newest signed checkpoint of the deployment's own log: a signed note (C2SP tlog-checkpoint).
///
/// Where the operator has named witnesses, it carries their signatures (C2SP tlog-cosignature) as soon as they looked.
#[utoipa::path(operation_id = "ledger_checkpoint_view", tag = "audit", security(()),
    responses((status = 200, description = "The signed note.", body = String, content_type = "text/plain")))]
#[get("/.well-known/sealtape/ledger/checkpoint")]
pub(crate) async fn ledger_checkpoint_view(app: web::Data<App>) -> Result<HttpResponse, ApiError> {
    let note = app.ledger().deployment_checkpoint().await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// Read the public key by which checkpoints of the deployment's own log are verified: `name+id+base64`.
#[utoipa::path(operation_id = "ledger_key_view", tag = "audit", security(()),
    responses((status = 200, description = "The key.", body = String, content_type = "text/plain")))]
#[get("/.well-known/sealtape/ledger/key")]
pub(crate) async fn ledger_key_view(app: web::Data<App>) -> Result<HttpResponse, ApiError> {
    let key = app.ledger().deployment_verifier().await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("{key}\n")))
}

/// Read a tile of the deployment's own log: up to 256 hashes of 32 bytes (C2SP tlog-tiles).
///
/// With them anybody can check that one of its checkpoints continues an earlier one.
#[utoipa::path(operation_id = "ledger_tile_view", tag = "audit", security(()),
    params(("tile" = String, Path, description = "Level and number, slashes as they are.")),
    responses((status = 200, description = "The hashes, one after the other.", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/.well-known/sealtape/ledger/tile/{tile:.*}")]
pub(crate) async fn ledger_tile_view(path: InPath, app: web::Data<App>) -> Result<HttpResponse, ApiError> {
    let hashes = app.ledger().deployment_tile(path.text("tile")).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(hashes))
}

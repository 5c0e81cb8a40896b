//! `GET /v1/demo`.

use actix_web::{HttpRequest, get, web};

use super::DemoSheet;
use crate::{ApiError, Interface};

/// Read the sample sign-ins of a demo.
///
/// Answered in demo mode and to a peer on this machine only; otherwise the path does not exist.
#[utoipa::path(operation_id = "demo_view", tag = "deployment", security(()),
    responses((status = 200, description = "The sample sign-ins.", body = DemoSheet)))]
#[get("/v1/demo")]
pub(crate) async fn demo_view(
    req: HttpRequest,
    interface: web::Data<Interface>,
) -> Result<web::Json<DemoSheet>, ApiError> {
    let local = req.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
    match &interface.demo {
        Some(sheet) if local && interface.app.settings().demo => Ok(web::Json(sheet.as_ref().clone())),
        _ => Err(ApiError::NoRoute),
    }
}

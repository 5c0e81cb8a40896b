//! `GET /v1/exports/{id}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::ExportView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Read an export of one's own: until when it can be downloaded, and how often it was.
#[utoipa::path(operation_id = "export_view", tag = "exports", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The export.", body = ExportView)))]
#[get("/v1/exports/{id}")]
pub(crate) async fn export_view(
    caller: Caller<can::SessionView>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<ExportView>, ApiError> {
    let export = path.id("id", "export")?;
    Ok(web::Json(app.sessions().export_find(&caller, export).await?.into()))
}

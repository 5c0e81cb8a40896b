//! `GET /v1/exports/{id}/bundle`.

use actix_web::{HttpResponse, get, http::header, web};
use app::{App, sessions::Download};
use policy::access::can;

use crate::{ApiError, caller::Caller, input::InPath, stream::while_allowed};

/// Download an export of one's own.
///
/// A sealed file that the export's key opens: one gzip member of JSON lines, the first of which says what it is; the others
/// are those of `GET /v1/sessions/{id}/events`, as the taker may see them at this moment. Each download is decided anew, on
/// record before the first byte, and counted. One that was cut does not open.
#[utoipa::path(operation_id = "export_download", tag = "exports", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The sealed file.", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/v1/exports/{id}/bundle")]
pub(crate) async fn export_download(
    caller: Caller<can::SessionView>,
    path: InPath,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let export = path.id("id", "export")?;
    let Download { session, opening, file } = app.sessions().export_download(&caller, export).await?;
    let open = move |permit| {
        let app = app.clone();
        async move { app.sessions().still_taken(&permit, session, &opening).await.is_ok() }
    };
    let name = format!("attachment; filename=\"sealtape-{session}.sealed\"");
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(while_allowed(caller, open, file)))
}

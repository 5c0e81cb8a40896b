//! `POST /v1/sessions/{id}/export`.

use actix_web::{post, web};
use app::App;
use policy::{access::can, grants::Purpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ExportView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath, OnceKey},
    output::Created,
    routes::access_requests::PurposeName,
};

/// A session to take out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportCreate {
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
}

/// A session that was just taken out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportCreated {
    /// Opens the file, shown this once: `st_export_…`.
    key: String,
    #[serde(flatten)]
    view: ExportView,
}

/// Take a session out of the system.
///
/// For 24 hours whoever took it can download it as a sealed file; the key that opens the file is shown this once. It takes a
/// grant with the verb `export`: no role lets sessions out, though one can deny it. Those who review access are told.
#[utoipa::path(operation_id = "export_create", tag = "exports", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session."),
        ("Idempotency-Key" = Option<String>, Header, description = "Sent again within 24 hours, the same request creates nothing again.")),
    request_body = ExportCreate, responses((status = 201, description = "It can be downloaded.", body = ExportCreated)))]
#[post("/v1/sessions/{id}/export")]
pub(crate) async fn export_create(
    caller: Caller<can::SessionView>,
    path: InPath,
    once: OnceKey,
    body: Body<ExportCreate>,
    app: web::Data<App>,
) -> Result<Created<ExportCreated>, ApiError> {
    let session = path.id("id", "session")?;
    let once = once.read()?;
    let ExportCreate { purpose } = body.read().await?;
    let (view, key) = app.sessions().export(&caller, session, purpose, once).await?;
    Ok(Created(ExportCreated { key: key.expose().clone(), view: view.into() }))
}

//! `GET /v1/sessions/{id}/manifest`.

use actix_web::{get, web};
use app::{App, sessions::CheckedManifest};
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath};

/// A session's newest manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionManifest {
    /// Counts from 1; a later one covers late segments too.
    rev: u32,
    /// SHA-256 of the manifest's canonical bytes.
    hash: String,
    #[schema(value_type = String, format = DateTime)]
    closed_at: Timestamp,
    segments: Vec<ManifestSegment>,
    /// Whether the manifest's seal, hash and every segment row agree, checked for this answer.
    verified: bool,
}

/// One segment that the manifest covers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManifestSegment {
    tab: u16,
    n: u32,
    ciphertext_length: u64,
    /// SHA-256 of the sealed bytes.
    sha256: String,
    events: u32,
    /// Milliseconds since the epoch.
    first_ms: i64,
    last_ms: i64,
}

/// Read a session's manifest; while the session is live there is none.
#[utoipa::path(operation_id = "session_manifest", tag = "sessions", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "The newest manifest.", body = SessionManifest)))]
#[get("/v1/sessions/{id}/manifest")]
pub(crate) async fn session_manifest(
    caller: Caller<can::SessionManifest>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<SessionManifest>, ApiError> {
    let CheckedManifest { hash, manifest } = app.sessions().manifest(&caller, path.id("id", "session")?).await?;
    let segments = manifest
        .segments
        .into_iter()
        .map(|segment| ManifestSegment {
            tab: segment.tab,
            n: segment.n,
            ciphertext_length: segment.ciphertext_length,
            sha256: segment.sha256,
            events: segment.events,
            first_ms: segment.first_ms,
            last_ms: segment.last_ms,
        })
        .collect();
    Ok(web::Json(SessionManifest {
        rev: manifest.rev,
        hash,
        closed_at: manifest.closed_at,
        segments,
        // A manifest that does not check is refused by the use case; there is no answer with `false`.
        verified: true,
    }))
}

//! `GET /v1/audit/proof/anchor`.

use actix_web::{get, web};
use app::{App, ledger::AnchorProof};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller};

/// That a checkpoint of the tenant's log is an entry of the deployment's own log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditAnchor {
    /// The signed note of the tenant's checkpoint.
    checkpoint: String,
    /// The entry of the deployment's log that names it, in base64.
    entry: String,
    /// The entry's index there.
    index: u64,
    /// The hashes from the entry's sibling up, each in base64.
    hashes: Vec<String>,
    /// The signed note of the deployment's checkpoint whose root they lead to, with the signatures of witnesses.
    anchor: String,
    /// How many witnesses signed it.
    witnesses: u64,
    /// When the first of them looked; null when none did.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    witnessed_at: Option<Timestamp>,
}

impl From<AnchorProof> for AuditAnchor {
    fn from(AnchorProof { anchor, witnessed_at, witnesses }: AnchorProof) -> Self {
        Self {
            checkpoint: anchor.checkpoint.to_string(),
            entry: STANDARD.encode(anchor.entry),
            index: anchor.proof.index,
            hashes: anchor.proof.hashes.iter().map(ToString::to_string).collect(),
            anchor: anchor.proof.checkpoint.to_string(),
            witnesses,
            witnessed_at,
        }
    }
}

/// Prove that a checkpoint of the audit log stands in the deployment's own log, which witnesses outside sign.
///
/// It is the newest one that witnesses saw, or, where the operator named none, the newest that was entered. Everything in it can
/// be checked offline: `sealtape-verify anchor`.
#[utoipa::path(operation_id = "audit_anchor_prove", tag = "audit", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The proof.", body = AuditAnchor)))]
#[get("/v1/audit/proof/anchor")]
pub(crate) async fn audit_anchor_prove(
    caller: Caller<can::AuditRead>,
    app: web::Data<App>,
) -> Result<web::Json<AuditAnchor>, ApiError> {
    Ok(web::Json(app.ledger().prove_anchor(&caller).await?.into()))
}

//! `GET /v1/audit/proof/anchor`.

use actix_web::{get, web};
use app::{App, ledger::AnchorProof};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Timestamp;
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, caller::Caller, input::Search};

/// In which checkpoint of the deployment's log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnchorSearch {
    /// Number of entries of a checkpoint of the deployment's log, as one has it from somewhere else; when absent, the newest one
    /// that witnesses saw.
    size: Option<u64>,
}

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
/// It is the newest one that witnesses saw, or, where the operator named none, the newest that was entered; with `size`, the newest
/// in the checkpoint of so many entries that lies in WORM storage. Everything in it can be checked offline: `sealtape-verify
/// anchor`.
#[utoipa::path(operation_id = "audit_anchor_prove", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(AnchorSearch), responses((status = 200, description = "The proof.", body = AuditAnchor)))]
#[get("/v1/audit/proof/anchor")]
pub(crate) async fn audit_anchor_prove(
    caller: Caller<can::AuditRead>,
    search: Search<AnchorSearch>,
    app: web::Data<App>,
) -> Result<web::Json<AuditAnchor>, ApiError> {
    Ok(web::Json(app.ledger().prove_anchor(&caller, search.read()?.size).await?.into()))
}

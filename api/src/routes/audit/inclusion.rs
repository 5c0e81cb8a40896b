//! `GET /v1/audit/proof/inclusion`.

use actix_web::{get, web};
use app::App;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::AuditId;
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, caller::Caller, input::Search};

/// Of which event.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InclusionSearch {
    /// The event's id.
    #[param(value_type = Uuid)]
    event: AuditId,
}

/// That an event is in the log (RFC 6962 §2.1.1).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InclusionProof {
    /// The entry's index.
    index: u64,
    /// The entry's bytes, in base64: the leaf hash is SHA-256 of a zero byte and these.
    entry: String,
    /// The hashes from the entry's sibling up, each in base64.
    hashes: Vec<String>,
    /// The signed note of the checkpoint whose root they lead to.
    checkpoint: String,
}

/// Prove that an event is in the log that was signed last.
///
/// The proof is checked before it is handed out: when what is stored of the event is not what was signed, the answer is 409
/// `integrity-fail` and names the index.
#[utoipa::path(operation_id = "audit_inclusion_prove", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(InclusionSearch), responses((status = 200, description = "The proof.", body = InclusionProof)))]
#[get("/v1/audit/proof/inclusion")]
pub(crate) async fn audit_inclusion_prove(
    caller: Caller<can::AuditRead>,
    search: Search<InclusionSearch>,
    app: web::Data<App>,
) -> Result<web::Json<InclusionProof>, ApiError> {
    let InclusionSearch { event } = search.read()?;
    let proof = app.ledger().prove_inclusion(&caller, event).await?;
    Ok(web::Json(InclusionProof {
        index: proof.index,
        entry: STANDARD.encode(proof.entry),
        hashes: proof.hashes.iter().map(ToString::to_string).collect(),
        checkpoint: proof.checkpoint,
    }))
}

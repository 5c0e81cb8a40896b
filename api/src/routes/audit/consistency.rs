//! `GET /v1/audit/proof/consistency`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, caller::Caller, input::Search};

/// Between which trees.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConsistencySearch {
    /// Number of entries of the earlier tree.
    from: u64,
    /// Number of entries of the later tree, of which there is a checkpoint; the newest one's when absent.
    to: Option<u64>,
}

/// That one tree is the beginning of another (RFC 6962 §2.1.2).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsistencyProof {
    /// Number of entries of the earlier tree.
    from: u64,
    /// Number of entries of the later tree.
    to: u64,
    /// The hashes, each in base64; none when there is nothing to prove.
    hashes: Vec<String>,
    /// The signed note of the later tree's checkpoint.
    checkpoint: String,
}

/// Prove that the log continues one that was seen before: nothing of it was changed or taken out.
///
/// Check it against the earlier checkpoint that you kept.
#[utoipa::path(operation_id = "audit_consistency_prove", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(ConsistencySearch), responses((status = 200, description = "The proof.", body = ConsistencyProof)))]
#[get("/v1/audit/proof/consistency")]
pub(crate) async fn audit_consistency_prove(
    caller: Caller<can::AuditRead>,
    search: Search<ConsistencySearch>,
    app: web::Data<App>,
) -> Result<web::Json<ConsistencyProof>, ApiError> {
    let ConsistencySearch { from, to } = search.read()?;
    let proof = app.ledger().prove_consistency(&caller, from, to).await?;
    Ok(web::Json(ConsistencyProof {
        from: proof.from,
        to: proof.to,
        hashes: proof.hashes.iter().map(ToString::to_string).collect(),
        checkpoint: proof.checkpoint,
    }))
}

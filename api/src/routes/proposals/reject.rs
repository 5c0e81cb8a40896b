//! `POST /v1/proposals/{id}/reject`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::ProposalView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Reject somebody else's proposal. Also who could not approve it can.
#[utoipa::path(operation_id = "proposal_reject", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The proposal.")),
    responses((status = 200, description = "The rejected proposal.", body = ProposalView)))]
#[post("/v1/proposals/{id}/reject")]
pub(crate) async fn proposal_reject(
    caller: Caller<can::ProposalVote>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<ProposalView>, ApiError> {
    Ok(web::Json(app.proposals().reject(&caller, path.id("id", "proposal")?).await?.into()))
}

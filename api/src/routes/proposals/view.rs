//! `GET /v1/proposals/{id}`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::ProposalView;
use crate::{ApiError, caller::Caller, input::InPath};

/// One proposal.
///
/// For whoever may list them and for its proposer; in solo mode for every member, because every member may stop it.
#[utoipa::path(operation_id = "proposal_view", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The proposal.")),
    responses((status = 200, description = "The proposal.", body = ProposalView)))]
#[get("/v1/proposals/{id}")]
pub(crate) async fn proposal_view(
    caller: Caller<can::MeRead>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<ProposalView>, ApiError> {
    Ok(web::Json(app.proposals().find(&caller, path.id("id", "proposal")?).await?.into()))
}

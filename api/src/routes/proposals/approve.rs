//! `POST /v1/proposals/{id}/approve`.

use actix_web::{post, web};
use app::App;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProposalView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalApprove {
    /// The `hash` of the proposal as it was shown.
    #[schema(min_length = 64, max_length = 64)]
    hash: String,
}

/// Approve a proposal; it is carried out at once.
///
/// An approval counts only from a member with a second factor of their own, shown within the last ten minutes, who has
/// been seven days in the role that lets them vote, was not invited, promoted or reset by the proposer within thirty days,
/// and does not gain by the change. When what it was to change is no longer as it was, the proposal is void instead.
#[utoipa::path(operation_id = "proposal_approve", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The proposal.")), request_body = ProposalApprove,
    responses((status = 200, description = "The decided proposal.", body = ProposalView)))]
#[post("/v1/proposals/{id}/approve")]
pub(crate) async fn proposal_approve(
    caller: Caller<can::ProposalVote>,
    path: InPath,
    body: Body<ProposalApprove>,
    app: web::Data<App>,
) -> Result<web::Json<ProposalView>, ApiError> {
    let id = path.id("id", "proposal")?;
    let ProposalApprove { hash } = body.read().await?;
    Ok(web::Json(app.proposals().approve(&caller, id, &hash).await?.into()))
}

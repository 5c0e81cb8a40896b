//! `POST /v1/proposals/{id}/cancel`.

use actix_web::{post, web};
use app::App;
use policy::access::can;

use super::ProposalView;
use crate::{ApiError, caller::Caller, input::InPath};

/// Take a proposal of your own back; in solo mode, stop anybody's.
#[utoipa::path(operation_id = "proposal_cancel", tag = "access", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The proposal.")),
    responses((status = 200, description = "The cancelled proposal.", body = ProposalView)))]
#[post("/v1/proposals/{id}/cancel")]
pub(crate) async fn proposal_cancel(
    caller: Caller<can::MeManage>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<ProposalView>, ApiError> {
    Ok(web::Json(app.proposals().cancel(&caller, path.id("id", "proposal")?).await?.into()))
}

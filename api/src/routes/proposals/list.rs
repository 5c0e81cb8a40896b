//! `GET /v1/proposals`.

use actix_web::{get, web};
use app::{App, Page};
use policy::{access::can, proposals::ProposalState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ProposalStateName, ProposalView};
use crate::{ApiError, caller::Caller, input::Search};

/// Which proposals to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalSearch {
    /// In this state.
    #[param(value_type = Option<ProposalStateName>)]
    state: Option<ProposalState>,
    /// Most items; 1 to 200, usually 50.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of proposals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalPage {
    items: Vec<ProposalView>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List proposals, newest first.
#[utoipa::path(operation_id = "proposal_list", tag = "access", security(("member" = [])),
    params(ProposalSearch), responses((status = 200, description = "A page.", body = ProposalPage)))]
#[get("/v1/proposals")]
pub(crate) async fn proposal_list(
    caller: Caller<can::ProposalList>,
    search: Search<ProposalSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ProposalPage>, ApiError> {
    let ProposalSearch { state, limit, cursor } = search.read()?;
    let page = app.proposals().list(&caller, state, Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(ProposalView::from).collect();
    Ok(web::Json(ProposalPage { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/access-requests`.

use actix_web::{get, web};
use app::{App, Page, grants::GrantFilter};
use domain::MemberId;
use policy::grants::GrantState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{GrantStateName, GrantSummary, Looker, reader};
use crate::{ApiError, input::Search};

/// Which requests or grants to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GrantSearch {
    /// In this state.
    #[param(value_type = Option<GrantStateName>)]
    state: Option<GrantState>,
    /// Of this member.
    #[param(value_type = Option<Uuid>)]
    member: Option<MemberId>,
    /// Most items; 1 to 200, usually 50.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl GrantSearch {
    /// What the use case is asked.
    pub(crate) fn parts(self) -> (GrantFilter, Page) {
        let Self { state, member, limit, cursor } = self;
        (GrantFilter { state, member }, Page { limit, cursor })
    }
}

/// A page of requests or grants.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantList {
    items: Vec<GrantSummary>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl From<app::Paged<app::grants::GrantSummary>> for GrantList {
    fn from(page: app::Paged<app::grants::GrantSummary>) -> Self {
        Self { items: page.items.into_iter().map(GrantSummary::from).collect(), next_cursor: page.next_cursor }
    }
}

/// List access requests, newest first.
///
/// Everybody's for those who may see them (`grant.list`), one's own for everybody else.
#[utoipa::path(operation_id = "access_request_list", tag = "access", security(("member" = [])),
    params(GrantSearch), responses((status = 200, description = "A page.", body = GrantList)))]
#[get("/v1/access-requests")]
pub(crate) async fn access_request_list(
    caller: Looker,
    search: Search<GrantSearch>,
    app: web::Data<App>,
) -> Result<web::Json<GrantList>, ApiError> {
    let (filter, page) = search.read()?.parts();
    Ok(web::Json(app.grants().requests(&reader(&caller), filter, page).await?.into()))
}

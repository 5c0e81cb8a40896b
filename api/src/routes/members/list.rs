//! `GET /v1/members`.

use actix_web::{get, web};
use app::{App, Page};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::MemberView;
use crate::{ApiError, caller::Caller, input::Search};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemberSearch {
    /// Most items of the answer.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberList {
    items: Vec<MemberView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the tenant's members.
#[utoipa::path(operation_id = "member_list", tag = "members", security(("member" = []), ("api-key" = [])),
    params(MemberSearch), responses((status = 200, description = "One page.", body = MemberList)))]
#[get("/v1/members")]
pub(crate) async fn member_list(
    caller: Caller<can::MemberList>,
    search: Search<MemberSearch>,
    app: web::Data<App>,
) -> Result<web::Json<MemberList>, ApiError> {
    let MemberSearch { limit, cursor } = search.read()?;
    let page = app.members().list(&caller, Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(MemberView::from).collect();
    Ok(web::Json(MemberList { items, next_cursor: page.next_cursor }))
}

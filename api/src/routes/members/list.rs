//! `GET /v1/members`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::MemberView;
use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

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
    params(PageSearch), responses((status = 200, description = "One page.", body = MemberList)))]
#[get("/v1/members")]
pub(crate) async fn member_list(
    caller: Caller<can::MemberList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<MemberList>, ApiError> {
    let page = app.members().list(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(MemberView::from).collect();
    Ok(web::Json(MemberList { items, next_cursor: page.next_cursor }))
}

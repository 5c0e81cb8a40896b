//! `GET /v1/api-keys`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiKeyView;
use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// One page of keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    items: Vec<ApiKeyView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List API keys, newest first, ended ones too.
///
/// Everybody's for those who may see members, one's own for others.
#[utoipa::path(operation_id = "api_key_list", tag = "api-keys", security(("member" = []), ("api-key" = [])),
    params(PageSearch), responses((status = 200, description = "One page.", body = ApiKeyList)))]
#[get("/v1/api-keys")]
pub(crate) async fn api_key_list(
    caller: Caller<can::ApiKeyList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ApiKeyList>, ApiError> {
    let page = app.api_keys().list(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(ApiKeyView::from).collect();
    Ok(web::Json(ApiKeyList { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/webhooks`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::WebhookView;
use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// One page of receivers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookList {
    items: Vec<WebhookView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the receivers of the audit log, newest first.
#[utoipa::path(operation_id = "webhook_list", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(PageSearch), responses((status = 200, description = "One page.", body = WebhookList)))]
#[get("/v1/webhooks")]
pub(crate) async fn webhook_list(
    caller: Caller<can::WebhookList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<WebhookList>, ApiError> {
    let page = app.sinks().list(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(web::Json(WebhookList { items, next_cursor: page.next_cursor }))
}

//! `GET /v1/webhooks/{webhook}/deliveries`.

use actix_web::{get, web};
use app::{App, Page};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{DeliveryView, Standing};
use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, Search},
};

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliverySearch {
    /// Those that stand so.
    state: Option<Standing>,
    /// Most items, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryList {
    items: Vec<DeliveryView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// See what was sent to a receiver and what waits, newest first.
///
/// Settled deliveries are kept for 30 days, and of each receiver the newest 1 000.
#[utoipa::path(operation_id = "webhook_delivery_list", tag = "webhooks", security(("member" = []), ("api-key" = [])),
    params(("webhook" = Uuid, Path, description = "The webhook."), DeliverySearch),
    responses((status = 200, description = "One page.", body = DeliveryList)))]
#[get("/v1/webhooks/{webhook}/deliveries")]
pub(crate) async fn webhook_delivery_list(
    caller: Caller<can::WebhookList>,
    path: InPath,
    search: Search<DeliverySearch>,
    app: web::Data<App>,
) -> Result<web::Json<DeliveryList>, ApiError> {
    let webhook = path.id("webhook", "webhook")?;
    let DeliverySearch { state, limit, cursor } = search.read()?;
    let page = app.sinks().deliveries(&caller, webhook, state.map(Into::into), Page { limit, cursor }).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(web::Json(DeliveryList { items, next_cursor: page.next_cursor }))
}

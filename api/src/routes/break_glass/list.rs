//! `GET /v1/break-glass`.

use actix_web::{get, web};
use app::{App, Page};
use policy::access::can;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{ApiError, caller::Caller, input::Search, routes::access_requests::list::GrantList};

/// Which uses to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BreakGlassSearch {
    /// Only those that wait for their review.
    #[serde(default)]
    unreviewed: bool,
    /// Most items; 1 to 200, usually 50.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List broken glass, newest first, with its reviews.
#[utoipa::path(operation_id = "break_glass_list", tag = "access", security(("member" = [])),
    params(BreakGlassSearch), responses((status = 200, description = "A page.", body = GrantList)))]
#[get("/v1/break-glass")]
pub(crate) async fn break_glass_list(
    caller: Caller<can::BreakGlassReview>,
    search: Search<BreakGlassSearch>,
    app: web::Data<App>,
) -> Result<web::Json<GrantList>, ApiError> {
    let BreakGlassSearch { unreviewed, limit, cursor } = search.read()?;
    Ok(web::Json(app.grants().broken(&caller, unreviewed, Page { limit, cursor }).await?.into()))
}

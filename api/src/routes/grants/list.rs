//! `GET /v1/grants`.

use actix_web::{get, web};
use app::App;

use crate::{
    ApiError,
    input::Search,
    routes::access_requests::{
        Looker,
        list::{GrantList, GrantSearch},
        reader,
    },
};

/// List grants, newest first: what was approved at some time, and broken glass.
///
/// Everybody's for those who may see them (`grant.list`), one's own for everybody else. A grant's details are at
/// `/v1/access-requests/{id}`: request and grant are one.
#[utoipa::path(operation_id = "grant_list", tag = "access", security(("member" = [])),
    params(GrantSearch), responses((status = 200, description = "A page.", body = GrantList)))]
#[get("/v1/grants")]
pub(crate) async fn grant_list(
    caller: Looker,
    search: Search<GrantSearch>,
    app: web::Data<App>,
) -> Result<web::Json<GrantList>, ApiError> {
    let (filter, page) = search.read()?.parts();
    Ok(web::Json(app.grants().grants(&reader(&caller), filter, page).await?.into()))
}

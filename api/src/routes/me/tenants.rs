//! `GET /v1/me/tenants`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TenantView;
use crate::{ApiError, caller::Caller};

/// Other tenants to change over to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyTenants {
    items: Vec<TenantView>,
    /// Always null: there is one page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List the other tenants that this sign-in can change over to.
///
/// Those in which the same address is a member's and the password of this sign-in was right too.
#[utoipa::path(operation_id = "me_tenants", tag = "me", security(("member" = [])),
    responses((status = 200, description = "The tenants.", body = MyTenants)))]
#[get("/v1/me/tenants")]
pub(crate) async fn me_tenants(
    caller: Caller<can::MeManage>,
    app: web::Data<App>,
) -> Result<web::Json<MyTenants>, ApiError> {
    let items = app.auth().tenants(&caller).await?.into_iter().map(TenantView::from).collect();
    Ok(web::Json(MyTenants { items, next_cursor: None }))
}

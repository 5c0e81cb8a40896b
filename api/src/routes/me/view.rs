//! `GET /v1/me`.

use actix_web::{get, web};
use app::App;
use domain::{MemberId, Personal, TenantId};
use policy::access::{Role, can};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller};

/// The signed-in member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeView {
    #[schema(value_type = Uuid)]
    id: MemberId,
    #[schema(value_type = String)]
    name: Personal<String>,
    #[schema(value_type = String)]
    email: Personal<String>,
    /// In this tenant.
    #[schema(value_type = Vec<String>, example = json!(["engineer"]))]
    roles: Vec<Role>,
    tenant: TenantView,
}

/// The tenant that the sign-in is for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantView {
    #[schema(value_type = Uuid)]
    id: TenantId,
    slug: String,
    name: String,
    /// Nobody could approve a proposal of yours, so it would wait a day in which every member may stop it. Shown wherever
    /// the tenant's name is.
    solo_mode: bool,
}

/// Read who I am.
#[utoipa::path(operation_id = "me_view", tag = "me", security(("member" = [])),
    responses((status = 200, description = "The signed-in member.", body = MeView)))]
#[get("/v1/me")]
pub(crate) async fn me_view(caller: Caller<can::MeRead>, app: web::Data<App>) -> Result<web::Json<MeView>, ApiError> {
    let me = app.auth().me(&caller).await?;
    let solo_mode = app.proposals().is_solo(&caller).await?;
    let tenant = TenantView { id: me.tenant.id, slug: me.tenant.slug, name: me.tenant.name, solo_mode };
    Ok(web::Json(MeView { id: me.id, name: me.name, email: me.email, roles: me.roles, tenant }))
}

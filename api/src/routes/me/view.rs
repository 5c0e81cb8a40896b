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
    /// Built-in roles in this tenant.
    #[schema(value_type = Vec<String>, example = json!(["engineer"]))]
    roles: Vec<Role>,
    /// What the tenant calls its own roles that one has.
    #[schema(example = json!(["Payments on call"]))]
    own_roles: Vec<String>,
    tenant: MeTenantView,
}

/// The tenant that the sign-in is for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeTenantView {
    #[serde(flatten)]
    tenant: TenantView,
    /// Nobody could approve a proposal of yours, so it would wait a day in which every member may stop it. Shown wherever
    /// the tenant's name is.
    solo_mode: bool,
}

/// A tenant that one is a member of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantView {
    #[schema(value_type = Uuid)]
    id: TenantId,
    slug: String,
    name: String,
}

impl From<app::auth::TenantView> for TenantView {
    fn from(tenant: app::auth::TenantView) -> Self {
        let app::auth::TenantView { id, slug, name } = tenant;
        Self { id, slug, name }
    }
}

/// Read who I am.
#[utoipa::path(operation_id = "me_view", tag = "me", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "The signed-in member.", body = MeView)))]
#[get("/v1/me")]
pub(crate) async fn me_view(caller: Caller<can::MeRead>, app: web::Data<App>) -> Result<web::Json<MeView>, ApiError> {
    let me = app.auth().me(&caller).await?;
    let tenant = MeTenantView { tenant: me.tenant.clone().into(), solo_mode: app.proposals().is_solo(&caller).await? };
    let app::auth::Me { id, name, email, roles, own_roles, .. } = me;
    Ok(web::Json(MeView { id, name, email, roles, own_roles, tenant }))
}

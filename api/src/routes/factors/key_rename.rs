//! `PATCH /v1/me/mfa/webauthn/{id}`.

use actix_web::{patch, web};
use app::App;
use domain::Personal;
use policy::access::can;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SecurityKeyView;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath},
};

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityKeyRename {
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    name: Personal<String>,
}

/// Rename one of my security keys.
#[utoipa::path(operation_id = "security_key_rename", tag = "me", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The key's id.")), request_body = SecurityKeyRename,
    responses((status = 200, description = "Renamed.", body = SecurityKeyView)))]
#[patch("/v1/me/mfa/webauthn/{id}")]
pub(crate) async fn security_key_rename(
    caller: Caller<can::MeManage>,
    path: InPath,
    body: Body<SecurityKeyRename>,
    app: web::Data<App>,
) -> Result<web::Json<SecurityKeyView>, ApiError> {
    let id = path.id("id", "security key")?;
    let SecurityKeyRename { name } = body.read().await?;
    Ok(web::Json(app.factors().key_rename(&caller, id, name).await?.into()))
}

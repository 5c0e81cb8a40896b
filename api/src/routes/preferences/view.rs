//! `GET /v1/me/preferences`.

use actix_web::{get, web};
use app::App;
use policy::access::can;

use super::PreferencesView;
use crate::{ApiError, caller::Caller};

/// Read my preferences.
#[utoipa::path(operation_id = "preference_view", tag = "me", security(("member" = [])),
    responses((status = 200, description = "All of them.", body = PreferencesView)))]
#[get("/v1/me/preferences")]
pub(crate) async fn preference_view(
    caller: Caller<can::MeRead>,
    app: web::Data<App>,
) -> Result<web::Json<PreferencesView>, ApiError> {
    Ok(web::Json(app.notices().preferences(&caller).await?.into()))
}

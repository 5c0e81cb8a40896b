//! `GET /v1/projects/{id}/capture-config`.

use actix_web::{get, web};
use app::{App, agent::ConfigView};
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::InPath};

/// What a project's agents are told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaptureConfigView)]
pub(crate) struct CaptureConfigAnswer {
    /// What to capture, and how, in clear.
    config: Value,
    /// The same, signed, as agents get it: a compact JWS.
    signed: String,
    /// Until when the signed form is good; a newer one is handed out half a day before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl TryFrom<ConfigView> for CaptureConfigAnswer {
    type Error = ApiError;

    fn try_from(view: ConfigView) -> Result<Self, ApiError> {
        let config = serde_json::to_value(&view.config).map_err(app::AppError::internal)?;
        Ok(Self { config, signed: view.signed.document.clone(), expires_at: view.expires_at })
    }
}

/// Read what the project's agents are told: the capture config in clear and as it is signed.
///
/// `sealtape-verify config` checks the signed form with the key that is in `/.well-known/sealtape/keys.json`.
#[utoipa::path(operation_id = "capture_config_view", tag = "capture", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The config.", body = CaptureConfigAnswer)))]
#[get("/v1/projects/{id}/capture-config")]
pub(crate) async fn capture_config_view(
    caller: Caller<can::ProjectList>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<CaptureConfigAnswer>, ApiError> {
    let project = path.id("id", "project")?;
    Ok(web::Json(app.agent().config_view(&caller, project).await?.try_into()?))
}

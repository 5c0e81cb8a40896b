//! `GET /v1/deployment`.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, Interface};

/// What the console needs to know to start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeploymentView {
    /// The server's version.
    version: &'static str,
    /// Where the player is served; never the console's host.
    #[schema(example = "http://127.0.0.1:8080")]
    replay_origin: String,
    /// Whether this is a demo with sample sign-ins.
    demo: bool,
    /// Whether there is no tenant yet: the console then shows the set-up page.
    setup_needed: bool,
}

/// Read what the console needs before sign-in.
#[utoipa::path(operation_id = "deployment_view", tag = "deployment", security(()),
    responses((status = 200, description = "This deployment.", body = DeploymentView)))]
#[get("/v1/deployment")]
pub(crate) async fn deployment_view(interface: web::Data<Interface>) -> Result<web::Json<DeploymentView>, ApiError> {
    let settings = interface.app.settings();
    Ok(web::Json(DeploymentView {
        version: env!("CARGO_PKG_VERSION"),
        replay_origin: settings.replay_origin.origin().ascii_serialization(),
        demo: settings.demo,
        setup_needed: interface.app.setup().is_needed().await?,
    }))
}

//! `POST /v1/agent/sessions/{id}/tabs`.

use actix_web::{post, web};
use app::App;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, caller::FromSession, input::InPath, output::Created};

/// A further tab.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TabOpened {
    /// Its number; segments of this tab count from 0 again.
    tab: u16,
}

/// Open a further tab of a session.
#[utoipa::path(operation_id = "agent_tab_open", tag = "agent", security(("session-token" = [])),
    params(("id" = Uuid, Path, description = "The token's session.")),
    responses((status = 201, description = "Opened.", body = TabOpened)))]
#[post("/v1/agent/sessions/{id}/tabs")]
pub(crate) async fn agent_tab_open(
    caller: FromSession,
    path: InPath,
    app: web::Data<App>,
) -> Result<Created<TabOpened>, ApiError> {
    caller.only(path.id("id", "session")?)?;
    Ok(Created(TabOpened { tab: app.agent().open_tab(&caller).await? }))
}

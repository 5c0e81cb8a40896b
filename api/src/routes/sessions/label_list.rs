//! `GET /v1/sessions/{id}/labels`.

use actix_web::{get, web};
use app::App;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use super::SessionLabel;
use crate::{ApiError, caller::Caller, input::InPath};

/// What a session is marked with: all of it, since there are few.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionLabelList {
    items: Vec<SessionLabel>,
    /// Always null.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// List a session's labels.
#[utoipa::path(operation_id = "session_label_list", tag = "sessions", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "Its labels.", body = SessionLabelList)))]
#[get("/v1/sessions/{id}/labels")]
pub(crate) async fn session_label_list(
    caller: Caller<can::SessionView>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<SessionLabelList>, ApiError> {
    let labels = app.sessions().labels(&caller, path.id("id", "session")?).await?;
    let items = labels.into_iter().map(SessionLabel::from).collect();
    Ok(web::Json(SessionLabelList { items, next_cursor: None }))
}

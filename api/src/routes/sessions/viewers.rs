//! `GET /v1/sessions/{id}/viewers`.

use actix_web::{get, web};
use app::App;
use domain::{MemberId, Personal, Timestamp};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, PageSearch, Search},
};

/// One page of viewings, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewerList {
    items: Vec<Viewing>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Somebody watched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Viewing {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    viewer: Viewer,
    /// The streams that were read.
    panes: Vec<String>,
    /// From this time of the session, in milliseconds since the epoch; null for its start.
    #[schema(required)]
    from_ms: Option<i64>,
    /// Until this time; null for its end.
    #[schema(required)]
    to_ms: Option<i64>,
}

/// Who watched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Viewer {
    #[schema(value_type = Uuid)]
    id: MemberId,
    #[schema(value_type = String)]
    name: Personal<String>,
}

/// See who watched a session.
#[utoipa::path(operation_id = "session_viewers", tag = "sessions", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The session."), PageSearch),
    responses((status = 200, description = "One page.", body = ViewerList)))]
#[get("/v1/sessions/{id}/viewers")]
pub(crate) async fn session_viewers(
    caller: Caller<can::SessionViewers>,
    path: InPath,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<ViewerList>, ApiError> {
    let session = path.id("id", "session")?;
    let page = app.sessions().viewers(&caller, session, search.read()?.into()).await?;
    let items = page
        .items
        .into_iter()
        .map(|seen| Viewing {
            at: seen.at,
            viewer: Viewer { id: seen.viewer_id, name: seen.viewer_name },
            panes: seen.panes,
            from_ms: seen.from_ms,
            to_ms: seen.to_ms,
        })
        .collect();
    Ok(web::Json(ViewerList { items, next_cursor: page.next_cursor }))
}

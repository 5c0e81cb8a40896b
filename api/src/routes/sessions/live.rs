//! `GET /v1/sessions/live`.

use std::{io, time::Duration};

use actix_web::{HttpResponse, get, web};
use app::App;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use policy::access::can;

use super::SessionSummary;
use crate::{ApiError, caller::Caller, stream::while_allowed};

/// Proxies close a silent connection; a comment keeps it open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follow sessions as they change.
///
/// Server-sent events: `event: session`, `data:` a session as in the list. Read it by fetch with the access token.
#[utoipa::path(operation_id = "session_live", tag = "sessions", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "A stream without end.", body = SessionSummary, content_type = "text/event-stream")))]
#[get("/v1/sessions/live")]
pub(crate) async fn session_live(
    caller: Caller<can::SessionList>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let sessions = app.sessions().live(&caller, caller.member().clone());
    // The stream itself leaves out what may no longer be listed.
    let events = while_allowed(caller, |_| async { true }, as_events(sessions));
    Ok(HttpResponse::Ok().content_type("text/event-stream").streaming(events))
}

fn as_events(sessions: impl Stream<Item = app::sessions::SessionSummary>) -> impl Stream<Item = io::Result<Bytes>> {
    async_stream::stream! {
        let mut sessions = std::pin::pin!(sessions);
        // Tells the client at once that the stream stands.
        yield Ok(Bytes::from_static(b": connected\n\n"));
        loop {
            match tokio::time::timeout(KEEP_ALIVE, sessions.next()).await {
                Err(_) => yield Ok(Bytes::from_static(b": keep-alive\n\n")),
                Ok(None) => break,
                Ok(Some(session)) => {
                    let data = serde_json::to_string(&SessionSummary::from(session)).map_err(io::Error::other);
                    yield data.map(|data| Bytes::from(format!("event: session\ndata: {data}\n\n")));
                }
            }
        }
    }
}

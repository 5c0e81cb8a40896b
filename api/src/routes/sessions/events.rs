//! `GET /v1/sessions/{id}/events`.

use actix_web::{HttpResponse, get, web};
use app::{
    App, AppError, FieldError,
    sessions::{Pane, WatchRange},
};
use policy::access::can;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, Search},
    stream::while_allowed,
};

/// Which part of the session.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventSearch {
    /// Of this tab only.
    tab: Option<u16>,
    /// From the newest full snapshot at or before this time, in milliseconds since the epoch.
    from_ms: Option<i64>,
    /// Until this time, in milliseconds since the epoch.
    to_ms: Option<i64>,
    /// Of these streams only: `dom`, `console`, `network`, `actions`, `state`, joined by commas; all when absent. Those that
    /// your roles do not open are left out.
    #[param(example = "dom,actions")]
    panes: Option<String>,
    /// Behind these segments: the `cursor` of an earlier answer's last line, `tab:segment` joined by commas.
    #[param(example = "0:12,1:3")]
    after: Option<String>,
}

impl EventSearch {
    fn range(self) -> Result<WatchRange, ApiError> {
        let panes = self.panes.as_deref().map_or_else(|| Ok(ALL_PANES.to_vec()), panes)?;
        let after = self.after.as_deref().map_or_else(|| Ok(Vec::new()), positions)?;
        if self.from_ms.zip(self.to_ms).is_some_and(|(from, to)| from > to) {
            return Err(invalid("/to_ms", "must not lie before from_ms"));
        }
        Ok(WatchRange { tab: self.tab, from_ms: self.from_ms, to_ms: self.to_ms, panes, after })
    }
}

const ALL_PANES: [Pane; 5] = [Pane::Dom, Pane::Console, Pane::Network, Pane::Actions, Pane::State];

/// More positions than a session can have tabs.
const MOST_POSITIONS: usize = 256;

fn panes(text: &str) -> Result<Vec<Pane>, ApiError> {
    let mut panes = Vec::new();
    for name in text.split(',') {
        let pane = Pane::from_name(name).ok_or_else(|| {
            invalid("/panes", "must be some of dom, console, network, actions, state, joined by commas")
        })?;
        if !panes.contains(&pane) {
            panes.push(pane);
        }
    }
    Ok(panes)
}

fn positions(text: &str) -> Result<Vec<(u16, u32)>, ApiError> {
    let read = |part: &str| part.split_once(':').and_then(|(tab, n)| Some((tab.parse().ok()?, n.parse().ok()?)));
    let positions: Option<Vec<(u16, u32)>> =
        if text.is_empty() { Some(Vec::new()) } else { text.split(',').take(MOST_POSITIONS).map(read).collect() };
    positions
        .ok_or_else(|| invalid("/after", "must be tab:segment pairs joined by commas, as in the end line's cursor"))
}

fn invalid(pointer: &str, detail: &str) -> ApiError {
    let errors = vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }];
    AppError::Invalid { code: "invalid-input", detail: detail.to_owned(), errors }.into()
}

/// Watch a session: its recorded events as a stream of JSON lines.
///
/// First `{"head":{…}}` with the open `panes`, whether text is `masked`, and the `watermark` to draw over the picture, then `{"tab":0,"event":{…}}` and `{"gap":{…}}` by time, last `{"end":{"complete":true,…}}`; without
/// an end line the stream was cut. That somebody watches is in the audit log before the first byte.
#[utoipa::path(operation_id = "session_events", tag = "sessions", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The session."), EventSearch),
    responses((status = 200, description = "JSON lines.", body = String, content_type = "application/x-ndjson")))]
#[get("/v1/sessions/{id}/events")]
pub(crate) async fn session_events(
    caller: Caller<can::SessionView>,
    path: InPath,
    search: Search<EventSearch>,
    app: web::Data<App>,
) -> Result<HttpResponse, ApiError> {
    let session = path.id("id", "session")?;
    let range = search.read()?.range()?;
    let (opening, lines) = app.sessions().watch(&caller, session, range).await?;
    let open = move |permit| {
        let app = app.clone();
        async move { app.sessions().still_open(&permit, session, &opening).await.is_ok() }
    };
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(while_allowed(caller, open, lines)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_read_what_an_end_line_says() {
        assert_eq!(positions("0:12,1:3").expect("reads"), [(0, 12), (1, 3)]);
        assert_eq!(positions("").expect("reads"), []);
        for bad in ["0", "0:", ":1", "0:1,", "a:b", "0:-1", "70000:1", "0:1;1:2"] {
            assert!(positions(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn panes_are_known_names_once() {
        assert_eq!(panes("dom,actions,dom").expect("reads"), [Pane::Dom, Pane::Actions]);
        for bad in ["", "DOM", "dom,", "dom;network", "dom,all"] {
            assert!(panes(bad).is_err(), "{bad}");
        }
    }
}

//! `GET /v1/me/notices`.

use actix_web::{get, web};
use app::{App, Page, notices::NoticeView as Told};
use domain::{NoticeId, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, caller::Caller, input::Search};

/// Which notices, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoticeSearch {
    /// Unread ones only.
    unread: Option<bool>,
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before, with the same filter.
    cursor: Option<String>,
}

/// One page of the inbox, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeList {
    items: Vec<NoticeView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
    /// How many are unread, on all pages.
    unread: u64,
}

/// Something happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeView {
    #[schema(value_type = Uuid)]
    id: NoticeId,
    /// What happened: a kind as `GET /v1/me/preferences` lists them. A newer server may know more.
    #[schema(example = "access-requested")]
    kind: String,
    /// What it is about; null when there is nothing to open.
    #[schema(required)]
    about: Option<NoticeAbout>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Null while unread.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
}

/// What a notice is about. The page behind it shows what its reader may see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeAbout {
    /// What sort of thing.
    #[schema(example = "session")]
    kind: String,
    /// Its id.
    id: String,
}

impl From<Told> for NoticeView {
    fn from(told: Told) -> Self {
        let about = told.about.map(|(kind, id)| NoticeAbout { kind, id });
        Self { id: told.id, kind: told.kind, about, created_at: told.created_at, read_at: told.read_at }
    }
}

/// Read my notices.
#[utoipa::path(operation_id = "notice_list", tag = "me", security(("member" = [])), params(NoticeSearch),
    responses((status = 200, description = "One page.", body = NoticeList)))]
#[get("/v1/me/notices")]
pub(crate) async fn notice_list(
    caller: Caller<can::MeRead>,
    search: Search<NoticeSearch>,
    app: web::Data<App>,
) -> Result<web::Json<NoticeList>, ApiError> {
    let NoticeSearch { unread, limit, cursor } = search.read()?;
    let inbox = app.notices().inbox(&caller, unread.unwrap_or(false), Page { limit, cursor }).await?;
    let items = inbox.page.items.into_iter().map(NoticeView::from).collect();
    Ok(web::Json(NoticeList { items, next_cursor: inbox.page.next_cursor, unread: inbox.unread }))
}

//! `GET /v1/ops/mail`.

use actix_web::{get, web};
use app::{App, mail::OutboxLetter};
use domain::{MailId, Personal, Timestamp};
use policy::access::can;
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
    routes::preferences::LanguageName,
};

/// One page of the outbox, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailList {
    items: Vec<MailView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A letter that an admin hands over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailView {
    #[schema(value_type = Uuid)]
    id: MailId,
    /// `invitation`, `password-reset`, `notice` or `digest`.
    kind: &'static str,
    /// The address it is for.
    #[schema(value_type = String)]
    to: Personal<String>,
    subject: &'static str,
    /// The whole text.
    #[schema(value_type = String)]
    text: Personal<String>,
    /// The link in it, which may set a password: give it to nobody else.
    #[schema(value_type = String)]
    link: Personal<Url>,
    language: LanguageName,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<OutboxLetter> for MailView {
    fn from(letter: OutboxLetter) -> Self {
        let OutboxLetter { id, kind, to, subject, text, link, locale, created_at } = letter;
        Self { id, kind, to, subject, text, link, language: locale.into(), created_at }
    }
}

/// Read the letters that this deployment keeps because it has no mail server.
///
/// Each look leaves a row in the audit log. With a mail server nothing is kept, and the answer is 409.
#[utoipa::path(operation_id = "mail_list", tag = "ops", security(("member" = [])), params(PageSearch),
    responses((status = 200, description = "One page.", body = MailList)))]
#[get("/v1/ops/mail")]
pub(crate) async fn mail_list(
    caller: Caller<can::MailList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<MailList>, ApiError> {
    let page = app.post().outbox(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(MailView::from).collect();
    Ok(web::Json(MailList { items, next_cursor: page.next_cursor }))
}

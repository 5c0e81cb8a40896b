//! `POST /v1/me/notices/read`.

use actix_web::{post, web};
use app::{App, notices::ReadWhich};
use domain::NoticeId;
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ApiError, caller::Caller, input::Body};

/// Which notices were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum NoticeRead {
    /// These, at most 200; ids that are no notices of mine are passed over.
    #[schema(value_type = Vec<Uuid>)]
    Ids(Vec<NoticeId>),
    /// Everything that is there now.
    All(AllOfThem),
}

/// No choice to make: `{}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllOfThem {}

/// What is left.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticesLeft {
    /// How many are still unread.
    unread: u64,
}

/// Mark notices as read.
#[utoipa::path(operation_id = "notice_read", tag = "me", security(("member" = [])), request_body = NoticeRead,
    responses((status = 200, description = "Marked.", body = NoticesLeft)))]
#[post("/v1/me/notices/read")]
pub(crate) async fn notice_read(
    caller: Caller<can::MeManage>,
    body: Body<NoticeRead>,
    app: web::Data<App>,
) -> Result<web::Json<NoticesLeft>, ApiError> {
    let which = match body.read().await? {
        NoticeRead::Ids(ids) => ReadWhich::Ids(ids),
        NoticeRead::All(AllOfThem {}) => ReadWhich::All,
    };
    Ok(web::Json(NoticesLeft { unread: app.notices().mark_read(&caller, &which).await? }))
}

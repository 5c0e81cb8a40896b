//! `GET /v1/invitations`.

use actix_web::{get, web};
use app::App;
use domain::{InvitationId, MemberId, Personal, Timestamp};
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// One page of invitations that wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationList {
    items: Vec<InvitationView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// An invitation that waits to be accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationView {
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// Null when what seals it was destroyed.
    #[schema(value_type = Option<String>, required)]
    email: Option<Personal<String>>,
    /// The roles that the member will have.
    roles: Vec<String>,
    /// Who invited.
    #[schema(value_type = Uuid)]
    invited_by: MemberId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its link was last sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
    /// When that link ends or ended.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// List invitations that wait to be accepted, newest first.
#[utoipa::path(operation_id = "invitation_list", tag = "members", security(("member" = []), ("api-key" = [])),
    params(PageSearch), responses((status = 200, description = "One page.", body = InvitationList)))]
#[get("/v1/invitations")]
pub(crate) async fn invitation_list(
    caller: Caller<can::MemberList>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<InvitationList>, ApiError> {
    let page = app.members().invitations(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(InvitationView::from).collect();
    Ok(web::Json(InvitationList { items, next_cursor: page.next_cursor }))
}

impl From<app::members::InvitationView> for InvitationView {
    fn from(invitation: app::members::InvitationView) -> Self {
        let app::members::InvitationView { id, email, roles, invited_by, created_at, sent_at, expires_at } = invitation;
        Self { id, email, roles, invited_by, created_at, sent_at, expires_at }
    }
}

//! `GET /v1/audit/subjects/{id}` and `POST /v1/audit/subjects/find`.

use actix_web::{get, post, web};
use app::{
    App,
    ledger::{IdentifierKind, Wanted},
};
use domain::{Personal, SubjectId};
use policy::{access::can, grants::Purpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::EventList;
use crate::{
    ApiError,
    caller::Caller,
    input::{Body, InPath, PageSearch, Search},
    routes::access_requests::PurposeName,
};

/// Read who saw a recorded person: what members and their keys did about the person and to the person's sessions.
///
/// Newest first. Each page is an event of its own, on record before anything is shown.
#[utoipa::path(operation_id = "audit_subject_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The person."), PageSearch),
    responses((status = 200, description = "One page.", body = EventList)))]
#[get("/v1/audit/subjects/{id}")]
pub(crate) async fn audit_subject_view(
    caller: Caller<can::AuditRead>,
    path: InPath,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<EventList>, ApiError> {
    let subject = path.id("id", "person")?;
    Ok(web::Json(app.ledger().events_about(&caller, subject, search.read()?.into()).await?.into()))
}

/// Whom to find.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectFind {
    kind: IdentifierName,
    /// The whole identifier; nothing is found by a part of one.
    #[schema(value_type = String, max_length = 254)]
    value: Personal<String>,
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
    /// Why, in your words. It is sealed beside the search's event, for the person who is found.
    #[schema(value_type = Option<String>, max_length = 500)]
    reason: Option<Personal<String>>,
}

/// What an identifier is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IdentifierName {
    /// An e-mail address.
    Email,
    /// The customer application's user id.
    UserId,
}

impl From<IdentifierName> for IdentifierKind {
    fn from(name: IdentifierName) -> Self {
        match name {
            IdentifierName::Email => Self::Email,
            IdentifierName::UserId => Self::UserId,
        }
    }
}

/// Who was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectFound {
    /// The person's random id; null when nobody is known by the identifier.
    #[schema(required, value_type = Option<Uuid>)]
    subject: Option<SubjectId>,
}

/// Find a recorded person by e-mail address or user id.
///
/// Each search is on record with its purpose, whatever it finds; the identifier is not.
#[utoipa::path(operation_id = "audit_subject_find", tag = "audit", security(("member" = []), ("api-key" = [])),
    request_body = SubjectFind, responses((status = 200, description = "Who was found.", body = SubjectFound)))]
#[post("/v1/audit/subjects/find")]
pub(crate) async fn audit_subject_find(
    caller: Caller<can::SubjectSearch>,
    body: Body<SubjectFind>,
    app: web::Data<App>,
) -> Result<web::Json<SubjectFound>, ApiError> {
    let SubjectFind { kind, value, purpose, reason } = body.read().await?;
    let wanted = Wanted { kind: kind.into(), value, purpose, reason };
    let subject = app.ledger().find_person(&caller, &wanted).await?;
    Ok(web::Json(SubjectFound { subject }))
}

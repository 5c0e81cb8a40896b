//! `GET /v1/audit/events` and `GET /v1/audit/events/{id}`.

use actix_web::{get, web};
use app::{App, Page, Paged, ledger::EventFilter};
use domain::{AuditId, RequestId, Timestamp};
use policy::access::can;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    ApiError,
    caller::Caller,
    input::{InPath, Search},
};

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventSearch {
    /// Of this actor: an id, or a task's name.
    actor: Option<String>,
    /// On objects of this kind: `session`, `member`, `grant`, …
    object_kind: Option<String>,
    /// On the object with this id.
    object: Option<String>,
    /// This act, such as `session.view`.
    act: Option<String>,
    /// Ended like this: `allow`, `deny` or `error`.
    outcome: Option<String>,
    /// At this instant or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Most items, 1 to 200; 50 when absent.
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One page of events, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventList {
    items: Vec<EventView>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// One event of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct EventView {
    #[schema(value_type = Uuid)]
    id: AuditId,
    /// Its index in the log; null until it has one, within a second or two.
    #[schema(required)]
    index: Option<u64>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: EventActor,
    /// What was done: `resource.verb`.
    act: String,
    object: EventObject,
    /// `allow`, `deny` or `error`.
    outcome: &'static str,
    /// The policy version and rule that decided.
    rule: String,
    /// The request or run that it was part of.
    #[schema(value_type = Uuid)]
    request: RequestId,
    /// Whether more was put on record, under the person's key.
    has_detail: bool,
}

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventActor {
    /// `user`, `key`, `agent`, `worker` or `operator`.
    kind: &'static str,
    /// An id, or a task's name.
    id: String,
    /// How they came to their rights: `login`, `api-key`, `agent-key`, `session-token` `task` or `command`.
    via: &'static str,
}

/// What was acted on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventObject {
    /// `session`, `member`, `grant`, …
    kind: &'static str,
    id: String,
}

impl From<Paged<app::ledger::AuditEvent>> for EventList {
    fn from(page: Paged<app::ledger::AuditEvent>) -> Self {
        Self { items: page.items.into_iter().map(EventView::from).collect(), next_cursor: page.next_cursor }
    }
}

impl From<app::ledger::AuditEvent> for EventView {
    fn from(event: app::ledger::AuditEvent) -> Self {
        let app::ledger::AuditEvent { index, leaf } = event;
        let (actor_kind, actor_id, via) = leaf.actor.parts();
        let (kind, id) = leaf.obj.parts();
        Self {
            id: leaf.id,
            index,
            at: leaf.t,
            actor: EventActor { kind: actor_kind, id: actor_id, via: via.as_str() },
            act: leaf.act.into_owned(),
            object: EventObject { kind, id },
            outcome: leaf.out.as_str(),
            rule: leaf.rule,
            request: leaf.req,
            has_detail: leaf.d.is_some(),
        }
    }
}

/// Read the audit log, newest first.
///
/// Reading it is an event itself, on record before anything is shown; further looks of the same reader within a minute
/// belong to it.
#[utoipa::path(operation_id = "audit_event_list", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(EventSearch), responses((status = 200, description = "One page.", body = EventList)))]
#[get("/v1/audit/events")]
pub(crate) async fn audit_event_list(
    caller: Caller<can::AuditRead>,
    search: Search<EventSearch>,
    app: web::Data<App>,
) -> Result<web::Json<EventList>, ApiError> {
    let EventSearch { actor, object_kind, object, act, outcome, from, to, limit, cursor } = search.read()?;
    let filter = EventFilter { actor, object_kind, object_id: object, act, outcome, from, to };
    Ok(web::Json(app.ledger().events(&caller, &filter, Page { limit, cursor }).await?.into()))
}

/// Read one event of the audit log.
///
/// It counts as reading the log.
#[utoipa::path(operation_id = "audit_event_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(("id" = Uuid, Path, description = "The event.")),
    responses((status = 200, description = "The event.", body = EventView)))]
#[get("/v1/audit/events/{id}")]
pub(crate) async fn audit_event_view(
    caller: Caller<can::AuditRead>,
    path: InPath,
    app: web::Data<App>,
) -> Result<web::Json<EventView>, ApiError> {
    let id = path.id("id", "event")?;
    Ok(web::Json(app.ledger().event(&caller, id).await?.into()))
}

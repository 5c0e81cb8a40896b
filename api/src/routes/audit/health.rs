//! `GET /v1/audit/health` and `GET /v1/audit/checkpoints`.

use actix_web::{get, web};
use app::{
    App,
    ledger::{Alarm, CheckpointView, Covered, FailingSinks, Health},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Timestamp;
use policy::access::can;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    caller::Caller,
    input::{PageSearch, Search},
};

/// How the audit log stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditHealth {
    /// `ok`; `late`, when something is not signed for over a minute; `behind`, over five minutes, when exports and destruction at
    /// a person's wish are refused; `stopped`, over a day, when nothing is destroyed; `refused`, when the log does not continue
    /// what was signed of it.
    state: &'static str,
    /// Entries without a place; no more than 10 000 are counted.
    waiting: u64,
    /// When the oldest act happened that no signed checkpoint holds.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    unproved_since: Option<Timestamp>,
    /// Entries that have a place.
    size: u64,
    #[schema(required)]
    checkpoint: Option<AuditCheckpoint>,
    #[schema(required)]
    alarm: Option<AuditAlarm>,
    /// Receivers of the log that take nothing; absent for who may not see receivers.
    #[serde(skip_serializing_if = "Option::is_none")]
    sinks_failing: Option<SinksFailing>,
    /// What witnesses outside saw of the log last; null where the operator named none.
    #[schema(required)]
    witnessed: Option<AuditCovered>,
    /// What lies of the log in storage that keeps it; null where the operator named none.
    #[schema(required)]
    anchored: Option<AuditCovered>,
}

/// How much of the log is covered by a checkpoint of the deployment's own log that somebody outside holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditCovered {
    /// Number of its entries that are.
    size: u64,
    /// When a witness last signed that checkpoint, or it was put into storage; null while none covers this log.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Receivers of the audit log that take nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SinksFailing {
    count: u64,
    /// Since when the first of them does; null when there is none.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// A head of the audit log as it was signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditCheckpoint {
    /// The log's name: deployment, tenant, epoch.
    origin: String,
    /// Number of its entries.
    size: u64,
    /// Its root, in base64.
    root: String,
    #[schema(value_type = String, format = DateTime)]
    signed_at: Timestamp,
}

/// Why the log is not signed any more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditAlarm {
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// `shrunk`: it is shorter than what was signed; `forked`: it is another log; `changed`: what is stored of it contradicts
    /// itself; `unsigned`: it has a checkpoint that is not of its key; `anchor`: what lies in storage outside says that the
    /// database was taken back or rebuilt.
    reason: &'static str,
    /// The first index that does not fit, where there is one.
    #[schema(required)]
    index: Option<u64>,
}

/// One page of checkpoints, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditCheckpointList {
    items: Vec<AuditCheckpoint>,
    /// Ask for the next page with it; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl From<CheckpointView> for AuditCheckpoint {
    fn from(CheckpointView { origin, size, root, signed_at }: CheckpointView) -> Self {
        Self { origin, size, root: STANDARD.encode(root), signed_at }
    }
}

impl From<Covered> for AuditCovered {
    fn from(Covered { size, at }: Covered) -> Self {
        Self { size, at }
    }
}

impl From<Health> for AuditHealth {
    fn from(health: Health) -> Self {
        let alarm = |Alarm { since, reason, index }: Alarm| AuditAlarm { since, reason: reason.as_str(), index };
        Self {
            state: health.standing.as_str(),
            waiting: health.waiting,
            unproved_since: health.unproved_since,
            size: health.size,
            checkpoint: health.checkpoint.map(AuditCheckpoint::from),
            alarm: health.alarm.map(alarm),
            sinks_failing: health.failing_sinks.map(|FailingSinks { count, since }| SinksFailing { count, since }),
            witnessed: health.witnessed.map(AuditCovered::from),
            anchored: health.anchored.map(AuditCovered::from),
        }
    }
}

/// Read how the audit log stands: how far it is behind, and whether it is refused.
#[utoipa::path(operation_id = "audit_health_view", tag = "audit", security(("member" = []), ("api-key" = [])),
    responses((status = 200, description = "How it stands.", body = AuditHealth)))]
#[get("/v1/audit/health")]
pub(crate) async fn audit_health_view(
    caller: Caller<can::AuditRead>,
    app: web::Data<App>,
) -> Result<web::Json<AuditHealth>, ApiError> {
    Ok(web::Json(app.ledger().health(&caller).await?.into()))
}

/// List the signed checkpoints of the audit log, newest first.
#[utoipa::path(operation_id = "audit_checkpoint_list", tag = "audit", security(("member" = []), ("api-key" = [])),
    params(PageSearch), responses((status = 200, description = "One page.", body = AuditCheckpointList)))]
#[get("/v1/audit/checkpoints")]
pub(crate) async fn audit_checkpoint_list(
    caller: Caller<can::AuditRead>,
    search: Search<PageSearch>,
    app: web::Data<App>,
) -> Result<web::Json<AuditCheckpointList>, ApiError> {
    let page = app.ledger().checkpoints(&caller, search.read()?.into()).await?;
    let items = page.items.into_iter().map(AuditCheckpoint::from).collect();
    Ok(web::Json(AuditCheckpointList { items, next_cursor: page.next_cursor }))
}

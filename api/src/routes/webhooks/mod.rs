//! Receivers of the audit log outside: webhooks and syslog servers.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod list;
pub(crate) mod redeliver;
pub(crate) mod rotate;
pub(crate) mod test;
pub(crate) mod update;
pub(crate) mod view;

use app::sinks::{self, DeliveryKind, DeliveryState, SinkKind};
use domain::{DeliveryId, MemberId, SinkId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is at the other end: an HTTPS endpoint (Standard Webhooks), or a syslog server (RFC 5424 over TLS).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WebhookKind)]
pub(crate) enum Kind {
    Webhook,
    Syslog,
}

impl From<Kind> for SinkKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Webhook => Self::Webhook,
            Kind::Syslog => Self::Syslog,
        }
    }
}

impl From<SinkKind> for Kind {
    fn from(kind: SinkKind) -> Self {
        match kind {
            SinkKind::Webhook => Self::Webhook,
            SinkKind::Syslog => Self::Syslog,
        }
    }
}

/// How it does: `failing` when the last try did not arrive, `paused` when nothing is sent.
#[derive(ToSchema)]
#[schema(as = WebhookState, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `app::sinks::SinkState`, which knows nothing of OpenAPI")]
pub(crate) enum StateName {
    Active,
    Failing,
    Paused,
}

/// A receiver of the audit log, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookView {
    #[schema(value_type = Uuid)]
    id: SinkId,
    name: String,
    kind: Kind,
    /// Where entries are sent.
    #[schema(example = "https://siem.example.com/sealtape")]
    url: String,
    /// Acts whose entries it gets; null when it gets all.
    #[schema(required, example = json!(["session.view"]))]
    acts: Option<Vec<String>>,
    /// Whether it also gets what lies beside entries: what is told of persons.
    detail: bool,
    #[schema(value_type = StateName)]
    state: &'static str,
    /// Since when nothing arrives.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    failing_since: Option<Timestamp>,
    /// Entries before this index were handed on, or are none that it gets.
    delivered_size: u64,
    /// Signed entries that wait behind it.
    waiting: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The member who made it.
    #[schema(value_type = Uuid)]
    created_by: MemberId,
    /// When something last arrived.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_delivery_at: Option<Timestamp>,
}

impl From<sinks::SinkView> for WebhookView {
    fn from(sink: sinks::SinkView) -> Self {
        Self {
            id: sink.id,
            name: sink.name,
            kind: sink.kind.into(),
            url: sink.url,
            acts: sink.acts,
            detail: sink.detail,
            state: sink.state.as_str(),
            failing_since: sink.failing_since,
            delivered_size: sink.delivered_size,
            waiting: sink.waiting,
            created_at: sink.created_at,
            created_by: sink.created_by,
            last_delivery_at: sink.last_delivery_at,
        }
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DeliveryState)]
pub(crate) enum Standing {
    /// To be tried, for the first time or again.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// Given up; tests and repetitions only. The log itself is tried for as long as it takes.
    Failed,
}

impl From<Standing> for DeliveryState {
    fn from(state: Standing) -> Self {
        match state {
            Standing::Waiting => Self::Waiting,
            Standing::Delivered => Self::Delivered,
            Standing::Failed => Self::Failed,
        }
    }
}

impl From<DeliveryState> for Standing {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Waiting => Self::Waiting,
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::Failed => Self::Failed,
        }
    }
}

/// A part of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchRange {
    /// Where the batch before ended.
    from: u64,
    /// Behind the last entry that was looked at for it.
    to: u64,
}

/// One batch, or one test.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    /// The receiver sees it as `msg_<id>`.
    #[schema(value_type = Uuid)]
    id: DeliveryId,
    /// `batch` or `test`.
    kind: &'static str,
    batch: BatchRange,
    /// Entries in it; fewer than the batch is long when only some acts are sent.
    entries: u64,
    state: Standing,
    /// How often it was tried since it last began to wait.
    attempts: u32,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    next_at: Option<Timestamp>,
    /// The status of the last answer.
    #[schema(required)]
    last_status: Option<u16>,
    /// Why the last try did not do: `address-refused`, `no-connection`, `no-tls`, `timeout`, `no-answer`, `status` or `gone`.
    #[schema(required)]
    last_problem: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it first arrived.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    delivered_at: Option<Timestamp>,
}

impl From<sinks::DeliveryView> for DeliveryView {
    fn from(delivery: sinks::DeliveryView) -> Self {
        Self {
            id: delivery.id,
            kind: match delivery.kind {
                DeliveryKind::Batch => "batch",
                DeliveryKind::Test => "test",
            },
            batch: BatchRange { from: delivery.from, to: delivery.to },
            entries: delivery.entries,
            state: delivery.state.into(),
            attempts: delivery.attempts,
            next_at: delivery.next_at,
            last_status: delivery.last_status,
            last_problem: delivery.last_problem,
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
    }
}

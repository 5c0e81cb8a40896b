//! What capture agents call. Every answer carries CORS headers and the server's time; see `crate::edge`.

pub(crate) mod config;
pub(crate) mod finish;
pub(crate) mod identify;
pub(crate) mod segment_put;
pub(crate) mod segment_upload;
pub(crate) mod start;
pub(crate) mod tab_open;
pub(crate) mod token_renew;

use app::agent::ClaimedSubject;
use domain::Personal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who the recorded person says to be; at least one identifier. Kept as blind tokens only.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claimed {
    /// The customer's own id of this person.
    #[schema(value_type = Option<String>)]
    user_id: Option<Personal<String>>,
    #[schema(value_type = Option<String>)]
    email: Option<Personal<String>>,
}

impl From<Claimed> for ClaimedSubject {
    fn from(claimed: Claimed) -> Self {
        Self { user_id: claimed.user_id, email: claimed.email }
    }
}

/// A segment is durable: sealed, written, committed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentAck {
    /// Always true; anything less is an error.
    durable: bool,
    /// The policy version under which the session is recorded.
    policy_version: u32,
    /// The number that the tab's next segment must have.
    next: u32,
    /// Whether the agent should send a full snapshot next.
    snapshot: bool,
}

impl From<app::ingest::Ack> for SegmentAck {
    fn from(ack: app::ingest::Ack) -> Self {
        Self { durable: true, policy_version: ack.policy_version, next: ack.next, snapshot: ack.snapshot }
    }
}

//! The kill switch.

pub(crate) mod everything;
pub(crate) mod project;
pub(crate) mod view;

use app::capture::{CaptureStop, Switch};
use domain::{MemberId, Personal, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Nothing is captured.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaptureStop)]
pub(crate) struct StopView {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who stopped it.
    #[schema(value_type = Uuid)]
    by: MemberId,
    /// Whether every project is stopped.
    everywhere: bool,
}

impl From<CaptureStop> for StopView {
    fn from(stop: CaptureStop) -> Self {
        Self { at: stop.at, by: stop.by, everywhere: stop.everywhere }
    }
}

/// The tenant's kill switch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KillSwitch)]
pub(crate) struct SwitchView {
    /// Since when nothing is captured in any project; null while the switch is off. Projects have switches of their own.
    #[schema(value_type = Option<StopView>, required)]
    stopped: Option<StopView>,
}

/// What a kill switch is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KillSwitchChange {
    /// On: nothing is captured any more.
    on: bool,
    /// Why. Whoever switches on says so; it lies beside the entry of the audit log, under the key of who wrote it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Option<Personal<String>>,
}

impl From<KillSwitchChange> for Switch {
    fn from(change: KillSwitchChange) -> Self {
        Self { on: change.on, reason: change.reason }
    }
}

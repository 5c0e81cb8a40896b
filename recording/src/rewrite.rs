//! The second pass over one segment.

use domain::Validation;
use policy::privacy::CaptureRules;
use serde::{Deserialize, Serialize};

use crate::{Bounds, Facts, Findings, Rejection, TabState};

/// Why data is missing. Apart from the last, the agent says so itself in `sealtape/gap@1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// One event was over the agent's limit and was left out.
    EventTooLarge,
    /// The session reached its limit.
    SessionLimit,
    /// The server refused an upload.
    UploadRefused,
    /// The buffer was full while the network was away.
    OfflineOverflow,
    /// The agent shed load.
    Shed,
    /// The person or the page paused recording.
    Paused,
    /// A reason that we do not know.
    Other,
    /// Changes came before the tab's first full snapshot: they cannot be shown.
    NoFullSnapshot,
}

impl GapReason {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventTooLarge => "event-too-large",
            Self::SessionLimit => "session-limit",
            Self::UploadRefused => "upload-refused",
            Self::OfflineOverflow => "offline-overflow",
            Self::Shed => "shed",
            Self::Paused => "paused",
            Self::Other => "other",
            Self::NoFullSnapshot => "no-full-snapshot",
        }
    }

    /// Reads the published name; what is not known is [`GapReason::Other`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        [Self::EventTooLarge, Self::SessionLimit, Self::UploadRefused, Self::OfflineOverflow, Self::Shed, Self::Paused]
            .into_iter()
            .find(|reason| reason.as_str() == name)
            .unwrap_or(Self::Other)
    }
}

/// A stretch of time for which data is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// First missing millisecond since the epoch.
    pub from_ms: i64,
    /// Last missing millisecond since the epoch.
    pub to_ms: i64,
    /// Why.
    pub reason: GapReason,
    /// What the agent adds, redacted.
    pub detail: Option<String>,
}

/// A segment in the form that is sealed and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// Redacted events, one a line, each line ended by `\n`. Empty when every event was dropped.
    pub ndjson: Vec<u8>,
    /// Lines in it.
    pub events: u32,
    /// Time of the earliest event, milliseconds since the epoch.
    pub first_ms: i64,
    /// Time of the latest event.
    pub last_ms: i64,
    /// Whether a full snapshot is among them.
    pub full_snapshot: bool,
    /// Whether the agent should take a full snapshot.
    pub want_snapshot: bool,
    /// What the segment tells about the session.
    pub facts: Facts,
    /// What the second pass changed.
    pub findings: Findings,
    /// Missing stretches.
    pub gaps: Vec<Gap>,
    /// The structure check's result for this segment.
    pub validation: Validation,
}

/// Validates and redacts one segment of one tab: NDJSON or one JSON array of rrweb events.
///
/// `arrived_ms` is the server's time when it came: nothing in it is later than that, within the bounds' tolerance. Segments
/// of a tab must be passed in order. On an error `state` is as it was.
///
/// # Errors
/// A [`Rejection`] whose pointer names the place; `StatusClass::Quarantine` is our own failure.
pub fn rewrite(
    body: &[u8],
    arrived_ms: i64,
    state: &mut TabState,
    rules: &CaptureRules,
    bounds: &Bounds,
) -> Result<Rewritten, Rejection> {
    crate::event::segment(body, arrived_ms, state, rules, bounds)
}

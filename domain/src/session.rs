//! States of a recording.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a session stands in its life.
///
/// A closed session still takes late segments until 72 h after its start; each such batch is sealed into a new manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionState {
    /// Segments are arriving; there is no manifest.
    Live,
    /// A manifest covers every segment committed when it was written.
    Closed,
    /// Content and keys are gone; ids and times remain and refuse late segments.
    Erased,
}

impl SessionState {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Closed => "closed",
            Self::Erased => "erased",
        }
    }
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SessionState {
    type Err = UnknownName;
    fn from_str(s: &str) -> Result<Self, UnknownName> {
        [Self::Live, Self::Closed, Self::Erased].into_iter().find(|state| state.as_str() == s).ok_or(UnknownName)
    }
}

/// What the structure check found in a session's stream, worst first wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// Nothing to say.
    Valid,
    /// Something was put right on the way in (an unknown node masked, a time clamped).
    Repaired,
    /// Data is missing and the gap says why.
    Gaps,
    /// A stored part cannot be read.
    Corrupt,
}

impl Validation {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Repaired => "repaired",
            Self::Gaps => "gaps",
            Self::Corrupt => "corrupt",
        }
    }
}

impl FromStr for Validation {
    type Err = UnknownName;
    fn from_str(s: &str) -> Result<Self, UnknownName> {
        [Self::Valid, Self::Repaired, Self::Gaps, Self::Corrupt]
            .into_iter()
            .find(|v| v.as_str() == s)
            .ok_or(UnknownName)
    }
}

/// Why the finisher closed or re-sealed a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// The agent said so and 60 s passed without another segment.
    Finished,
    /// Nothing came for 30 minutes.
    Idle,
    /// The session reached its length limit.
    Length,
    /// Segments came after the last manifest.
    Late,
}

impl CloseReason {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Idle => "idle",
            Self::Length => "length",
            Self::Late => "late",
        }
    }
}

/// How closely a recording is kept. A session takes its project's when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// Roles that watch sessions open it.
    #[default]
    Normal,
    /// Opened only with `session.view-restricted`, or a grant.
    Restricted,
}

impl Sensitivity {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Sensitivity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Sensitivity {
    type Err = UnknownName;
    fn from_str(s: &str) -> Result<Self, UnknownName> {
        [Self::Normal, Self::Restricted].into_iter().find(|known| known.as_str() == s).ok_or(UnknownName)
    }
}

/// The text names no known value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown name")]
pub struct UnknownName;

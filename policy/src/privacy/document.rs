//! The policy document and the default one.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Detectors, FieldAction, UrlQuery};
use crate::canonical::canonical_json;

/// The form of document that this code reads and writes.
pub const API_VERSION: &str = "sealtape.dev/v1";

/// Version of the default policy: the first version of every project.
pub const DEFAULT_VERSION: u32 = 1;

/// Starting points that a project can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Page text is kept except for what floor and detectors take.
    Standard,
    /// All text is masked.
    Strict,
}

/// Which streams are captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capture {
    /// Method, URL, status, sizes and times of requests.
    pub network_metadata: bool,
    /// Bodies of requests and answers.
    pub network_bodies: FieldAction,
    /// Headers, storage and application state.
    pub state: FieldAction,
    /// Content of `<canvas>`.
    pub canvas: bool,
    /// Documents inside frames of other origins.
    pub cross_origin_frames: bool,
}

/// What is hidden beyond the floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redaction {
    /// What people type and choose.
    pub inputs: FieldAction,
    /// Queries and fragments of page, link, referrer and request URLs.
    pub url_query: UrlQuery,
    /// Detectors that read text, attributes and console strings.
    pub detectors: Detectors,
}

/// How many sessions are recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sampling {
    /// Sessions in 10 000 that are recorded.
    pub sessions_per_10000: u32,
}

/// How long recordings are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retention {
    /// Days after the start of a session until it is deleted.
    pub delete_after_days: u32,
}

/// What a visitor's own signals do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptOut {
    /// Global Privacy Control: `true` = nothing is recorded.
    pub gpc_no_record: bool,
}

/// One immutable version of a project's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyDocument {
    /// Always [`API_VERSION`].
    pub api_version: String,
    /// Counts up within a project.
    pub version: u32,
    /// The starting point it was made from.
    pub preset: Preset,
    /// Streams.
    pub capture: Capture,
    /// Hiding.
    pub redaction: Redaction,
    /// Share of sessions.
    pub sampling: Sampling,
    /// Keeping.
    pub retention: Retention,
    /// Opting out.
    pub opt_out: OptOut,
}

impl PolicyDocument {
    /// The default policy: preset *standard*, version 1.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            version: DEFAULT_VERSION,
            preset: Preset::Standard,
            capture: Capture {
                network_metadata: true,
                network_bodies: FieldAction::Drop,
                state: FieldAction::Drop,
                canvas: false,
                cross_origin_frames: false,
            },
            redaction: Redaction {
                inputs: FieldAction::Mask,
                url_query: UrlQuery::Names,
                detectors: Detectors { email: true, iban: true },
            },
            sampling: Sampling { sessions_per_10000: 10_000 },
            retention: Retention { delete_after_days: 30 },
            opt_out: OptOut { gpc_no_record: true },
        }
    }

    /// The document with sorted names and no white space: the bytes that [`PolicyDocument::hash`] covers.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical_json(self)
    }

    /// SHA-256 of [`PolicyDocument::canonical_json`].
    #[must_use]
    pub fn hash(&self) -> PolicyHash {
        PolicyHash(Sha256::digest(self.canonical_json()).into())
    }
}

/// Names one version of a policy by its content. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyHash([u8; 32]);

impl PolicyHash {
    /// The 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyHash({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_what_version_1_says() {
        insta::assert_snapshot!(format!(
            "{}\n{}",
            PolicyDocument::standard().canonical_json(),
            PolicyDocument::standard().hash()
        ));
    }

    #[test]
    fn documents_round_trip_and_refuse_unknown_fields() {
        let json = PolicyDocument::standard().canonical_json();
        assert_eq!(serde_json::from_str::<PolicyDocument>(&json).expect("reads"), PolicyDocument::standard());
        let more = json.replacen('{', "{\"loosen\":true,", 1);
        assert!(serde_json::from_str::<PolicyDocument>(&more).is_err());
    }

    #[test]
    fn any_change_gives_another_hash() {
        let mut other = PolicyDocument::standard();
        other.capture.canvas = true;
        assert_ne!(other.hash(), PolicyDocument::standard().hash());
    }
}

//! The capture config: what an agent captures by, for one project and one day.

use domain::{ProjectId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jws::{self, JwsError, PublicKey};

/// Its type in the header.
pub const TYPE: &str = "sealtape-config+jwt";
/// How far an agent's clock may be off, in seconds.
pub const SKEW: u64 = 5 * 60;

/// What a signed capture config says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptureBundle {
    /// Whose project it is.
    pub tenant: TenantId,
    /// Which project it is for; an agent of another one refuses it.
    pub project: ProjectId,
    /// Counts up: an agent never goes back to a smaller one.
    pub version: u64,
    /// SHA-256 of the canonical policy that it was compiled from, in hexadecimal.
    pub policy_hash: String,
    /// Seconds after 1970.
    pub issued_at: u64,
    /// Seconds after 1970, exclusive.
    pub expires_at: u64,
    /// What to capture, and how: compiled by `policy::privacy`, read by the agent.
    #[serde(flatten)]
    pub rules: Map<String, Value>,
}

/// Why a config is not to be obeyed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is not believed.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// For somebody else.
    #[error("it is for the project {0}")]
    Project(ProjectId),
    /// Too late.
    #[error("it ended {0} seconds before that time")]
    Expired(u64),
    /// Too early: the reader's clock is wrong, or the issuer's.
    #[error("it begins {0} seconds after that time")]
    NotYet(u64),
}

impl CaptureBundle {
    /// Checks a signed config: its signature, its project and that it is in force at `at`, as an agent does.
    ///
    /// # Errors
    /// [`ConfigError`]: an agent records nothing by it.
    pub fn check(
        document: &str,
        keys: &[PublicKey],
        project: Option<ProjectId>,
        at: Timestamp,
    ) -> Result<Self, ConfigError> {
        let bundle: Self = jws::open(document, TYPE, keys)?;
        if project.is_some_and(|project| project != bundle.project) {
            return Err(ConfigError::Project(bundle.project));
        }
        let now = u64::try_from(at.as_millis() / 1_000).unwrap_or(0);
        if now >= bundle.expires_at.saturating_add(SKEW) {
            return Err(ConfigError::Expired(now - bundle.expires_at));
        }
        if bundle.issued_at > now.saturating_add(SKEW) {
            return Err(ConfigError::NotYet(bundle.issued_at - now));
        }
        Ok(bundle)
    }
}

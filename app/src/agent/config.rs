//! The capture config of a project, signed.
//!
//! **Design.** A config is a function of the policy and of a half-day: it is issued at the half-day's beginning, good for a whole
//! day and signed by a deterministic scheme. So every process gives the same bytes under the same tag without asking another,
//! an agent that renews at half its life always gets a newer one, and what is shared is signed once. Half-days of projects begin
//! at different times, so that not everybody renews at once.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ProjectId, TenantId, Timestamp};
use policy::{
    access::{Actor, Permit, can},
    privacy::{CaptureConfig, Effective},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::AgentSessions;
use crate::{
    AppError, capture, forbidden,
    keys::{DeploymentKeys, Purpose},
};

/// How long a config is handed out, in seconds.
const ISSUED_EVERY: i64 = 12 * 3_600;
/// How long it is good from its issue, in seconds.
const GOOD_FOR: i64 = 2 * ISSUED_EVERY;
/// Most projects whose configs are kept.
const KEPT: u64 = 20_000;

/// A signed config, as agents get it.
#[derive(Debug, PartialEq, Eq)]
pub struct SignedConfig {
    /// The compact JWS.
    pub document: String,
    /// Names exactly these bytes: SHA-256 in base64url.
    pub etag: String,
    issued_at: i64,
}

/// A project's config in clear, with what an outsider needs to check the signed one.
#[derive(Debug)]
pub struct ConfigView {
    /// What agents are told.
    pub config: CaptureConfig,
    /// The signed form.
    pub signed: Arc<SignedConfig>,
    /// Until when that is good.
    pub expires_at: Timestamp,
}

/// The payload: what [`signed::config::CaptureBundle`] reads.
#[derive(Serialize)]
struct Payload<'a> {
    tenant: TenantId,
    project: ProjectId,
    issued_at: i64,
    expires_at: i64,
    #[serde(flatten)]
    config: &'a CaptureConfig,
}

/// Configs that were signed.
pub(super) struct Configs {
    standard: CaptureConfig,
    signed: moka::sync::Cache<ProjectId, Arc<SignedConfig>>,
}

impl Configs {
    pub(super) fn new() -> Self {
        Self { standard: CaptureConfig::of(&Effective::standard()), signed: moka::sync::Cache::new(KEPT) }
    }

    fn signed(
        &self,
        keys: &DeploymentKeys,
        (tenant, project): (TenantId, ProjectId),
        now: Timestamp,
    ) -> Result<Arc<SignedConfig>, AppError> {
        let issued_at = issued(project, now.as_secs());
        if let Some(kept) = self.signed.get(&project).filter(|kept| kept.issued_at == issued_at) {
            return Ok(kept);
        }
        let expires_at = issued_at.saturating_add(GOOD_FOR);
        let payload = Payload { tenant, project, issued_at, expires_at, config: &self.standard };
        let document = keys.tokens.sign_document(Purpose::Config, &payload)?;
        let etag = URL_SAFE_NO_PAD.encode(Sha256::digest(&document));
        let made = Arc::new(SignedConfig { document, etag, issued_at });
        self.signed.insert(project, Arc::clone(&made));
        Ok(made)
    }
}

/// When the half-day of `now` began for this project.
fn issued(project: ProjectId, now: i64) -> i64 {
    // The end of an id is random.
    let [.., a, b, c, d] = *project.uuid().as_bytes();
    let begins = i64::from(u32::from_be_bytes([a, b, c, d])) % ISSUED_EVERY;
    now.saturating_sub((now.saturating_sub(begins)).rem_euclid(ISSUED_EVERY))
}

impl AgentSessions {
    /// What the agent is to capture by.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] `not-recorded` while capture is stopped, [`AppError::Unavailable`] without the key.
    pub async fn config(&self, permit: &Permit<can::SessionRecord>) -> Result<Arc<SignedConfig>, AppError> {
        let Actor::Agent { project, .. } = *permit.actor() else { return Err(forbidden()) };
        let parts = &self.parts;
        if parts.store.tenant_read(permit.tenant()).await?.capture_is_stopped(project).await? {
            return Err(capture::NOT_RECORDED);
        }
        parts.configs.signed(&parts.deployment, (permit.tenant(), project), parts.clock.now())
    }

    /// What agents of a project are told, for its members; also while capture is stopped.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn config_view(
        &self,
        permit: &Permit<can::ProjectList>,
        project: ProjectId,
    ) -> Result<ConfigView, AppError> {
        let parts = &self.parts;
        let read = parts.store.tenant_read(permit.tenant()).await?;
        let found = read.project_find(project).await?.filter(|row| permit.reaches(row.id));
        drop(read);
        found.ok_or(AppError::NotFound { kind: "project" })?;
        let signed = parts.configs.signed(&parts.deployment, (permit.tenant(), project), parts.clock.now())?;
        let expires_at = Timestamp::from_millis(signed.issued_at.saturating_add(GOOD_FOR).saturating_mul(1_000));
        Ok(ConfigView { config: parts.configs.standard.clone(), signed, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Whatever the time, a config is at most half a day old and good for half a day at least.
    #[test]
    fn half_days_follow_each_other_and_begin_at_different_times() {
        let id = |n: u128| ProjectId::from_uuid(Uuid::from_u128(n));
        for now in [0, 1, 1_790_000_000, 1_790_043_199, i64::from(u32::MAX)] {
            for project in [id(0), id(1), id(43_199), id(43_200), id(u128::MAX)] {
                let at = issued(project, now);
                assert!((0..ISSUED_EVERY).contains(&(now - at)), "{project} {now} {at}");
                assert_eq!(issued(project, at), at);
                assert_eq!(issued(project, at - 1), at - ISSUED_EVERY);
            }
        }
        assert_ne!(issued(id(1), 1_790_000_000), issued(id(2), 1_790_000_000));
    }
}

//! Removing what has no use any more.
//!
//! **How to add one more thing.** A step in [`Tidy::tenant`] with a bound on its rows, and a number in [`Tidied`].

use std::{sync::Arc, time::Duration};

use domain::{Clock, TenantId};
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::{
    AppError,
    auth::{PASSWORD_RESET, REFRESH},
    factors::forget_challenge,
    jobs::{JobKind, Payload, Report},
    once::REMEMBERED,
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: u64 = 24 * 3_600;
/// An ended sign-in's refresh hashes are found for so long, so that a late thief is still told apart from a stranger.
const HASHES: Duration = HOUR;
/// Runs of no interest are shown for so long.
const QUIET_RUNS: Duration = HOUR;
/// Other runs.
const RUNS: Duration = Duration::from_secs(30 * DAY);
/// Notices that were read.
const READ_NOTICES: Duration = Duration::from_secs(90 * DAY);
/// All notices.
const NOTICES: Duration = Duration::from_secs(365 * DAY);
/// Letters in the console's outbox.
const KEPT_MAIL: Duration = Duration::from_secs(7 * DAY);
/// What is left of letters that were sent or given up.
const MAIL: Duration = Duration::from_secs(30 * DAY);
/// Exports of the audit log that can be downloaded no longer; that there was one is in the log.
const OVER_EXPORTS: Duration = Duration::from_secs(30 * DAY);
/// Rows of one transaction.
const AT_ONCE: u64 = 500;
/// Transactions for jobs, of which there are most: a schedule leaves hundreds an hour.
const ROUNDS: usize = 20;

/// The job that tidies one tenant.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TidyTenant {}

impl Payload for TidyTenant {
    const KIND: JobKind = JobKind::new("tidy");
}

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tidied {
    /// Refresh hashes of ended sign-ins.
    pub refresh_hashes: u64,
    /// Finished jobs.
    pub jobs: u64,
    /// Notices.
    pub notices: u64,
    /// Letters.
    pub mails: u64,
    /// Keys of creating requests.
    pub once: u64,
    /// Links for a new password whose time is over.
    pub password_resets: u64,
    /// Challenges for a second factor whose time is over.
    pub challenges: u64,
    /// Exports of the audit log whose time is over.
    pub audit_exports: u64,
}

impl Report for Tidied {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

/// Use cases of tidying.
#[derive(Clone)]
pub struct Tidy {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Tidy {
    /// Tidies one tenant: at most a bounded number of rows; the next turn takes the rest.
    ///
    /// # Errors
    /// When the store does not answer; what was removed stays removed.
    pub async fn tenant(&self, permit: &Permit<can::Tidy>) -> Result<Tidied, AppError> {
        let (tenant, now) = (permit.tenant(), self.clock.now());
        let mut tidied = Tidied { refresh_hashes: self.refresh_hashes(tenant).await?, ..Tidied::default() };
        for _ in 0..ROUNDS {
            let tx = self.store.tenant(tenant).await?;
            let pruned = tx.job_run_prune(now.minus(QUIET_RUNS), now.minus(RUNS), AT_ONCE).await?;
            tx.commit().await?;
            tidied.jobs += pruned;
            if pruned < AT_ONCE {
                break;
            }
        }
        let tx = self.store.tenant(tenant).await?;
        tidied.notices = tx.notice_prune(now.minus(READ_NOTICES), now.minus(NOTICES), AT_ONCE).await?;
        tidied.mails = tx.mail_prune(now.minus(KEPT_MAIL), now.minus(MAIL), AT_ONCE).await?;
        tidied.once = tx.once_prune(now.minus(REMEMBERED), AT_ONCE).await?;
        tidied.audit_exports = tx.audit_export_prune(now.minus(OVER_EXPORTS), AT_ONCE).await?;
        for over in tx.password_reset_over(now, AT_ONCE).await? {
            tx.credential_forget(PASSWORD_RESET, over.uuid()).await?;
            tidied.password_resets += u64::from(tx.password_reset_remove(over).await?);
        }
        for over in tx.challenge_over(None, now, AT_ONCE).await? {
            tidied.challenges += u64::from(forget_challenge(&tx, &over).await?);
        }
        tx.commit().await?;
        Ok(tidied)
    }

    async fn refresh_hashes(&self, tenant: TenantId) -> Result<u64, AppError> {
        let now = self.clock.now();
        let logins = self.store.tenant_read(tenant).await?.login_untidied(now.minus(HASHES), AT_ONCE).await?;
        if logins.is_empty() {
            return Ok(0);
        }
        let tx = self.store.tenant(tenant).await?;
        let mut forgotten = 0;
        for login in logins {
            if tx.login_tidied(login, now).await? {
                forgotten += tx.credential_forget(REFRESH, login.uuid()).await?;
            }
        }
        tx.commit().await?;
        Ok(forgotten)
    }
}

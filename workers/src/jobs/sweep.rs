//! Looks through the tenants and adds a job to each that needs it.

use app::jobs::{JobKind, Payload, Report};
use domain::TenantId;
use serde::{Deserialize, Serialize};

use crate::{Job, JobCx, JobError, Outcome, catalogue::Entry};

/// Which job to add, and at which tick of its schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepTenants {
    pub(crate) of: String,
    pub(crate) tick: i64,
}

impl Payload for SweepTenants {
    const KIND: JobKind = JobKind::new("sweep");
}

/// What a sweep found.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Swept {
    /// Tenants that were looked at.
    tenants: u64,
    /// Jobs that were added; where one was unfinished, none is.
    added: u64,
    /// Tenants that could not be looked at.
    failed: u64,
}

impl Report for Swept {
    fn is_quiet(&self) -> bool {
        self.added == 0 && self.failed == 0
    }
}

impl Job for SweepTenants {
    type Report = Swept;
    // The next tick does the same.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<Swept>, JobError> {
        let mut swept = Swept::default();
        // A schedule of a newer version: its processes sweep.
        let Some(entry) = cx.catalogue.get(&self.of) else { return Ok(Outcome::Report(swept)) };
        if entry.deployment_too {
            add(cx, entry, TenantId::DEPLOYMENT, &mut swept).await;
        }
        for tenant in cx.app().tenants().list().await? {
            if cx.is_stopping() {
                break;
            }
            add(cx, entry, tenant.id, &mut swept).await;
        }
        Ok(Outcome::Report(swept))
    }
}

/// One tenant's failure must not keep the others waiting.
async fn add(cx: &JobCx, entry: &Entry, tenant: TenantId, swept: &mut Swept) {
    let Some(spread) = &entry.spread else { return };
    swept.tenants += 1;
    match spread(cx.app(), tenant).await {
        Ok(added) => swept.added += u64::from(added),
        Err(error) => {
            swept.failed += 1;
            tracing::error!(tenant.id = %tenant, job.kind = %entry.kind, error = ?error, "a tenant could not be swept");
        }
    }
}

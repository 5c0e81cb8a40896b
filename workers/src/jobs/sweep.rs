//! Looks through the tenants and adds a job to each that needs it.

use app::{
    AppError,
    jobs::{JobKind, Payload, Report},
};
use domain::TenantId;
use serde::{Deserialize, Serialize};

use crate::{Job, JobCx, JobError, Outcome, catalogue::Entry};

/// Which job to add, and at which tick of its schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepTenants {
    pub(crate) of: String,
    pub(crate) tick: i64,
    /// The next tick is far away. While this one's run is kept nobody sweeps it again, so it is kept as long as any.
    pub(crate) rare: bool,
}

/// The slot of one tick of a schedule.
pub(crate) fn slot(of: &str, tick: i64) -> String {
    format!("{of}/{tick}")
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
    /// A later sweep of the same schedule waited already, and does the same.
    overtaken: bool,
    #[serde(skip)]
    rare: bool,
}

impl Report for Swept {
    fn is_quiet(&self) -> bool {
        self.added == 0 && !self.rare
    }
}

impl Job for SweepTenants {
    type Report = Swept;

    async fn run(self, cx: &JobCx) -> Result<Outcome<Swept>, JobError> {
        let mut swept = Swept { rare: self.rare, ..Swept::default() };
        // A schedule of a newer version: its processes sweep.
        let Some(entry) = cx.catalogue.get(&self.of) else { return Ok(Outcome::Report(swept)) };
        // Sweeps that take longer than their schedule's period must not pile up.
        if cx.app().jobs().overtaken(cx.held(), &slot(&self.of, self.tick + 1)).await? {
            return Ok(Outcome::Report(Swept { overtaken: true, ..swept }));
        }
        let mut failed = None;
        let tenants = cx.app().tenants().list().await?.into_iter().map(|tenant| tenant.id);
        for tenant in entry.deployment_too.then_some(TenantId::DEPLOYMENT).into_iter().chain(tenants) {
            if cx.is_stopping() {
                return Ok(Outcome::Unfinished);
            }
            // One tenant's failure must not keep the others waiting.
            match add(cx, entry, tenant).await {
                Ok(added) => swept.added += u64::from(added),
                Err(error) => {
                    tracing::error!(tenant.id = %tenant, job.kind = %entry.kind, error = ?error, "a tenant could not be swept");
                    failed = Some(error);
                }
            }
            swept.tenants += 1;
        }
        // Those that have their job already are not given another one.
        failed.map_or(Ok(Outcome::Report(swept)), |error| Err(JobError::Retry(error)))
    }
}

async fn add(cx: &JobCx, entry: &Entry, tenant: TenantId) -> Result<bool, AppError> {
    match &entry.spread {
        Some(spread) => spread(cx.app(), tenant).await,
        None => Ok(false),
    }
}

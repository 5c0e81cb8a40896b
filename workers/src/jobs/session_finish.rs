//! Closes a tenant's sessions that are due, seals them, and puts live chains on record.

use app::{
    App, AppError,
    finisher::{FinishSessions, FinisherReport},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for FinishSessions {
    type Report = FinisherReport;
    // The next tick adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<FinisherReport>, JobError> {
        let permit = cx.permit::<can::SessionSeal>()?;
        let report = cx.app().finisher().tenant(&permit).await?;
        let FinisherReport { closed, resealed, progressed, postponed, failed } = report;
        for (outcome, count) in [
            ("closed", closed),
            ("resealed", resealed),
            ("progressed", progressed),
            ("postponed", postponed),
            ("failed", failed),
        ] {
            metrics::counter!("sealtape_finisher_sessions_total", "outcome" => outcome).increment(count);
        }
        Ok(Outcome::Report(report))
    }
}

impl Sweep for FinishSessions {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.finisher().wanted(tenant).await
    }
}

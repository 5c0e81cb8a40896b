//! Tells people when a tenant's audit log is behind or refused.

use app::{
    App, AppError,
    ledger::{WatchLedger, WatchLedgerReport},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for WatchLedger {
    type Report = WatchLedgerReport;
    // The next minute adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<WatchLedgerReport>, JobError> {
        let permit = cx.permit::<can::LedgerWatch>()?;
        Ok(Outcome::Report(cx.app().ledger().watch(&permit, cx.app().notices()).await?))
    }
}

impl Sweep for WatchLedger {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.ledger().watch_wanted(tenant).await
    }
}

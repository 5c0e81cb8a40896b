//! Ends a tenant's proposals whose time is over, and carries out those of solo mode whose day is.

use app::{
    App, AppError,
    proposals::{SettleProposals, SettleReport},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for SettleProposals {
    type Report = SettleReport;
    // The next tick adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<SettleReport>, JobError> {
        let permit = cx.permit::<can::ProposalExpire>()?;
        Ok(Outcome::Report(cx.app().proposals().settle(&permit).await?))
    }
}

impl Sweep for SettleProposals {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.proposals().settle_wanted(tenant).await
    }
}

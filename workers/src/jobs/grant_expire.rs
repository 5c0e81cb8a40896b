//! Writes down that requests and grants are over.

use app::{
    App, AppError,
    grants::{ExpireGrants, ExpireReport},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for ExpireGrants {
    type Report = ExpireReport;
    // The next minute adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<ExpireReport>, JobError> {
        let permit = cx.permit::<can::GrantExpire>()?;
        Ok(Outcome::Report(cx.app().grants().expire(&permit).await?))
    }
}

impl Sweep for ExpireGrants {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.grants().any_live(tenant).await
    }
}

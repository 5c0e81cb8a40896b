//! Reminds a tenant's reviewers of broken glass that waits for its review.

use app::{
    App, AppError,
    grants::{RemindReport, RemindReviews},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for RemindReviews {
    type Report = RemindReport;
    // The next tick adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<RemindReport>, JobError> {
        let permit = cx.permit::<can::ReviewRemind>()?;
        Ok(Outcome::Report(cx.app().grants().remind(&permit).await?))
    }
}

impl Sweep for RemindReviews {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.grants().remind_wanted(tenant).await
    }
}

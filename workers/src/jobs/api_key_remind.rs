//! Tells a tenant's members of their API keys that end soon.

use app::{
    App, AppError,
    api_keys::{RemindKeys, RemindKeysReport},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for RemindKeys {
    type Report = RemindKeysReport;
    // The next hour adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<RemindKeysReport>, JobError> {
        let permit = cx.permit::<can::ApiKeyRemind>()?;
        Ok(Outcome::Report(cx.app().api_keys().remind(&permit).await?))
    }
}

impl Sweep for RemindKeys {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.api_keys().remind_wanted(tenant).await
    }
}

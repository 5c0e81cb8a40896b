//! Hands a tenant's audit log on to its webhooks and syslog receivers.

use app::{
    App, AppError,
    sinks::{DeliverLog, LogDelivered},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for DeliverLog {
    type Report = LogDelivered;
    // The next tick adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<LogDelivered>, JobError> {
        let permit = cx.permit::<can::WebhookDeliver>()?;
        Ok(Outcome::Report(cx.app().sinks().deliver(&permit).await?))
    }
}

impl Sweep for DeliverLog {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.sinks().wanted(tenant).await
    }
}

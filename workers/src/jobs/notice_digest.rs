//! Writes the day's digest to each member who has unread notices for one.

use app::{
    App, AppError,
    notices::{DigestNotices, NoticesMailed},
};
use domain::TenantId;
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for DigestNotices {
    type Report = NoticesMailed;

    async fn run(self, cx: &JobCx) -> Result<Outcome<NoticesMailed>, JobError> {
        let permit = cx.permit::<can::MailSend>()?;
        Ok(Outcome::Report(cx.app().notices().digest(&permit).await?))
    }
}

impl Sweep for DigestNotices {
    async fn wanted(app: &App, tenant: TenantId) -> Result<bool, AppError> {
        app.notices().digest_wanted(tenant).await
    }
}

//! Writes letters about notices that are mailed at once.

use app::notices::{MailNotices, NoticesMailed};
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome};

impl Job for MailNotices {
    type Report = NoticesMailed;

    async fn run(self, cx: &JobCx) -> Result<Outcome<NoticesMailed>, JobError> {
        let permit = cx.permit::<can::MailSend>()?;
        Ok(Outcome::Report(cx.app().notices().mail_due(&permit).await?))
    }
}

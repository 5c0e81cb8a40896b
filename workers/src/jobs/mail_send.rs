//! Sends one letter.

use std::time::Duration;

use app::{
    AppError,
    jobs::Reason,
    mail::{LetterSent, SendLetter},
};
use policy::access::can;

use crate::{Backoff, Job, JobCx, JobError, Outcome};

impl Job for SendLetter {
    type Report = LetterSent;
    // With these pauses a mail server may be away for half a day.
    const ATTEMPTS: u32 = 20;
    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(15), longest: Duration::from_secs(3_600) };

    async fn run(self, cx: &JobCx) -> Result<Outcome<LetterSent>, JobError> {
        let permit = cx.permit::<can::MailSend>()?;
        cx.app().post().send(&permit, cx.held(), self.mail).await?;
        Ok(Outcome::Recorded)
    }

    async fn given_up(self, cx: &JobCx, reason: Reason) -> Result<(), AppError> {
        cx.app().post().give_up(&cx.permit::<can::MailSend>()?, self.mail, reason).await
    }
}

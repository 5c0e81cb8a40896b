//! Sending one letter.

use domain::{MailId, Personal};
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};
use store::{MailRow, MailState, MemberState};
use url::Url;
use vault::seal;

use super::{Inside, LetterKind, Post, smtp::Undelivered, text};
use crate::{
    AppError,
    auth::member_context,
    columns,
    jobs::{Held, JobKind, Payload, Reason, Report},
    keys::open_error,
    settings::Locale,
};

/// The job that sends one letter.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendLetter {
    /// Which.
    pub mail: MailId,
}

impl Payload for SendLetter {
    const KIND: JobKind = JobKind::new("mail-send");
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LetterSent {
    /// Which.
    pub mail: MailId,
    /// `sent`, `kept` or `failed`; `gone` when it was settled before.
    pub outcome: &'static str,
}

impl Report for LetterSent {
    fn is_quiet(&self) -> bool {
        false
    }
}

/// A letter as it is read.
pub(super) struct Written {
    pub(super) kind: LetterKind,
    pub(super) to: Personal<String>,
    pub(super) link: Url,
    pub(super) locale: Locale,
}

/// What the letter would be about is gone: nobody is to be written to any more.
const NO_RECIPIENT: AppError = AppError::Gone { code: "mail-no-recipient", detail: "there is nobody to write to" };
const REFUSED: AppError =
    AppError::Gone { code: "mail-refused", detail: "the mail server refused the letter for good" };
const NOT_NOW: AppError = AppError::Unavailable {
    retry_after: std::time::Duration::from_secs(30),
    detail: "the mail server does not take the letter now",
};

impl Post {
    /// Sends a letter, or keeps it for the outbox when there is no mail server, and ends `held` with the note of it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when trying again may help, [`AppError::Gone`] when it cannot. The letter waits until
    /// somebody gives it up ([`Post::give_up`]).
    pub async fn send(&self, permit: &Permit<can::MailSend>, held: &Held, mail: MailId) -> Result<(), AppError> {
        let row = self.store.tenant_read(permit.tenant()).await?.mail_find(mail).await?;
        let Some(row) = row.filter(|row| row.state == MailState::Queued) else {
            return self.settled(held, mail).await;
        };
        let outcome = self.deliver(&row).await?;
        self.settle(held, mail, outcome).await?;
        if outcome == MailState::Kept {
            tracing::info!(mail.id = %mail, mail.kind = %row.kind, "a letter is kept in the console's outbox: there is no mail server");
        }
        metrics::counter!("sealtape_mails_total", "outcome" => outcome.as_str()).increment(1);
        Ok(())
    }

    async fn deliver(&self, row: &MailRow) -> Result<MailState, AppError> {
        let Some(smtp) = &self.smtp else { return Ok(MailState::Kept) };
        let letter = self.open(row).await?.ok_or(NO_RECIPIENT)?;
        match smtp.send(row.id, &letter, self.clock.now()).await {
            Ok(()) => Ok(MailState::Sent),
            Err(Undelivered::Later(code)) => {
                tracing::warn!(mail.id = %row.id, code, "the mail server does not take a letter now");
                Err(NOT_NOW)
            }
            Err(Undelivered::Never(code)) => {
                tracing::warn!(mail.id = %row.id, code, "the mail server refused a letter for good");
                Err(REFUSED)
            }
        }
    }

    /// Nobody will try to send the letter again: it has failed, and its address and link are forgotten.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn give_up(&self, permit: &Permit<can::MailSend>, mail: MailId, why: Reason) -> Result<(), AppError> {
        let tx = self.store.tenant(permit.tenant()).await?;
        if tx.mail_settle(mail, MailState::Failed, Some(why.code()), self.clock.now()).await? {
            tx.commit().await?;
            metrics::counter!("sealtape_mails_total", "outcome" => "failed").increment(1);
        }
        Ok(())
    }

    async fn settle(&self, held: &Held, mail: MailId, to: MailState) -> Result<(), AppError> {
        let tx = self.store.tenant(held.tenant()).await?;
        tx.mail_settle(mail, to, None, self.clock.now()).await?;
        self.jobs.complete_in(&tx, held, &LetterSent { mail, outcome: to.as_str() }).await?;
        Ok(tx.commit().await?)
    }

    async fn settled(&self, held: &Held, mail: MailId) -> Result<(), AppError> {
        let tx = self.store.tenant(held.tenant()).await?;
        self.jobs.complete_in(&tx, held, &LetterSent { mail, outcome: "gone" }).await?;
        Ok(tx.commit().await?)
    }

    /// Opens a letter; `None` when its member may not sign in any more.
    pub(super) async fn open(&self, row: &MailRow) -> Result<Option<Written>, AppError> {
        let Some(kind) = LetterKind::of(row) else {
            return Err(AppError::internal("a stored letter is of a kind that this version does not know"));
        };
        let tenant = row.tenant_id;
        if let Some(member) = row.member_id {
            let read = self.store.tenant_read(tenant).await?;
            let Some(found) = read.member_find(member).await?.filter(|row| row.state == MemberState::Active) else {
                return Ok(None);
            };
            let locale = self.locale_for(&read, Some(member)).await?;
            drop(read);
            let key = self.keys.person(tenant, found.person_key_id).await?;
            let context = member_context(columns::MEMBER_EMAIL, tenant, found.person_key_id);
            let address = seal::open(&key, &context, &found.email_sealed).map_err(open_error)?.plaintext;
            return Ok(Some(Written {
                kind,
                to: Personal::new(String::from_utf8(address).map_err(AppError::internal)?),
                link: self.inbox(),
                locale,
            }));
        }
        let (Some(person), Some(sealed)) = (row.person_key_id, &row.sealed) else { return Ok(None) };
        let key = self.keys.person(tenant, person).await?;
        let inside: Inside = columns::open(&key, &member_context(columns::LETTER, tenant, person), sealed)?;
        if inside.id != row.id {
            tracing::error!(mail.id = %row.id, "a letter's address belongs to another letter");
            return Err(AppError::KEY_MISSING);
        }
        let link = inside.link.map_or_else(|| self.inbox(), Personal::into_inner);
        Ok(Some(Written { kind, to: inside.to, link, locale: inside.locale }))
    }

    /// The console's page of notices.
    fn inbox(&self) -> Url {
        let mut inbox = self.console.clone();
        inbox.set_path("/notices");
        inbox
    }
}

impl Written {
    pub(super) fn subject(&self) -> &'static str {
        text::subject(self.kind, self.locale)
    }

    pub(super) fn body(&self) -> String {
        text::body(self.kind, self.locale, &self.link)
    }
}

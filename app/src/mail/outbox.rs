//! The console's outbox: letters of a deployment that has no mail server.

use domain::{MailId, Personal, Timestamp};
use ledger::Object;
use policy::access::{Permit, can};
use url::Url;

use super::Post;
use crate::{AppError, Page, Paged, paging::Cursors, settings::Locale};

/// A letter that an admin hands over.
#[derive(Debug, Clone)]
pub struct OutboxLetter {
    /// Its id.
    pub id: MailId,
    /// What sort of letter.
    pub kind: &'static str,
    /// To whom.
    pub to: Personal<String>,
    /// Its subject.
    pub subject: &'static str,
    /// Its text, with the link.
    pub text: Personal<String>,
    /// The link alone.
    pub link: Personal<Url>,
    /// In which language it is written.
    pub locale: Locale,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Post {
    /// One page of letters that nobody sent, newest first. Links in them can set passwords, so looking is on record.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `mail-is-sent` when there is a mail server; [`AppError::Invalid`] for a page that is none.
    pub async fn outbox(&self, permit: &Permit<can::MailList>, page: Page) -> Result<Paged<OutboxLetter>, AppError> {
        if self.smtp.is_some() {
            return Err(AppError::Conflict {
                code: "mail-is-sent",
                detail: "this deployment has a mail server: letters go out and none is kept".to_owned(),
                next: None,
            });
        }
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.jobs.deployment.cursor);
        let before: Option<MailId> = match &page.cursor {
            Some(cursor) => Some(cursors.read(tenant, "mail", cursor)?),
            None => None,
        };
        let mut rows = self.store.tenant_read(tenant).await?.mail_outbox(before, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, "mail", &mut rows, size, |last| last.id)?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            // A letter to somebody who may not sign in any more is nobody's.
            let Some(letter) = self.open(row).await? else { continue };
            items.push(OutboxLetter {
                id: row.id,
                kind: letter.kind.as_str(),
                subject: letter.subject(),
                text: Personal::new(letter.body()),
                to: letter.to,
                link: Personal::new(letter.link),
                locale: letter.locale,
                created_at: row.created_at,
            });
        }
        let tx = self.store.tenant(tenant).await?;
        self.audit().allowed(&tx, permit, "mail.list", Object::Tenant(tenant)).await?;
        tx.commit().await?;
        Ok(Paged { items, next_cursor })
    }
}

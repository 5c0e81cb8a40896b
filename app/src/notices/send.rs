//! From notices to letters, in background work.

use domain::TenantId;
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};

use super::{NoticeKind, NoticeMail, Notices};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    mail::LetterKind,
};

/// Notices of one transaction, and members of one look.
const AT_ONCE: u64 = 50;

/// The job that writes letters about notices that are mailed at once.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailNotices {}

impl Payload for MailNotices {
    const KIND: JobKind = JobKind::new("notice-mail");
}

/// The job that writes one letter about all that was gathered for a digest.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestNotices {}

impl Payload for DigestNotices {
    const KIND: JobKind = JobKind::new("notice-digest");
}

/// What became of notices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct NoticesMailed {
    /// Notices that were mailed, or were read before a digest came to them.
    pub notices: u64,
    /// Letters that were written.
    pub letters: u64,
}

impl Report for NoticesMailed {
    fn is_quiet(&self) -> bool {
        self.notices == 0
    }
}

impl Notices {
    /// Writes a letter for each notice that is mailed at once.
    ///
    /// # Errors
    /// When the store does not answer; what was written stays written, once.
    pub async fn mail_due(&self, permit: &Permit<can::MailSend>) -> Result<NoticesMailed, AppError> {
        let mut report = NoticesMailed::default();
        loop {
            let tx = self.store().tenant(permit.tenant()).await?;
            let rows = tx.notice_unmailed(NoticeMail::Now, AT_ONCE).await?;
            if rows.is_empty() {
                return Ok(report);
            }
            for row in rows {
                if tx.notice_mailed(row.id, self.now()).await? {
                    // A kind that only a newer version knows gets the words that fit every kind.
                    let kind = NoticeKind::from_name(&row.kind).map_or(LetterKind::Digest, LetterKind::Notice);
                    self.post.enqueue_to_member(&tx, row.member_id, kind).await?;
                    report.notices += 1;
                    report.letters += 1;
                }
            }
            tx.commit().await?;
        }
    }

    /// Whether a digest is to be written in this tenant.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn digest_wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        Ok(!self.store().tenant_read(tenant).await?.notice_unmailed(NoticeMail::Digest, 1).await?.is_empty())
    }

    /// Writes one letter to each member with unread notices that were gathered since the last digest. What was read in
    /// the inbox meanwhile needs no letter. Each member is a transaction: a tenant of thousands keeps nobody waiting.
    ///
    /// # Errors
    /// When the store does not answer; what was written stays written, once.
    pub async fn digest(&self, permit: &Permit<can::MailSend>) -> Result<NoticesMailed, AppError> {
        let mut report = NoticesMailed::default();
        loop {
            let members = self.store().tenant_read(permit.tenant()).await?.notice_digest_members(AT_ONCE).await?;
            if members.is_empty() {
                return Ok(report);
            }
            for member in members {
                let tx = self.store().tenant(permit.tenant()).await?;
                let was_read = tx.notice_digested(member, self.now()).await?;
                report.notices += was_read.len() as u64;
                if was_read.contains(&false) {
                    self.post.enqueue_to_member(&tx, member, LetterKind::Digest).await?;
                    report.letters += 1;
                }
                tx.commit().await?;
            }
        }
    }
}

//! From notices to letters, in background work.

use std::collections::BTreeMap;

use domain::{MemberId, TenantId};
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};

use super::{NoticeKind, NoticeMail, Notices};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    mail::LetterKind,
};

/// Notices of one transaction.
const AT_ONCE: u64 = 50;
/// Notices of one digest; older ones that are still unread wait for the next.
const IN_DIGEST: u64 = 5_000;

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
    /// the inbox meanwhile needs no letter.
    ///
    /// # Errors
    /// When the store does not answer; then nothing was written.
    pub async fn digest(&self, permit: &Permit<can::MailSend>) -> Result<NoticesMailed, AppError> {
        let tx = self.store().tenant(permit.tenant()).await?;
        let (mut report, mut unread) = (NoticesMailed::default(), BTreeMap::<MemberId, u64>::new());
        for row in tx.notice_unmailed(NoticeMail::Digest, IN_DIGEST).await? {
            if tx.notice_mailed(row.id, self.now()).await? {
                report.notices += 1;
                if row.read_at.is_none() {
                    *unread.entry(row.member_id).or_default() += 1;
                }
            }
        }
        for member in unread.into_keys() {
            self.post.enqueue_to_member(&tx, member, LetterKind::Digest).await?;
            report.letters += 1;
        }
        tx.commit().await?;
        Ok(report)
    }
}

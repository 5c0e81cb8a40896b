//! Letters. A letter says in one sentence what sort of thing happened, and has a link; never content, names or numbers.
//!
//! [`Post::enqueue`] puts a letter to anybody into the queue, sealed under that person's key;
//! [`Post::enqueue_to_member`] one to a member, whose address is looked up when it is sent and is not copied. Each letter
//! has a job of its own ([`SendLetter`]), which is why a letter is retried, and given up, alone. With a mail server the
//! letter is sent and its sealed address removed; without one it is kept for the console's outbox.
//!
//! A process that dies between the mail server's "yes" and our own note of it sends the letter again: its Message-ID is
//! the same, so that mail programs show it once.
//!
//! **How to add one more letter.** A variant of [`LetterKind`] and its words in `text.rs`, in both languages.

mod outbox;
mod send;
mod smtp;
mod text;

use std::sync::Arc;

use domain::{Clock, Entropy, MailId, MemberId, PersonKeyId, Personal, TenantId};
use serde::{Deserialize, Serialize};
use store::{MailRow, MailState, Store, TenantRead, TenantTx};
use url::Url;
use vault::seal::{self, Codec};

pub use outbox::OutboxLetter;
pub use send::{LetterSent, SendLetter};

use crate::{
    AppError,
    audit::Audit,
    auth::member_context,
    columns,
    jobs::Jobs,
    keys::Keys,
    notices::NoticeKind,
    settings::{Locale, Settings},
};
use smtp::Smtp;

/// What sort of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// Somebody is invited to a tenant; the link accepts.
    Invitation,
    /// Somebody asked for a new password; the link sets it.
    PasswordReset,
    /// A notice; the link leads to the inbox.
    Notice(NoticeKind),
    /// Several notices; the link leads to the inbox.
    Digest,
}

impl LetterKind {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password-reset",
            Self::Notice(_) => "notice",
            Self::Digest => "digest",
        }
    }

    fn of(row: &MailRow) -> Option<Self> {
        match row.kind.as_str() {
            "invitation" => Some(Self::Invitation),
            "password-reset" => Some(Self::PasswordReset),
            "notice" => row.notice_kind.as_deref().and_then(NoticeKind::from_name).map(Self::Notice),
            "digest" => Some(Self::Digest),
            _ => None,
        }
    }
}

/// A letter to somebody whose address the caller knows.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What sort of letter.
    pub kind: LetterKind,
    /// The address.
    pub to: Personal<String>,
    /// Under whose key address and link are sealed.
    pub person: PersonKeyId,
    /// Where it leads; the console's inbox when there is none. It may hold a secret: it is sealed too.
    pub link: Option<Url>,
    /// In which language it is written.
    pub locale: Locale,
}

/// What is sealed of a letter. The id ties it to its row: letters of one person cannot be exchanged.
#[derive(Serialize, Deserialize)]
struct Inside {
    id: MailId,
    to: Personal<String>,
    link: Option<Personal<Url>>,
    locale: Locale,
}

/// Use cases of mail. Cheap to clone.
#[derive(Clone)]
pub struct Post {
    store: Store,
    keys: Keys,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    console: Url,
    language: Locale,
    smtp: Option<Arc<Smtp>>,
}

impl Post {
    pub(crate) fn new(store: Store, keys: Keys, jobs: Jobs, settings: &Settings) -> Result<Self, AppError> {
        let console = settings.console_origin.clone();
        let server = settings.mail.server.as_ref();
        let smtp = server.map(|server| Smtp::new(server, &console)).transpose()?.map(Arc::new);
        let (clock, entropy) = (Arc::clone(&jobs.clock), Arc::clone(&jobs.entropy));
        Ok(Self { store, keys, jobs, clock, entropy, console, language: settings.mail.language, smtp })
    }

    /// Puts a letter into the queue of `tx`'s tenant, sealed under the person's key, which `tx` may have made just now.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the key is not to be had.
    pub async fn enqueue(&self, tx: &TenantTx, letter: Letter) -> Result<MailId, AppError> {
        let (tenant, now) = (tx.tenant(), self.clock.now());
        let id = MailId::mint(now, &*self.entropy);
        let key = self.keys.person_within(tx, letter.person).await?;
        let inside = Inside { id, to: letter.to, link: letter.link.map(Personal::new), locale: letter.locale };
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&inside).map_err(AppError::internal)?);
        let context = member_context(columns::LETTER, tenant, letter.person);
        let sealed = seal::seal(&key, &context, Codec::Raw, &bytes, &*self.entropy);
        let row = Self::row(tenant, id, letter.kind, now);
        self.queue(tx, MailRow { person_key_id: Some(letter.person), sealed: Some(sealed), ..row }).await
    }

    /// The language to write to this member in; without one, or without a choice of theirs, the deployment's.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn locale_for(&self, read: &TenantRead, member: Option<MemberId>) -> Result<Locale, AppError> {
        let chosen = match member {
            Some(member) => read.member_language(member).await?,
            None => None,
        };
        Ok(chosen.and_then(|name| Locale::from_name(&name)).unwrap_or(self.language))
    }

    /// Puts a letter to a member into the queue. Address and language are the member's when it is sent.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn enqueue_to_member(
        &self,
        tx: &TenantTx,
        member: MemberId,
        kind: LetterKind,
    ) -> Result<MailId, AppError> {
        let now = self.clock.now();
        let row = Self::row(tx.tenant(), MailId::mint(now, &*self.entropy), kind, now);
        self.queue(tx, MailRow { member_id: Some(member), ..row }).await
    }

    async fn queue(&self, tx: &TenantTx, row: MailRow) -> Result<MailId, AppError> {
        let (id, now) = (row.id, row.created_at);
        tx.mail_insert(row).await?;
        self.jobs.enqueue(tx, &SendLetter { mail: id }, now).await?;
        Ok(id)
    }

    fn row(tenant: TenantId, id: MailId, kind: LetterKind, now: domain::Timestamp) -> MailRow {
        MailRow {
            tenant_id: tenant,
            id,
            kind: kind.as_str().to_owned(),
            notice_kind: match kind {
                LetterKind::Notice(notice) => Some(notice.as_str().to_owned()),
                LetterKind::Invitation | LetterKind::PasswordReset | LetterKind::Digest => None,
            },
            member_id: None,
            person_key_id: None,
            sealed: None,
            state: MailState::Queued,
            reason: None,
            created_at: now,
            settled_at: None,
        }
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

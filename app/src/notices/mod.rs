//! Notices: telling members that something happened.
//!
//! An act calls [`Notices::notify`] in its own transaction: a word ([`NoticeKind`]), who is to know ([`Audience`]), and the
//! id of what it is about. Nothing else is kept, so neither inbox nor mail can give content away; the page behind the
//! link shows what its reader may see. Each member gets a line in the inbox, a letter at once, a place in the next
//! digest, or nothing, as they chose or by the kind's default for their roles.
//!
//! Letters are written later, by a job: opening addresses takes keys, and no act waits for that.
//!
//! **How to add one more kind.** A line in `kind.rs`, with its default and whether it can be switched off; its words in
//! `mail/text.rs` in both languages; the reviewed snapshot of defaults; then `notify` where it happens. No migration.

mod audience;
mod inbox;
mod kind;
mod preferences;
mod send;

use std::sync::Arc;

use domain::{NoticeId, Timestamp};
use ledger::Object;
use store::{NoticeRow, Store, TenantTx};

pub use audience::Audience;
pub use inbox::{Inbox, NoticeView, ReadWhich};
pub use kind::{Delivery, NoticeKind};
pub use preferences::{Preference, PreferenceChange, Preferences};
pub use send::{DigestNotices, MailNotices, NoticesMailed};
pub use store::NoticeMail;

use crate::{AppError, audit::Audit, jobs::Jobs, mail::Post, rights::Rights};

/// Something that members are to know.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// Who is told.
    pub audience: Audience,
    /// What it is about; where the reader's link leads.
    pub about: Option<Object>,
}

/// Use cases of notices.
#[derive(Clone)]
pub struct Notices {
    pub(crate) authorizer: Arc<Rights>,
    /// Also the way to store, clock and randomness.
    pub(crate) jobs: Jobs,
    pub(crate) post: Post,
}

impl Notices {
    /// Tells `notice`'s audience; durable when `tx` commits, and not without it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn notify(&self, tx: &TenantTx, notice: Notice) -> Result<(), AppError> {
        let members = notice.audience.members(tx, &self.authorizer).await?;
        let only = match notice.audience {
            Audience::Member(id) => Some(id),
            _ => None,
        };
        let chosen = tx.notice_preference_list(only, Some(notice.kind.as_str())).await?;
        let about = notice.about.map(Object::parts);
        let now = self.now();
        let mut rows = Vec::with_capacity(members.len());
        for (member, roles) in members {
            let mut delivery = match chosen.iter().find(|row| row.member_id == member) {
                Some(row) => Delivery { inbox: row.inbox, mail: row.mail },
                None => notice.kind.default_for(roles),
            };
            delivery.inbox |= notice.kind.is_mandatory();
            if !delivery.inbox && delivery.mail == NoticeMail::Off {
                continue;
            }
            rows.push(NoticeRow {
                tenant_id: tx.tenant(),
                id: NoticeId::mint(now, &*self.jobs.entropy),
                member_id: member,
                kind: notice.kind.as_str().to_owned(),
                about_kind: about.as_ref().map(|(kind, _)| (*kind).to_owned()),
                about_id: about.as_ref().map(|(_, id)| id.clone()),
                inbox: delivery.inbox,
                mail: delivery.mail,
                created_at: now,
                read_at: None,
                mailed_at: None,
            });
        }
        let at_once = rows.iter().any(|row| row.mail == NoticeMail::Now);
        tx.notice_insert(rows).await?;
        if at_once {
            self.jobs.enqueue(tx, &MailNotices {}, now).await?;
        }
        Ok(())
    }

    const fn store(&self) -> &Store {
        &self.jobs.store
    }

    fn now(&self) -> Timestamp {
        self.jobs.clock.now()
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.jobs.clock, entropy: &*self.jobs.entropy }
    }
}

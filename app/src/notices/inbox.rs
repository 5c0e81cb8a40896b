//! A member's own inbox.

use domain::{NoticeId, Timestamp};
use policy::access::{Permit, can};
use store::NoticeRow;

use super::Notices;
use crate::{AppError, Page, Paged, auth::member_of, paging::Cursors};

/// Most notices that one call marks by id: those of the largest page.
const MARKED_AT_ONCE: usize = Page::MOST as usize;

/// One line of the inbox.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// What happened: the name of a [`super::NoticeKind`], or of one that a newer version knows.
    pub kind: String,
    /// Kind and id of what it is about.
    pub about: Option<(String, String)>,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// A page of the inbox.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// The page.
    pub page: Paged<NoticeView>,
    /// How many are unread, on all pages.
    pub unread: u64,
}

/// Which notices to mark as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadWhich {
    /// Everything that is there now.
    All,
    /// These; ids of other people's notices are passed over like ids of none.
    Ids(Vec<NoticeId>),
}

impl Notices {
    /// One page of the caller's own inbox, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn inbox(&self, permit: &Permit<can::MeRead>, unread_only: bool, page: Page) -> Result<Inbox, AppError> {
        let (tenant, member, size) = (permit.tenant(), member_of(permit.actor())?, page.size()?);
        let cursors = Cursors::new(&self.jobs.deployment.cursor);
        let bound = format!("notices {member} {unread_only}");
        let before: Option<NoticeId> = match &page.cursor {
            Some(cursor) => Some(cursors.read(tenant, &bound, cursor)?),
            None => None,
        };
        let read = self.store().tenant_read(tenant).await?;
        let mut rows = read.notice_list(member, unread_only, before, size as u64 + 1).await?;
        let unread = read.notice_unread(member).await?;
        drop(read);
        let next_cursor = cursors.cut(tenant, &bound, &mut rows, size, |last| last.id)?;
        Ok(Inbox { page: Paged { items: rows.into_iter().map(view).collect(), next_cursor }, unread })
    }

    /// Marks lines of the caller's own inbox as read; says how many are still unread. Reading is no act of note, so it
    /// leaves nothing in the audit log.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for too many ids.
    pub async fn mark_read(&self, permit: &Permit<can::MeManage>, which: &ReadWhich) -> Result<u64, AppError> {
        let member = member_of(permit.actor())?;
        let ids = match which {
            ReadWhich::All => None,
            ReadWhich::Ids(ids) if ids.len() <= MARKED_AT_ONCE => Some(&ids[..]),
            ReadWhich::Ids(_) => {
                return Err(AppError::invalid("/ids", format!("must name at most {MARKED_AT_ONCE} notices")));
            }
        };
        let tx = self.store().tenant(permit.tenant()).await?;
        tx.notice_read(member, ids, self.now()).await?;
        let unread = tx.notice_unread(member).await?;
        tx.commit().await?;
        Ok(unread)
    }
}

fn view(row: NoticeRow) -> NoticeView {
    NoticeView {
        id: row.id,
        kind: row.kind,
        about: row.about_kind.zip(row.about_id),
        created_at: row.created_at,
        read_at: row.read_at,
    }
}

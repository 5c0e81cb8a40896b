//! `notice`, `notice_preference` and `member_language`: what members are told, and how they want to be told.

use domain::{MemberId, NoticeId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, Insert, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Value};

use crate::scope::{Row as _, TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{NoticeMail, StoreError, TenantRead, TenantTx};

/// Rows of one INSERT; both databases take this many parameters.
const ROWS_AT_ONCE: usize = 500;

table! {
    /// One line of somebody's inbox, or of their next mail.
    NoticeRow in notice = "notice" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: NoticeId = Uuid,
        }
        /// Who is told.
        member_id: MemberId = Uuid,
        /// What happened, in one word.
        kind: String = String,
        /// What sort of thing it happened to.
        about_kind: Option<String> = Option<String>,
        /// That thing's id.
        about_id: Option<String> = Option<String>,
        /// Whether the inbox shows it.
        inbox: bool = bool,
        /// Whether and when it is mailed.
        mail: NoticeMail = String,
        /// When it happened.
        created_at: Timestamp = i64,
        /// When it was read.
        read_at: Option<Timestamp> = Option<i64>,
        /// When a letter about it was queued.
        mailed_at: Option<Timestamp> = Option<i64>,
    }
}
use notice::Column;

table! {
    /// How a member wants to be told of one kind.
    NoticePreferenceRow in notice_preference = "notice_preference" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Who wants it.
            member_id: MemberId = Uuid,
            /// Of which kind.
            kind: String = String,
        }
        /// In the inbox.
        inbox: bool = bool,
        /// By mail.
        mail: NoticeMail = String,
        /// Since when.
        changed_at: Timestamp = i64,
    }
}

impl TenantRead {
    /// Whether anybody was told of this kind at `since` or later.
    pub async fn notice_since(&self, kind: &str, since: Timestamp) -> Result<bool, StoreError> {
        let select = notice::Entity::scoped(self.tenant())
            .filter(Column::Kind.eq(text(kind)?))
            .filter(Column::CreatedAt.gte(since.as_micros()));
        Ok(self.one::<NoticeRow>(select.limit(1)).await?.is_some())
    }

    /// One page of a member's inbox, newest first.
    pub async fn notice_list(
        &self,
        member: MemberId,
        unread_only: bool,
        before: Option<NoticeId>,
        limit: u64,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        self.all(self.notice_page(member, unread_only, before, limit)).await
    }

    pub(crate) fn notice_page(
        &self,
        member: MemberId,
        unread_only: bool,
        before: Option<NoticeId>,
        limit: u64,
    ) -> Select<notice::Entity> {
        let mut select = notice::Entity::scoped(self.tenant())
            .filter(Column::MemberId.eq(member.uuid()))
            // As written in the index's condition.
            .filter(sea_orm::sea_query::Expr::cust("inbox"));
        if unread_only {
            select = select.filter(Column::ReadAt.is_null());
        }
        if let Some(before) = before {
            select = select.filter(Column::Id.lt(before.uuid()));
        }
        select.order_by_desc(Column::Id).limit(limit)
    }

    /// How many lines of a member's inbox are unread.
    pub async fn notice_unread(&self, member: MemberId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS unread FROM notice
                   WHERE tenant_id = $1 AND member_id = $2 AND inbox AND read_at IS NULL";
        let row = self.row(sql, vec![member.uuid().into()]).await?;
        let unread: i64 = row.map(|row| row.try_get("", "unread")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(unread).unwrap_or(0))
    }

    /// Notices that wait for a letter of this sort, oldest first.
    pub async fn notice_unmailed(&self, mail: NoticeMail, limit: u64) -> Result<Vec<NoticeRow>, StoreError> {
        self.all(self.notice_unmailed_page(mail, limit)).await
    }

    pub(crate) fn notice_unmailed_page(&self, mail: NoticeMail, limit: u64) -> Select<notice::Entity> {
        notice::Entity::scoped(self.tenant())
            .filter(Column::MailedAt.is_null())
            .filter(Column::Mail.ne(NoticeMail::Off.as_str()))
            .filter(Column::Mail.eq(mail.as_str()))
            .order_by_asc(Column::Id)
            .limit(limit)
    }

    /// Members with notices that wait for a digest.
    pub async fn notice_digest_members(&self, limit: u64) -> Result<Vec<MemberId>, StoreError> {
        // As written in the index's condition, and narrower.
        let sql = "SELECT DISTINCT member_id FROM notice
                   WHERE tenant_id = $1 AND mail = 'digest' AND mail <> 'off' AND mailed_at IS NULL LIMIT $2";
        let rows = self.rows(sql, vec![limit.store()?.into()]).await?;
        rows.iter().map(|row| Ok(MemberId::from_uuid(row.try_get("", "member_id")?))).collect()
    }

    /// Everything that members of this tenant chose, or one member's choices.
    pub async fn notice_preference_list(
        &self,
        member: Option<MemberId>,
        kind: Option<&str>,
    ) -> Result<Vec<NoticePreferenceRow>, StoreError> {
        use notice_preference::Column as Chosen;
        let mut select = notice_preference::Entity::scoped(self.tenant());
        if let Some(member) = member {
            select = select.filter(Chosen::MemberId.eq(member.uuid()));
        }
        if let Some(kind) = kind {
            select = select.filter(Chosen::Kind.eq(kind));
        }
        self.all(select).await
    }

    /// The language that a member chose.
    pub async fn member_language(&self, member: MemberId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT language FROM member_language WHERE tenant_id = $1 AND member_id = $2";
        let row = self.row(sql, vec![member.uuid().into()]).await?;
        Ok(row.map(|row| row.try_get("", "language")).transpose()?)
    }
}

impl TenantTx {
    /// Adds notices.
    pub async fn notice_insert(&self, rows: Vec<NoticeRow>) -> Result<(), StoreError> {
        if rows.iter().any(|row| row.tenant_id != self.tenant()) {
            return Err(StoreError::WrongTenant);
        }
        let mut rows = rows.into_iter().map(NoticeRow::store).collect::<Result<Vec<_>, _>>()?.into_iter();
        loop {
            let chunk: Vec<_> = rows.by_ref().take(ROWS_AT_ONCE).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            Insert::many(chunk).exec_without_returning(self.db()?).await?;
        }
    }

    /// Marks lines of a member's own inbox as read, all up to now without `ids`; says how many were not.
    pub async fn notice_read(
        &self,
        member: MemberId,
        ids: Option<&[NoticeId]>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut sql = "UPDATE notice SET read_at = $3
                       WHERE tenant_id = $1 AND member_id = $2 AND inbox AND read_at IS NULL"
            .to_owned();
        let mut values: Vec<Value> = vec![member.uuid().into(), now.as_micros().into()];
        if let Some(ids) = ids {
            if ids.is_empty() {
                return Ok(0);
            }
            let places: Vec<String> = (4..).take(ids.len()).map(|place| format!("${place}")).collect();
            sql = format!("{sql} AND id IN ({})", places.join(", "));
            values.extend(ids.iter().map(|id| Value::from(id.uuid())));
        }
        self.run(&sql, values).await
    }

    /// Notes that a letter about a notice is queued; false when somebody else was first.
    pub async fn notice_mailed(&self, id: NoticeId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE notice SET mailed_at = $3 WHERE tenant_id = $1 AND id = $2 AND mailed_at IS NULL";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// Notes that everything which waits for `member`'s digest is in one now; for each of them, whether it was read before.
    pub async fn notice_digested(&self, member: MemberId, now: Timestamp) -> Result<Vec<bool>, StoreError> {
        let sql = "UPDATE notice SET mailed_at = $3
                   WHERE tenant_id = $1 AND member_id = $2 AND mail = 'digest' AND mailed_at IS NULL
                   RETURNING CASE WHEN read_at IS NULL THEN 0 ELSE 1 END AS was_read";
        let rows = self.rows(sql, vec![member.uuid().into(), now.as_micros().into()]).await?;
        rows.iter().map(|row| Ok(row.try_get::<i32>("", "was_read")? == 1)).collect()
    }

    /// Saves how a member wants to be told of a kind.
    pub async fn notice_preference_put(&self, row: NoticePreferenceRow) -> Result<(), StoreError> {
        if row.tenant_id != self.tenant() {
            return Err(StoreError::WrongTenant);
        }
        let sql = "INSERT INTO notice_preference (tenant_id, member_id, kind, inbox, mail, changed_at)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (tenant_id, member_id, kind)
                   DO UPDATE SET inbox = excluded.inbox, mail = excluded.mail, changed_at = excluded.changed_at";
        let values = vec![
            row.member_id.uuid().into(),
            text(row.kind)?.into(),
            row.inbox.into(),
            row.mail.as_str().into(),
            row.changed_at.as_micros().into(),
        ];
        self.run(sql, values).await?;
        Ok(())
    }

    /// Saves the language that a member is written to in.
    pub async fn member_language_put(
        &self,
        member: MemberId,
        language: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO member_language (tenant_id, member_id, language, changed_at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (tenant_id, member_id)
                   DO UPDATE SET language = excluded.language, changed_at = excluded.changed_at";
        self.run(sql, vec![member.uuid().into(), text(language)?.into(), now.as_micros().into()]).await?;
        Ok(())
    }
}

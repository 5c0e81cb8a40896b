//! `mail`: letters on their way out, and those that a deployment without a mail server keeps.

use domain::{MailId, MemberId, PersonKeyId, TenantId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::stored::text;
use crate::{MailState, StoreError, TenantRead, TenantTx};

table! {
    /// One letter, either to a member, who is looked up when it is sent, or sealed under a person's key.
    MailRow in mail = "mail" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: MailId = Uuid,
        }
        /// What sort of letter.
        kind: String = String,
        /// Of which notice it tells.
        notice_kind: Option<String> = Option<String>,
        /// To which member.
        member_id: Option<MemberId> = Option<Uuid>,
        /// Under whose key address and link are sealed.
        person_key_id: Option<PersonKeyId> = Option<Uuid>,
        /// Address and link, until the letter is sent.
        sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// Where it stands.
        state: MailState = String,
        /// Why it was given up.
        reason: Option<String> = Option<String>,
        /// When it was written.
        created_at: Timestamp = i64,
        /// When it was sent, kept or given up.
        settled_at: Option<Timestamp> = Option<i64>,
    }
}
use mail::Column;

impl TenantRead {
    /// One letter.
    pub async fn mail_find(&self, id: MailId) -> Result<Option<MailRow>, StoreError> {
        self.one(mail::Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }

    /// One page of letters that no server took, newest first.
    pub async fn mail_outbox(&self, before: Option<MailId>, limit: u64) -> Result<Vec<MailRow>, StoreError> {
        self.all(self.mail_outbox_page(before, limit)).await
    }

    pub(crate) fn mail_outbox_page(&self, before: Option<MailId>, limit: u64) -> Select<mail::Entity> {
        // As written in the index's condition.
        let mut select = mail::Entity::scoped(self.tenant()).filter(Expr::cust("state IN ('queued', 'kept')"));
        if let Some(before) = before {
            select = select.filter(Column::Id.lt(before.uuid()));
        }
        select.order_by_desc(Column::Id).limit(limit)
    }
}

impl TenantTx {
    /// Adds a letter.
    pub async fn mail_insert(&self, row: MailRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Says what became of a queued letter; false when that was said before. Only a kept one keeps its address.
    pub async fn mail_settle(
        &self,
        id: MailId,
        to: MailState,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE mail SET state = $3, reason = $4, settled_at = $5,
                     sealed = CASE WHEN $3 = 'kept' THEN sealed ELSE NULL END
                   WHERE tenant_id = $1 AND id = $2 AND state = 'queued'";
        let values =
            vec![id.uuid().into(), to.as_str().into(), reason.map(text).transpose()?.into(), now.as_micros().into()];
        self.won(sql, values).await
    }
}

//! `session_label`: what sessions are marked with. The text is sealed; a blind token of it is compared.

use std::collections::{BTreeMap, BTreeSet};

use domain::{LabelId, MemberId, SessionId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One label of one session.
    SessionLabelRow in session_label = "session_label" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
            /// Its id.
            id: LabelId = Uuid,
        }
        /// HMAC of the label; one of its kind in a session.
        token: [u8; 32] = Vec<u8>,
        /// The label, sealed under the session's key.
        sealed: Vec<u8> = Vec<u8>,
        /// The key generation that sealed it.
        generation: u32 = i64,
        /// Who put it there.
        created_by: MemberId = Uuid,
        /// When.
        created_at: Timestamp = i64,
    }
}
pub(crate) use session_label::{Column, Entity};

impl TenantRead {
    /// A session's labels in the order in which they came.
    pub async fn session_label_list(&self, session: SessionId) -> Result<Vec<SessionLabelRow>, StoreError> {
        let select = Entity::scoped(self.tenant())
            .filter(Column::SessionId.eq(session.uuid()))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id);
        self.all(select).await
    }

    /// The tokens of a session's labels, for decisions.
    pub async fn session_label_tokens(&self, session: SessionId) -> Result<BTreeSet<[u8; 32]>, StoreError> {
        Ok(self.session_label_list(session).await?.into_iter().map(|row| row.token).collect())
    }

    /// The tokens of the labels of these sessions, for decisions; a session without one is not in the answer.
    pub async fn session_label_tokens_of(
        &self,
        sessions: &[SessionId],
    ) -> Result<BTreeMap<SessionId, BTreeSet<[u8; 32]>>, StoreError> {
        let wanted = Column::SessionId.is_in(sessions.iter().map(|id| id.uuid()));
        let rows: Vec<SessionLabelRow> = self.all(Entity::scoped(self.tenant()).filter(wanted)).await?;
        let mut tokens: BTreeMap<SessionId, BTreeSet<[u8; 32]>> = BTreeMap::new();
        for row in rows {
            tokens.entry(row.session_id).or_default().insert(row.token);
        }
        Ok(tokens)
    }
}

impl TenantTx {
    /// Marks a session. A label that it has already is a [`StoreError::Conflict`].
    pub async fn session_label_insert(&self, row: SessionLabelRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Takes a label away; false when it is not there.
    pub async fn session_label_delete(&self, session: SessionId, id: LabelId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM session_label WHERE tenant_id = $1 AND session_id = $2 AND id = $3";
        self.won(sql, vec![session.uuid().into(), id.uuid().into()]).await
    }
}

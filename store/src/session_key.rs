//! `session_key`: a session's data-encryption key D, by generation, wrapped by T.

use domain::{SessionId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::Stored as _;
use crate::tenant_key::for_share;
use crate::{KeyState, StoreError, TenantRead, TenantTx};

table! {
    /// One generation of a session's key.
    SessionKeyRow in session_key = "session_key" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session it seals.
            session_id: SessionId = Uuid,
            /// Counts from 1.
            generation: u32 = i64,
        }
        /// The T that wraps it.
        kek_version: u32 = i64,
        /// The wrapped key; `None` once shredded.
        wrapped: Option<Vec<u8>> = Option<Vec<u8>>,
        /// At most one generation is [`KeyState::Active`].
        state: KeyState = String,
        /// When it was made.
        created_at: Timestamp = i64,
        /// When it was destroyed.
        shredded_at: Option<Timestamp> = Option<i64>,
    }
}

impl TenantRead {
    /// One generation.
    pub async fn session_key_find(
        &self,
        session: SessionId,
        generation: u32,
    ) -> Result<Option<SessionKeyRow>, StoreError> {
        use session_key::Column;
        let select = session_key::Entity::scoped(self.tenant())
            .filter(Column::SessionId.eq(session.uuid()))
            .filter(Column::Generation.eq(i64::from(generation)));
        self.one(select).await
    }

    /// The newest generation: what new segments use while it is active, and what tells a shredded key from a missing one.
    pub async fn session_key_newest(&self, session: SessionId) -> Result<Option<SessionKeyRow>, StoreError> {
        use session_key::Column;
        let select = session_key::Entity::scoped(self.tenant())
            .filter(Column::SessionId.eq(session.uuid()))
            .order_by_desc(Column::Generation)
            .limit(1);
        self.one(select).await
    }
}

impl TenantTx {
    /// Adds a key, if the T that wraps it is still active ([`StoreError::ParentKey`] otherwise).
    pub async fn session_key_insert(&self, row: SessionKeyRow) -> Result<(), StoreError> {
        self.tenant_kek_share(row.kek_version).await?;
        self.insert(row).await
    }

    /// Holds a session's key in its state until this transaction ends. False: it is no longer active, and what was
    /// sealed under it must not be committed.
    pub async fn session_key_share(&self, session: SessionId, generation: u32) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT generation FROM session_key
             WHERE tenant_id = $1 AND session_id = $2 AND generation = $3 AND state = 'active'{}",
            for_share(self.backend())
        );
        let values = vec![session.uuid().into(), generation.store()?.into()];
        Ok(self.row(&sql, values).await?.is_some())
    }
}

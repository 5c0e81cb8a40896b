//! `manifest`: where each sealed manifest of a session is kept. Rows are never changed.

use domain::{SessionId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One manifest of a session.
    ManifestRow in manifest = "manifest" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// The session.
            session_id: SessionId = Uuid,
            /// Its number, from 1.
            rev: u32 = i64,
        }
        /// Hash of its canonical form.
        hash: [u8; 32] = Vec<u8>,
        /// The blob's key.
        blob: String = String,
        /// Why it was written.
        cause: String = String,
        /// When.
        created_at: Timestamp = i64,
    }
}

impl TenantRead {
    /// One manifest.
    pub async fn manifest_find(&self, session: SessionId, rev: u32) -> Result<Option<ManifestRow>, StoreError> {
        let select = manifest::Entity::scoped(self.tenant())
            .filter(manifest::Column::SessionId.eq(session.uuid()))
            .filter(manifest::Column::Rev.eq(i64::from(rev)));
        self.one(select).await
    }

    /// The newest manifest.
    pub async fn manifest_latest(&self, session: SessionId) -> Result<Option<ManifestRow>, StoreError> {
        let select = manifest::Entity::scoped(self.tenant())
            .filter(manifest::Column::SessionId.eq(session.uuid()))
            .order_by_desc(manifest::Column::Rev)
            .limit(1);
        self.one(select).await
    }
}

impl TenantTx {
    /// Adds a manifest; a second one with the same number is a [`StoreError::Conflict`].
    pub async fn manifest_insert(&self, row: ManifestRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}

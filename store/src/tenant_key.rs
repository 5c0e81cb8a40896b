//! `tenant_kek`, `tenant_purpose_key`, `signing_key`, `person_key`: wrapped keys, each naming its parent.

use domain::{PersonKeyId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Value};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{Backend, KeyState, StoreError, TenantRead, TenantTx};

table! {
    /// A tenant's key-encryption key T, wrapped by a root key.
    TenantKekRow in tenant_kek = "tenant_kek" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Counts from 1.
            version: u32 = i64,
        }
        /// The root key that wraps it, as the provider names it.
        root_id: String = String,
        /// The wrapped key.
        wrapped: Vec<u8> = Vec<u8>,
        /// At most one is [`KeyState::Active`].
        state: KeyState = String,
        /// When it was made.
        created_at: Timestamp = i64,
    }
}

table! {
    /// A tenant's purpose key P, wrapped by T.
    TenantPurposeKeyRow in tenant_purpose_key = "tenant_purpose_key" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// `search`, `blind-index`, `secrets`, …
            purpose: String = String,
            /// Counts from 1 for each purpose.
            version: u32 = i64,
        }
        /// The T that wraps it.
        kek_version: u32 = i64,
        /// The wrapped key.
        wrapped: Vec<u8> = Vec<u8>,
        /// At most one for each purpose is [`KeyState::Active`].
        state: KeyState = String,
        /// When it was made.
        created_at: Timestamp = i64,
    }
}

table! {
    /// A deployment's signing key S, wrapped by a root key; belongs to [`TenantId::DEPLOYMENT`].
    SigningKeyRow in signing_key = "signing_key" {
        key {
            /// Always [`TenantId::DEPLOYMENT`].
            tenant_id: TenantId = Uuid,
            /// `access`, `session`, …
            purpose: String = String,
            /// Counts from 1 for each purpose.
            version: u32 = i64,
        }
        /// The root key that wraps it.
        root_id: String = String,
        /// The wrapped Ed25519 seed.
        wrapped: Vec<u8> = Vec<u8>,
        /// The public key, for the key set we publish.
        public_key: Vec<u8> = Vec<u8>,
        /// At most one for each purpose is [`KeyState::Active`].
        state: KeyState = String,
        /// When it was made.
        created_at: Timestamp = i64,
    }
}

table! {
    /// A person's key H, wrapped by T.
    PersonKeyRow in person_key = "person_key" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id.
            id: PersonKeyId = Uuid,
        }
        /// Which kind of person: `member`, `subject`, …
        kind: String = String,
        /// The T that wraps it.
        kek_version: u32 = i64,
        /// The wrapped key; `None` once shredded.
        wrapped: Option<Vec<u8>> = Option<Vec<u8>>,
        /// Where it stands.
        state: KeyState = String,
        /// When it was made.
        created_at: Timestamp = i64,
    }
}

impl TenantRead {
    /// The T that wraps new keys.
    pub async fn tenant_kek_active(&self) -> Result<Option<TenantKekRow>, StoreError> {
        let active = tenant_kek::Column::State.eq(KeyState::Active.as_str());
        self.one(tenant_kek::Entity::scoped(self.tenant()).filter(active)).await
    }

    /// One version of T.
    pub async fn tenant_kek_find(&self, version: u32) -> Result<Option<TenantKekRow>, StoreError> {
        let same = tenant_kek::Column::Version.eq(i64::from(version));
        self.one(tenant_kek::Entity::scoped(self.tenant()).filter(same)).await
    }

    /// The purpose key that new work uses.
    pub async fn tenant_purpose_key_active(&self, purpose: &str) -> Result<Option<TenantPurposeKeyRow>, StoreError> {
        use tenant_purpose_key::Column;
        let select = tenant_purpose_key::Entity::scoped(self.tenant())
            .filter(Column::Purpose.eq(text(purpose)?))
            .filter(Column::State.eq(KeyState::Active.as_str()));
        self.one(select).await
    }

    /// Every version of a purpose key, oldest first: a blind index chains all of them.
    pub async fn tenant_purpose_key_list(&self, purpose: &str) -> Result<Vec<TenantPurposeKeyRow>, StoreError> {
        use tenant_purpose_key::Column;
        let select = tenant_purpose_key::Entity::scoped(self.tenant())
            .filter(Column::Purpose.eq(text(purpose)?))
            .order_by_asc(Column::Version);
        self.all(select).await
    }

    /// The signing key that new tokens use.
    pub async fn signing_key_active(&self, purpose: &str) -> Result<Option<SigningKeyRow>, StoreError> {
        use signing_key::Column;
        let select = signing_key::Entity::scoped(self.tenant())
            .filter(Column::Purpose.eq(text(purpose)?))
            .filter(Column::State.eq(KeyState::Active.as_str()));
        self.one(select).await
    }

    /// Every version of a signing key, oldest first: verifiers accept what has not expired.
    pub async fn signing_key_list(&self, purpose: &str) -> Result<Vec<SigningKeyRow>, StoreError> {
        use signing_key::Column;
        let select = signing_key::Entity::scoped(self.tenant())
            .filter(Column::Purpose.eq(text(purpose)?))
            .order_by_asc(Column::Version);
        self.all(select).await
    }

    /// One person key.
    pub async fn person_key_find(&self, id: PersonKeyId) -> Result<Option<PersonKeyRow>, StoreError> {
        self.one(person_key::Entity::scoped(self.tenant()).filter(person_key::Column::Id.eq(id.uuid()))).await
    }
}

impl TenantTx {
    /// Adds a T. A second active one is a [`StoreError::Conflict`].
    pub async fn tenant_kek_insert(&self, row: TenantKekRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Adds a purpose key, if the T that wraps it is still active ([`StoreError::ParentKey`] otherwise).
    pub async fn tenant_purpose_key_insert(&self, row: TenantPurposeKeyRow) -> Result<(), StoreError> {
        self.tenant_kek_share(row.kek_version).await?;
        self.insert(row).await
    }

    /// Adds a signing key.
    pub async fn signing_key_insert(&self, row: SigningKeyRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Adds a person key, if the T that wraps it is still active ([`StoreError::ParentKey`] otherwise).
    pub async fn person_key_insert(&self, row: PersonKeyRow) -> Result<(), StoreError> {
        self.tenant_kek_share(row.kek_version).await?;
        self.insert(row).await
    }

    /// Destroys a person key: what is sealed under it cannot be opened again. False when it was not there.
    pub async fn person_key_shred(&self, id: PersonKeyId) -> Result<bool, StoreError> {
        let sql = "UPDATE person_key SET wrapped = NULL, state = 'shredded'
                   WHERE tenant_id = $1 AND id = $2 AND state <> 'shredded'";
        self.won(sql, vec![id.uuid().into()]).await
    }

    /// Holds T in its state until this transaction ends, so that a rotation or shred cannot slip between the wrap and
    /// the row that holds it (`sealing.md`, "Shredding").
    pub(crate) async fn tenant_kek_share(&self, version: u32) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT version FROM tenant_kek WHERE tenant_id = $1 AND version = $2 AND state = 'active'{}",
            for_share(self.backend())
        );
        let found = self.row(&sql, vec![Value::from(version.store()?)]).await?;
        if found.is_some() { Ok(()) } else { Err(StoreError::ParentKey) }
    }
}

/// SQLite's one writer makes the lock unnecessary there, and it knows no such clause.
pub(crate) const fn for_share(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR SHARE",
    }
}

//! `subject` and `subject_identifier`: the recorded person, known by blind index only.

use domain::{SubjectId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use crate::scope::{TenantScoped as _, table};
use crate::stored::text;
use crate::{StoreError, TenantRead, TenantTx};

table! {
    /// One recorded person.
    SubjectRow in subject = "subject" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id; random.
            id: SubjectId = Uuid,
        }
        /// When first seen.
        created_at: Timestamp = i64,
    }
}

table! {
    /// One identifier that leads to a person.
    SubjectIdentifierRow in subject_identifier = "subject_identifier" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// `user-id` or `email`.
            kind: String = String,
            /// The blind index of the value.
            token: [u8; 32] = Vec<u8>,
        }
        /// The person.
        subject_id: SubjectId = Uuid,
        /// True when the tenant vouched for it, false when a page claimed it.
        verified: bool = bool,
    }
}

impl TenantRead {
    /// The person behind an identifier.
    pub async fn subject_find_by_identifier(
        &self,
        kind: &str,
        token: &[u8; 32],
    ) -> Result<Option<SubjectIdentifierRow>, StoreError> {
        let select = subject_identifier::Entity::scoped(self.tenant())
            .filter(subject_identifier::Column::Kind.eq(text(kind)?))
            .filter(subject_identifier::Column::Token.eq(token.to_vec()));
        self.one(select).await
    }

    /// Whether there is such a recorded person.
    pub async fn subject_exists(&self, id: SubjectId) -> Result<bool, StoreError> {
        let select = subject::Entity::scoped(self.tenant()).filter(subject::Column::Id.eq(id.uuid()));
        Ok(self.one::<SubjectRow>(select).await?.is_some())
    }
}

impl TenantTx {
    /// Adds a person.
    pub async fn subject_insert(&self, row: SubjectRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Adds an identifier; one that leads to somebody already is a [`StoreError::Conflict`].
    pub async fn subject_identifier_insert(&self, row: SubjectIdentifierRow) -> Result<(), StoreError> {
        self.insert(row).await
    }
}

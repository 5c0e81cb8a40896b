//! `session`: one row per recorded visit, with what is in clear for search (`sealing.md`, "In clear, for search").
//!
//! Here: the row, adding and finding it. `session_list.rs` searches, `session_progress.rs` moves it along.

use std::collections::BTreeSet;

use domain::{
    AgentKeyId, CloseReason, Environment, ProjectId, Sensitivity, SessionId, SessionState, SubjectId, TenantId,
    Timestamp, Validation,
};
use policy::access::{LabelToken, SessionFacts};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};

use crate::scope::{TenantScoped as _, table};
use crate::{Backend, StoreError, TenantRead, TenantTx};

table! {
    /// One recorded visit.
    SessionRow in entity = "session" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id; UUIDv7, which chooses the partition on PostgreSQL.
            id: SessionId = Uuid,
        }
        /// The application it was recorded in.
        project_id: ProjectId = Uuid,
        /// The key that started it; belongs to the same project.
        agent_key_id: AgentKeyId = Uuid,
        /// Live, closed or erased.
        state: SessionState = String,
        /// When the server let it start.
        started_at: Timestamp = i64,
        /// The earliest event, by the agent's clock as corrected.
        first_event_at: Option<Timestamp> = Option<i64>,
        /// The latest event.
        last_event_at: Option<Timestamp> = Option<i64>,
        /// When the last segment was committed; the start until there is one.
        last_received_at: Timestamp = i64,
        /// When the agent said that it was done, if nothing came since.
        finish_hint_at: Option<Timestamp> = Option<i64>,
        /// When the finisher first closed it.
        closed_at: Option<Timestamp> = Option<i64>,
        /// Why it was first closed.
        close_reason: Option<CloseReason> = Option<String>,
        /// From first to last event, milliseconds.
        duration_ms: u64 = i64,
        /// Tabs opened.
        tabs: u16 = i64,
        /// Segments committed.
        segments: u64 = i64,
        /// Events in them.
        events: u64 = i64,
        /// Sealed bytes.
        bytes_stored: u64 = i64,
        /// Bytes before compression.
        bytes_raw: u64 = i64,
        /// Errors the page reported.
        errors: u64 = i64,
        /// Gaps recorded.
        gaps: u64 = i64,
        /// Whether `errors` is above zero; kept apart for search.
        has_error: bool = bool,
        /// The application's release.
        release: Option<String> = Option<String>,
        /// Browser family.
        browser: Option<String> = Option<String>,
        /// Operating system family.
        os: Option<String> = Option<String>,
        /// The privacy policy it was recorded under.
        policy_version: u32 = i64,
        /// Hash of that policy.
        policy_hash: [u8; 32] = Vec<u8>,
        /// Name of the recorder.
        agent_name: String = String,
        /// Version of the recorder.
        agent_version: String = String,
        /// What the structure check found; the worst of all segments.
        validation: Validation = String,
        /// The recorded person, once known.
        subject_id: Option<SubjectId> = Option<Uuid>,
        /// The session of the same project that this one follows; its row may be gone.
        previous_session: Option<SessionId> = Option<Uuid>,
        /// The page it began on, sealed: addresses and titles tell a story.
        summary_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// The key generation that sealed the summary.
        summary_generation: u32 = i64,
        /// The page it was last seen on, sealed under the same generation.
        last_page_sealed: Option<Vec<u8>> = Option<Vec<u8>>,
        /// When its chains were last put on record.
        progress_at: Option<Timestamp> = Option<i64>,
        /// The newest manifest; 0 while there is none.
        manifest_rev: u32 = i64,
        /// Hash of the newest manifest.
        manifest_hash: Option<[u8; 32]> = Option<Vec<u8>>,
        /// Segments the newest manifest covers.
        sealed_segments: u64 = i64,
        /// When anything of this row last changed; never moves back.
        changed_at: Timestamp = i64,
        /// How closely it is kept: its project's when it started.
        sensitivity: Sensitivity = String,
        /// Where its project ran when it started.
        environment: Option<Environment> = Option<String>,
        /// Whether the tenant vouched for who `subject_id` is; false for what a page claims.
        subject_verified: bool = bool,
    }
}
pub(crate) use entity::{Column, Entity};

impl SessionRow {
    /// What decisions may look at; `labels` are the tokens of the session's labels, which lie in rows of their own.
    #[must_use]
    pub fn facts(&self, labels: BTreeSet<LabelToken>) -> SessionFacts {
        SessionFacts {
            project: self.project_id,
            sensitivity: self.sensitivity,
            environment: self.environment.clone(),
            started_at: self.started_at,
            subject: self.subject_id.filter(|_| self.subject_verified),
            labels,
        }
    }
}

impl TenantRead {
    /// One session, in any state.
    pub async fn session_find(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        self.one(Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }
}

impl TenantTx {
    /// Adds a session. [`StoreError::MissingParent`] when the key is not one of this project.
    pub async fn session_insert(&self, row: SessionRow) -> Result<(), StoreError> {
        self.insert(row).await
    }

    /// Reads a session and keeps everybody else from changing it until this transaction ends.
    pub async fn session_lock(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        let select = Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()));
        let select = match self.backend() {
            Backend::Sqlite => select,
            // NO KEY UPDATE: segment inserts hold KEY SHARE on this row through their foreign key; waiting for those
            // with a stronger lock could end in a circle with their own update of the row.
            Backend::Postgres => select.lock(sea_orm::sea_query::LockType::NoKeyUpdate),
        };
        self.one(select).await
    }
}

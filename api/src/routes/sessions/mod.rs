//! Sessions: finding, opening, watching.

pub(crate) mod events;
pub(crate) mod label_add;
pub(crate) mod label_list;
pub(crate) mod label_remove;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod manifest;
pub(crate) mod view;
pub(crate) mod viewers;

use domain::{
    Environment, Label, LabelId, MemberId, Personal, ProjectId, Sensitivity, SessionId, SessionState, Timestamp,
    Validation,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::projects::SensitivityName;
use crate::output::as_text;

/// A session as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionSummary {
    #[schema(value_type = Uuid)]
    id: SessionId,
    project: SessionProject,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = SessionStateName)]
    state: SessionState,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// Null until a segment arrived.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_event_at: Option<Timestamp>,
    /// From the first event to the last.
    duration_ms: u64,
    tabs: u16,
    segments: u64,
    events: u64,
    /// Sealed bytes in the blob store.
    bytes_stored: u64,
    errors: u64,
    gaps: u64,
    has_error: bool,
    /// The application's release, as its owner names it.
    #[schema(required)]
    release: Option<String>,
    /// The browser's family and major version.
    #[schema(required)]
    browser: Option<String>,
    #[schema(required)]
    os: Option<String>,
    /// Address of the first page, without query values.
    #[schema(value_type = Option<String>, required)]
    entry_url: Option<Personal<String>>,
    #[schema(value_type = Option<String>, required)]
    entry_title: Option<Personal<String>>,
    #[schema(value_type = Option<String>, required)]
    last_url: Option<Personal<String>>,
    policy_version: u32,
    #[schema(value_type = ValidationName)]
    validation: Validation,
    /// How closely it is kept: its project's when it started.
    #[schema(value_type = SensitivityName)]
    sensitivity: Sensitivity,
    /// Where its project ran when it started.
    #[schema(value_type = Option<String>, required)]
    environment: Option<Environment>,
}

/// What a session is marked with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionLabel {
    #[schema(value_type = Uuid)]
    id: LabelId,
    #[schema(value_type = String, example = "payment")]
    label: Label,
    /// Who put it there.
    #[schema(value_type = Uuid)]
    created_by: MemberId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<app::sessions::LabelView> for SessionLabel {
    fn from(label: app::sessions::LabelView) -> Self {
        Self { id: label.id, label: label.label, created_by: label.created_by, created_at: label.created_at }
    }
}

/// The project of a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionProject {
    #[schema(value_type = Uuid)]
    id: ProjectId,
    name: String,
}

/// Where a session stands.
#[derive(ToSchema)]
#[schema(as = SessionState, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `domain::SessionState`, which knows nothing of OpenAPI")]
pub(crate) enum SessionStateName {
    Live,
    Closed,
    Erased,
}

/// What the structure check found, worst first wins.
#[derive(ToSchema)]
#[schema(as = Validation, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `domain::Validation`, which knows nothing of OpenAPI")]
pub(crate) enum ValidationName {
    Valid,
    Repaired,
    Gaps,
    Corrupt,
}

impl From<app::sessions::SessionSummary> for SessionSummary {
    fn from(session: app::sessions::SessionSummary) -> Self {
        Self {
            id: session.id,
            project: SessionProject { id: session.project_id, name: session.project_name },
            state: session.state,
            started_at: session.started_at,
            last_event_at: session.last_event_at,
            duration_ms: session.duration_ms,
            tabs: session.tabs,
            segments: session.segments,
            events: session.events,
            bytes_stored: session.bytes_stored,
            errors: session.errors,
            gaps: session.gaps,
            has_error: session.has_error,
            release: session.release,
            browser: session.browser,
            os: session.os,
            entry_url: session.entry_url,
            entry_title: session.entry_title,
            last_url: session.last_url,
            policy_version: session.policy_version,
            validation: session.validation,
            sensitivity: session.sensitivity,
            environment: session.environment,
        }
    }
}

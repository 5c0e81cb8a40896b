//! Exports of the audit log.

pub(crate) mod create;
pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod view;

use app::ledger::AuditExportFilter as Filter;
use app::ledger::AuditExportView as View;
use domain::{AuditExportId, MemberId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The form of an export of the audit log.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AuditExportFormat {
    /// Entries with their exact bytes, the log's hashes or proofs, and the checkpoint: `sealtape-verify export` checks it.
    Log,
    /// OCSF events in `CloudEvents` envelopes, one a line, with the entries' bytes and the checkpoint: checked the same way.
    Ocsf,
    /// Rows for a spreadsheet; they prove nothing.
    Csv,
}

impl From<AuditExportFormat> for app::ledger::AuditExportFormat {
    fn from(format: AuditExportFormat) -> Self {
        match format {
            AuditExportFormat::Log => Self::Log,
            AuditExportFormat::Ocsf => Self::Ocsf,
            AuditExportFormat::Csv => Self::Csv,
        }
    }
}

impl From<app::ledger::AuditExportFormat> for AuditExportFormat {
    fn from(format: app::ledger::AuditExportFormat) -> Self {
        match format {
            app::ledger::AuditExportFormat::Log => Self::Log,
            app::ledger::AuditExportFormat::Ocsf => Self::Ocsf,
            app::ledger::AuditExportFormat::Csv => Self::Csv,
        }
    }
}

/// Which entries are wanted; every member that is set must match.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuditExportFilter {
    /// Of this actor: an id, or a task's name.
    actor: Option<String>,
    /// On objects of this kind: `session`, `member`, `grant`, …
    object_kind: Option<String>,
    /// On the object with this id.
    object: Option<String>,
    /// This act, such as `session.view`.
    act: Option<String>,
    /// `allow`, `deny` or `error`.
    outcome: Option<String>,
    /// At this instant or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

impl From<AuditExportFilter> for Filter {
    fn from(filter: AuditExportFilter) -> Self {
        let AuditExportFilter { actor, object_kind, object, act, outcome, from, to } = filter;
        Self { actor, object_kind, object, act, outcome, from, to }
    }
}

impl From<Filter> for AuditExportFilter {
    fn from(filter: Filter) -> Self {
        let Filter { actor, object_kind, object, act, outcome, from, to } = filter;
        Self { actor, object_kind, object, act, outcome, from, to }
    }
}

/// An export of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditExport)]
pub(crate) struct AuditExportView {
    #[schema(value_type = Uuid)]
    id: AuditExportId,
    format: AuditExportFormat,
    /// Null when everything is wanted.
    #[schema(required)]
    filter: Option<AuditExportFilter>,
    /// `waiting`, `running`, `ready`, `failed`, `expired` or `cancelled`.
    state: &'static str,
    /// Entries of the log that were looked at.
    done: u64,
    /// Entries of the log to look at.
    total: u64,
    /// Entries in the file, once it is ready.
    #[schema(required)]
    entries: Option<u64>,
    /// Bytes of the file, once it is ready.
    #[schema(required)]
    bytes: Option<u64>,
    /// Entries of the log up to the signed checkpoint that the export ends with.
    #[schema(required)]
    size: Option<u64>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Uuid)]
    created_by: MemberId,
    /// It can be downloaded until then.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The code of what went wrong, when it failed.
    #[schema(required)]
    problem: Option<String>,
}

impl From<View> for AuditExportView {
    fn from(view: View) -> Self {
        Self {
            id: view.id,
            format: view.format.into(),
            filter: view.filter.map(Into::into),
            state: view.state.as_str(),
            done: view.done,
            total: view.size,
            entries: view.found.map(|(entries, _)| entries),
            bytes: view.found.map(|(_, bytes)| bytes),
            size: Some(view.size),
            created_at: view.created_at,
            created_by: view.created_by,
            expires_at: view.expires_at,
            problem: view.problem,
        }
    }
}

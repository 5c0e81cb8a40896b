//! The only place with queries: every row of every tenant is read and written here.
//!
//! **Purpose.** Nobody else can forget the tenant, build SQL, or give the two databases different meanings.
//!
//! **Design.** [`Store::tenant`] opens a [`TenantTx`], [`Store::tenant_read`] a [`TenantRead`]: one transaction, one
//! tenant. Three nets keep tenants apart: private SeaORM entities whose only select starts with the tenant
//! (`scope.rs`), a clippy ban on `EntityTrait::find`, and row security on PostgreSQL, where [`Store::connect`] refuses a
//! role it would not bind. Work that starts without a tenant has the look-ups on [`Store`] and [`SystemTx`]. Rows are
//! plain structs of domain types; [`stored`](mod@stored) says how each type stands in a column, the same on both
//! databases: microseconds as 64-bit numbers, ids as UUIDs, text without NUL compared byte by byte. A decision that must
//! not race is one conditional UPDATE. SQLite has one writer and BEGIN IMMEDIATE; PostgreSQL takes row locks.
//!
//! **How to add one more table.** A migration with `tenant_id` in every key, its policy and its grants
//! (`migrations/src/lib.rs` says how); a file here with a `table!` and its methods, named resource first
//! (`session_list`); a line in [`KEY_REGISTRY`] if it holds a wrapped key; its operations in `tests/differential.rs`.

mod access_grant;
mod access_grant_step;
mod access_rules;
mod agent_key;
mod api_key;
mod attempt;
mod audit;
mod audit_export;
mod audit_head;
mod audit_log;
mod capture_stop;
mod challenge;
mod connect;
mod credential;
mod custom_role;
mod error;
mod factor;
mod gap;
mod invitation;
mod job;
mod job_run;
mod login;
mod mail;
mod manifest;
mod member;
mod member_influence;
mod membership;
mod migrate;
mod notice;
mod once;
mod password_reset;
#[cfg(test)]
mod plans;
mod predicate;
mod project;
mod proposal;
mod recovery_code;
mod registry;
mod role;
mod scope;
mod search_token;
mod segment;
mod session;
mod session_export;
mod session_key;
mod session_label;
mod session_list;
mod session_progress;
mod session_tab;
mod session_view;
mod sink;
mod sink_delivery;
mod state;
mod stored;
mod subject;
mod tenant;
mod tenant_key;
mod tidy;
mod tx;

pub use access_grant::{AccessGrantFilter, AccessGrantRow, AccessGrantSessionRow, AccessGrantVoteRow};
pub use access_rules::AccessRulesRow;
pub use agent_key::AgentKeyRow;
pub use api_key::ApiKeyRow;
pub use attempt::{Counted, Pace};
pub use audit::AuditOutboxRow;
pub use audit_export::{AuditExportProgress, AuditExportRow};
pub use audit_head::{AuditHeadRow, LedgerTx, WaitingLeaf};
pub use audit_log::{
    AuditAlarmRow, AuditAnchoredRow, AuditCheckpointRow, AuditLeaf, AuditStanding, AuditWitnessedRow, LeafCursor,
    LeafFilter,
};
pub use capture_stop::{CaptureStopRow, capture_scope};
pub use challenge::FactorChallengeRow;
pub use connect::{Backend, DatabaseConfig, Store};
pub use credential::CredentialRow;
pub use custom_role::CustomRoleRow;
pub use error::StoreError;
pub use factor::FactorRow;
pub use gap::GapRow;
pub use invitation::InvitationRow;
pub use job::{JobBacklog, JobClaim};
pub use job_run::{JobEnd, JobRunRow, NewJob};
pub use login::LoginRow;
pub use mail::MailRow;
pub use manifest::ManifestRow;
pub use member::{MemberRow, RoleBindingRow};
pub use member_influence::MemberInfluenceRow;
pub use membership::MembershipProofRow;
pub use migrate::{migrate, migrate_embedded, pending_migrations};
pub use notice::{NoticePreferenceRow, NoticeRow};
pub use once::OnceRow;
pub use password_reset::PasswordResetRow;
pub use project::{EnvironmentChange, ProjectChange, ProjectCounts, ProjectRow};
pub use proposal::ProposalRow;
pub use recovery_code::RecoveryCodeRow;
pub use registry::{KEY_REGISTRY, KeyParent, KeyTable};
pub use search_token::SearchTokenRow;
pub use segment::SegmentRow;
pub use session::SessionRow;
pub use session_export::SessionExportRow;
pub use session_key::SessionKeyRow;
pub use session_label::SessionLabelRow;
pub use session_list::{ChangeCursor, SessionCursor, SessionFilter};
pub use session_progress::{CloseLimits, Seal, SessionDue, SessionTouch};
pub use session_tab::{SessionTabRow, TabSpan};
pub use session_view::{SessionViewRow, ViewCursor};
pub use sink::SinkRow;
pub use sink_delivery::{Attempted, DeliveryRow};
pub use state::{
    AlarmReason, AuditExportFormat, AuditExportState, ChallengePurpose, DeliveryKind, DeliveryState, FactorKind,
    FactorState, Influence, InvitationState, JobState, KeyState, MailState, MemberState, NoticeMail, SinkKind,
    TenantState, Vote,
};
pub use subject::{SubjectIdentifierRow, SubjectRow};
pub use tenant::TenantRow;
pub use tenant_key::{PersonKeyRow, SigningKeyRow, TenantKekRow, TenantPurposeKeyRow};
pub use tx::{BatchOutcome, BatchTx, MAX_TRANSACTION, SystemTx, TenantRead, TenantTx};

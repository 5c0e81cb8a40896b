//! Finding, opening and watching sessions.

pub(crate) mod access;
mod export;
mod guard;
mod labels;
mod lines;
mod list;
mod live;
mod plan;
mod summary;
mod verify;
mod view;
mod watch;

use std::sync::Arc;

use domain::{
    Clock, CloseReason, Entropy, Environment, MemberId, Personal, ProjectId, Sensitivity, SessionId, SessionState,
    Timestamp, Validation,
};
use store::Store;
use vault::{blob::BlobStore, manifest::Manifest};

pub use access::Opening;
pub use export::{Download, ExportView};
pub use labels::LabelView;
pub use list::SessionFilter;
pub(crate) use plan::{broken_gap, gap_view};
pub use recording::index::Pane;
pub use watch::WatchRange;

use crate::{
    attempts::Attempts,
    audit::Audit,
    keys::{DeploymentKeys, Keys},
    looks::Looks,
    notices::Notices,
    rights::Rights,
    settings::Settings,
};

/// Use cases of people who look at sessions.
#[derive(Clone)]
pub struct Sessions {
    pub(crate) parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) blobs: BlobStore,
    pub(crate) keys: Keys,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) authorizer: Arc<Rights>,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) notices: Notices,
    pub(crate) looks: Looks,
}

impl Parts {
    pub(crate) fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

/// A session as lists show it.
#[derive(Debug, Clone)]
pub struct SessionSummary {
    /// Its id.
    pub id: SessionId,
    /// Its project.
    pub project_id: ProjectId,
    /// The project's name.
    pub project_name: String,
    /// Where it stands.
    pub state: SessionState,
    /// When the server heard of it first.
    pub started_at: Timestamp,
    /// Time of its newest event.
    pub last_event_at: Option<Timestamp>,
    /// From its first event to its last, in milliseconds.
    pub duration_ms: u64,
    /// Tabs.
    pub tabs: u16,
    /// Segments.
    pub segments: u64,
    /// Events.
    pub events: u64,
    /// Sealed bytes.
    pub bytes_stored: u64,
    /// Errors of the page.
    pub errors: u64,
    /// Known gaps.
    pub gaps: u64,
    /// Whether there was an error.
    pub has_error: bool,
    /// The application's release.
    pub release: Option<String>,
    /// Browser family.
    pub browser: Option<String>,
    /// Operating system family.
    pub os: Option<String>,
    /// The page it began on.
    pub entry_url: Option<Personal<String>>,
    /// That page's title.
    pub entry_title: Option<Personal<String>>,
    /// The page it was last seen on.
    pub last_url: Option<Personal<String>>,
    /// The policy version it was captured under.
    pub policy_version: u32,
    /// What the structure check found.
    pub validation: Validation,
    /// How closely it is kept.
    pub sensitivity: Sensitivity,
    /// Where its project ran.
    pub environment: Option<Environment>,
}

/// A session as its page shows it.
#[derive(Debug, Clone)]
pub struct SessionDetail {
    /// What lists show.
    pub summary: SessionSummary,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why.
    pub close_reason: Option<CloseReason>,
    /// Hash of the policy, as 64 hex digits.
    pub policy_hash: String,
    /// The agent's name.
    pub agent_name: String,
    /// The agent's version.
    pub agent_version: String,
    /// Newest manifest: revision and hash.
    pub manifest: Option<(u32, String)>,
    /// Its tabs.
    pub tabs: Vec<TabView>,
    /// Its gaps.
    pub gaps: Vec<GapView>,
    /// Pages in the order they were seen.
    pub pages: Vec<PageView>,
    /// What it is marked with.
    pub labels: Vec<LabelView>,
    /// Time of the first event (or of the start), milliseconds since the epoch.
    pub start_ms: i64,
    /// The session that this one follows.
    pub previous_session: Option<SessionId>,
}

/// A tab.
#[derive(Debug, Clone)]
pub struct TabView {
    /// Its number.
    pub tab: u16,
    /// Segments in it.
    pub segments: u64,
    /// Time of its first event, milliseconds since the epoch.
    pub first_ms: Option<i64>,
    /// Time of its last event.
    pub last_ms: Option<i64>,
}

/// Something that is missing, and why.
#[derive(Debug, Clone)]
pub struct GapView {
    /// The tab.
    pub tab: u16,
    /// From, milliseconds since the epoch.
    pub from_ms: i64,
    /// To.
    pub to_ms: i64,
    /// Why.
    pub reason: String,
    /// More, in fixed words.
    pub detail: Option<String>,
}

/// A page that was seen.
#[derive(Debug, Clone)]
pub struct PageView {
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Address without query values.
    pub url: Personal<String>,
    /// Title.
    pub title: Option<Personal<String>>,
}

/// Somebody who watched.
#[derive(Debug, Clone)]
pub struct ViewerView {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub viewer_id: MemberId,
    /// Their name.
    pub viewer_name: Personal<String>,
    /// Which panes.
    pub panes: Vec<String>,
    /// The asked range, milliseconds since the epoch.
    pub from_ms: Option<i64>,
    /// Its end.
    pub to_ms: Option<i64>,
}

/// The newest manifest of a closed session, checked against its row.
#[derive(Debug, Clone)]
pub struct CheckedManifest {
    /// SHA-256 of its canonical bytes, as 64 hex digits.
    pub hash: String,
    /// What it says.
    pub manifest: Manifest,
}

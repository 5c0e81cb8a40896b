//! Sinks: receivers of the audit log outside, which get every signed entry as it comes.
//!
//! **Purpose.** A copy of the log that this deployment cannot change any more: a SIEM that alarms, an archive that proves.
//!
//! **Design.** A sink is a webhook (Standard Webhooks) or a syslog server (RFC 5424 over TLS). Entries are handed on in the
//! log's order, in batches that a row names by their places ([`store::DeliveryRow`]); the bytes are made anew from the log for
//! each try ([`batch`]) and are the same each time. One batch is under way at a time: its row is there before the first try,
//! the sink's mark moves only in the transaction that records its arrival, so a crash repeats and never skips. What is
//! handed on was signed and is checked against the log's hashes first; each batch names the newest checkpoint, so that a
//! receiver can prove what it was given. A sink that does not answer waits longer and longer ([`retry`]) and holds up nobody:
//! the log grows without it, and later the sink catches up. Deliveries are no acts and leave nothing in the log, or each of
//! them would be the reason for the next; what is told of persons with one does ([`detail`]). Everything is dialled through
//! [`egress::Guard`]. What makes a sink hear less, or more about persons, takes two people ([`two`]).
//!
//! **How to add one more kind of receiver.** A variant of [`store::SinkKind`] and of [`egress::Kind`], its bytes in a file
//! beside `syslog.rs`, an arm in `deliver.rs`, and a real receiver in `tests/api/sinks`.

mod batch;
mod change;
mod deliver;
mod deliveries;
mod detail;
mod retry;
mod settings;
mod syslog;
pub(crate) mod two;

use std::sync::Arc;

use domain::{MemberId, Secret, SinkId, Timestamp};
use egress::Guard;
use ledger::Object;
use policy::access::{Permit, can};
use store::{SinkRow, TenantRead};
use tokio::sync::Semaphore;

pub use change::{ActsChange, NewSink, SinkChange, SinkChanged, SinkRemoved};
pub use deliver::{DeliverLog, LogDelivered};
pub use deliveries::DeliveryView;
pub use store::{DeliveryKind, DeliveryState, SinkKind};

pub(crate) use self::settings::Addresses;
use self::settings::SinkSettings;
use crate::{
    AppError, Page, Paged, auth,
    paging::Cursors,
    proposals::Proposals,
    rights::{Rights, rows},
    settings::Settings,
};

/// Sinks of one tenant.
const SINKS: u64 = 10;
/// Jobs of this process that may wait for receivers at one time, at most: other work needs the other places.
const AT_ONCE: usize = 3;

const NO_SINK: AppError = AppError::NotFound { kind: "webhook" };

/// A sink, without its secret.
#[derive(Debug, Clone)]
pub struct SinkView {
    /// Its id.
    pub id: SinkId,
    /// What people call it.
    pub name: String,
    /// What is at the other end.
    pub kind: SinkKind,
    /// Where.
    pub url: String,
    /// Acts whose entries it gets; all when there is no list.
    pub acts: Option<Vec<String>>,
    /// Whether it gets what lies beside entries, too.
    pub detail: bool,
    /// How it does.
    pub state: SinkState,
    /// Since when nothing arrives.
    pub failing_since: Option<Timestamp>,
    /// Entries before this place were handed on, or are none that it gets.
    pub delivered_size: u64,
    /// Signed entries behind it.
    pub waiting: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: MemberId,
    /// When something last arrived.
    pub last_delivery_at: Option<Timestamp>,
}

/// How a sink does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinkState {
    /// What is due arrives.
    Active,
    /// The last try did not.
    Failing,
    /// Nothing is sent: somebody said so, or the receiver did.
    Paused,
}

impl SinkState {
    /// The published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failing => "failing",
            Self::Paused => "paused",
        }
    }

    const fn of(row: &SinkRow) -> Self {
        match (row.paused_at, row.failing_since) {
            (Some(_), _) => Self::Paused,
            (None, Some(_)) => Self::Failing,
            (None, None) => Self::Active,
        }
    }
}

/// A sink that was just made, and the secret that it signs with; syslog has none.
#[derive(Debug)]
pub struct Made {
    /// The sink.
    pub sink: SinkView,
    /// Shown this once.
    pub secret: Option<Secret<String>>,
}

/// Use cases of sinks.
#[derive(Clone)]
pub struct Sinks {
    parts: Arc<auth::Parts>,
    proposals: Proposals,
    guard: Guard,
    /// What syslog messages say that they come from.
    host: Arc<str>,
    places: Arc<Semaphore>,
}

impl Sinks {
    pub(crate) fn new(parts: Arc<auth::Parts>, proposals: Proposals, settings: &Settings, guard: Guard) -> Self {
        let host = parts.console.host_str().unwrap_or("-").into();
        let places = Arc::new(Semaphore::new(AT_ONCE.min(settings.jobs.slots / 2).max(1)));
        Self { parts, proposals, guard, host, places }
    }

    /// Sinks, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn list(&self, permit: &Permit<can::WebhookList>, page: Page) -> Result<Paged<SinkView>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let cursors = Cursors::new(&self.parts.deployment.cursor);
        let after = page.cursor.as_deref().map(|cursor| cursors.read(tenant, "webhooks", cursor)).transpose()?;
        let read = self.parts.store.tenant_read(tenant).await?;
        let mut rows = read.sink_page(after, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, "webhooks", &mut rows, size, |last| last.id)?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.shown(&read, row).await?);
        }
        Ok(Paged { items, next_cursor })
    }

    /// One sink.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn view(&self, permit: &Permit<can::WebhookList>, id: SinkId) -> Result<SinkView, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.sink_find(id).await?.ok_or(NO_SINK)?;
        self.shown(&read, row).await
    }

    async fn shown(&self, read: &TenantRead, row: SinkRow) -> Result<SinkView, AppError> {
        // One that somebody edited is shown without its address, so that it can be seen and removed.
        let settings = self.settings_by(read, &row).await.ok();
        let url = settings.as_ref().map(|settings| settings.url.clone()).unwrap_or_default();
        let detail = settings.is_some_and(|settings| settings.detail_from.is_some());
        let signed = read.audit_checkpoint_newest().await?.map_or(0, |newest| newest.size);
        Ok(SinkView {
            id: row.id,
            kind: row.kind,
            url,
            detail,
            state: SinkState::of(&row),
            failing_since: row.failing_since,
            delivered_size: row.done_size,
            waiting: signed.saturating_sub(row.done_size),
            created_at: row.created_at,
            created_by: row.created_by,
            last_delivery_at: row.last_delivery_at,
            name: row.name,
            acts: row.acts,
        })
    }

    async fn settings_by(&self, read: &TenantRead, row: &SinkRow) -> Result<SinkSettings, AppError> {
        let key = self.parts.keys.purpose_by(read, vault::wrap::Purpose::Secrets).await?;
        SinkSettings::open(&key, row)
    }
}

/// The row, if it is what was written; else it is put on record and is none.
async fn trusted(rights: &Rights, read: &TenantRead, row: SinkRow) -> Result<SinkRow, AppError> {
    let authority = rights.authority_by(read).await?;
    if rows::sink(&row, |of| authority.holds(of, &row.mac)) {
        return Ok(row);
    }
    rights.distrust(row.tenant_id, Object::Webhook(row.id), &row.mac).await;
    Err(AppError::Conflict {
        code: "integrity-fail",
        detail: "what is stored of this webhook is not what was written; remove it and make another".to_owned(),
        next: None,
    })
}

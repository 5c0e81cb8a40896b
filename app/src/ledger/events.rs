//! The log as people read it: newest first, by who, what, on what and when.

use domain::{AuditId, SubjectId, TenantId, Timestamp};
use ledger::{Leaf, Object};
use policy::access::{Can, Permit, can};
use store::{AuditLeaf, LeafCursor, LeafFilter, TenantRead};

use super::Ledger;
use crate::{AppError, Page, Paged, looks::Look, paging::Cursors};

/// The longest word that a filter may hold.
const LONGEST_WORD: usize = 64;

/// Which events are asked for; every field that is set must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// The actor's id, or a task's name.
    pub actor: Option<String>,
    /// The kind of what was acted on.
    pub object_kind: Option<String>,
    /// Its id.
    pub object_id: Option<String>,
    /// What was done.
    pub act: Option<String>,
    /// How it ended: `allow`, `deny` or `error`.
    pub outcome: Option<String>,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its index in the log, once it has one.
    pub index: Option<u64>,
    /// What happened.
    pub leaf: Leaf,
}

impl Ledger {
    /// One page of events, newest first. Reading them is an event itself, one a minute for each reader, and on record before
    /// anything is shown.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none; [`AppError::Conflict`] `integrity-fail` when something in the log is no
    /// event.
    pub async fn events(
        &self,
        permit: &Permit<can::AuditRead>,
        filter: &EventFilter,
        page: Page,
    ) -> Result<Paged<AuditEvent>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let bound = format!("events {filter:?}");
        let (wanted, before) = (filter.checked()?, self.event_cursor(tenant, &bound, &page)?);
        self.record_look(permit, Look::Events).await?;
        let read = self.store.tenant_read(tenant).await?;
        self.event_page(&read, wanted, before, size, &bound).await
    }

    /// One event.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] `integrity-fail` when what is there is no event.
    pub async fn event(&self, permit: &Permit<can::AuditRead>, id: AuditId) -> Result<AuditEvent, AppError> {
        self.record_look(permit, Look::Events).await?;
        let read = self.store.tenant_read(permit.tenant()).await?;
        event(&read.audit_leaf_find(id).await?.ok_or(AppError::NotFound { kind: "event" })?)
    }

    /// Everything that members and their keys did about a recorded person and to their sessions, newest first: who saw them.
    /// Each page is an event of its own, on record before anything is shown.
    ///
    /// # Errors
    /// As [`Ledger::events`]; [`AppError::NotFound`] when there is no such person.
    pub async fn events_about(
        &self,
        permit: &Permit<can::AuditRead>,
        subject: SubjectId,
        page: Page,
    ) -> Result<Paged<AuditEvent>, AppError> {
        let (tenant, size) = (permit.tenant(), page.size()?);
        let bound = format!("about {subject}");
        let before = self.event_cursor(tenant, &bound, &page)?;
        let tx = self.store.tenant(tenant).await?;
        if !tx.subject_exists(subject).await? {
            return Err(AppError::NotFound { kind: "person" });
        }
        self.audit().allowed(&tx, permit, "audit.subject", Object::Subject(subject)).await?;
        tx.commit().await?;
        let read = self.store.tenant_read(tenant).await?;
        self.event_page(&read, LeafFilter { about: Some(subject), ..LeafFilter::default() }, before, size, &bound).await
    }

    fn event_cursor(&self, tenant: TenantId, bound: &str, page: &Page) -> Result<Option<LeafCursor>, AppError> {
        let cursor = page.cursor.as_ref();
        let cursors = Cursors::new(&self.deployment.cursor);
        Ok(cursor.map(|cursor| cursors.read::<AuditId>(tenant, bound, cursor)).transpose()?.map(LeafCursor))
    }

    async fn event_page(
        &self,
        read: &TenantRead,
        wanted: LeafFilter,
        before: Option<LeafCursor>,
        size: usize,
        bound: &str,
    ) -> Result<Paged<AuditEvent>, AppError> {
        let mut rows = read.audit_leaf_list(wanted, before, size as u64 + 1).await?;
        let next_cursor =
            Cursors::new(&self.deployment.cursor).cut(read.tenant(), bound, &mut rows, size, |row| row.id)?;
        Ok(Paged { items: rows.iter().map(event).collect::<Result<_, _>>()?, next_cursor })
    }

    /// Puts on record that somebody reads the log, unless the same reader's last look was just now.
    pub(super) async fn record_look<A: Can>(&self, permit: &Permit<A>, look: Look) -> Result<(), AppError> {
        let tenant = Object::Tenant(permit.tenant());
        self.looks.record(&self.store, self.audit(), permit, look, tenant).await
    }
}

impl EventFilter {
    /// What the store is asked for. Leaves hold words only, so nothing else can be looked for.
    fn checked(&self) -> Result<LeafFilter, AppError> {
        let Self { actor, object_kind, object_id, act, outcome, from, to } = self.clone();
        let named = [
            ("/actor", &actor),
            ("/object_kind", &object_kind),
            ("/object", &object_id),
            ("/act", &act),
            ("/outcome", &outcome),
        ];
        for (pointer, word) in named {
            let is_word = |word: &String| {
                (1..=LONGEST_WORD).contains(&word.len())
                    && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
            };
            if !word.as_ref().is_none_or(is_word) {
                let wanted = format!("must have 1 to {LONGEST_WORD} letters, digits, hyphens and dots");
                return Err(AppError::invalid(pointer, wanted));
            }
        }
        Ok(LeafFilter { actor, object_kind, object: object_id, act, outcome, from, to, about: None })
    }
}

/// The event of a row.
fn event(row: &AuditLeaf) -> Result<AuditEvent, AppError> {
    let leaf = Leaf::from_bytes(&row.leaf).map_err(|error| no_event(row.id, &error))?;
    Ok(AuditEvent { index: row.index, leaf })
}

/// Something was put where events stand.
fn no_event(id: AuditId, error: &ledger::LeafError) -> AppError {
    metrics::counter!("sealtape_integrity_failures_total", "kind" => "ledger").increment(1);
    tracing::error!(audit.id = %id, error = %error, "a row of the audit log is no event");
    AppError::Conflict {
        code: "integrity-fail",
        detail: format!("the row {id} of the log is not an event; the log's proofs tell what was changed"),
        next: None,
    }
}

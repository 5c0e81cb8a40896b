//! The log as people read it: newest first, by who, what, on what and when.

use std::time::Duration;

use domain::{AuditId, TenantId, Timestamp};
use ledger::{Leaf, Object};
use policy::access::{Actor, Permit, can};
use store::LeafCursor;
use uuid::Uuid;

use super::Ledger;
use crate::{AppError, Page, Paged, paging::Cursors};

/// A reader's further looks within this time belong to the one on record.
const SAME_LOOK: Duration = Duration::from_secs(60);
/// Leaves that one request looks at, at most: a filter that fits few gives a short page and where it goes on.
const SCAN: usize = 5_000;
/// Leaves read at once.
const STEP: u64 = 500;
/// An id is minted a moment before or after the time that its leaf tells.
const MOMENT: Duration = Duration::from_secs(1);

/// Who looks at what: a member or an API key of a tenant.
pub(super) type Reader = (TenantId, Uuid, Look);

/// What somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// At events, as people read them.
    Events,
    /// At whole bundles of entries, as auditors' programs do.
    Entries,
}

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
        let (bound, cursors) = (format!("events {filter:?}"), Cursors::new(&self.deployment.cursor));
        let mut before = match &page.cursor {
            Some(cursor) => Some(cursors.read::<AuditId>(tenant, &bound, cursor)?),
            None => filter.to.map(|to| first_of(to.plus(MOMENT))),
        };
        self.record_look(permit, Look::Events).await?;
        let read = self.store.tenant_read(tenant).await?;
        let (mut items, mut scanned) = (Vec::new(), 0);
        loop {
            let rows = read.audit_leaf_list(before.map(LeafCursor), STEP).await?;
            let is_last = (rows.len() as u64) < STEP;
            for row in rows {
                if filter.from.is_some_and(|from| row.created_at.plus(MOMENT) < from) {
                    return Ok(Paged { items, next_cursor: None });
                }
                if items.len() == size || scanned == SCAN {
                    let last = before.ok_or_else(|| AppError::internal("a page ends behind something"))?;
                    return Ok(Paged { items, next_cursor: Some(cursors.write(tenant, &bound, &last)?) });
                }
                (before, scanned) = (Some(row.id), scanned + 1);
                let leaf = Leaf::from_bytes(&row.leaf).map_err(|error| no_event(row.id, &error))?;
                if filter.takes(&leaf) {
                    items.push(AuditEvent { index: row.index, leaf });
                }
            }
            if is_last {
                return Ok(Paged { items, next_cursor: None });
            }
        }
    }

    /// Puts on record that somebody reads the log, unless the same reader's last look was just now.
    pub(super) async fn record_look(&self, permit: &Permit<can::AuditRead>, look: Look) -> Result<(), AppError> {
        let (now, reader) = (self.clock.now(), reader(permit, look));
        if self.looks.get(&reader).await.is_some_and(|since| now < since.plus(SAME_LOOK)) {
            return Ok(());
        }
        let tenant = permit.tenant();
        let tx = self.store.tenant(tenant).await?;
        self.audit().allowed(&tx, permit, "audit.read", Object::Tenant(tenant)).await?;
        tx.commit().await?;
        self.looks.insert(reader, now).await;
        Ok(())
    }
}

impl EventFilter {
    fn takes(&self, leaf: &Leaf) -> bool {
        let Self { actor, object_kind, object_id, act, from, to } = self;
        let (kind, id) = leaf.obj.parts();
        actor.as_ref().is_none_or(|actor| *actor == leaf.actor.parts().1)
            && object_kind.as_ref().is_none_or(|wanted| wanted == kind)
            && object_id.as_ref().is_none_or(|wanted| *wanted == id)
            && act.as_ref().is_none_or(|act| *act == leaf.act)
            && from.is_none_or(|from| leaf.t >= from)
            && to.is_none_or(|to| leaf.t < to)
    }
}

fn reader(permit: &Permit<can::AuditRead>, look: Look) -> Reader {
    let who = match *permit.actor() {
        Actor::Member { id, .. } => id.uuid(),
        Actor::ApiKey { key, .. } => key.uuid(),
        Actor::Agent { key, .. } => key.uuid(),
        Actor::Session { session, .. } => session.uuid(),
        Actor::Worker { .. } => Uuid::nil(),
    };
    (permit.tenant(), who, look)
}

/// The lowest id that is minted at `at`.
fn first_of(at: Timestamp) -> AuditId {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    AuditId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
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

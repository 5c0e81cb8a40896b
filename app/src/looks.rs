//! Lists that tell who watched, or who took something out: reading one is on record before anything is shown.
//!
//! **Design.** One entry for each reader, list and minute: who turns pages, or comes back within it, goes on with the look that is
//! on record. What is remembered of looks is this process's own, so several processes write one each, and one that ends
//! forgets: there is sooner an entry too many than one too few.
//!
//! **How to add one more list.** A variant of [`Look`] with its act (words in the console's catalogues `acts`), and a call of
//! [`Looks::record`] behind everything that may refuse; the table in `tests/api/cases.rs` says that it leaves its row.

use std::time::Duration;

use domain::{TenantId, Timestamp};
use ledger::Object;
use moka::future::Cache;
use policy::access::{Actor, Can, Permit};
use store::Store;
use uuid::Uuid;

use crate::{AppError, audit::Audit};

/// A reader's further looks within this time belong to the one on record.
const SAME_LOOK: Duration = Duration::from_secs(60);
/// Readers whose last look is remembered.
const READERS: u64 = 10_000;

/// What somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Look {
    /// At events of the log, as people read them.
    Events,
    /// At whole bundles of entries, as auditors' programs do.
    Entries,
    /// At who took the log out.
    AuditExports,
    /// At who watched a session.
    Viewers,
    /// At who took a session out.
    Exports,
    /// At everybody's grants, and when they were used.
    Grants,
    /// At whoever broke glass.
    BrokenGlass,
}

impl Look {
    const fn act(self) -> &'static str {
        match self {
            Self::Events | Self::Entries => "audit.read",
            Self::AuditExports => "audit.exports",
            Self::Viewers => "session.viewers",
            Self::Exports => "session.exports",
            Self::Grants => "grant.list",
            Self::BrokenGlass => "break-glass.list",
        }
    }
}

/// When whose look at what was last put on record. Cheap to clone; clones remember together.
#[derive(Clone)]
pub(crate) struct Looks(Cache<(TenantId, Uuid, Look, Object), Timestamp>);

impl Looks {
    pub(crate) fn new() -> Self {
        Self(Cache::new(READERS))
    }

    /// Puts on record that the permit's actor looks at `object`, unless their last look was just now.
    pub(crate) async fn record<A: Can>(
        &self,
        store: &Store,
        audit: Audit<'_>,
        permit: &Permit<A>,
        look: Look,
        object: Object,
    ) -> Result<(), AppError> {
        let (now, tenant) = (audit.clock.now(), permit.tenant());
        let seen = (tenant, who(permit.actor()), look, object);
        if self.0.get(&seen).await.is_some_and(|since| now < since.plus(SAME_LOOK)) {
            return Ok(());
        }
        let tx = store.tenant(tenant).await?;
        audit.allowed(&tx, permit, look.act(), object).await?;
        tx.commit().await?;
        self.0.insert(seen, now).await;
        Ok(())
    }
}

/// The id of whoever asks.
pub(crate) fn who(actor: &Actor) -> Uuid {
    match *actor {
        Actor::Member { id, .. } => id.uuid(),
        Actor::ApiKey { key, .. } => key.uuid(),
        Actor::Agent { key, .. } => key.uuid(),
        Actor::Session { session, .. } => session.uuid(),
        Actor::Worker { .. } => Uuid::nil(),
    }
}

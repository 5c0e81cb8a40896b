//! The audit log as something that can be proved: putting leaves in their places, signing what that comes to, and showing
//! it.
//!
//! **Purpose.** An act writes its leaf into the outbox in its own transaction. Here each tenant's leaves become the entries of
//! a Merkle tree, the tree's head is signed, and whoever may read the log can check both without believing the database.
//!
//! **Design.** [`Ledger::sequence`] is one round of the sequencer: for each tenant whose leaves wait, one batch in one
//! transaction that holds the tenant's head, so that a crash repeats and loses nothing and several processes take turns.
//! A [`Signer`] has a memory of its own outside the database: it signs a head only when that continues what it signed
//! last, when the tiles lead to it, and when the new leaves are the tiles'. Anything else it refuses until a person has
//! looked. [`Ledger`]'s other functions answer from the newest signed checkpoint and never from what lies beyond it.
//!
//! **How to add one more thing that is checked.** What needs no database goes into the `ledger` crate, beside
//! [`ledger::tree::Fault`], so that an auditor's program checks it, too; the signer calls it before it signs.

mod events;
mod memory;
mod read;
mod sequencer;
mod signer;
mod tiles;

use std::{sync::Arc, time::Duration};

use domain::{Clock, Entropy, TenantId};
use moka::future::Cache;
use store::Store;

pub use events::{AuditEvent, EventFilter};
pub use read::{ConsistencyProof, InclusionProof};
pub use signer::{Refused, Signed, Signer};

use crate::{
    audit::Audit,
    keys::{DeploymentKeys, Keys},
};

/// The number in every origin. After a restore the operator begins another log under the next one.
const EPOCH: u32 = 1;
/// Readers whose last look at the events is remembered.
const READERS: u64 = 10_000;

/// The audit log: its sequencer, and what readers ask of it.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    keys: Keys,
    deployment: Arc<DeploymentKeys>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// When somebody's look at the events was last put on record.
    looks: Cache<events::Reader, domain::Timestamp>,
}

impl Ledger {
    pub(crate) fn new(
        store: Store,
        keys: Keys,
        deployment: Arc<DeploymentKeys>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { store, keys, deployment, clock, entropy, looks: Cache::new(READERS) }
    }

    /// Waits until this process has added a leaf, for at most `longest`: other processes add some, too.
    pub async fn grown(&self, longest: Duration) {
        // Either way it is time to look.
        let _ = tokio::time::timeout(longest, self.store.audit_added()).await;
    }

    /// The name of a tenant's log: deployment, tenant, epoch.
    fn origin(&self, tenant: TenantId) -> String {
        format!("sealtape/{}/{tenant}/e{EPOCH}", self.keys.deployment())
    }

    /// Whose log this is the name of; `None` when it is of another deployment or epoch.
    fn tenant_of(&self, origin: &str) -> Option<TenantId> {
        let tenant = origin.split('/').nth(2)?.parse().ok()?;
        (self.origin(tenant) == origin).then_some(tenant)
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

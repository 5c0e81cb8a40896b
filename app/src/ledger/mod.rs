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

mod anchoring;
mod detail;
mod epoch;
mod events;
mod export;
mod handed;
mod memory;
mod meta;
mod persons;
mod read;
mod sequencer;
mod signer;
mod standing;
mod tiles;
mod watch;
mod witness;

use std::{sync::Arc, time::Duration};

use domain::{Clock, Entropy, TenantId};
use egress::Guard;
use store::Store;
use vault::anchors::AnchorStore;

pub use crate::details::Change;
pub use ::ledger::About;
pub use ::ledger::export::Filter as AuditExportFilter;
pub use anchoring::{Anchored, Anchoring, AnchoringError};
pub use detail::{DetailPart, DetailView};
pub use epoch::{Begun, EpochReason};
pub use events::{AuditEvent, EventFilter};
pub use export::{
    AuditExportReport, AuditExportView, AuditExports, Download, ExportStanding, MakeAuditExport, Step, WholeLog,
    whole_log,
};
pub(crate) use handed::signed_entries;
pub use meta::AnchorProof;
pub use persons::Wanted;
pub(crate) use read::contradicted;
pub use read::{ConsistencyProof, InclusionProof};
pub use signer::{Refused, Signed, Signer};
pub(crate) use standing::admit_chosen;
pub use standing::{Alarm, CheckpointView, Covered, FailingSinks, Health, Standing};
pub use store::{AlarmReason, AuditExportFormat};
pub use vault::blind::IdentifierKind;
pub use watch::{WatchLedger, WatchLedgerReport};
pub use witness::{NoWitness, OutsideWitness};

use crate::{
    AppError,
    attempts::Attempts,
    audit::Audit,
    auth,
    keys::{DeploymentKeys, Keys},
    looks::Looks,
    settings::Settings,
};

/// The audit log: its sequencer, and what readers ask of it.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    keys: Keys,
    deployment: Arc<DeploymentKeys>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    attempts: Arc<Attempts>,
    witnesses: witness::Witnesses,
    anchors: Option<anchoring::Anchors>,
    looks: Looks,
}

impl Ledger {
    /// # Errors
    /// When anchors cannot be put where the settings say.
    pub(crate) fn new(auth: &auth::Parts, guard: Guard, settings: &Settings) -> Result<Self, AppError> {
        let deployment = auth.keys.deployment();
        let opened = settings.anchors.as_ref().map(|anchors| {
            let store = AnchorStore::open(&anchors.place, deployment, guard.clone()).map_err(AppError::internal)?;
            Ok::<_, AppError>(anchoring::Anchors { store, every: anchors.every })
        });
        Ok(Self {
            store: auth.store.clone(),
            keys: auth.keys.clone(),
            deployment: Arc::clone(&auth.deployment),
            clock: Arc::clone(&auth.clock),
            entropy: Arc::clone(&auth.entropy),
            attempts: Arc::clone(&auth.attempts),
            witnesses: witness::Witnesses { guard, all: settings.witnesses.clone().into() },
            anchors: opened.transpose()?,
            looks: auth.looks.clone(),
        })
    }

    /// Waits until this process has added a leaf, for at most `longest`: other processes add some, too.
    pub async fn grown(&self, longest: Duration) {
        // Either way it is time to look.
        let _ = tokio::time::timeout(longest, self.store.audit_added()).await;
    }

    /// The name of a tenant's log up to the number of its epoch: deployment and tenant.
    fn origin_prefix(&self, tenant: TenantId) -> String {
        ::ledger::anchor::origin_prefix(self.keys.deployment(), tenant)
    }

    fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }
}

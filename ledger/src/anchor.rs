//! The meta-tree: the deployment's own log, whose entries are the checkpoints of its tenants' logs, and the proof that a
//! tenant's checkpoint is among them.
//!
//! Whoever keeps a checkpoint of that one log holds the deployment to what it signed for each of its tenants, and learns of
//! none of them: an entry becomes known only to whoever is given it.

use std::fmt::Write as _;

use domain::TenantId;

use crate::{
    Leaf, Object,
    checkpoint::{Checkpoint, CheckpointError},
    entry_proof::{EntryProof, EntryProofError},
    note::{SignedNote, Verifier},
};

/// What entries of checkpoints say was done.
pub const ACT: &str = "ledger.checkpoint";

/// The log's name up to the number of its epoch.
#[must_use]
pub fn origin_prefix(deployment: &str, tenant: TenantId) -> String {
    format!("sealtape/{deployment}/{tenant}/e")
}

/// The rule that an entry of this checkpoint names: epoch, size and root. `None` when it is no tenant's.
#[must_use]
pub fn rule_of(checkpoint: &Checkpoint) -> Option<String> {
    let (_, epoch) = tenant_and_epoch(&checkpoint.origin)?;
    let mut rule = format!("checkpoint@1/{epoch}/{}/", checkpoint.head.size);
    for byte in checkpoint.head.root.as_bytes() {
        // Writing to a string does not fail.
        let _ = write!(rule, "{byte:02x}");
    }
    Some(rule)
}

/// Whose log a name is of, and which of them.
fn tenant_and_epoch(origin: &str) -> Option<(TenantId, u32)> {
    let mut parts = origin.split('/');
    let ("sealtape", _, tenant, epoch, None) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next())
    else {
        return None;
    };
    Some((tenant.parse().ok()?, epoch.strip_prefix('e')?.parse().ok()?))
}

/// That a tenant's checkpoint stands in the deployment's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The tenant's checkpoint.
    pub checkpoint: SignedNote,
    /// The entry of the deployment's log that names it, byte for byte.
    pub entry: Vec<u8>,
    /// That the entry stands there.
    pub proof: EntryProof,
}

/// Why a checkpoint is not proved to be in the deployment's log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// The tenant's checkpoint is not believed.
    #[error("the tenant's checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the deployment's log.
    #[error("the deployment's log: {0}")]
    Proof(#[from] EntryProofError),
    /// The entry names another checkpoint, or is no such entry.
    #[error("the entry of the deployment's log does not name this checkpoint")]
    Entry,
}

impl Anchor {
    /// Checks that the tenant's checkpoint, signed by one of `trusted` for the log `origin`, is in the log of the deployment
    /// whose keys are `deployment`. Gives both heads.
    ///
    /// # Errors
    /// Says what does not hold; nothing is proved then.
    pub fn check(
        &self,
        (origin, trusted): (&str, &[Verifier]),
        (deployment, deployment_keys): (&str, &[Verifier]),
    ) -> Result<(Checkpoint, Checkpoint), AnchorError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, origin, trusted)?;
        let anchor = self.proof.check(&self.entry, deployment, deployment_keys)?;
        let leaf = Leaf::from_bytes(&self.entry).map_err(|_| AnchorError::Entry)?;
        let (tenant, _) = tenant_and_epoch(origin).ok_or(AnchorError::Entry)?;
        let names = leaf.act == ACT
            && leaf.tenant == TenantId::DEPLOYMENT
            && leaf.obj == Object::Tenant(tenant)
            && Some(leaf.rule) == rule_of(&checkpoint);
        if names { Ok((checkpoint, anchor)) } else { Err(AnchorError::Entry) }
    }
}

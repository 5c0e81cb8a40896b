//! Beginning a log anew under the next number, after a restore.
//!
//! A restored database is shorter than what was signed of it, so its log is refused, and rightly: nobody can tell a restore
//! from a theft of entries but whoever did it. They say so here. The tree goes on; its next entry names the last checkpoint of
//! the old number and why there is a new one, and from then on heads are signed under the new name. What lies between the
//! restored entries and that checkpoint stays missing, for everybody to see.

use std::path::Path;

use domain::TenantId;
use ledger::{
    checkpoint::Checkpoint,
    tree::{Hash, TreeHead},
};

use super::{Ledger, memory::Memory};
use crate::AppError;

/// Why a log is begun anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochReason {
    /// The database was restored from a backup.
    Restore,
}

impl EpochReason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Restore => "restore",
        }
    }
}

/// A log that was begun anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What the old number's log came to.
    pub last: Checkpoint,
    /// The new name.
    pub origin: String,
}

impl Ledger {
    /// Begins the tenant's log anew. `memory` is the signer's file: who cannot write there cannot begin a log.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `not-possible` when nothing was signed under the present number yet, so that there is nothing
    /// that a new one could follow.
    pub async fn begin_epoch(&self, tenant: TenantId, reason: EpochReason, memory: &Path) -> Result<Begun, AppError> {
        let mut memory = Memory::open(memory)?;
        let prefix = self.origin_prefix(tenant);
        let epoch = memory.epoch(&prefix);
        let origin = format!("{prefix}{epoch}");
        let last = memory.last(&origin).filter(|head| head.size > 0).ok_or_else(|| AppError::Conflict {
            code: "not-possible",
            detail: format!("nothing was signed of {origin} yet, so its log needs no new number"),
            next: None,
        })?;
        let last = Checkpoint { origin, head: last };
        let next = Checkpoint {
            origin: format!("{prefix}{}", epoch + 1),
            head: TreeHead { size: 0, root: Hash::of_empty_tree() },
        };
        // First on record: after a crash in between there is one entry too many, and never a number without its entry.
        let tx = self.store.tenant(tenant).await?;
        let root = crate::hex(last.head.root.as_bytes());
        let rule = format!("epoch@1/{}/{}/{}/{root}", epoch + 1, reason.as_str(), last.head.size);
        self.audit().by_operator(&tx, "ledger.begin-epoch", rule).await?;
        tx.commit().await?;
        memory.remember([&next])?;
        Ok(Begun { last, origin: next.origin })
    }
}

//! Heads get signed, when they continue what was signed before.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    slice,
    time::Duration,
};

use domain::{TenantId, Timestamp};
use ledger::{
    checkpoint::{Checkpoint, CheckpointError, Refusal},
    note::{self, NoteError, SignedNote},
    tree::{
        Fault, Hash, MissingHash, Tile, TreeHead, check_entries,
        proof::{self, ProofError},
        root_of,
    },
};
use store::{AlarmReason, AuditAlarmRow, AuditCheckpointRow, AuditHeadRow, TenantRead};
use vault::Key32;

use super::{Anchoring, Ledger, memory::Memory, meta::Entering, standing::origin_of, tiles};
use crate::AppError;

/// A log that does not grow is signed again this often: its checkpoint says that the signer lives and still agrees.
const AGAIN: Duration = Duration::from_secs(3_600);

/// Signs the heads of all logs of a deployment. There is one at a time for each memory file.
pub struct Signer {
    ledger: Ledger,
    seed: Key32,
    memory: Memory,
    file: PathBuf,
    /// What is in the database under this process's eyes.
    published: BTreeMap<TenantId, (TreeHead, Timestamp)>,
    refused: BTreeMap<TenantId, AlarmReason>,
    entering: Entering,
}

/// What one round of signing came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signed {
    /// Logs whose head was signed.
    pub signed: Vec<TenantId>,
    /// Logs whose head is refused. Each stays so until it continues again what was signed.
    pub refused: Vec<Refused>,
}

/// A log that is not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Whose.
    pub tenant: TenantId,
    /// Why, for the operator: it names the first index that does not fit, where there is one.
    pub reason: String,
}

/// Why a head is not signed.
#[derive(Debug, thiserror::Error)]
enum NotSigned {
    #[error(transparent)]
    Refusal(#[from] Refusal),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("a newer checkpoint in the database is not of this signer: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("the deployment's log contradicts what lies in WORM storage")]
    Anchor,
    #[error("the head cannot be signed: {0}")]
    Note(#[from] NoteError),
    /// Nobody knows: the store did not answer.
    #[error("the log could not be read")]
    Unread(#[from] AppError),
}

impl NotSigned {
    /// Why, in the words that other processes know, and the first index that does not fit.
    const fn alarm(&self) -> (AlarmReason, Option<u64>) {
        match self {
            Self::Refusal(Refusal::Fork(ProofError::Shrunk { new, .. })) => (AlarmReason::Shrunk, Some(*new)),
            Self::Refusal(_) => (AlarmReason::Forked, None),
            Self::Fault(fault) => (AlarmReason::Changed, fault.index()),
            Self::Checkpoint(_) => (AlarmReason::Unsigned, None),
            Self::Anchor => (AlarmReason::Anchor, None),
            Self::Note(_) | Self::Unread(_) => (AlarmReason::Changed, None),
        }
    }
}

impl From<MissingHash> for NotSigned {
    fn from(MissingHash(node): MissingHash) -> Self {
        Self::Fault(Fault::Missing(node.index << node.level))
    }
}

impl From<proof::ProofError> for NotSigned {
    fn from(error: proof::ProofError) -> Self {
        Self::Refusal(Refusal::Fork(error))
    }
}

impl From<store::StoreError> for NotSigned {
    fn from(error: store::StoreError) -> Self {
        Self::Unread(error.into())
    }
}

impl Ledger {
    /// A signer whose memory is the file `memory`; it makes its key when there is none yet.
    ///
    /// # Errors
    /// When the key cannot be opened or the file is there and cannot be read: then nothing may be signed.
    pub async fn signer(&self, memory: &Path) -> Result<Signer, AppError> {
        let seed = self.keys.ledger_seed().await?;
        let (file, memory) = (memory.to_owned(), Memory::open(memory)?);
        let (published, refused) = (BTreeMap::new(), BTreeMap::new());
        Ok(Signer { ledger: self.clone(), seed, memory, file, published, refused, entering: Entering::default() })
    }

    /// Puts a refusal where every process sees it, and into the tenant's own log when no signer before this one did.
    pub(super) async fn raise_alarm(
        &self,
        tenant: TenantId,
        reason: AlarmReason,
        place: Option<u64>,
    ) -> Result<(), AppError> {
        let is_new = self.store.tenant_read(tenant).await?.audit_alarm_find().await?.is_none();
        let tx = self.store.ledger(tenant).await?;
        tx.audit_alarm_raise(&AuditAlarmRow { tenant_id: tenant, since: self.clock.now(), reason, place }).await?;
        tx.commit().await?;
        if is_new {
            let tx = self.store.tenant(tenant).await?;
            self.audit().log_refused(&tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Signer {
    /// What puts anchors beside this signer; nothing where none are wanted.
    ///
    /// # Errors
    /// When the key is none.
    pub fn anchoring(&self) -> Result<Option<Anchoring>, AppError> {
        let origin = self.origin(TenantId::DEPLOYMENT);
        let key = self.key(&origin).map_err(AppError::internal)?.verifier().clone();
        Ok(Anchoring::new(&self.ledger, key, self.file.clone()))
    }

    /// Signs every head that grew, and every one that was signed an hour ago or more. A log that is refused does not hold
    /// up the others.
    ///
    /// # Errors
    /// When the store does not answer or the memory cannot be written. What was not published is in the next round.
    pub async fn sign(&mut self) -> Result<Signed, AppError> {
        let now = self.ledger.clock.now();
        let (mut agreed, mut outcome) = (Vec::new(), Signed::default());
        self.memory.refresh()?;
        // All logs lie in one database: what is wrong with the deployment's is so with those that it speaks of.
        let contradicted = self.ledger.contradicts_anchors().await?;
        let heads = self.ledger.store.audit_heads().await?;
        for tenant in self.without_head(&heads) {
            let old = self.memory.last(&self.origin(tenant)).map_or(0, |head| head.size);
            let shrunk = proof::ProofError::Shrunk { old, new: 0 };
            let reason = if contradicted { NotSigned::Anchor } else { shrunk.into() };
            outcome.refused.push(self.refuse(tenant, &reason).await);
        }
        for head in heads {
            let tenant = head.tenant_id;
            if contradicted {
                outcome.refused.push(self.refuse(tenant, &NotSigned::Anchor).await);
                continue;
            }
            let current = TreeHead { size: head.size, root: Hash::from_bytes(head.root) };
            let is_fresh = |(signed, at): &(TreeHead, Timestamp)| *signed == current && now < at.plus(AGAIN);
            if self.published.get(&tenant).is_some_and(is_fresh) {
                continue;
            }
            match self.agree(&head, current).await {
                Ok(checkpoint) => agreed.push((tenant, checkpoint)),
                Err(NotSigned::Unread(error @ AppError::Unavailable { .. })) => return Err(error),
                Err(reason) => outcome.refused.push(self.refuse(tenant, &reason).await),
            }
        }
        // First remembered, then shown: after a crash in between the same head is signed again, to the same bytes.
        self.memory.remember(agreed.iter().map(|(_, checkpoint)| checkpoint))?;
        let mut failed = None;
        for (tenant, checkpoint) in agreed {
            match self.publish(tenant, &checkpoint, now).await {
                Ok(()) => {
                    outcome.signed.push(tenant);
                    self.entering.add(tenant, checkpoint);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        self.entering.enter(&self.ledger, now).await;
        metrics::gauge!("sealtape_ledger_refused")
            .set(f64::from(u32::try_from(self.refused.len()).unwrap_or(u32::MAX)));
        failed.map_or(Ok(outcome), Err)
    }

    /// Tenants of whose log a head was signed and that have none any more.
    fn without_head(&self, heads: &[AuditHeadRow]) -> Vec<TenantId> {
        let there: BTreeSet<TenantId> = heads.iter().map(|head| head.tenant_id).collect();
        let named = self.memory.origins().filter_map(|origin| {
            let tenant = origin.split('/').nth(2)?.parse().ok()?;
            (self.origin(tenant) == origin).then_some(tenant)
        });
        named.filter(|tenant| !there.contains(tenant)).collect()
    }

    /// The name under which a tenant's log is signed now. The number in it is this memory's alone: who writes to the database
    /// cannot begin a log anew.
    fn origin(&self, tenant: TenantId) -> String {
        let prefix = self.ledger.origin_prefix(tenant);
        let epoch = self.memory.epoch(&prefix);
        format!("{prefix}{epoch}")
    }

    /// The checkpoint of `current`, if it continues what was signed last and the stored log is the one that it speaks of.
    async fn agree(&self, head: &AuditHeadRow, current: TreeHead) -> Result<Checkpoint, NotSigned> {
        let read = self.ledger.store.ledger_read(head.tenant_id).await?;
        let next = Checkpoint { origin: self.origin(head.tenant_id), head: current };
        let last = Checkpoint { origin: next.origin.clone(), head: self.last(&read, &next.origin).await? };
        let ranges = proof::consistency_ranges(last.head.size, current.size)?;
        let kept = tiles::needed(&read, &ranges, current.size).await?;
        last.may_be_followed_by(&next, &proof::collect(&kept, &ranges)?)?;
        // The proof says nothing of a tree's root when nothing was signed before it, or nothing since.
        let whole = 0..current.size;
        let kept = tiles::needed(&read, slice::from_ref(&whole), current.size).await?;
        if root_of(&kept, whole)? != current.root {
            return Err(Fault::Root.into());
        }
        drop(read);
        self.check_new(head.tenant_id, last.head.size, current.size).await?;
        Ok(next)
    }

    /// The head that was signed last: by this memory or, when it has none, by the same key before it.
    async fn last(&self, read: &TenantRead, origin: &str) -> Result<TreeHead, NotSigned> {
        if let Some(head) = self.memory.last(origin) {
            return Ok(head);
        }
        let newest = read.audit_checkpoint_newest().await?;
        let Some(row) = newest.filter(|row| origin_of(row) == origin) else {
            return Ok(TreeHead { size: 0, root: Hash::of_empty_tree() });
        };
        let note = SignedNote::parse(&row.note).map_err(CheckpointError::from)?;
        let trusted = self.key(origin)?.verifier().clone();
        Ok(Checkpoint::open(&note, origin, &[trusted])?.head)
    }

    /// Whether the entries that come new into a checkpoint are those whose hashes the tiles hold.
    async fn check_new(&self, tenant: TenantId, from: u64, to: u64) -> Result<(), NotSigned> {
        let mut start = from;
        while start < to {
            // One transaction for each tile: the first look at an old log takes longer than one may last.
            let read = self.ledger.store.ledger_read(tenant).await?;
            let end = (start / Tile::WIDTH + 1).saturating_mul(Tile::WIDTH).min(to);
            let entries = read.audit_entries(start..end).await?;
            let kept = tiles::of_leaf(&read, start, to).await?;
            check_entries(&kept, start..end, entries.iter().map(|(index, entry)| (*index, entry.as_slice())))?;
            start = end;
        }
        Ok(())
    }

    async fn publish(&mut self, tenant: TenantId, checkpoint: &Checkpoint, now: Timestamp) -> Result<(), AppError> {
        let note = checkpoint.sign(&[&self.key(&checkpoint.origin).map_err(AppError::internal)?]);
        let row = AuditCheckpointRow {
            tenant_id: tenant,
            size: checkpoint.head.size,
            signed_at: now,
            root: *checkpoint.head.root.as_bytes(),
            note: note.map_err(AppError::internal)?.to_string(),
        };
        let tx = self.ledger.store.ledger(tenant).await?;
        match tx.audit_checkpoint_insert(row).await {
            Ok(()) => tx.commit().await?,
            // Another signer of this key was as fast: a head has one note.
            Err(store::StoreError::Conflict) => drop(tx),
            Err(error) => return Err(error.into()),
        }
        if !self.published.contains_key(&tenant) {
            self.end_alarm(tenant).await?;
        }
        self.published.insert(tenant, (checkpoint.head, now));
        metrics::counter!("sealtape_ledger_checkpoints_total").increment(1);
        Ok(())
    }

    /// Raises the alarm; into the tenant's own log only when it is new, since a refusal is met again in every round.
    async fn refuse(&mut self, tenant: TenantId, reason: &NotSigned) -> Refused {
        metrics::counter!("sealtape_integrity_failures_total", "kind" => "ledger").increment(1);
        tracing::error!(tenant.id = %tenant, reason = %reason, "the head of an audit log is refused");
        // Whatever was published, this log is looked at anew from now on.
        self.published.remove(&tenant);
        let (alarm, place) = reason.alarm();
        if self.refused.get(&tenant) != Some(&alarm) {
            match self.ledger.raise_alarm(tenant, alarm, place).await {
                Ok(()) => drop(self.refused.insert(tenant, alarm)),
                Err(error) => {
                    tracing::error!(tenant.id = %tenant, error = ?error, "the refusal could not be put on record");
                }
            }
        }
        Refused { tenant, reason: reason.to_string() }
    }

    /// A log that is signed again is refused no more.
    async fn end_alarm(&mut self, tenant: TenantId) -> Result<(), AppError> {
        let tx = self.ledger.store.ledger(tenant).await?;
        if tx.audit_alarm_end().await? {
            tracing::warn!(tenant.id = %tenant, "an audit log that was refused is signed again");
        }
        tx.commit().await?;
        self.refused.remove(&tenant);
        Ok(())
    }

    fn key(&self, origin: &str) -> Result<note::Signer, NotSigned> {
        let name = origin.parse().map_err(|_| NoteError::Malformed)?;
        Ok(note::Signer::from_seed(name, self.seed.expose()))
    }
}

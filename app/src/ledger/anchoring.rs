//! Putting checkpoints of the deployment's log where nobody takes them back, and holding the log to what lies there.
//!
//! The signer's memory finds a database that was taken back, unless whoever did it took that memory back as well. What lies
//! in WORM storage cannot be taken back: a log that is shorter than it, or does not continue it, is refused, and with it the
//! logs of all tenants, since they lie in the same database.

use std::{path::PathBuf, time::Duration};

use domain::{TenantId, Timestamp};
use ledger::{
    checkpoint::{Checkpoint, CheckpointError},
    note::{NoteError, SignedNote, Verifier},
    tree::{
        TreeHead,
        proof::{self, ProofError},
    },
};
use store::{AlarmReason, AuditAnchoredRow, StoreError};
use vault::anchors::{AnchorError, AnchorName, AnchorStore, Put};

use super::{Ledger, memory::Memory, standing::origin_of, tiles};
use crate::AppError;

/// How long something waits that no anchor holds.
const WAITING: &str = "sealtape_ledger_unanchored_seconds";

/// Where anchors are put, and how often.
#[derive(Clone)]
pub(super) struct Anchors {
    pub(super) store: AnchorStore,
    /// Shortest time between two.
    pub(super) every: Duration,
}

/// Puts anchors and compares the log with them, beside a signer.
pub struct Anchoring {
    ledger: Ledger,
    anchors: Anchors,
    /// The signer's key, under any name.
    key: Verifier,
    /// The signer's file: the number of the log is in no other place.
    memory: PathBuf,
    since: Timestamp,
    /// Whether the log was compared, and found to continue what lies there, since this process began.
    agreed: bool,
}

/// What one round came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchored {
    /// Nobody had to be asked.
    Rested,
    /// The log continues what lies there; nothing is due.
    Agreed,
    /// One more lies there, of so many entries.
    Put(u64),
    /// The log contradicts what lies there. Why, for the operator.
    Refused(String),
}

/// A round did not come to its end: nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum AnchoringError {
    /// The database did not answer.
    #[error("the log could not be read")]
    Unread(#[from] AppError),
    /// The storage of anchors did not.
    #[error(transparent)]
    Storage(#[from] AnchorError),
}

/// The log is not the one that lies there.
#[derive(Debug, thiserror::Error)]
enum Contradiction {
    #[error("the log does not continue the anchor {0}: {1}")]
    Log(AnchorName, ProofError),
    #[error("the log cannot be shown to continue the anchor {0}: hashes of it are missing")]
    Missing(AnchorName),
    #[error("there is the anchor {0}, and the signer's file has not come to its epoch")]
    Epoch(AnchorName),
    #[error("the object {0} is no checkpoint that we signed of this log: {1}")]
    Object(AnchorName, CheckpointError),
    #[error("the newest checkpoint in the database is not of this signer: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// Why a round ends early.
enum Stop {
    Contradiction(Contradiction),
    Error(AnchoringError),
}

impl<E: Into<AnchoringError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl From<StoreError> for AnchoringError {
    fn from(error: StoreError) -> Self {
        Self::Unread(error.into())
    }
}

impl From<Contradiction> for Stop {
    fn from(contradiction: Contradiction) -> Self {
        Self::Contradiction(contradiction)
    }
}

impl Contradiction {
    /// The length of the log, where it is shorter than what lies there.
    const fn place(&self) -> Option<u64> {
        match self {
            Self::Log(_, ProofError::Shrunk { new, .. }) => Some(*new),
            _ => None,
        }
    }
}

/// An anchor that lies there.
#[derive(Debug, Clone, Copy)]
struct Lying {
    name: AnchorName,
    head: TreeHead,
    at: Timestamp,
}

/// The log as the database has it signed: under the number that is signed now, or not at all yet.
struct Log {
    origin: String,
    epoch: u32,
    signed: Option<(Checkpoint, String)>,
}

impl Anchoring {
    pub(super) fn new(ledger: &Ledger, key: Verifier, memory: PathBuf) -> Option<Self> {
        let anchors = ledger.anchors.clone()?;
        let since = ledger.clock.now();
        Some(Self { ledger: ledger.clone(), anchors, key, memory, since, agreed: false })
    }

    /// Compares the log with what lies there, at first and before each put, and puts its newest checkpoint when it has grown and
    /// the last one was put long enough ago. A log that contradicts what lies there is refused until it does no more.
    ///
    /// # Errors
    /// [`AnchoringError`] when database or storage do not answer; then the next round begins anew.
    pub async fn round(&mut self) -> Result<Anchored, AnchoringError> {
        let known = self.known().await?;
        let is_due = self.is_due(known.as_ref()).await?;
        if self.agreed && !is_due {
            return Ok(Anchored::Rested);
        }
        match self.compare_and_put(known).await {
            Ok(outcome) => {
                self.agreed = true;
                if matches!(outcome, Anchored::Put(_)) {
                    metrics::gauge!(WAITING).set(0.0);
                }
                self.ledger.end_anchor_alarm().await?;
                Ok(outcome)
            }
            Err(Stop::Contradiction(contradiction)) => {
                self.agreed = false;
                tracing::error!(reason = %contradiction, "the deployment's log contradicts its anchors: no log is signed");
                self.ledger.raise_alarm(TenantId::DEPLOYMENT, AlarmReason::Anchor, contradiction.place()).await?;
                Ok(Anchored::Refused(contradiction.to_string()))
            }
            Err(Stop::Error(error)) => {
                metrics::counter!("sealtape_ledger_unanchored_total").increment(1);
                Err(error)
            }
        }
    }

    async fn known(&self) -> Result<Option<AuditAnchoredRow>, AnchoringError> {
        Ok(self.ledger.store.tenant_read(TenantId::DEPLOYMENT).await?.audit_anchored_newest().await?)
    }

    /// Whether there is something to put, and the time for it; says in a metric how long that waits.
    async fn is_due(&self, known: Option<&AuditAnchoredRow>) -> Result<bool, AnchoringError> {
        let read = self.ledger.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let size = read.audit_checkpoint_newest().await?.map_or(0, |signed| signed.size);
        let now = self.ledger.clock.now();
        let waits = size > known.map_or(0, |known| known.size);
        let last = known.map_or(self.since, |known| known.anchored_at);
        let lag = if waits { now.micros_since(last).max(0) / 1_000_000 } else { 0 };
        metrics::gauge!(WAITING).set(f64::from(u32::try_from(lag).unwrap_or(u32::MAX)));
        Ok(waits && known.is_none_or(|known| now >= known.anchored_at.plus(self.anchors.every)))
    }

    async fn compare_and_put(&self, known: Option<AuditAnchoredRow>) -> Result<Anchored, Stop> {
        // What lies there first: all of it was signed before, so that the log that is read afterwards must hold it.
        let newest = self.newest(known.as_ref()).await?;
        let log = self.log().await?;
        let lying = match newest {
            Some((name, at)) => {
                let head = self.open(name).await?;
                Some(Lying { name, head, at })
            }
            None => None,
        };
        if let Some(lying) = &lying {
            if lying.name.epoch > log.epoch {
                return Err(Contradiction::Epoch(lying.name).into());
            }
            if lying.name.epoch == log.epoch {
                let signed = log.signed.as_ref().map(|(checkpoint, _)| checkpoint.head);
                self.continues(lying, signed.unwrap_or(TreeHead { size: 0, ..lying.head })).await?;
            }
            if known.as_ref().is_none_or(|known| name_of(known) < lying.name) {
                self.keep(lying.name, lying.at).await?;
            }
        }
        self.put(&log, lying).await
    }

    /// The newest that lies there. What the database knows only says where to look first: nothing is believed of it.
    async fn newest(&self, known: Option<&AuditAnchoredRow>) -> Result<Option<(AnchorName, Timestamp)>, Stop> {
        // The storage's clock may be ahead of ours: nobody waits for a time that does not come.
        let (store, now) = (&self.anchors.store, self.ledger.clock.now());
        if let Some(row) = known {
            let name = name_of(row);
            if let Some((newer, written_at)) = store.newest(Some(name)).await? {
                return Ok(Some((newer, written_at.min(now))));
            }
            if store.get(name).await?.is_some() {
                return Ok(Some((name, row.anchored_at)));
            }
            // Another bucket was named, or somebody hid it.
            tracing::warn!(anchor = %name, "an anchor that was put does not lie where anchors are put now");
        }
        Ok(store.newest(None).await?.map(|(name, written_at)| (name, written_at.min(now))))
    }

    /// The head that an anchor holds, if we signed it.
    async fn open(&self, name: AnchorName) -> Result<TreeHead, Stop> {
        let bytes = self.anchors.store.get(name).await?.ok_or(AnchorError::Missing)?;
        let origin = format!("{}{}", self.ledger.origin_prefix(TenantId::DEPLOYMENT), name.epoch);
        let opened = self.opened(&origin, &bytes).and_then(|checkpoint| {
            let named = checkpoint.head.size == name.size;
            if named { Ok(checkpoint.head) } else { Err(CheckpointError::Malformed) }
        });
        Ok(opened.map_err(|error| Contradiction::Object(name, error))?)
    }

    fn opened(&self, origin: &str, note: &[u8]) -> Result<Checkpoint, CheckpointError> {
        let note = SignedNote::parse(str::from_utf8(note).map_err(|_| NoteError::Malformed)?)?;
        let trusted = self.key.named(origin.parse().map_err(|_| CheckpointError::Origin)?);
        Checkpoint::open(&note, origin, &[trusted])
    }

    async fn log(&self) -> Result<Log, Stop> {
        let prefix = self.ledger.origin_prefix(TenantId::DEPLOYMENT);
        let epoch = Memory::open(&self.memory)?.epoch(&prefix);
        let origin = format!("{prefix}{epoch}");
        let read = self.ledger.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let newest = read.audit_checkpoint_newest().await?.filter(|row| origin_of(row) == origin);
        let signed = match newest {
            Some(row) => {
                let opened = self.opened(&origin, row.note.as_bytes());
                Some((opened.map_err(Contradiction::Checkpoint)?, row.note))
            }
            None => None,
        };
        Ok(Log { origin, epoch, signed })
    }

    /// Holds the tree `later` to what lies there.
    async fn continues(&self, lying: &Lying, later: TreeHead) -> Result<(), Stop> {
        let contradicts = |error| Contradiction::Log(lying.name, error);
        let ranges = proof::consistency_ranges(lying.head.size, later.size).map_err(contradicts)?;
        let read = self.ledger.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let kept = tiles::needed(&read, &ranges, later.size).await?;
        let hashes = proof::collect(&kept, &ranges).map_err(|_| Contradiction::Missing(lying.name))?;
        Ok(proof::check_consistency(lying.head, later, &hashes).map_err(contradicts)?)
    }

    /// Puts one more, when the log has grown and it is time.
    async fn put(&self, log: &Log, lying: Option<Lying>) -> Result<Anchored, Stop> {
        let there = lying.filter(|lying| lying.name.epoch == log.epoch).map_or(0, |lying| lying.name.size);
        let now = self.ledger.clock.now();
        let is_time = lying.is_none_or(|lying| now >= lying.at.plus(self.anchors.every));
        let Some((signed, note)) = log.signed.as_ref().filter(|(signed, _)| is_time && signed.head.size > there) else {
            return Ok(Anchored::Agreed);
        };
        let (head, note) = match self.witnessed(log, there).await? {
            Some(witnessed) => witnessed,
            None => (signed.head, note.clone()),
        };
        let name = AnchorName { epoch: log.epoch, size: head.size };
        let next = Lying { name, head, at: now };
        self.continues(&next, signed.head).await?;
        if self.anchors.store.put(name, note).await? == Put::Taken {
            // Put by another process a moment ago, perhaps with the signatures of other witnesses.
            let other = self.open(name).await?;
            self.continues(&Lying { head: other, ..next }, head).await?;
        }
        self.keep(name, now).await?;
        Ok(Anchored::Put(head.size))
    }

    /// What witnesses signed last, where that is more than lies there: their word is worth half a minute.
    async fn witnessed(&self, log: &Log, there: u64) -> Result<Option<(TreeHead, String)>, Stop> {
        let read = self.ledger.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let Some(row) = read.audit_witnessed_newest().await?.filter(|row| row.size > there) else { return Ok(None) };
        // One of an earlier number, or that somebody else wrote there, is none.
        Ok(self.opened(&log.origin, row.note.as_bytes()).ok().map(|checkpoint| (checkpoint.head, row.note)))
    }

    async fn keep(&self, name: AnchorName, anchored_at: Timestamp) -> Result<(), Stop> {
        let AnchorName { epoch, size } = name;
        let tx = self.ledger.store.ledger(TenantId::DEPLOYMENT).await?;
        let row = AuditAnchoredRow { tenant_id: TenantId::DEPLOYMENT, epoch, size, anchored_at };
        match tx.audit_anchored_insert(row).await {
            Ok(()) => Ok(tx.commit().await?),
            // Another process was as fast.
            Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Ledger {
    /// Whether what lies in WORM storage says that the database was taken back: then no log is signed.
    pub(super) async fn contradicts_anchors(&self) -> Result<bool, AppError> {
        if self.anchors.is_none() {
            return Ok(false);
        }
        let alarm = self.store.tenant_read(TenantId::DEPLOYMENT).await?.audit_alarm_find().await?;
        Ok(alarm.is_some_and(|alarm| alarm.reason == AlarmReason::Anchor))
    }

    async fn end_anchor_alarm(&self) -> Result<(), AppError> {
        if self.contradicts_anchors().await? {
            let tx = self.store.ledger(TenantId::DEPLOYMENT).await?;
            tx.audit_alarm_end().await?;
            tx.commit().await?;
            tracing::warn!("the deployment's log continues its anchors again");
        }
        Ok(())
    }
}

fn name_of(row: &AuditAnchoredRow) -> AnchorName {
    AnchorName { epoch: row.epoch, size: row.size }
}

//! What is in a batch, and the bytes that a webhook gets. Both follow from a delivery's row and the log alone, so that a batch
//! that is sent again is the same; less only by what may no longer be told of persons.

use domain::{DeliveryId, Timestamp};
use ledger::Leaf;
use serde::Serialize;
use store::{DeliveryKind, DeliveryRow, SinkRow, TenantRead};

use super::detail::{self, JsonDetail};
use crate::{
    AppError,
    ledger::{contradicted, signed_entries},
};

/// Entries that are looked at for one batch.
const LOOK: u64 = 500;
/// Entries of one batch.
const ENTRIES: usize = 100;
/// Bytes of one batch's entries as JSON; with all around them it stays below 256 KiB.
const BYTES: usize = 240 * 1_024;
/// What stands around an entry.
const AROUND: usize = 48;

/// What is to be sent next.
pub(super) enum Next {
    /// A batch from the entry `first` on, that ends behind the last entry that was looked at.
    Batch {
        /// The first entry in it.
        first: u64,
        /// Behind the last that was looked at.
        to: u64,
        /// How many are in it.
        entries: u64,
    },
    /// Up to here there is nothing that the sink gets.
    Nothing {
        /// Behind the last that was looked at.
        to: u64,
    },
}

/// One entry on its way.
pub(super) struct Entry {
    pub(super) index: u64,
    /// The exact bytes that are hashed into the log, which are text.
    pub(super) text: String,
    pub(super) leaf: Leaf,
}

/// Everything that one delivery says.
pub(super) struct Batch {
    pub(super) id: DeliveryId,
    pub(super) kind: DeliveryKind,
    pub(super) at: Timestamp,
    pub(super) from: u64,
    pub(super) to: u64,
    /// The signed note of a checkpoint that covers all of it.
    pub(super) checkpoint: Option<String>,
    pub(super) entries: Vec<Entry>,
}

/// Looks for what the sink gets next in a log of which `size` entries are signed, from `detail_from` on with what lies beside
/// them.
pub(super) async fn next(
    read: &TenantRead,
    sink: &SinkRow,
    size: u64,
    detail_from: Option<u64>,
) -> Result<Next, AppError> {
    let places = sink.done_size..size.min(sink.done_size.saturating_add(LOOK));
    let mut next = Next::Nothing { to: places.end };
    let (mut count, mut bytes) = (0, 0);
    for (index, entry) in signed_entries(read, places, size).await? {
        let entry = Entry::of(index, entry)?;
        if !gets(sink.acts.as_deref(), &entry.leaf) {
            continue;
        }
        bytes += AROUND + serde_json::to_string(&entry.text).map_err(AppError::internal)?.len();
        if detail_from.is_some_and(|from| index >= from) {
            bytes += detail::weight(read, &entry.leaf).await?;
        }
        if count > 0 && (count == ENTRIES || bytes > BYTES) {
            if let Next::Batch { to, .. } = &mut next {
                *to = index;
            }
            break;
        }
        count += 1;
        next = match next {
            Next::Nothing { to } => Next::Batch { first: index, to, entries: 1 },
            Next::Batch { first, to, entries } => Next::Batch { first, to, entries: entries + 1 },
        };
    }
    Ok(next)
}

impl Batch {
    /// What the delivery of this row says, however often it is asked.
    pub(super) async fn of(read: &TenantRead, row: &DeliveryRow) -> Result<Self, AppError> {
        let mut batch = Self {
            id: row.id,
            kind: row.kind,
            at: row.created_at,
            from: row.from_index,
            to: row.to_index,
            checkpoint: None,
            entries: Vec::new(),
        };
        if row.kind == DeliveryKind::Test {
            return Ok(batch);
        }
        let signed = read.audit_checkpoint_of(row.checkpoint_size).await?;
        batch.checkpoint = Some(signed.ok_or_else(|| contradicted(row.first_index))?.note);
        for (index, entry) in signed_entries(read, row.first_index..row.to_index, row.checkpoint_size).await? {
            let entry = Entry::of(index, entry)?;
            if gets(row.acts.as_deref(), &entry.leaf) {
                batch.entries.push(entry);
            }
        }
        // The row counted them when it was made; a list of acts that was changed behind our back counts otherwise.
        if batch.entries.len() as u64 == row.entries { Ok(batch) } else { Err(contradicted(row.first_index)) }
    }

    /// The body of a webhook's request.
    pub(super) fn json(&self, details: &[JsonDetail]) -> Result<Vec<u8>, AppError> {
        let entries: Vec<_> =
            self.entries.iter().map(|entry| JsonEntry { index: entry.index, entry: &entry.text }).collect();
        let checkpoint = self.checkpoint.as_deref();
        let data = JsonData { from: self.from, to: self.to, checkpoint, entries: &entries, details };
        let kind = match self.kind {
            DeliveryKind::Batch => "audit.entries",
            DeliveryKind::Test => "webhook.test",
        };
        serde_json::to_vec(&Json { kind, timestamp: self.at, data }).map_err(AppError::internal)
    }

    /// By what a receiver knows that it has this one already.
    pub(super) fn message_id(&self) -> String {
        format!("msg_{}", self.id)
    }
}

impl Entry {
    fn of(index: u64, entry: Vec<u8>) -> Result<Self, AppError> {
        let leaf = Leaf::from_bytes(&entry).map_err(|_| contradicted(index))?;
        let text = String::from_utf8(entry).map_err(|_| contradicted(index))?;
        Ok(Self { index, text, leaf })
    }
}

fn gets(acts: Option<&[String]>, leaf: &Leaf) -> bool {
    acts.is_none_or(|acts| acts.iter().any(|act| *act == leaf.act))
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: JsonData<'a>,
}

#[derive(Serialize)]
struct JsonData<'a> {
    from: u64,
    to: u64,
    checkpoint: Option<&'a str>,
    entries: &'a [JsonEntry<'a>],
    /// Only where two people let the receiver have it; others do not learn that there is such a thing.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    details: &'a [JsonDetail],
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    index: u64,
    entry: &'a str,
}

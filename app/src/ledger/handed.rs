//! Entries that are handed on to somebody outside: only what was signed, and only as it was signed.

use std::{ops::Range, slice};

use ledger::tree::{Fault, check_entries};
use store::TenantRead;

use super::{read::contradicted, tiles};
use crate::AppError;

/// The entries in `places` of a log of which `size` entries are signed, checked against the log's hashes.
///
/// # Errors
/// [`AppError::Conflict`] `integrity-fail`, which names the first place where what is stored is not what was signed.
pub(crate) async fn signed_entries(
    read: &TenantRead,
    places: Range<u64>,
    size: u64,
) -> Result<Vec<(u64, Vec<u8>)>, AppError> {
    let kept = tiles::needed(read, slice::from_ref(&places), size).await?;
    let entries = read.audit_entries(places.clone()).await?;
    let first = places.start;
    match check_entries(&kept, places, entries.iter().map(|(index, entry)| (*index, entry.as_slice()))) {
        Ok(()) => Ok(entries),
        Err(Fault::Entry(index) | Fault::Missing(index)) => Err(contradicted(index)),
        Err(Fault::Hash { .. } | Fault::Root) => Err(contradicted(first)),
    }
}

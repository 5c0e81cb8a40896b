//! Entries that are handed on to somebody outside: only what was signed, and only as it was signed.

use std::ops::Range;

use ledger::tree::{Fault, Tile, check_entries};
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
    let entries = read.audit_entries(places.clone()).await?;
    let mut left = entries.iter().map(|(index, entry)| (*index, entry.as_slice()));
    let mut start = places.start;
    while start < places.end {
        // Leaf by leaf, as the tiles of height 0 hold them: hashes further up would not tell which entry is wrong.
        let end = (start / Tile::WIDTH + 1).saturating_mul(Tile::WIDTH).min(places.end);
        let kept = tiles::of_leaf(read, start, size).await?;
        match check_entries(&kept, start..end, left.by_ref()) {
            Ok(()) => {}
            Err(Fault::Entry(index) | Fault::Missing(index)) => return Err(contradicted(index)),
            Err(Fault::Hash { .. } | Fault::Root) => return Err(contradicted(start)),
        }
        start = end;
    }
    Ok(entries)
}

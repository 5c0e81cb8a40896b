//! Stored tiles as hashes. What is missing is found missing by whoever looks for a hash in it.

use std::{ops::Range, slice};

use ledger::tree::{Hash, Tile, TileSet};
use store::TenantRead;

use crate::AppError;

/// The stored tiles that hold the hashes of `ranges` in a tree of `size` leaves.
pub(super) async fn needed(read: &TenantRead, ranges: &[Range<u64>], size: u64) -> Result<TileSet, AppError> {
    load(read, Tile::needed(ranges, size)).await
}

/// The tile of height 0 that holds the leaf `index` in a tree of `size` leaves.
pub(super) async fn of_leaf(read: &TenantRead, index: u64, size: u64) -> Result<TileSet, AppError> {
    load(read, Tile::needed(slice::from_ref(&(index..index + 1)), size)).await
}

/// These tiles, each as wide as it says.
pub(super) async fn load(read: &TenantRead, tiles: impl IntoIterator<Item = Tile>) -> Result<TileSet, AppError> {
    let mut set = TileSet::default();
    for Tile { level, index, width } in tiles {
        let stored = read.audit_tile_find(level, index).await?.unwrap_or_default();
        // What is not a whole hash is none, and a tree of this size knows nothing of those that came later.
        let hashes = stored.as_chunks::<{ Hash::LENGTH }>().0.iter().copied().map(Hash::from_bytes);
        set.insert(level, index, hashes.take(usize::try_from(width).unwrap_or(usize::MAX)).collect());
    }
    Ok(set)
}

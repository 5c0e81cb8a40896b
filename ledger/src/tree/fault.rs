//! Where a stored log stopped being the one that was signed.

use std::ops::Range;

use super::{Hash, MissingHash, Place, Tile, TileSet, TreeHead, root_of};

/// The first thing in a stored log that is not what its hashes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry was changed, taken out, or stands in another's place.
    #[error("entry {0} is not the one that the log holds")]
    Entry(u64),
    /// A kept hash does not follow from those below it; its first leaf is named.
    #[error("the hashes from entry {first} on, at height {level}, do not follow from their leaves")]
    Hash {
        /// Height in tiles.
        level: u32,
        /// The first leaf below the hash.
        first: u64,
    },
    /// A hash is not there; its first leaf is named.
    #[error("hashes from entry {0} on are missing")]
    Missing(u64),
    /// Everything fits together and is not the tree of this head.
    #[error("the log has another root than its head")]
    Root,
}

impl Fault {
    /// The first index that does not fit, where one can be named.
    #[must_use]
    pub const fn index(self) -> Option<u64> {
        match self {
            Self::Entry(index) | Self::Missing(index) | Self::Hash { first: index, .. } => Some(index),
            Self::Root => None,
        }
    }
}

/// Checks that the entries in `places` are those whose leaf hashes `tiles` hold. `entries` come in the order of their
/// places, each with its own.
///
/// # Errors
/// [`Fault`] names the first that is not.
pub fn check_entries<'a>(
    tiles: &TileSet,
    places: Range<u64>,
    entries: impl IntoIterator<Item = (u64, &'a [u8])>,
) -> Result<(), Fault> {
    let mut entries = entries.into_iter();
    for place in places {
        let kept = tiles.hash(Place { level: 0, index: place }).ok_or(Fault::Missing(place))?;
        let fits = entries.next().is_some_and(|(index, entry)| index == place && Hash::of_leaf(entry) == kept);
        if !fits {
            return Err(Fault::Entry(place));
        }
    }
    Ok(())
}

/// Checks that the hashes of `tiles` follow from one another up to `head`: every tile of a tree of that size, whole.
///
/// # Errors
/// [`Fault`] names the first that does not.
pub fn check_tiles(tiles: &TileSet, head: TreeHead) -> Result<(), Fault> {
    let kept = |level: u32| head.size.checked_shr(level * Place::LEVELS).unwrap_or(0);
    for level in (0..).take_while(|&level| kept(level) > 0) {
        for index in 0..kept(level) {
            let place = Place { level, index };
            let hash = tiles.hash(place).ok_or(Fault::Missing(place.first_leaf()))?;
            if level > 0 {
                let below = tiles.hashes(level - 1, index).ok_or(Fault::Missing(place.first_leaf()))?;
                if below.len() as u64 != Tile::WIDTH || super::tile::fold(below) != hash {
                    return Err(Fault::Hash { level, first: place.first_leaf() });
                }
            }
        }
    }
    match root_of(tiles, 0..head.size) {
        Ok(root) if root == head.root => Ok(()),
        Ok(_) => Err(Fault::Root),
        Err(MissingHash(node)) => Err(Fault::Missing(node.index << node.level)),
    }
}

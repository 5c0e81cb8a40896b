//! Tiles: the hashes of a tree in files that never change (C2SP tlog-tiles).
//!
//! A tile is 256 hashes of one height, every eighth height is kept, and what lies between follows by hashing. The last tile
//! of a height is partial until it is full; its hashes only ever get more.

use std::{collections::BTreeSet, fmt, ops::Range, str::FromStr, sync::OnceLock};

use rustc_hash::FxHashMap;

use super::{Hash, Node, Nodes, complete_nodes};

/// Where a kept hash is: the root of the complete subtree of height `8 · level` with this index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Height in tiles: 0 for leaves.
    pub level: u32,
    /// Position among the hashes of this height.
    pub index: u64,
}

impl Place {
    /// Heights of the tree that one tile spans.
    pub const LEVELS: u32 = 8;

    /// The first leaf below it.
    #[must_use]
    pub const fn first_leaf(self) -> u64 {
        self.index << (self.level * Self::LEVELS)
    }
}

/// The name of a tile, and of the bundle of entries below a tile of height 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Height in tiles: 0 for leaves.
    pub level: u32,
    /// Position among the tiles of this height.
    pub index: u64,
    /// Hashes in it, 1 to [`Tile::WIDTH`].
    pub width: u64,
}

/// The text is no path of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tile's path is <level>/<index in groups of three digits>[.p/<width 1 to 255>]")]
pub struct TileError;

impl Tile {
    /// Hashes of a full tile.
    pub const WIDTH: u64 = 256;

    /// The tile that holds `place` in a tree of `size` leaves, as wide as it is there; `None` when it is not there.
    #[must_use]
    pub fn holding(place: Place, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(place.level.checked_mul(Place::LEVELS)?)?;
        let index = place.index / Self::WIDTH;
        let width = hashes.saturating_sub(index * Self::WIDTH).min(Self::WIDTH);
        (place.index < hashes).then_some(Self { level: place.level, index, width })
    }

    /// The tiles that a proof over `ranges` reads, as wide as they are in a tree of `size` leaves.
    #[must_use]
    pub fn needed(ranges: &[Range<u64>], size: u64) -> BTreeSet<Self> {
        let nodes = ranges.iter().flat_map(|range| complete_nodes(range.clone()));
        nodes.filter_map(|node| Self::holding(kept_below(node), size)).collect()
    }

    /// Whether it has all of its hashes and will never change again.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == Self::WIDTH
    }

    /// The path of the bundle of entries whose leaves this tile of height 0 holds.
    #[must_use]
    pub fn entries_path(self) -> String {
        format!("entries/{}", Numbered(self))
    }
}

/// `<level>/<index>[.p/<width>]`, what follows `tile/` in the address.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.level, Numbered(*self))
    }
}

struct Numbered(Tile);

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = vec![self.0.index % 1000];
        let mut rest = self.0.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while groups.len() > 1 {
            write!(f, "x{:03}/", groups.pop().expect("more than one"))?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.0.is_full() { Ok(()) } else { write!(f, ".p/{}", self.0.width) }
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (level, numbered) = path.split_once('/').ok_or(TileError)?;
        let (index, width) = match numbered.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| TileError)?),
            None => (numbered, Self::WIDTH),
        };
        let mut number = 0_u64;
        for group in index.split('/') {
            let digits = group.trim_start_matches('x').parse::<u64>().map_err(|_| TileError)?;
            number = number.checked_mul(1000).and_then(|number| number.checked_add(digits)).ok_or(TileError)?;
        }
        let tile = Self { level: level.parse().map_err(|_| TileError)?, index: number, width };
        // One path for each tile: what does not come back the same is not the path.
        if (1..=Self::WIDTH).contains(&width) && level.len() <= 2 && tile.level < 64 && tile.to_string() == path {
            Ok(tile)
        } else {
            Err(TileError)
        }
    }
}

/// Tiles that were loaded, to make proofs from.
#[derive(Debug, Default, Clone)]
pub struct TileSet(FxHashMap<(u32, u64), Loaded>);

/// The hashes of a tile, and those that follow from them.
#[derive(Debug, Default, Clone)]
struct Loaded {
    hashes: Vec<Hash>,
    /// The hashes above, one height after the other. A proof needs nearly all of them, so the first one makes all, and further
    /// ones make none.
    above: OnceLock<Vec<Hash>>,
}

impl Loaded {
    /// The root of the complete subtree of height `level` in this tile, below 8, with this index in it.
    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        let index = usize::try_from(index).ok()?;
        if level == 0 {
            return self.hashes.get(index).copied();
        }
        let width = |level: u32| self.hashes.len() >> level;
        let start: usize = (1..level).map(width).sum();
        (index < width(level)).then(|| self.above.get_or_init(|| above(&self.hashes))[start + index])
    }
}

/// The roots of the complete subtrees over `hashes`, of one height after the other.
fn above(hashes: &[Hash]) -> Vec<Hash> {
    let mut all: Vec<Hash> = Vec::with_capacity(hashes.len());
    let mut below = 0..0;
    for level in 1..Place::LEVELS {
        let start = all.len();
        for pair in 0..hashes.len() >> level {
            let (left, right) = match level {
                1 => (hashes[2 * pair], hashes[2 * pair + 1]),
                _ => (all[below.start + 2 * pair], all[below.start + 2 * pair + 1]),
            };
            all.push(Hash::of_node(left, right));
        }
        below = start..all.len();
    }
    all
}

/// A hash that no loaded tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no tile holds the hash at height {} and index {}", .0.level, .0.index)]
pub struct MissingHash(pub Node);

impl TileSet {
    /// Adds the hashes of a tile.
    pub fn insert(&mut self, level: u32, index: u64, hashes: Vec<Hash>) {
        self.0.insert((level, index), Loaded { hashes, above: OnceLock::new() });
    }

    /// The hashes of a tile, as many as there are.
    #[must_use]
    pub fn hashes(&self, level: u32, index: u64) -> Option<&[Hash]> {
        self.0.get(&(level, index)).map(|tile| tile.hashes.as_slice())
    }

    /// The hash that is kept at `place`.
    #[must_use]
    pub fn hash(&self, place: Place) -> Option<Hash> {
        let within = usize::try_from(place.index % Tile::WIDTH).ok()?;
        self.hashes(place.level, place.index / Tile::WIDTH)?.get(within).copied()
    }
}

impl Extend<(Place, Hash)> for TileSet {
    /// Appends hashes that a growing tree completed; they come in the order of their places.
    fn extend<T: IntoIterator<Item = (Place, Hash)>>(&mut self, kept: T) {
        for (place, hash) in kept {
            let tile = self.0.entry((place.level, place.index / Tile::WIDTH)).or_default();
            tile.hashes.push(hash);
            // Made of fewer.
            tile.above.take();
        }
    }
}

impl Nodes for TileSet {
    type Error = MissingHash;

    fn node(&self, node: Node) -> Result<Hash, MissingHash> {
        let above = node.level % Place::LEVELS;
        let start = kept_below(node);
        let tile = self.0.get(&(start.level, start.index / Tile::WIDTH));
        tile.and_then(|tile| tile.node(above, (start.index % Tile::WIDTH) >> above)).ok_or(MissingHash(node))
    }
}

/// The first of the kept hashes under a node.
const fn kept_below(node: Node) -> Place {
    Place { level: node.level / Place::LEVELS, index: node.index << (node.level % Place::LEVELS) }
}

/// The root of a complete subtree over `hashes`, whose number is a power of two.
pub(super) fn fold(hashes: &[Hash]) -> Hash {
    if let [hash] = hashes {
        return *hash;
    }
    let (left, right) = hashes.split_at(hashes.len() / 2);
    Hash::of_node(fold(left), fold(right))
}

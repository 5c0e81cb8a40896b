//! A tree that grows: the few hashes from which every later root follows.

use super::{Hash, MAX_SIZE, Place, TreeHead};

/// The right edge of a tree: the roots of its complete subtrees, the largest first; one for each bit of its size.
///
/// Appending costs two hashes on average, and the whole state of a tree of any size is at most 53 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

/// A stored frontier that cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The hashes are not as many as the size has bits.
    #[error("a frontier of {size} leaves has {expected} hashes, not {found} bytes")]
    Length {
        /// The size that was stored with it.
        size: u64,
        /// Hashes that this size needs.
        expected: u32,
        /// Bytes that were found.
        found: usize,
    },
    /// No tree is that large.
    #[error("a tree has at most 2^53 - 1 leaves")]
    Size,
}

impl Frontier {
    /// The frontier stored as `size` and [`Frontier::to_bytes`].
    ///
    /// # Errors
    /// When the two do not belong together.
    pub fn from_parts(size: u64, bytes: &[u8]) -> Result<Self, FrontierError> {
        if size > MAX_SIZE {
            return Err(FrontierError::Size);
        }
        let (hashes, rest) = bytes.as_chunks::<{ Hash::LENGTH }>();
        if !rest.is_empty() || hashes.len() != size.count_ones() as usize {
            return Err(FrontierError::Length { size, expected: size.count_ones(), found: bytes.len() });
        }
        Ok(Self { size, subtrees: hashes.iter().copied().map(Hash::from_bytes).collect() })
    }

    /// The hashes one after the other, the largest subtree's first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.subtrees.iter().flat_map(|hash| *hash.as_bytes()).collect()
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, and hands out every hash that a tile keeps and that is complete with it: the leaf's own and those
    /// of whole tiles.
    ///
    /// # Errors
    /// [`FrontierError::Size`] when the tree is full; it is then unchanged.
    ///
    /// # Panics
    /// Never: there is one hash for each bit of the size.
    pub fn append(&mut self, leaf: Hash, kept: &mut impl Extend<(Place, Hash)>) -> Result<(), FrontierError> {
        if self.size >= MAX_SIZE {
            return Err(FrontierError::Size);
        }
        let mut hash = leaf;
        kept.extend([(Place { level: 0, index: self.size }, hash)]);
        for level in 1..=self.size.trailing_ones() {
            let left = self.subtrees.pop().expect("one hash for each bit of the size");
            hash = Hash::of_node(left, hash);
            if level % Place::LEVELS == 0 {
                kept.extend([(Place { level: level / Place::LEVELS, index: self.size >> level }, hash)]);
            }
        }
        self.subtrees.push(hash);
        self.size += 1;
        Ok(())
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut subtrees = self.subtrees.iter().rev().copied();
        let Some(smallest) = subtrees.next() else { return Hash::of_empty_tree() };
        subtrees.fold(smallest, |right, left| Hash::of_node(left, right))
    }

    /// Size and root together.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }
}

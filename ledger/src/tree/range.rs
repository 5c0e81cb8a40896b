//! Ranges of leaves as the complete subtrees that they consist of.

use std::ops::Range;

use super::Hash;

/// A complete subtree: `2^level` leaves from `index · 2^level` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Height above the leaves.
    pub level: u32,
    /// Position among the subtrees of this height.
    pub index: u64,
}

/// Whoever can look up the hash of a complete subtree.
pub trait Nodes {
    /// Why a hash could not be had.
    type Error;

    /// The hash of `node`.
    ///
    /// # Errors
    /// When it is not there: a proof is never made from part of what it needs.
    fn node(&self, node: Node) -> Result<Hash, Self::Error>;
}

/// The complete subtrees that `leaves` consists of, from the left.
///
/// The ranges of RFC 6962 begin at a multiple of a power of two that is not below their length, so that there are at most
/// 64 and each is smaller than the one before it.
pub fn complete_nodes(leaves: Range<u64>) -> impl Iterator<Item = Node> {
    let mut start = leaves.start;
    std::iter::from_fn(move || {
        let fits = leaves.end.checked_sub(start)?.checked_ilog2()?;
        let level = if start == 0 { fits } else { fits.min(start.trailing_zeros()) };
        let node = Node { level, index: start >> level };
        start += 1 << level;
        Some(node)
    })
}

/// The Merkle tree hash over a range of leaves (RFC 6962 §2.1).
///
/// # Errors
/// What looking up a node gives.
pub fn root_of<N: Nodes>(nodes: &N, leaves: Range<u64>) -> Result<Hash, N::Error> {
    let mut subtrees = complete_nodes(leaves);
    let Some(first) = subtrees.next() else { return Ok(Hash::of_empty_tree()) };
    let first = nodes.node(first)?;
    // From the left: of several hashes that are not there, the first is told. Most ranges of a proof are one subtree.
    let mut hashes = Vec::new();
    for node in subtrees {
        hashes.push(nodes.node(node)?);
    }
    let Some(last) = hashes.pop() else { return Ok(first) };
    let right = hashes.into_iter().rev().fold(last, |right, left| Hash::of_node(left, right));
    Ok(Hash::of_node(first, right))
}

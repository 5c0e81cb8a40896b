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
#[must_use]
pub fn complete_nodes(leaves: Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = leaves.start;
    while start < leaves.end {
        let fits = (leaves.end - start).ilog2();
        let level = if start == 0 { fits } else { fits.min(start.trailing_zeros()) };
        nodes.push(Node { level, index: start >> level });
        start += 1 << level;
    }
    nodes
}

/// The Merkle tree hash over a range of leaves (RFC 6962 §2.1).
///
/// # Errors
/// What looking up a node gives.
pub fn root_of<N: Nodes>(nodes: &N, leaves: Range<u64>) -> Result<Hash, N::Error> {
    // From the left: of several hashes that are not there, the first is told.
    let hashes = complete_nodes(leaves).into_iter().map(|node| nodes.node(node)).collect::<Result<Vec<_>, _>>()?;
    let root = hashes.into_iter().rev().reduce(|right, left| Hash::of_node(left, right));
    Ok(root.unwrap_or_else(Hash::of_empty_tree))
}

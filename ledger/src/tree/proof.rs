//! Inclusion and consistency proofs: made from stored nodes, checked with nothing but themselves.
//!
//! Making one follows the definitions of RFC 6962 §2.1.1 and §2.1.2; checking one follows the algorithms of RFC 9162
//! §2.1.3.2 and §2.1.4.2, so that the two halves do not share their mistakes.

use std::ops::Range;

use super::{Hash, Node, Nodes, TreeHead, complete_nodes, root_of};

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf's index is not in a tree of that size.
    #[error("there is no leaf {index} in a tree of {size}")]
    Index {
        /// Index that was asked for.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A later tree cannot be smaller than an earlier one.
    #[error("a tree of {new} leaves cannot continue one of {old}")]
    Shrunk {
        /// Leaves of the earlier tree.
        old: u64,
        /// Leaves of the later tree.
        new: u64,
    },
    /// There are more or fewer hashes than such a proof has.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes lead to another root: the leaf is not in this tree, or the two trees are not one.
    #[error("the proof leads to another root")]
    Root,
}

/// The ranges of leaves whose hashes prove that leaf `index` is in a tree of `size`, the leaf's sibling first.
///
/// # Errors
/// [`ProofError::Index`].
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    // As many as the tree is high, at most.
    let (mut tree, mut ranges) = (0..size, Vec::with_capacity(size.ilog2() as usize + 1));
    while tree.end - tree.start > 1 {
        let middle = tree.start + split(tree.end - tree.start);
        if index < middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// The ranges of leaves whose hashes prove that a tree of `new` leaves continues one of `old`.
///
/// Empty where there is nothing to prove: equal sizes, or an empty older tree.
///
/// # Errors
/// [`ProofError::Shrunk`].
pub fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    let mut ranges = Vec::new();
    if old == 0 || old == new {
        return Ok(ranges);
    }
    let mut tree = 0..new;
    // While the older tree's root is still a subtree that begins at 0, whoever checks knows its hash already.
    let mut known = true;
    while old != tree.end {
        let middle = tree.start + split(tree.end - tree.start);
        if old <= middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
            known = false;
        }
    }
    if !known {
        ranges.push(tree);
    }
    ranges.reverse();
    Ok(ranges)
}

/// The hashes of `ranges`: the proof itself.
///
/// # Errors
/// What looking up a node gives.
pub fn collect<N: Nodes>(nodes: &N, ranges: &[Range<u64>]) -> Result<Vec<Hash>, N::Error> {
    // Collecting results would begin without room.
    let mut hashes = Vec::with_capacity(ranges.len());
    for range in ranges {
        hashes.push(root_of(nodes, range.clone())?);
    }
    Ok(hashes)
}

/// Makes inclusion proofs of many leaves of one tree: the subtrees at its right edge, of which nearly every proof needs one,
/// are hashed once.
#[derive(Debug)]
pub struct Inclusions<'a, N> {
    nodes: &'a N,
    size: u64,
    /// The complete subtrees that the tree consists of, from the left, …
    complete: Vec<Node>,
    /// … and the hash of all that is right of each, as far as it is there.
    edge: Vec<Option<Hash>>,
}

impl<'a, N: Nodes> Inclusions<'a, N> {
    /// Proofs in the tree of `size` leaves.
    #[must_use]
    pub fn of(nodes: &'a N, size: u64) -> Self {
        let complete: Vec<_> = complete_nodes(0..size).collect();
        let mut edge = Vec::with_capacity(complete.len());
        let mut right = None;
        // From the right: what is right of one is the next, and what is right of that.
        for (place, &node) in complete.iter().enumerate().skip(1).rev() {
            let hash = nodes.node(node).ok();
            right = if place + 1 == complete.len() {
                hash
            } else {
                hash.zip(right).map(|(hash, right)| Hash::of_node(hash, right))
            };
            edge.push(right);
        }
        edge.reverse();
        Self { nodes, size, complete, edge }
    }

    /// The proof that leaf `index` is in the tree: what [`inclusion_ranges`] and [`collect`] come to. `None` when there is no
    /// such leaf.
    ///
    /// # Errors
    /// What looking up a node gives.
    pub fn prove(&self, index: u64) -> Result<Option<Vec<Hash>>, N::Error> {
        let Some(place) = self.complete.iter().position(|node| index >> node.level == node.index) else {
            return Ok(None);
        };
        let own = self.complete[place];
        let mut hashes = Vec::with_capacity(own.level as usize + place + 1);
        for level in 0..own.level {
            hashes.push(self.nodes.node(Node { level, index: (index >> level) ^ 1 })?);
        }
        if let Some(right) = self.edge.get(place) {
            let start = (own.index + 1) << own.level;
            hashes.push(right.map_or_else(|| root_of(self.nodes, start..self.size), Ok)?);
        }
        for &left in self.complete[..place].iter().rev() {
            hashes.push(self.nodes.node(left)?);
        }
        Ok(Some(hashes))
    }
}

/// Checks that a leaf with hash `leaf` is at `index` in the tree (RFC 9162 §2.1.3.2).
///
/// # Errors
/// Says what does not fit; nothing is proved then.
pub fn check_inclusion(tree: TreeHead, index: u64, leaf: Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if index >= tree.size {
        return Err(ProofError::Index { index, size: tree.size });
    }
    let (mut node, mut last, mut hash) = (index, tree.size - 1, leaf);
    for &sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = Hash::of_node(sibling, hash);
            // Where the right edge has no sibling its subtree stands for its parent, too.
            let skipped = node.trailing_zeros();
            (node, last) = (node >> skipped, last >> skipped);
        } else {
            hash = Hash::of_node(hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, hash == tree.root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that `new` continues `old`: every leaf of `old` is still there, in its place (RFC 9162 §2.1.4.2).
///
/// # Errors
/// Says what does not fit; nothing is proved then.
pub fn check_consistency(old: TreeHead, new: TreeHead, proof: &[Hash]) -> Result<(), ProofError> {
    if old.size > new.size {
        return Err(ProofError::Shrunk { old: old.size, new: new.size });
    }
    if old.size == new.size || old.size == 0 {
        let same = if old.size == 0 { old.root == Hash::of_empty_tree() } else { old.root == new.root };
        // A new tree without leaves has one root only, whatever it claims.
        let empty = new.size > 0 || new.root == Hash::of_empty_tree();
        return match (proof.is_empty(), same && empty) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let mut hashes = proof.iter().copied();
    let first = if old.size.is_power_of_two() { old.root } else { hashes.next().ok_or(ProofError::Length)? };
    let edge = (old.size - 1).trailing_ones();
    let (mut node, mut last) = ((old.size - 1) >> edge, (new.size - 1) >> edge);
    let (mut of_old, mut of_new) = (first, first);
    for sibling in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            (of_old, of_new) = (Hash::of_node(sibling, of_old), Hash::of_node(sibling, of_new));
            let skipped = node.trailing_zeros();
            (node, last) = (node >> skipped, last >> skipped);
        } else {
            of_new = Hash::of_node(of_new, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, of_old == old.root && of_new == new.root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// The largest power of two below `n` (n ≥ 2): where RFC 6962 parts a tree.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

//! Laws of proofs: what is true is proved, and nothing else is.

use ledger::tree::{
    Frontier, FrontierError, Hash, MAX_SIZE, TileSet, TreeHead,
    proof::{ProofError, check_consistency, check_inclusion, collect, consistency_ranges, inclusion_ranges},
};
use proptest::prelude::*;

use crate::{Grown, cases, entry};

fn inclusion(grown: &Grown, index: u64, size: u64) -> Vec<Hash> {
    collect(&grown.tiles, &inclusion_ranges(index, size).expect("inside")).expect("all there")
}

fn consistency(grown: &Grown, old: u64, new: u64) -> Vec<Hash> {
    collect(&grown.tiles, &consistency_ranges(old, new).expect("grows")).expect("all there")
}

/// The definition of RFC 6962 §2.1, letter by letter.
fn root_by_definition(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => Hash::of_empty_tree(),
        [leaf] => Hash::of_leaf(leaf),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Hash::of_node(root_by_definition(left), root_by_definition(right))
        }
    }
}

#[test]
fn every_root_is_that_of_the_definition() {
    let grown = Grown::to(300);
    let entries: Vec<Vec<u8>> = (0..300).map(entry).collect();
    for (head, size) in grown.heads.iter().zip(0..) {
        assert_eq!(head.root, root_by_definition(&entries[..size]), "size {size}");
    }
}

#[test]
fn everything_in_a_small_tree_is_proved() {
    let grown = Grown::to(70);
    for size in 1..=70 {
        for index in 0..size {
            let proof = inclusion(&grown, index, size);
            assert_eq!(check_inclusion(grown.head(size), index, Hash::of_leaf(&entry(index)), &proof), Ok(()));
        }
        for old in 0..=size {
            let proof = consistency(&grown, old, size);
            assert_eq!(check_consistency(grown.head(old), grown.head(size), &proof), Ok(()), "{old} to {size}");
        }
    }
}

#[test]
fn sizes_and_indices_beyond_the_tree_are_refused() {
    let grown = Grown::to(3);
    assert_eq!(inclusion_ranges(3, 3), Err(ProofError::Index { index: 3, size: 3 }));
    assert_eq!(
        check_inclusion(grown.head(3), 3, Hash::of_leaf(b""), &[]),
        Err(ProofError::Index { index: 3, size: 3 })
    );
    assert_eq!(consistency_ranges(4, 3), Err(ProofError::Shrunk { old: 4, new: 3 }));
    let larger = TreeHead { size: 4, root: grown.head(3).root };
    assert_eq!(check_consistency(larger, grown.head(3), &[]), Err(ProofError::Shrunk { old: 4, new: 3 }));
}

#[test]
fn nothing_before_the_first_leaf_needs_a_proof_but_its_root_is_known() {
    let grown = Grown::to(2);
    assert_eq!(check_consistency(grown.head(0), grown.head(2), &[]), Ok(()));
    let forged = TreeHead { size: 0, root: grown.head(2).root };
    assert_eq!(check_consistency(forged, grown.head(2), &[]), Err(ProofError::Root));
    assert_eq!(check_consistency(forged, forged, &[]), Err(ProofError::Root));
    assert_eq!(check_consistency(grown.head(0), grown.head(2), &[grown.head(1).root]), Err(ProofError::Length));
}

#[test]
fn two_roots_of_one_size_are_a_fork() {
    let (one, other) = (Grown::to(5), Grown::of((0..5).map(|i| entry(i + 1))));
    assert_eq!(check_consistency(one.head(5), other.head(5), &[]), Err(ProofError::Root));
}

#[test]
fn a_frontier_is_stored_and_read_back_or_refused() {
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for index in 0..100 {
        let read = Frontier::from_parts(frontier.size(), &frontier.to_bytes()).expect("its own parts");
        assert_eq!(read, frontier);
        frontier.append(Hash::of_leaf(&entry(index)), &mut tiles).expect("far from full");
    }
    let bytes = frontier.to_bytes();
    let wrong = FrontierError::Length { size: 101, expected: 4, found: bytes.len() };
    assert_eq!(Frontier::from_parts(101, &bytes), Err(wrong));
    assert!(Frontier::from_parts(100, &bytes[1..]).is_err());
    assert_eq!(Frontier::from_parts(MAX_SIZE + 1, &[]), Err(FrontierError::Size));
}

#[test]
fn a_full_tree_takes_no_more() {
    let mut full = Frontier::from_parts(MAX_SIZE, &[7; 53 * 32]).expect("53 bits are set");
    assert_eq!(full.append(Hash::of_leaf(b""), &mut TileSet::default()), Err(FrontierError::Size));
    assert_eq!(full.size(), MAX_SIZE);
}

proptest! {
    #![proptest_config(cases(64))]

    /// Across the edges of tiles, too: 600 leaves are more than two of them.
    #[test]
    fn what_is_in_the_tree_is_proved(size in 1_u64..600, part in 0.0_f64..1.0, older in 0.0_f64..=1.0) {
        let grown = Grown::to(size);
        let index = at(part, size);
        let proof = inclusion(&grown, index, size);
        prop_assert_eq!(check_inclusion(grown.head(size), index, Hash::of_leaf(&entry(index)), &proof), Ok(()));
        let old = at(older, size + 1);
        let proof = consistency(&grown, old, size);
        prop_assert_eq!(check_consistency(grown.head(old), grown.head(size), &proof), Ok(()));
    }

    /// One bit of the leaf, the index, a hash or the root: nothing is proved any more.
    #[test]
    fn a_changed_inclusion_proof_proves_nothing(size in 2_u64..600, part in 0.0_f64..1.0, change in 0_usize..5, at_hash in 0.0_f64..1.0) {
        let grown = Grown::to(size);
        let mut index = at(part, size);
        let (mut head, mut leaf) = (grown.head(size), Hash::of_leaf(&entry(index)));
        let mut proof = inclusion(&grown, index, size);
        let hash = usize::try_from(at(at_hash, proof.len() as u64)).expect("small");
        match change {
            0 => leaf = flipped(leaf),
            1 => head.root = flipped(head.root),
            2 => proof[hash] = flipped(proof[hash]),
            3 => { proof.remove(hash); }
            _ => index = (index + 1) % size,
        }
        prop_assert!(check_inclusion(head, index, leaf, &proof).is_err());
        proof.push(leaf);
        prop_assert!(check_inclusion(head, index, leaf, &proof).is_err());
    }

    /// A tree in which one leaf of the older one was edited, dropped, doubled or moved does not continue it.
    #[test]
    fn a_rewritten_past_is_no_continuation(old in 1_u64..200, more in 0_u64..200, part in 0.0_f64..1.0, edit in 0_usize..4) {
        let honest = Grown::to(old + more);
        let index = usize::try_from(at(part, old)).expect("small");
        let mut entries: Vec<Vec<u8>> = (0..old + more).map(entry).collect();
        match edit {
            0 => entries[index].push(b'!'),
            1 => { entries.remove(index); entries.push(b"filler".to_vec()); }
            2 => { let doubled = entries[index].clone(); entries.insert(index, doubled); entries.pop(); }
            _ => { let moved = entries.remove(index); entries.push(moved); }
        }
        prop_assume!(entries[..usize::try_from(old).expect("small")] != (0..old).map(entry).collect::<Vec<_>>()[..]);
        let forged = Grown::of(entries);
        let proof = consistency(&forged, old, old + more);
        prop_assert!(check_consistency(honest.head(old), forged.head(old + more), &proof).is_err());
        let proof = consistency(&honest, old, old + more);
        prop_assert!(check_consistency(honest.head(old), forged.head(old + more), &proof).is_err());
    }

    /// Whatever somebody sends instead of a proof: an answer, no panic, and no.
    #[test]
    fn rubbish_proves_nothing(size in 0_u64..=MAX_SIZE, old in 0_u64..=MAX_SIZE, index in any::<u64>(), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::from_bytes).collect();
        let (head, older) = (TreeHead { size, root: Hash::of_leaf(b"new") }, TreeHead { size: old, root: Hash::of_leaf(b"old") });
        prop_assert!(check_inclusion(head, index, Hash::of_leaf(b"leaf"), &hashes).is_err());
        prop_assert!(check_consistency(older, head, &hashes).is_err());
    }
}

fn at(part: f64, size: u64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small sizes"
    )]
    let index = (part * size as f64) as u64;
    index.min(size - 1)
}

fn flipped(hash: Hash) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[31] ^= 1;
    Hash::from_bytes(bytes)
}

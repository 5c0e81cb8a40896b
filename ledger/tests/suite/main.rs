//! What the tree, its proofs and its signed heads promise, from outside. One binary: each is a link.

mod checkpoints;
mod cosignatures;
mod details;
mod exports;
mod faults;
mod frozen;
mod notes;
mod others;
mod proofs;
mod tiles;
mod vectors;

use ledger::tree::{Frontier, Hash, TileSet, TreeHead};

/// Cases of a property test: few in `make test`; `make prove` sets `PROPTEST_CASES`, which `with_cases` would ignore.
fn cases(few: u32) -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(few);
    proptest::test_runner::Config::with_cases(cases)
}

/// An entry that no other index has.
fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// A tree with its tiles, and every head that it had while it grew.
struct Grown {
    tiles: TileSet,
    heads: Vec<TreeHead>,
}

impl Grown {
    fn to(size: u64) -> Self {
        Self::of((0..size).map(entry))
    }

    fn of(entries: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
        let mut heads = vec![frontier.head()];
        for entry in entries {
            frontier.append(Hash::of_leaf(&entry), &mut tiles).expect("far from full");
            heads.push(frontier.head());
        }
        Self { tiles, heads }
    }

    fn head(&self, size: u64) -> TreeHead {
        self.heads[usize::try_from(size).expect("small")]
    }
}

//! Tiles are those of C2SP tlog-tiles: names, widths, and what a proof needs of them.

use std::collections::BTreeMap;

use ledger::tree::{
    Frontier, Hash, Place, Tile, TileError, TileSet,
    proof::{Inclusions, check_inclusion, collect, consistency_ranges, inclusion_ranges},
};
use proptest::prelude::*;

use crate::{cases, entry};

#[test]
fn paths_are_those_of_the_specification() {
    let full = |level, index| Tile { level, index, width: Tile::WIDTH };
    assert_eq!(full(0, 1_234_067).to_string(), "0/x001/x234/067");
    assert_eq!(full(0, 0).to_string(), "0/000");
    assert_eq!(full(2, 999).to_string(), "2/999");
    assert_eq!(full(1, 1_000).to_string(), "1/x001/000");
    assert_eq!(Tile { width: 112, ..full(0, 273) }.to_string(), "0/273.p/112");
    assert_eq!(Tile { width: 112, ..full(0, 1_273) }.entries_path(), "entries/x001/273.p/112");
}

#[test]
fn what_is_no_path_is_no_tile() {
    let paths = [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "64/000",
        "0/x000/000",
        "0/001/000",
        "0/x001",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "-1/000",
        "0/+01",
        "0/xx001/000",
        "0/000/",
        "0/000.p/1/2",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
    ];
    for path in paths {
        assert_eq!(path.parse::<Tile>(), Err(TileError), "{path}");
    }
}

/// The example of the specification: a tree of 70 000 leaves.
#[test]
fn a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() {
    let (mut frontier, mut kept) = (Frontier::default(), Vec::new());
    for index in 0..70_000 {
        frontier.append(Hash::of_leaf(&entry(index)), &mut kept).expect("far from full");
    }
    let mut tiles = BTreeMap::new();
    for (place, _) in &kept {
        let tile = Tile::holding(*place, frontier.size()).expect("it was kept");
        *tiles.entry((tile.level, tile.is_full(), if tile.is_full() { 0 } else { tile.width })).or_insert(0) +=
            u32::from(place.index % Tile::WIDTH == 0);
    }
    let want = [((0, false, 112), 1), ((0, true, 0), 273), ((1, false, 17), 1), ((1, true, 0), 1), ((2, false, 1), 1)];
    assert_eq!(tiles, BTreeMap::from(want));
    assert_eq!(Tile::holding(Place { level: 0, index: 70_000 }, 70_000), None);
    assert_eq!(Tile::holding(Place { level: 8, index: 0 }, u64::MAX), None);
}

/// Hashes that were made for a proof from a partial tile are made anew when the tile has grown.
#[test]
fn proofs_of_a_tree_that_grew_are_of_the_grown_tree() {
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for size in 1..600 {
        frontier.append(Hash::of_leaf(&entry(size - 1)), &mut tiles).expect("far from full");
        for index in [0, size / 2, size - 1] {
            let proof = collect(&tiles, &inclusion_ranges(index, size).expect("inside")).expect("all there");
            let leaf = Hash::of_leaf(&entry(index));
            assert_eq!(check_inclusion(frontier.head(), index, leaf, &proof), Ok(()), "{index} of {size}");
        }
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_path_is_read_back(level in 0_u32..64, index in 0_u64..u64::MAX / 1000, width in 1_u64..=256) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(tile.to_string().parse::<Tile>(), Ok(tile));
    }

    #[test]
    fn no_text_breaks_the_parser(path in "[0-9x/.p+-]{0,40}") {
        if let Ok(tile) = path.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), path);
        }
    }

    /// Proofs made one after the other are those that are made one by one, also where hashes are missing.
    #[test]
    fn many_proofs_are_those_made_alone(size in 1_u64..3_000, lost in prop::option::of(0_u64..12)) {
        let (mut frontier, mut kept) = (Frontier::default(), Vec::new());
        for index in 0..size {
            frontier.append(Hash::of_leaf(&entry(index)), &mut kept).expect("far from full");
        }
        let mut tiles = TileSet::default();
        tiles.extend(kept.into_iter().filter(|(place, _)| place.level > 0 || Some(place.index / Tile::WIDTH) != lost));
        let inclusions = Inclusions::of(&tiles, size);
        for index in (0..size).step_by(37).chain([size - 1]) {
            let alone = collect(&tiles, &inclusion_ranges(index, size).expect("inside"));
            prop_assert_eq!(inclusions.prove(index).map(Option::unwrap_or_default).ok(), alone.ok(), "{} of {}", index, size);
        }
        prop_assert_eq!(inclusions.prove(size), Ok(None));
    }

    /// The tiles that are said to be needed for a proof are enough for it.
    #[test]
    fn the_needed_tiles_are_enough(size in 1_u64..3_000, part in 0.0_f64..1.0) {
        let (mut frontier, mut all) = (Frontier::default(), TileSet::default());
        let mut kept = Vec::new();
        for index in 0..size {
            frontier.append(Hash::of_leaf(&entry(index)), &mut kept).expect("far from full");
        }
        all.extend(kept.clone());
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small sizes")]
        let index = ((part * size as f64) as u64).min(size - 1);
        for ranges in [inclusion_ranges(index, size).expect("inside"), consistency_ranges(index, size).expect("grows")] {
            let needed = Tile::needed(&ranges, size);
            let mut loaded = TileSet::default();
            loaded.extend(kept.iter().copied().filter(|(place, _)| {
                needed.contains(&Tile::holding(*place, size).expect("it was kept"))
            }));
            prop_assert_eq!(collect(&loaded, &ranges), collect(&all, &ranges));
            prop_assert!(collect(&all, &ranges).is_ok());
        }
    }
}

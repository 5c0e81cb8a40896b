//! What was changed behind the log's back is named by its index.

use ledger::tree::{Fault, Hash, Place, Tile, TileSet, TreeHead, check_entries, check_tiles};

use crate::{Grown, entry};

const SIZE: u64 = 600;

fn entries() -> Vec<(u64, Vec<u8>)> {
    (0..SIZE).map(|index| (index, entry(index))).collect()
}

fn checked(tiles: &TileSet, entries: &[(u64, Vec<u8>)]) -> Result<(), Fault> {
    check_entries(tiles, 0..SIZE, entries.iter().map(|(index, entry)| (*index, entry.as_slice())))
}

#[test]
fn the_first_entry_that_is_not_the_logs_is_named() {
    let tiles = Grown::to(SIZE).tiles;
    assert_eq!(checked(&tiles, &entries()), Ok(()));
    for bad in [0, 1, 255, 256, 599] {
        let at = usize::try_from(bad).expect("small");
        let mut changed = entries();
        changed[at].1[0] ^= 1;
        let mut shorter = entries();
        shorter.remove(at);
        let mut moved = entries();
        moved[at].0 += 1;
        for entries in [changed, shorter, moved] {
            assert_eq!(checked(&tiles, &entries), Err(Fault::Entry(bad)));
        }
    }
    let mut swapped = entries();
    let (one, other) = (swapped[7].1.clone(), swapped[400].1.clone());
    (swapped[7].1, swapped[400].1) = (other, one);
    assert_eq!(checked(&tiles, &swapped), Err(Fault::Entry(7)));
    assert_eq!(check_entries(&tiles, SIZE..SIZE + 1, []), Err(Fault::Missing(SIZE)));
}

#[test]
fn hashes_that_do_not_follow_are_named() {
    let grown = Grown::to(SIZE);
    let head = grown.head(SIZE);
    assert_eq!(check_tiles(&grown.tiles, head), Ok(()));
    let with = |level: u32, index: u64, change: &dyn Fn(&mut Vec<Hash>)| {
        let mut tiles = grown.tiles.clone();
        let mut hashes = tiles.hashes(level, index).expect("is there").to_vec();
        change(&mut hashes);
        tiles.insert(level, index, hashes);
        check_tiles(&tiles, head)
    };
    let other = |at: usize| move |hashes: &mut Vec<Hash>| hashes[at] = Hash::of_leaf(b"another");
    assert_eq!(with(0, 0, &other(3)), Err(Fault::Hash { level: 1, first: 0 }));
    assert_eq!(with(0, 1, &other(3)), Err(Fault::Hash { level: 1, first: 256 }));
    assert_eq!(with(1, 0, &other(1)), Err(Fault::Hash { level: 1, first: 256 }));
    // Nothing is kept above the last tile: its hashes lead to another root.
    assert_eq!(with(0, 2, &other(3)), Err(Fault::Root));
    assert_eq!(with(0, 2, &|hashes| hashes.truncate(80)), Err(Fault::Missing(592)));
    assert_eq!(with(0, 1, &|hashes| hashes.truncate(80)), Err(Fault::Missing(336)));
    assert_eq!(check_tiles(&grown.tiles, TreeHead { size: SIZE + 1, ..head }), Err(Fault::Missing(SIZE)));
    assert_eq!(check_tiles(&grown.tiles, TreeHead { root: Hash::of_leaf(b""), ..head }), Err(Fault::Root));
    assert_eq!(check_tiles(&TileSet::default(), TreeHead { size: 0, root: Hash::of_empty_tree() }), Ok(()));
}

#[test]
fn a_place_finds_its_hash() {
    let tiles = Grown::to(SIZE).tiles;
    let place = Place { level: 0, index: 511 };
    assert_eq!(tiles.hash(place), Some(Hash::of_leaf(&entry(511))));
    assert_eq!(tiles.hash(Place { index: SIZE, ..place }), None);
    assert_eq!(Place { level: 1, index: 1 }.first_leaf(), Tile::WIDTH);
    assert_eq!(Place { level: 2, index: 3 }.first_leaf(), 3 * 65_536);
}

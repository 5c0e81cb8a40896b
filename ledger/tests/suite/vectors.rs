//! The published vectors of RFC 6962's reference implementation (`merkle_tree_test.cc` of Certificate Transparency).

use ledger::tree::{
    Hash, TreeHead,
    proof::{check_consistency, check_inclusion, collect, consistency_ranges, inclusion_ranges},
};

use crate::Grown;

const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const EMPTY_ROOT: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, size, hashes.
const PATHS: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Older size, newer size, hashes.
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn hash(text: &str) -> Hash {
    hex::decode(text).expect("hex").as_slice().try_into().expect("32 bytes")
}

fn reference() -> (Vec<Vec<u8>>, Grown) {
    let entries: Vec<Vec<u8>> = ENTRIES.iter().map(|entry| hex::decode(entry).expect("hex")).collect();
    let grown = Grown::of(entries.clone());
    (entries, grown)
}

#[test]
fn roots_are_those_of_the_reference() {
    let (_, grown) = reference();
    let want: Vec<TreeHead> = std::iter::once(EMPTY_ROOT)
        .chain(ROOTS)
        .zip(0..)
        .map(|(root, size)| TreeHead { size, root: hash(root) })
        .collect();
    assert_eq!(grown.heads, want);
}

#[test]
fn inclusion_proofs_are_those_of_the_reference() {
    let (entries, grown) = reference();
    for (index, size, want) in PATHS {
        let want: Vec<Hash> = want.iter().map(|text| hash(text)).collect();
        let ranges = inclusion_ranges(index, size).expect("inside");
        assert_eq!(collect(&grown.tiles, &ranges).expect("all there"), want, "leaf {index} of {size}");
        let leaf = Hash::of_leaf(&entries[usize::try_from(index).expect("small")]);
        assert_eq!(check_inclusion(grown.head(size), index, leaf, &want), Ok(()));
    }
}

#[test]
fn consistency_proofs_are_those_of_the_reference() {
    let (_, grown) = reference();
    for (old, new, want) in CONSISTENCY {
        let want: Vec<Hash> = want.iter().map(|text| hash(text)).collect();
        let ranges = consistency_ranges(old, new).expect("grows");
        assert_eq!(collect(&grown.tiles, &ranges).expect("all there"), want, "{old} to {new}");
        assert_eq!(check_consistency(grown.head(old), grown.head(new), &want), Ok(()));
    }
}

//! The cases of `docs/threat-model.md` that the vault alone answers.

use domain::SeededEntropy;
use proptest::prelude::*;
use vault::{
    Key32, OpenError,
    chain::sha256,
    seal::{Codec, HEADER_LEN, Layout, ObjectContext, Opener, open, seal},
    wrap::{self, KeyRow, WrapContext, WrapKind},
};

use crate::{THREE_CHUNKS, key, pattern, segment, session, tenant};

#[test]
fn attack_21_blob_served_elsewhere() {
    let entropy = SeededEntropy::new(1);
    let object = |t, s, tab, n, generation| ObjectContext::segment(tenant(t), session(s), tab, n, generation);
    let mine = object(1, 1, 0, 0, 1);
    let sealed = seal(&key(1), &mine, Codec::Zstd, b"one segment", &entropy);
    let elsewhere = [
        ("tenant", object(2, 1, 0, 0, 1)),
        ("session", object(1, 2, 0, 0, 1)),
        ("tab", object(1, 1, 1, 0, 1)),
        ("segment", object(1, 1, 0, 1, 1)),
        ("generation", object(1, 1, 0, 0, 2)),
        ("manifest", ObjectContext::manifest(tenant(1), session(1), 0, 1)),
    ];
    for (what, expected) in elsewhere {
        // The same D on purpose: it is the row that does not match, whatever key the attacker arranges.
        let error = open(&key(1), &expected, &sealed).err();
        assert_eq!(error, Some(OpenError::Context), "{what}");
        assert!(error.is_some_and(|error| error.is_integrity()), "{what}: writes an `integrity.fail` leaf");
    }
    assert!(open(&key(1), &mine, &sealed).is_ok());
}

#[test]
fn attack_22_bad_chunk_gives_no_plaintext() {
    let mut sealed = seal(&key(1), &segment(), Codec::Raw, &pattern(THREE_CHUNKS), &SeededEntropy::new(1));
    let second = HEADER_LEN + 16_400;
    sealed[second + 5] ^= 1;
    assert_eq!(open(&key(1), &segment(), &sealed).err(), Some(OpenError::Chunk { index: 1 }));
    // A range reader gets the good chunks and nothing of the bad one.
    let layout = Layout::of_sealed(sealed.len() as u64).expect("its length is untouched");
    let opener = Opener::new(&key(1), &segment(), sealed.first_chunk().expect("a header")).expect("header untouched");
    let chunk = |index| {
        let range = layout.chunk_range(index);
        &sealed[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]
    };
    assert_eq!(opener.open_chunk(&layout, 0, chunk(0)).as_deref(), Ok(&pattern(THREE_CHUNKS)[..16_384]));
    assert_eq!(opener.open_chunk(&layout, 1, chunk(1)), Err(OpenError::Chunk { index: 1 }));
    assert_eq!(
        opener.open_chunk(&layout, 1, chunk(0)),
        Err(OpenError::Chunk { index: 1 }),
        "a chunk in another's place"
    );
    assert_eq!(opener.open_chunk(&layout, 3, &[]), Err(OpenError::Chunk { index: 3 }), "no such chunk");
}

proptest! {
    #![proptest_config(crate::cases(64))]

    /// Any list of the object's chunks other than all of them in order fails, and so does any other length.
    #[test]
    fn attack_22_chunks_reordered(order in prop::collection::vec(0_usize..4, 0..6), cut in 0_usize..16_400) {
        let sealed = seal(&key(1), &segment(), Codec::Raw, &pattern(3 * 16_384 + 5), &SeededEntropy::new(1));
        let chunks: Vec<_> = sealed[HEADER_LEN..].chunks(16_400).collect();
        let mut changed = sealed[..HEADER_LEN].to_vec();
        changed.extend(order.iter().flat_map(|&index| chunks[index]));
        prop_assert_eq!(open(&key(1), &segment(), &changed).is_ok(), order == [0, 1, 2, 3]);
        let shorter = &sealed[..sealed.len() - 1 - cut];
        prop_assert!(open(&key(1), &segment(), shorter).is_err());
        let mut longer = sealed;
        longer.resize(longer.len() + 1 + cut, 0);
        prop_assert!(open(&key(1), &segment(), &longer).is_err());
    }
}

fn key_row() -> WrapContext {
    WrapContext { tenant: tenant(1), kind: WrapKind::Session, object: session(1).uuid(), generation: 1, kek_version: 1 }
}

#[test]
fn attack_24_key_row_swapped() {
    let (kek, mine) = (key(1), key_row());
    let wrapped = wrap::wrap(&kek, &mine, &key(7), &SeededEntropy::new(1));
    assert!(wrap::unwrap(&kek, &mine, &wrapped).is_ok_and(|opened| opened.same_as(&key(7))));
    let elsewhere = [
        ("tenant", WrapContext { tenant: tenant(2), ..mine }),
        ("kind", WrapContext { kind: WrapKind::Person, ..mine }),
        ("session", WrapContext { object: session(2).uuid(), ..mine }),
        ("generation", WrapContext { generation: 2, ..mine }),
        ("version of the tenant key", WrapContext { kek_version: 2, ..mine }),
    ];
    for (what, context) in elsewhere {
        assert_eq!(wrap::unwrap(&kek, &context, &wrapped).err(), Some(OpenError::Unwrap), "{what}");
    }
    assert_eq!(wrap::unwrap(&key(2), &mine, &wrapped).err(), Some(OpenError::Unwrap), "another tenant's key");
}

#[test]
fn attack_24_second_key_for_one_blob() {
    // Who can write key rows may wrap a key of their own correctly; the blob commits to the one it was sealed under.
    let entropy = SeededEntropy::new(1);
    let sealed = seal(&key(7), &segment(), Codec::Raw, b"sealed under another", &entropy);
    let planted = wrap::wrap(&key(1), &key_row(), &Key32::generate(&entropy), &entropy);
    let planted = wrap::unwrap(&key(1), &key_row(), &planted).expect("a well-formed row");
    assert_eq!(open(&planted, &segment(), &sealed).err(), Some(OpenError::Commitment));
}

#[test]
fn attack_27_absent_and_shredded_rows_are_errors() {
    let row = |row| wrap::unwrap_row(&key(1), &key_row(), row).err();
    assert_eq!(row(None), Some(OpenError::KeyMissing));
    assert_eq!(row(Some(KeyRow::from_column(None))), Some(OpenError::KeyShredded));
    assert_eq!(row(Some(KeyRow::from_column(Some(&[])))), Some(OpenError::Unwrap));
    assert_eq!([OpenError::KeyMissing.code(), OpenError::KeyShredded.code()], ["key_missing", "key_shredded"]);
    assert!(!OpenError::KeyMissing.is_integrity() && !OpenError::KeyShredded.is_integrity());
}

#[test]
fn attack_25_sealed_again_after_a_crash() {
    // The same key, segment number and body: a retry after a crash between seal and commit.
    let entropy = SeededEntropy::new(1);
    let body = pattern(THREE_CHUNKS);
    let [first, second] = [(); 2].map(|()| seal(&key(1), &segment(), Codec::Raw, &body, &entropy));
    assert_ne!(first[56..80], second[56..80], "the salt is new");
    for chunk in 0..3 {
        let at = HEADER_LEN + chunk * 16_400;
        // Equal ciphertext of equal plaintext would mean that key and nonce were used twice.
        assert_ne!(first[at..at + 16], second[at..at + 16], "chunk {chunk}");
    }
    for sealed in [&first, &second] {
        assert!(open(&key(1), &segment(), sealed).is_ok_and(|opened| opened.plaintext == body));
    }
    assert_ne!(sha256(&first), sha256(&second), "a manifest names exactly one of them");
}

proptest! {
    #![proptest_config(crate::cases(32))]

    #[test]
    fn attack_25_no_two_seals_agree(body in prop::collection::vec(any::<u8>(), 1..200), seed: u64) {
        let entropy = SeededEntropy::new(seed);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..8 {
            let sealed = seal(&key(1), &segment(), Codec::Raw, &body, &entropy);
            prop_assert!(seen.insert(sealed[56..80].to_vec()) && seen.insert(sealed[80..112].to_vec()));
        }
    }
}

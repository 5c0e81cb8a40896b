//! The table of `sealing.md`: every way to change a sealed object, and what opening it says.

use domain::SeededEntropy;
use uuid::Uuid;
use vault::{
    Key32, OpenError,
    seal::{Codec, HEADER_LEN, Kind, ObjectContext, open, seal},
};

use crate::{THREE_CHUNKS, key, pattern, segment, tenant};

const CHUNK: usize = 16_400;

/// What an attacker may replace: the stored bytes, the row that names them, the key.
struct Attempt {
    key: Key32,
    expected: ObjectContext,
    sealed: Vec<u8>,
}

impl Attempt {
    fn chunk(&self, index: usize) -> Vec<u8> {
        let start = HEADER_LEN + index * CHUNK;
        self.sealed[start..(start + CHUNK).min(self.sealed.len())].to_vec()
    }
    fn replace_chunks(&mut self, chunks: &[Vec<u8>]) {
        self.sealed.truncate(HEADER_LEN);
        self.sealed.extend(chunks.concat());
    }
}

type Case = (&'static str, fn(&mut Attempt), OpenError);

const CASES: [Case; 19] = [
    ("another kind", |a| a.expected.kind = Kind::Manifest, OpenError::Context),
    ("another tenant", |a| a.expected.tenant = tenant(2), OpenError::Context),
    ("another object", |a| a.expected.object = Uuid::from_u128(9), OpenError::Context),
    ("another number", |a| a.expected.number += 1, OpenError::Context),
    ("another generation", |a| a.expected.generation += 1, OpenError::Context),
    ("header: magic", |a| a.sealed[0] ^= 1, OpenError::NotSealed),
    ("header: suite", |a| a.sealed[9] = 2, OpenError::UnknownSuite(2)),
    ("header: codec", |a| a.sealed[11] ^= 1, OpenError::Commitment),
    ("salt", |a| a.sealed[56] ^= 1, OpenError::Commitment),
    ("commitment", |a| a.sealed[80] ^= 1, OpenError::Commitment),
    ("wrong key", |a| a.key = key(2), OpenError::Commitment),
    ("chunks swapped", |a| a.replace_chunks(&[a.chunk(1), a.chunk(0), a.chunk(2)]), OpenError::Chunk { index: 0 }),
    (
        "chunk duplicated",
        |a| a.replace_chunks(&[a.chunk(0), a.chunk(0), a.chunk(1), a.chunk(2)]),
        OpenError::Chunk { index: 1 },
    ),
    ("chunk dropped", |a| a.replace_chunks(&[a.chunk(0), a.chunk(2)]), OpenError::Chunk { index: 1 }),
    ("truncated at a chunk", |a| a.sealed.truncate(HEADER_LEN + 2 * CHUNK), OpenError::Truncated),
    ("truncated inside a chunk", |a| a.sealed.truncate(HEADER_LEN + CHUNK + 99), OpenError::Chunk { index: 1 }),
    ("empty", |a| a.sealed.clear(), OpenError::Truncated),
    ("trailing bytes", |a| a.sealed.extend([0; 16]), OpenError::Chunk { index: 2 }),
    ("spliced under the same key", splice, OpenError::Chunk { index: 1 }),
];

/// Puts in the same chunk of another segment that was sealed under the same D.
fn splice(attempt: &mut Attempt) {
    let other = ObjectContext { number: attempt.expected.number + 1, ..attempt.expected };
    let other = seal(&attempt.key, &other, Codec::Raw, &pattern(THREE_CHUNKS), &SeededEntropy::new(2));
    attempt.sealed[HEADER_LEN + CHUNK..HEADER_LEN + 2 * CHUNK]
        .copy_from_slice(&other[HEADER_LEN + CHUNK..HEADER_LEN + 2 * CHUNK]);
}

#[test]
fn every_change_is_named() {
    let sealed = seal(&key(1), &segment(), Codec::Raw, &pattern(THREE_CHUNKS), &SeededEntropy::new(1));
    assert!(open(&key(1), &segment(), &sealed).is_ok(), "untouched");
    for (name, change, error) in CASES {
        let mut attempt = Attempt { key: key(1), expected: segment(), sealed: sealed.clone() };
        change(&mut attempt);
        assert_eq!(open(&attempt.key, &attempt.expected, &attempt.sealed).err(), Some(error), "{name}");
        assert!(error.is_integrity(), "{name}");
        assert_eq!(error.code(), "integrity_fail", "{name}");
    }
}

#[test]
fn an_object_relabelled_to_fit_the_row_does_not_open() {
    // An attacker with the blob store can write the header the row wants; the derived key then is another.
    let sealed = seal(&key(1), &segment(), Codec::Raw, b"x", &SeededEntropy::new(1));
    for (at, expected) in [
        (12 + 15, ObjectContext { tenant: tenant(0), ..segment() }),
        (51, ObjectContext { number: segment().number ^ 1, ..segment() }),
        (55, ObjectContext { generation: segment().generation ^ 1, ..segment() }),
    ] {
        let mut relabelled = sealed.clone();
        relabelled[at] ^= 1;
        assert_eq!(open(&key(1), &expected, &relabelled).err(), Some(OpenError::Commitment), "byte {at}");
    }
}

#[test]
fn every_single_byte_counts() {
    let sealed = seal(&key(1), &segment(), Codec::Zstd, b"a short body", &SeededEntropy::new(1));
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x80;
        assert!(open(&key(1), &segment(), &changed).is_err(), "byte {at}");
        assert!(open(&key(1), &segment(), &sealed[..at]).is_err(), "cut to {at}");
    }
}

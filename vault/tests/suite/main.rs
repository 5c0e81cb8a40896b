//! Everything the vault promises, from outside. One binary: each is a link.

mod attacks;
mod blobs;
mod caches;
mod durability;
mod exports;
mod keyring;
mod manifests;
mod properties;
mod tamper;
mod vectors;

use domain::{SessionId, TenantId};
use uuid::Uuid;
use vault::{
    Key32,
    seal::{Kind, ObjectContext, segment_number},
};

/// Enough for three chunks, the last partly full.
const THREE_CHUNKS: usize = 2 * 16_384 + 100;

/// Cases of a property test: few in `make test`; `make prove` sets `PROPTEST_CASES`, which `with_cases` would ignore.
fn cases(few: u32) -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(few);
    proptest::test_runner::Config::with_cases(cases)
}

fn key(byte: u8) -> Key32 {
    Key32::from_bytes([byte; 32])
}

fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0x7e00 + n))
}

fn session(n: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0x5e00 + n))
}

fn segment() -> ObjectContext {
    ObjectContext {
        kind: Kind::Segment,
        tenant: tenant(1),
        object: session(1).uuid(),
        number: segment_number(2, 7),
        generation: 1,
    }
}

/// The plaintext that vectors name by its length: byte i is (31 i + 7) mod 251.
fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from((31 * i + 7) % 251).expect("below 251")).collect()
}

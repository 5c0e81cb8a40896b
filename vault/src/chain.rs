//! The chain over a tab's segment rows: a row changed, dropped or put back in the database no longer fits its successors.

use ring::hmac;

use crate::{Key32, expand::subkey};

/// The chain value before a tab's first segment.
pub const GENESIS: [u8; 32] = [0; 32];

/// What a segment row says, in its canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentRow {
    /// The tab.
    pub tab: u16,
    /// The segment's number in its tab, from 0.
    pub n: u32,
    /// Generation of the session key.
    pub generation: u32,
    /// Bytes of the sealed object.
    pub ciphertext_len: u64,
    /// SHA-256 of the sealed object.
    pub ciphertext_sha256: [u8; 32],
    /// Bytes of the events before packing.
    pub plaintext_len: u64,
    /// Time of the first event, milliseconds since the epoch.
    pub first_ms: i64,
    /// Time of the last event, milliseconds since the epoch.
    pub last_ms: i64,
    /// Number of events.
    pub events: u32,
    /// Whether playing can start here.
    pub full_snapshot: bool,
    /// [`RowKey::body_mac`] of the body as uploaded.
    pub body_mac: [u8; 32],
    /// When the segment became durable, microseconds since the epoch.
    pub received_us: i64,
}

impl SegmentRow {
    /// Bytes of the canonical form.
    pub const CANONICAL_LEN: usize = 119;

    /// The fields in the order above, fixed width, big-endian, the flag as one byte 0 or 1.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut row = Vec::with_capacity(Self::CANONICAL_LEN);
        row.extend_from_slice(&self.tab.to_be_bytes());
        row.extend_from_slice(&self.n.to_be_bytes());
        row.extend_from_slice(&self.generation.to_be_bytes());
        row.extend_from_slice(&self.ciphertext_len.to_be_bytes());
        row.extend_from_slice(&self.ciphertext_sha256);
        row.extend_from_slice(&self.plaintext_len.to_be_bytes());
        row.extend_from_slice(&self.first_ms.to_be_bytes());
        row.extend_from_slice(&self.last_ms.to_be_bytes());
        row.extend_from_slice(&self.events.to_be_bytes());
        row.push(u8::from(self.full_snapshot));
        row.extend_from_slice(&self.body_mac);
        row.extend_from_slice(&self.received_us.to_be_bytes());
        row
    }
}

/// The keys of a session's chain and of its re-send recognition, both derived from D.
pub struct RowKey {
    row: Key32,
    body: Key32,
}

impl RowKey {
    /// Derives them from the session key D.
    #[must_use]
    pub fn derive(session_key: &Key32) -> Self {
        Self { row: subkey(session_key, b"sealtape/row/v1"), body: subkey(session_key, b"sealtape/body/v1") }
    }
    /// HMAC-SHA-256(row key, `previous` ‖ `canonical_row`); start from [`GENESIS`].
    #[must_use]
    pub fn next(&self, previous: &[u8; 32], canonical_row: &[u8]) -> [u8; 32] {
        mac(&self.row, &[previous, canonical_row])
    }
    /// Recognises the same body sent again without keeping a digest of content in clear.
    #[must_use]
    pub fn body_mac(&self, body_digest: &[u8; 32]) -> [u8; 32] {
        mac(&self.body, &[body_digest])
    }
    /// Whether `stored` follows `previous` by this row; constant time.
    #[must_use]
    pub fn follows(&self, previous: &[u8; 32], canonical_row: &[u8], stored: &[u8]) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.next(previous, canonical_row).as_slice(), stored).into()
    }
}

/// HMAC-SHA-256 of the concatenated parts.
pub(crate) fn mac(key: &Key32, parts: &[&[u8]]) -> [u8; 32] {
    // ring's key does not wipe itself: it lives for this one call.
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()));
    for part in parts {
        context.update(part);
    }
    let mut output = [0; 32];
    output.copy_from_slice(context.sign().as_ref());
    output
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut output = [0; 32];
    output.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> SegmentRow {
        SegmentRow {
            tab: 1,
            n: 2,
            generation: 3,
            ciphertext_len: 4,
            ciphertext_sha256: [5; 32],
            plaintext_len: 6,
            first_ms: 7,
            last_ms: 8,
            events: 9,
            full_snapshot: true,
            body_mac: [10; 32],
            received_us: 11,
        }
    }

    #[test]
    fn every_field_of_a_row_changes_the_chain() {
        let key = RowKey::derive(&Key32::from_bytes([1; 32]));
        let base = key.next(&GENESIS, &row().canonical());
        assert!(key.follows(&GENESIS, &row().canonical(), &base));
        let changed = [
            SegmentRow { tab: 0, ..row() },
            SegmentRow { n: 0, ..row() },
            SegmentRow { generation: 0, ..row() },
            SegmentRow { ciphertext_len: 0, ..row() },
            SegmentRow { ciphertext_sha256: [0; 32], ..row() },
            SegmentRow { plaintext_len: 0, ..row() },
            SegmentRow { first_ms: 0, ..row() },
            SegmentRow { last_ms: 0, ..row() },
            SegmentRow { events: 0, ..row() },
            SegmentRow { full_snapshot: false, ..row() },
            SegmentRow { body_mac: [0; 32], ..row() },
            SegmentRow { received_us: 0, ..row() },
        ];
        for other in changed {
            assert_eq!(other.canonical().len(), SegmentRow::CANONICAL_LEN);
            assert!(!key.follows(&GENESIS, &other.canonical(), &base), "{other:?}");
        }
        assert!(!key.follows(&[1; 32], &row().canonical(), &base), "another predecessor");
        assert!(!key.follows(&GENESIS, &row().canonical(), &base[..31]), "a cut value");
    }

    #[test]
    fn row_and_body_keys_are_separate() {
        let key = RowKey::derive(&Key32::from_bytes([1; 32]));
        assert_ne!(mac(&key.row, &[&[7; 32]]), key.body_mac(&[7; 32]));
    }
}

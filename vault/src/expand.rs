//! HKDF-Expand with SHA-512 (RFC 5869 §2.3): our keys are uniformly random, so there is nothing to extract.

use ring::hkdf::{HKDF_SHA512, KeyType, Prk};

use crate::Key32;

struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

/// Fills `output` with HKDF-Expand(SHA-512, `key`, concatenation of `info`).
///
/// ring's `Prk` does not wipe itself; it lives for this one call.
pub(crate) fn expand(key: &Key32, info: &[&[u8]], output: &mut [u8]) {
    Prk::new_less_safe(HKDF_SHA512, key.expose())
        .expand(info, Len(output.len()))
        .and_then(|okm| okm.fill(output))
        .expect("every length used here is below HKDF's limit of 255 blocks");
}

/// A sub-key for one purpose, named by `label`.
pub(crate) fn subkey(key: &Key32, label: &[u8]) -> Key32 {
    let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
    expand(key, &[label], bytes.as_mut_slice());
    Key32::from_bytes(*bytes)
}

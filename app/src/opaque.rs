//! Opaque tokens: 256 random bits for whoever holds them, SHA-256 of them in the store.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Entropy, Secret};
use sha2::{Digest as _, Sha256};
use vault::Key32;

/// A fresh token.
pub(crate) fn fresh(entropy: &dyn Entropy) -> Secret<String> {
    let mut bytes = [0_u8; 32];
    entropy.fill(&mut bytes);
    of(bytes)
}

/// The token of these bits.
pub(crate) fn of(bytes: [u8; 32]) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Whether two hashes are of the same token, in constant time.
pub(crate) fn same(one: [u8; 32], other: [u8; 32]) -> bool {
    Key32::from_bytes(one).same_as(&Key32::from_bytes(other))
}

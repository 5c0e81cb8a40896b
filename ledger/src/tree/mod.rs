//! The Merkle tree of RFC 6962 §2.1: hashing, growing, proving.
//!
//! A tree is an append-only list of leaf hashes. [`Frontier`] grows one and knows its root, [`Tile`]s keep its hashes, and a
//! [`proof`] shows that a leaf is in a tree or that one tree is the beginning of another.

mod fault;
mod frontier;
pub mod proof;
mod range;
mod tile;

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
pub use fault::{Fault, check_entries, check_tiles};
pub use frontier::{Frontier, FrontierError};
pub use range::{Node, Nodes, complete_nodes, root_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
pub use tile::{MissingHash, Place, Tile, TileError, TileSet};

/// The largest tree: sizes stay integers that JSON and SQL keep exactly.
pub const MAX_SIZE: u64 = (1 << 53) - 1;

/// A SHA-256 hash of a leaf, a node or a root; its text is standard base64, as C2SP formats write it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Hash([u8; Self::LENGTH]);

/// The text or the bytes are not 32 bytes, or not in the one form that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes in padded base64")]
pub struct HashError;

impl Hash {
    /// Bytes of a hash.
    pub const LENGTH: usize = 32;

    /// The root of the tree without leaves: the hash of nothing (RFC 6962 §2.1).
    #[must_use]
    pub fn of_empty_tree() -> Self {
        Self(Sha256::digest(b"").into())
    }

    /// The hash of an entry: `SHA-256(0x00 ‖ entry)`.
    #[must_use]
    pub fn of_leaf(entry: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
    }

    /// The hash of two subtrees: `SHA-256(0x01 ‖ left ‖ right)`.
    #[must_use]
    pub fn of_node(left: Self, right: Self) -> Self {
        Self(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
    }

    /// The hash that was stored as `bytes`.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        STANDARD.decode(text).map_err(|_| HashError)?.as_slice().try_into()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = HashError;

    fn try_from(text: String) -> Result<Self, HashError> {
        text.parse()
    }
}

/// A tree's size and root: what a checkpoint signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Root hash at that size.
    pub root: Hash,
}

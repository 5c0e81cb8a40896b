//! Why something sealed or wrapped did not open.

/// A sealed object or wrapped key did not open. None of the variants tells what was inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The length is none that sealing can produce: cut at or inside a chunk, or too short for a header.
    #[error("the sealed object is cut short")]
    Truncated,
    /// The first bytes are not ours.
    #[error("not a sealed object")]
    NotSealed,
    /// Sealed by a suite this version does not know.
    #[error("unknown sealing suite {0:#06x}")]
    UnknownSuite(u16),
    /// The codec byte names no known codec.
    #[error("unknown codec {0}")]
    UnknownCodec(u8),
    /// The header names another kind, tenant, object, number or generation than the authorised row.
    #[error("the sealed object is not the one its row names")]
    Context,
    /// Wrong key, or a header that was changed after sealing.
    #[error("the key does not match the sealed object")]
    Commitment,
    /// A chunk's tag is wrong: changed, moved, doubled or missing bytes.
    #[error("chunk {index} of the sealed object was changed")]
    Chunk {
        /// Which chunk, from 0.
        index: u64,
    },
    /// A wrapped key does not open under this parent and context.
    #[error("the wrapped key does not belong to this parent and context")]
    Unwrap,
    /// There is no key row.
    #[error("the key row is missing")]
    KeyMissing,
    /// The key was destroyed on purpose; what it sealed is gone.
    #[error("the key was shredded")]
    KeyShredded,
}

impl OpenError {
    /// The stable code for problems, metrics and audit detail (table in the crate's documentation).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing => "key_missing",
            Self::KeyShredded => "key_shredded",
            Self::Truncated
            | Self::NotSealed
            | Self::UnknownSuite(_)
            | Self::UnknownCodec(_)
            | Self::Context
            | Self::Commitment
            | Self::Chunk { .. }
            | Self::Unwrap => "integrity_fail",
        }
    }
    /// Whether an `integrity.fail` leaf is due: the bytes contradict their authorised row.
    #[must_use]
    pub const fn is_integrity(&self) -> bool {
        !matches!(self, Self::KeyMissing | Self::KeyShredded)
    }
}

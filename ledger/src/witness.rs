//! What is said to a witness (C2SP tlog-witness): "you signed this size last, here is a later one and the proof that it
//! continues yours".

use std::fmt::Write as _;

use crate::{note::SignedNote, tree::Hash};

/// Most hashes of a proof that a witness reads.
pub const MAX_HASHES: usize = 63;

/// The body of a request to `<prefix>/add-checkpoint`.
#[must_use]
pub fn add_checkpoint(old: u64, consistency: &[Hash], checkpoint: &SignedNote) -> String {
    let mut body = format!("old {old}\n");
    for hash in consistency {
        // Writing to a string does not fail.
        let _ = writeln!(body, "{hash}");
    }
    let _ = write!(body, "\n{checkpoint}");
    body
}

/// The size that a witness signed last, as it tells with status 409.
#[must_use]
pub fn told_size(body: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(body).ok()?.strip_suffix('\n')?;
    digits.parse::<u64>().ok().filter(|size| size.to_string() == digits)
}

//! A proof in one file (C2SP tlog-proof): an entry's index, its way to the root, and the checkpoint of that root.

use std::{fmt, str::FromStr};

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    note::{SignedNote, Verifier},
    tree::{Hash, proof, proof::ProofError},
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// That an entry stands in a log; whoever knows the log's key checks it without asking anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// The entry's index in the log.
    pub index: u64,
    /// The hashes from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint that the hashes lead to.
    pub checkpoint: SignedNote,
}

/// Why an entry is not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryProofError {
    /// The text is no such file.
    #[error("not a tlog-proof: header, index, hashes, a blank line and a checkpoint")]
    Malformed,
    /// Its checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its hashes do not lead from the entry to the checkpoint.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl EntryProof {
    /// Checks that `entry`, byte for byte, is in the log `origin`, and says at which head.
    ///
    /// # Errors
    /// Says what does not hold; nothing is proved then.
    pub fn check(&self, entry: &[u8], origin: &str, trusted: &[Verifier]) -> Result<Checkpoint, EntryProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, origin, trusted)?;
        proof::check_inclusion(checkpoint.head, self.index, Hash::of_leaf(entry), &self.hashes)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for EntryProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nindex {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for EntryProof {
    type Err = EntryProofError;

    /// Reads a proof. Extra data is passed over: nothing vouches for it, and we write none.
    fn from_str(text: &str) -> Result<Self, EntryProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(EntryProofError::Malformed)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(EntryProofError::Malformed);
        }
        lines.next_if(|line| line.starts_with("extra "));
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let hashes = lines.map(str::parse).collect::<Result<_, _>>().map_err(|_| EntryProofError::Malformed)?;
        let checkpoint = SignedNote::parse(checkpoint).map_err(CheckpointError::from)?;
        Ok(Self { index: index.ok_or(EntryProofError::Malformed)?, hashes, checkpoint })
    }
}

/// A number without sign and leading zeroes.
fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

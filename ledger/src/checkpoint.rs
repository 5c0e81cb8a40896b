//! Checkpoints (C2SP tlog-checkpoint): a tree's head, signed.

use crate::{
    note::{NoteError, SignedNote, Signer, Verifier},
    tree::{Hash, MAX_SIZE, TreeHead, proof, proof::ProofError},
};

/// What a checkpoint says: this log has this many leaves and this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: one tenant, one epoch.
    pub origin: String,
    /// Its size and root.
    pub head: TreeHead,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed text is no checkpoint of ours: origin, size and root, each in its line, and nothing more.
    #[error("the signed text is not origin, size and root")]
    Malformed,
    /// It is of another log.
    #[error("the checkpoint is of another log")]
    Origin,
}

/// Why a signer refuses a head. Each is an alarm: what was signed before cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The tree does not continue the one that was signed last.
    #[error("the tree does not continue what was signed: {0}")]
    Fork(#[from] ProofError),
    /// The head is of another log.
    #[error("the head is of another log than was signed")]
    Origin,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.head.size, self.head.root)
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for an origin that is no line of text.
    pub fn sign(&self, signers: &[&Signer]) -> Result<SignedNote, NoteError> {
        if self.origin.is_empty() || self.origin.contains('\n') {
            return Err(NoteError::Malformed);
        }
        SignedNote::sign(self.text(), signers)
    }

    /// Reads the checkpoint of the log `origin` that one of `trusted` has signed.
    ///
    /// Extension lines are refused: our logs sign none, and nobody could audit them.
    ///
    /// # Errors
    /// When the signatures, the log or the text are not what they should be.
    pub fn open(note: &SignedNote, origin: &str, trusted: &[Verifier]) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(note.open(trusted)?)?;
        if checkpoint.origin == origin { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }

    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) =
            (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        let size = size.parse().ok().filter(|&size| size <= MAX_SIZE).ok_or(CheckpointError::Malformed)?;
        let root: Hash = root.parse().map_err(|_| CheckpointError::Malformed)?;
        let checkpoint = Self { origin: origin.to_owned(), head: TreeHead { size, root } };
        // One text for each checkpoint: no sign, no leading zero.
        if checkpoint.text() == text && !origin.is_empty() { Ok(checkpoint) } else { Err(CheckpointError::Malformed) }
    }

    /// Whether a signer that signed `self` last may sign `next`: the same log, and a tree that continues this one.
    ///
    /// # Errors
    /// [`Refusal`] says why not; whoever gets one signs nothing and raises the alarm.
    pub fn may_be_followed_by(&self, next: &Self, consistency: &[Hash]) -> Result<(), Refusal> {
        if self.origin != next.origin {
            return Err(Refusal::Origin);
        }
        Ok(proof::check_consistency(self.head, next.head, consistency)?)
    }
}

//! Signed notes (C2SP signed-note): a text with the signatures of those who vouch for it.

mod cosignature;
mod key;

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
pub use cosignature::Witness;
pub use key::{KeyName, NameError, Signer, Verifier, VerifierError};

/// Longest note that is read, bytes: a checkpoint with 16 large signatures fits.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most signatures that a note may carry.
pub const MAX_SIGNATURES: usize = 64;

/// Why a note is no note, or is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not text, a blank line and signature lines.
    #[error("not a signed note: it ends with a blank line and lines `— name base64`")]
    Malformed,
    /// Longer than [`MAX_BYTES`] or with more than [`MAX_SIGNATURES`] signatures.
    #[error("the note is too long or has too many signatures")]
    TooLarge,
    /// None of the keys that are trusted has signed it.
    #[error("no trusted key has signed the note")]
    Unsigned,
    /// A line claims to be of a trusted key and is not.
    #[error("a signature in the name of a trusted key does not verify")]
    BadSignature,
}

/// A note as it was read: nobody has looked at its signatures yet, so its text is not to be had before [`SignedNote::open`].
#[derive(Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<SignatureLine>,
}

#[derive(Clone, PartialEq, Eq)]
struct SignatureLine {
    name: KeyName,
    key_id: [u8; 4],
    signature: Vec<u8>,
}

impl SignedNote {
    /// Signs `text`, which ends with a newline.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] when the text cannot be that of a note.
    pub fn sign(text: String, signers: &[&Signer]) -> Result<Self, NoteError> {
        check_text(&text)?;
        let signatures = signers.iter().map(|signer| {
            let signature = signer.sign(text.as_bytes()).to_vec();
            SignatureLine { name: signer.verifier().name().clone(), key_id: signer.verifier().id(), signature }
        });
        Ok(Self { signatures: signatures.collect(), text })
    }

    /// Reads a note. Nothing is verified.
    ///
    /// # Errors
    /// When it is not one, or larger than anyone needs.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_BYTES {
            return Err(NoteError::TooLarge);
        }
        // The text may have empty lines itself: the last one parts it from the signatures.
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed)? + 1;
        let (text, lines) = (&note[..end], note[end + 1..].strip_suffix('\n').ok_or(NoteError::Malformed)?);
        check_text(text)?;
        let signatures = lines.split('\n').map(SignatureLine::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooLarge);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, if at least one of `trusted` has signed it and no line in the name of one of them is false.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`], [`NoteError::BadSignature`].
    pub fn open(&self, trusted: &[Verifier]) -> Result<&str, NoteError> {
        let mut verified = false;
        for line in &self.signatures {
            let known = trusted.iter().find(|key| *key.name() == line.name && key.id() == line.key_id);
            if let Some(key) = known {
                key.verify(self.text.as_bytes(), &line.signature).map_err(|()| NoteError::BadSignature)?;
                verified = true;
            }
        }
        if verified { Ok(&self.text) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            let bytes = [&line.key_id[..], &line.signature].concat();
            writeln!(f, "\u{2014} {} {}", line.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

impl fmt::Debug for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedNote({} signatures)", self.signatures.len())
    }
}

impl SignatureLine {
    fn parse(line: &str) -> Result<Self, NoteError> {
        let (name, base64) =
            line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Malformed)?;
        let bytes = STANDARD.decode(base64).map_err(|_| NoteError::Malformed)?;
        let (key_id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if signature.is_empty() {
            return Err(NoteError::Malformed);
        }
        let name = name.parse().map_err(|_| NoteError::Malformed)?;
        Ok(Self { name, key_id: *key_id, signature: signature.to_vec() })
    }
}

/// A note's text ends with a newline and has no other control character.
fn check_text(text: &str) -> Result<(), NoteError> {
    let plain = !text.chars().any(|c| c < ' ' && c != '\n');
    if plain && text.len() > 1 && text.ends_with('\n') { Ok(()) } else { Err(NoteError::Malformed) }
}

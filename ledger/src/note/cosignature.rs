//! Cosignatures (C2SP tlog-cosignature, `cosignature/v1`): what a witness signs once it has seen that a log only grew.

use std::{fmt, str::FromStr};

use ring::signature::{ED25519, UnparsedPublicKey};

use super::{
    KeyName, NoteError, SignedNote, VerifierError,
    key::{id_of, key_of, text_of},
};

/// The byte that names timestamped Ed25519 cosignatures among the signature types.
const COSIGNATURE_TYPE: u8 = 0x04;
/// Seconds since 1970 in eight bytes, then the signature.
const LENGTH: usize = 8 + 64;
/// The specification's upper bound of a time.
const LAST_TIME: u64 = i64::MAX.cast_unsigned();

/// A witness: its name and public key. The text is `name+id+base64`, like that of a [`Verifier`](super::Verifier).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    name: KeyName,
    public_key: [u8; 32],
}

impl Witness {
    /// The witness whose key is `public_key`.
    #[must_use]
    pub const fn new(name: KeyName, public_key: [u8; 32]) -> Self {
        Self { name, public_key }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        id_of(&self.name, COSIGNATURE_TYPE, &self.public_key)
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(&self.name, COSIGNATURE_TYPE, &self.public_key))
    }
}

impl FromStr for Witness {
    type Err = VerifierError;

    fn from_str(text: &str) -> Result<Self, VerifierError> {
        let (name, public_key) = key_of(text, COSIGNATURE_TYPE)?;
        Ok(Self { name, public_key })
    }
}

impl SignedNote {
    /// When `witness` cosigned this note, in seconds since 1970; nothing when it did not. Of several times the latest.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when a line claims to be this witness's and is not.
    pub fn cosigned_by(&self, witness: &Witness) -> Result<Option<u64>, NoteError> {
        let mut latest = None;
        for line in self.signatures.iter().filter(|line| line.name == witness.name && line.key_id == witness.id()) {
            let signature: &[u8; LENGTH] = line.signature.as_slice().try_into().map_err(|_| NoteError::BadSignature)?;
            let (time, signature) = signature.split_first_chunk::<8>().ok_or(NoteError::BadSignature)?;
            let time = u64::from_be_bytes(*time);
            let message = format!("cosignature/v1\ntime {time}\n{}", self.text);
            let key = UnparsedPublicKey::new(&ED25519, witness.public_key);
            if time > LAST_TIME || key.verify(message.as_bytes(), signature).is_err() {
                return Err(NoteError::BadSignature);
            }
            latest = latest.max(Some(time));
        }
        Ok(latest)
    }

    /// The note with what `witness` answered to it, and when the witness says that it looked. Lines of others, and of
    /// signature types that we do not know, are left out: nobody here can vouch for them.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] when the answer holds no cosignature of this witness, [`NoteError::BadSignature`] when it holds
    /// a false one, [`NoteError::Malformed`] when it is no signature lines.
    pub fn with_cosignature(&self, answer: &str, witness: &Witness) -> Result<(Self, u64), NoteError> {
        let answered = Self::parse(&format!("{}\n{answer}", self.text))?;
        let time = answered.cosigned_by(witness)?.ok_or(NoteError::Unsigned)?;
        let mut cosigned = self.clone();
        cosigned.signatures.retain(|line| line.name != witness.name || line.key_id != witness.id());
        let theirs = |line: &super::SignatureLine| line.name == witness.name && line.key_id == witness.id();
        cosigned.signatures.extend(answered.signatures.into_iter().filter(theirs));
        Ok((cosigned, time))
    }
}

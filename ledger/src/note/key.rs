//! The keys of signed notes: Ed25519, signature type 0x01.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

/// The byte that names Ed25519 among the signature types.
const ED25519_TYPE: u8 = 0x01;

/// A key's name: not empty, without spaces and plus signs; best a schema-less address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

/// The text cannot name a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key's name is not empty and has no space, control character or plus sign")]
pub struct NameError;

impl FromStr for KeyName {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        let fits = !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+');
        if fits { Ok(Self(name.to_owned())) } else { Err(NameError) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A public key that may be trusted; its text is `name+id+base64`, as Go's `sumdb/note` writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: KeyName,
    public_key: [u8; 32],
}

/// The text is no verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verifier key is <name>+<8 hex digits>+<base64 of an Ed25519 key>, and the digits follow from the rest")]
pub struct VerifierError;

impl Verifier {
    /// The key `public_key` under `name`.
    #[must_use]
    pub const fn new(name: KeyName, public_key: [u8; 32]) -> Self {
        Self { name, public_key }
    }

    /// The same key under another name.
    #[must_use]
    pub const fn named(&self, name: KeyName) -> Self {
        Self { name, public_key: self.public_key }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`: tells keys of one name apart, proves nothing.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        id_of(&self.name, ED25519_TYPE, &self.public_key)
    }

    pub(super) fn verify(&self, text: &[u8], signature: &[u8]) -> Result<(), ()> {
        UnparsedPublicKey::new(&ED25519, self.public_key).verify(text, signature).map_err(|_| ())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(&self.name, ED25519_TYPE, &self.public_key))
    }
}

impl FromStr for Verifier {
    type Err = VerifierError;

    fn from_str(text: &str) -> Result<Self, VerifierError> {
        let (name, public_key) = key_of(text, ED25519_TYPE)?;
        Ok(Self { name, public_key })
    }
}

/// The first four bytes of `SHA-256(name ‖ 0x0A ‖ signature type ‖ public key)`.
pub(super) fn id_of(name: &KeyName, signature_type: u8, public_key: &[u8; 32]) -> [u8; 4] {
    let hash =
        Sha256::new().chain_update(&name.0).chain_update([b'\n', signature_type]).chain_update(public_key).finalize();
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
    [a, b, c, d]
}

/// A public key's text: `name+id+base64(signature type ‖ public key)`.
pub(super) fn text_of(name: &KeyName, signature_type: u8, public_key: &[u8; 32]) -> String {
    let id = u32::from_be_bytes(id_of(name, signature_type, public_key));
    format!("{name}+{id:08x}+{}", STANDARD.encode([&[signature_type][..], public_key].concat()))
}

/// Reads what [`text_of`] writes, for keys of one signature type.
pub(super) fn key_of(text: &str, signature_type: u8) -> Result<(KeyName, [u8; 32]), VerifierError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(VerifierError);
    };
    let key = STANDARD.decode(key).map_err(|_| VerifierError)?;
    let public_key = key.strip_prefix(&[signature_type]).and_then(|key| key.try_into().ok()).ok_or(VerifierError)?;
    let name = name.parse().map_err(|_| VerifierError)?;
    // Checks the id, too: it is part of the text and follows from the rest.
    if text_of(&name, signature_type, &public_key) == text { Ok((name, public_key)) } else { Err(VerifierError) }
}

/// A signing key. Keep the seed sealed; make this when it is needed.
pub struct Signer {
    verifier: Verifier,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// The key pair of a 32-byte seed, under `name`.
    ///
    /// # Panics
    /// Never: every 32 bytes are a seed.
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("every 32 bytes are an Ed25519 seed");
        let public_key = pair.public_key().as_ref().try_into().expect("an Ed25519 key has 32 bytes");
        Self { verifier: Verifier::new(name, public_key), pair }
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    pub(super) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.pair.sign(text).as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

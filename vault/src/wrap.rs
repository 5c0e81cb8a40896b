//! Wrapping keys by keys: nonce (24) ‖ XAES-256-GCM ciphertext ‖ tag (16), with a fixed-width context as AAD.

use domain::{Entropy, TenantId};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Key32, xaes};

pub use crate::OpenError;

/// What a wrapped key is for. The number stands in the AAD: a wrapped key cannot be used as one of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum WrapKind {
    /// A tenant key under another key of the deployment.
    Tenant = 1,
    /// A session's key (D).
    Session = 2,
    /// A person's key (H).
    Person = 3,
    /// A purpose key of a tenant (P); the object id is [`Purpose::object`].
    Purpose = 4,
    /// A signing seed (S).
    Signing = 5,
    /// The key of a quarantined original (Q).
    Quarantine = 6,
    /// The key of a shared asset (A).
    Asset = 7,
    /// A tenant's stored secret (for instance a webhook secret) under its purpose key `secrets`.
    Secret = 8,
}

/// What a tenant's purpose key (P) is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// Tokens of identifiers.
    BlindIndex = 1,
    /// The do-not-record list.
    Suppress = 2,
    /// MACs over rows that give authority.
    Authority = 3,
    /// Wrapping stored secrets.
    Secrets = 4,
    /// Search tokens.
    Search = 5,
}

impl Purpose {
    /// All of them: what a new tenant gets.
    pub const ALL: [Self; 5] = [Self::BlindIndex, Self::Suppress, Self::Authority, Self::Secrets, Self::Search];
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlindIndex => "blind-index",
            Self::Suppress => "suppress",
            Self::Authority => "authority",
            Self::Secrets => "secrets",
            Self::Search => "search",
        }
    }
    /// The object id in a purpose key's [`WrapContext`].
    #[must_use]
    pub const fn object(self) -> Uuid {
        Uuid::from_u128(self as u128)
    }
}

/// Where a wrapped key belongs. All of it is authenticated: a row copied elsewhere does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WrapContext {
    /// The owner.
    pub tenant: TenantId,
    /// What the key is for.
    pub kind: WrapKind,
    /// The row's object: session, person, purpose…
    pub object: Uuid,
    /// Generation (or version) of the wrapped key.
    pub generation: u32,
    /// Version of the wrapping key.
    pub kek_version: u32,
}

/// Bytes that wrapping adds: nonce and tag.
pub const OVERHEAD: usize = xaes::NONCE_LEN + xaes::TAG_LEN;

impl WrapContext {
    /// The AAD: `"sealtape/wrap/v1" ‖ tenant ‖ kind ‖ object ‖ generation ‖ KEK version`, 57 bytes, big-endian.
    #[must_use]
    pub fn aad(&self) -> [u8; 57] {
        let mut aad = [0; 57];
        aad[..16].copy_from_slice(b"sealtape/wrap/v1");
        aad[16..32].copy_from_slice(&self.tenant.bytes());
        aad[32] = self.kind as u8;
        aad[33..49].copy_from_slice(self.object.as_bytes());
        aad[49..53].copy_from_slice(&self.generation.to_be_bytes());
        aad[53..57].copy_from_slice(&self.kek_version.to_be_bytes());
        aad
    }
}

/// A stored key as its row tells it.
#[derive(Clone, Copy)]
pub enum KeyRow<'a> {
    /// `wrapped` holds these bytes.
    Live(&'a [u8]),
    /// `wrapped` is NULL: the key was shredded.
    Shredded,
}

impl<'a> KeyRow<'a> {
    /// From the nullable column.
    #[must_use]
    pub const fn from_column(wrapped: Option<&'a [u8]>) -> Self {
        match wrapped {
            Some(bytes) => Self::Live(bytes),
            None => Self::Shredded,
        }
    }
}

/// Wraps `key` under `kek`.
#[must_use]
pub fn wrap(kek: &Key32, context: &WrapContext, key: &Key32, entropy: &dyn Entropy) -> Vec<u8> {
    wrap_bytes(kek, context, key.expose(), entropy)
}

/// Unwraps a key.
///
/// # Errors
/// [`OpenError::Unwrap`] when the bytes belong to another parent or context, or were changed.
pub fn unwrap(kek: &Key32, context: &WrapContext, wrapped: &[u8]) -> Result<Key32, OpenError> {
    Key32::from_slice(&unwrap_bytes(kek, context, wrapped)?).ok_or(OpenError::Unwrap)
}

/// Unwraps the key of a row that may be absent or shredded.
///
/// # Errors
/// [`OpenError::KeyMissing`] without a row, [`OpenError::KeyShredded`] for a tombstone, else as [`unwrap`].
pub fn unwrap_row(kek: &Key32, context: &WrapContext, row: Option<KeyRow<'_>>) -> Result<Key32, OpenError> {
    match row {
        None => Err(OpenError::KeyMissing),
        Some(KeyRow::Shredded) => Err(OpenError::KeyShredded),
        Some(KeyRow::Live(wrapped)) => unwrap(kek, context, wrapped),
    }
}

/// Wraps a secret of any length under `kek`.
#[must_use]
pub fn wrap_bytes(kek: &Key32, context: &WrapContext, secret: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
    encrypt(kek, &context.aad(), secret, entropy)
}

/// Unwraps a secret of any length; the answer is wiped when dropped.
///
/// # Errors
/// [`OpenError::Unwrap`] when the bytes belong to another parent or context, or were changed.
pub fn unwrap_bytes(kek: &Key32, context: &WrapContext, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    decrypt(kek, &context.aad(), wrapped).ok_or(OpenError::Unwrap)
}

pub(crate) fn encrypt(kek: &Key32, aad: &[u8], secret: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
    let mut nonce = [0; xaes::NONCE_LEN];
    entropy.fill(&mut nonce);
    let mut wrapped = Vec::with_capacity(OVERHEAD + secret.len());
    wrapped.extend_from_slice(&nonce);
    wrapped.extend_from_slice(&xaes::encrypt(kek, &nonce, aad, secret));
    wrapped
}

pub(crate) fn decrypt(kek: &Key32, aad: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, ciphertext) = wrapped.split_first_chunk::<{ xaes::NONCE_LEN }>()?;
    xaes::decrypt(kek, nonce, aad, ciphertext)
}

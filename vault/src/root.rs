//! Root keys (R): they wrap tenant keys and signing seeds and never leave their provider.

use std::fmt;

use async_trait::async_trait;
use domain::TenantId;

use crate::{Key32, chain};

mod keyring;
pub use keyring::{FileKeyring, KeyringError};

/// Names one root key at its provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RootId(String);

impl RootId {
    /// Takes over a name read from a row or given by a provider.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self(id)
    }
    /// The name, as rows store it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a key wrapped by a root belongs; unwrapping with any other context fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootContext {
    /// The deployment's name: rows of one deployment do not open in another that shares the root.
    pub deployment: String,
    /// The owner; [`TenantId::DEPLOYMENT`] for signing seeds.
    pub tenant: TenantId,
    /// Version of the wrapped key.
    pub version: u32,
    /// What the wrapped key is for, for instance `"tenant-kek"` or `"sign-access"`.
    pub purpose: &'static str,
}

impl RootContext {
    /// `"sealtape/root/v1" ‖ SHA-256(deployment) ‖ tenant ‖ version ‖ SHA-256(purpose)`, 100 bytes, big-endian.
    ///
    /// The two texts are hashed so that the context has a fixed width and no two contexts share bytes.
    #[must_use]
    pub fn aad(&self) -> [u8; 100] {
        let mut aad = [0; 100];
        aad[..16].copy_from_slice(b"sealtape/root/v1");
        aad[16..48].copy_from_slice(&chain::sha256(self.deployment.as_bytes()));
        aad[48..64].copy_from_slice(&self.tenant.bytes());
        aad[64..68].copy_from_slice(&self.version.to_be_bytes());
        aad[68..].copy_from_slice(&chain::sha256(self.purpose.as_bytes()));
        aad
    }
}

/// What a provider says of itself, for `check-config`, logs and certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootDescription {
    /// `"file"`, later `"pkcs11"`, `"aws-kms"`, `"transit"`.
    pub provider: &'static str,
    /// The root that new wraps use.
    pub current: RootId,
    /// How many roots can still unwrap.
    pub roots: usize,
    /// Whether the provider is fit for production without an explicit flag.
    pub production: bool,
    /// Whether destroying a root here ends what backups can open; a certificate claims a backup horizon only then.
    pub backup_horizon: bool,
}

/// A root could not wrap or unwrap.
#[derive(Debug, thiserror::Error)]
pub enum KmsError {
    /// The provider holds no such root: destroyed, or another provider's.
    #[error("the root key {0} is not held here")]
    UnknownRoot(RootId),
    /// The bytes do not belong to this root and context, or were changed.
    #[error("the wrapped key does not belong to this root and context")]
    Refused,
    /// The provider failed or did not answer; trying again later may help.
    #[error("the key provider is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl KmsError {
    /// The stable code for problems, metrics and audit detail.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownRoot(_) => "key_missing",
            Self::Refused => "integrity_fail",
            Self::Unavailable(_) => "kms_unavailable",
        }
    }
}

/// What the app may ask of a root provider. Destroying roots is another trait, under other credentials.
#[async_trait]
pub trait RootKms: Send + Sync {
    /// Makes a new root, durable when this returns; new wraps use it from now on.
    async fn create_root(&self) -> Result<RootId, KmsError>;
    /// The root that new wraps should use.
    fn current_root(&self) -> RootId;
    /// Wraps `key`.
    async fn wrap(&self, root: &RootId, context: &RootContext, key: &Key32) -> Result<Vec<u8>, KmsError>;
    /// Unwraps what [`RootKms::wrap`] gave for the same root and context.
    async fn unwrap(&self, root: &RootId, context: &RootContext, wrapped: &[u8]) -> Result<Key32, KmsError>;
    /// What this provider is.
    fn describe(&self) -> RootDescription;
}

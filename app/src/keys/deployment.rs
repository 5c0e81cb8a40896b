//! Keys of the deployment as a whole, kept under the reserved tenant: signing keys and three symmetric ones.

use std::sync::Arc;

use domain::{Clock, Entropy, TenantId};
use store::{KeyState, SigningKeyRow, Store, StoreError};
use vault::{
    Key32,
    root::{RootContext, RootId, RootKms},
    token::SigningKey,
};

use super::{Keys, Purpose, Tokens, kms_error};
use crate::AppError;

/// Names of the symmetric keys; they lie beside the signing keys and have no public half.
const LOOKUP: &str = "credential-lookup";
const REFRESH: &str = "refresh-successor";
const CURSOR: &str = "cursor";
/// The key that signs heads of audit logs; opened by their signer and by nobody else.
const LEDGER: &str = "ledger";

/// The opened keys.
pub(crate) struct DeploymentKeys {
    pub(crate) tokens: Tokens,
    /// Turns an e-mail address into its look-up hash before a tenant is known.
    pub(crate) lookup: Key32,
    /// Makes a refresh token's successor, so that only hashes are stored.
    pub(crate) refresh: Key32,
    /// Binds cursors.
    pub(crate) cursor: Key32,
}

impl DeploymentKeys {
    /// Opens the keys, making those that are missing; several processes may do this at once.
    pub(crate) async fn open(
        store: &Store,
        kms: &Arc<dyn RootKms>,
        deployment: &str,
        issuer: String,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Self, AppError> {
        let vault = Chest { store, kms, root: kms.current_root(), deployment, clock, entropy };
        let mut signing = Vec::new();
        for purpose in Purpose::ALL {
            for (version, seed) in vault.open_or_make(purpose.name(), true).await? {
                signing.push((purpose, version, seed));
            }
        }
        Ok(Self {
            tokens: Tokens::new(issuer, signing),
            lookup: vault.newest(LOOKUP).await?,
            refresh: vault.newest(REFRESH).await?,
            cursor: vault.newest(CURSOR).await?,
        })
    }
}

impl Keys {
    /// The deployment's name, which stands in what outlives a process.
    pub(crate) fn deployment(&self) -> &str {
        &self.deployment
    }

    /// The seed of the key that signs heads of audit logs, made when it is missing.
    pub(crate) async fn ledger_seed(&self) -> Result<Key32, AppError> {
        let Self { store, kms, root, deployment, clock, entropy, .. } = self;
        let chest = Chest { store, kms, root: root.clone(), deployment, clock: &**clock, entropy: &**entropy };
        chest.open_or_make(LEDGER, true).await?.pop().map(|(_, seed)| seed).ok_or(AppError::KEY_MISSING)
    }
}

/// The public half of the key that signs heads of audit logs; `None` before a signer made it.
pub(crate) async fn ledger_public(store: &Store) -> Result<Option<[u8; 32]>, AppError> {
    let row = store.tenant_read(TenantId::DEPLOYMENT).await?.signing_key_active(LEDGER).await?;
    row.map(|row| row.public_key.try_into().map_err(|_| AppError::internal("a public key has 32 bytes"))).transpose()
}

struct Chest<'a> {
    store: &'a Store,
    kms: &'a Arc<dyn RootKms>,
    root: RootId,
    deployment: &'a str,
    clock: &'a dyn Clock,
    entropy: &'a dyn Entropy,
}

impl Chest<'_> {
    async fn newest(&self, purpose: &'static str) -> Result<Key32, AppError> {
        self.open_or_make(purpose, false).await?.pop().map(|(_, key)| key).ok_or(AppError::KEY_MISSING)
    }

    /// All live versions, oldest first.
    async fn open_or_make(&self, purpose: &'static str, signs: bool) -> Result<Vec<(u32, Key32)>, AppError> {
        let mut rows = self.rows(purpose).await?;
        if rows.is_empty() {
            self.make(purpose, signs).await?;
            rows = self.rows(purpose).await?;
        }
        rows.sort_by_key(|row| row.version);
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let root = RootId::new(row.root_id.clone());
            let context = self.context(purpose, row.version);
            let key = self.kms.unwrap(&root, &context, &row.wrapped).await.map_err(|error| kms_error(&error))?;
            keys.push((row.version, key));
        }
        Ok(keys)
    }

    async fn rows(&self, purpose: &str) -> Result<Vec<SigningKeyRow>, AppError> {
        Ok(self.store.tenant_read(TenantId::DEPLOYMENT).await?.signing_key_list(purpose).await?)
    }

    async fn make(&self, purpose: &'static str, signs: bool) -> Result<(), AppError> {
        let key = Key32::generate(self.entropy);
        let wrapped =
            self.kms.wrap(&self.root, &self.context(purpose, 1), &key).await.map_err(|error| kms_error(&error))?;
        let public_key = if signs { SigningKey::from_seed(&key).public_key().to_vec() } else { Vec::new() };
        let row = SigningKeyRow {
            tenant_id: TenantId::DEPLOYMENT,
            purpose: purpose.to_owned(),
            version: 1,
            root_id: self.root.to_string(),
            wrapped,
            public_key,
            state: KeyState::Active,
            created_at: self.clock.now(),
        };
        let tx = self.store.tenant(TenantId::DEPLOYMENT).await?;
        match tx.signing_key_insert(row).await {
            Ok(()) => tx.commit().await.map_err(AppError::from),
            // Another process made it first: its key is the one that counts.
            Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn context(&self, purpose: &'static str, version: u32) -> RootContext {
        RootContext { deployment: self.deployment.to_owned(), tenant: TenantId::DEPLOYMENT, version, purpose }
    }
}

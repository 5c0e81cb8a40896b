//! From wrapped rows to keys in memory: the deployment's signing keys, a tenant's KEK and purpose keys, a session's D, a
//! person's H. `store` has the rows, `vault` the cryptography; here is only the way between them.
//!
//! **How to add one more purpose key.** Add a variant to [`vault::wrap::Purpose`]; [`Keys::create_tenant`] makes all of
//! them for a new tenant.

mod deployment;
mod tokens;

use std::{sync::Arc, time::Duration};

use domain::{Clock, Entropy, PersonKeyId, SessionId, SubjectId, TenantId};
use moka::future::Cache;
use store::{
    KeyState, PersonKeyRow, SessionKeyRow, Store, StoreError, TenantKekRow, TenantPurposeKeyRow, TenantRead, TenantTx,
};
use vault::{
    Key32, OpenError,
    authority::Authority,
    cache::{CacheError, CacheId, KeyCache, Level},
    root::{KmsError, RootContext, RootId, RootKms},
    wrap::{self, KeyRow, Purpose as TenantPurpose, WrapContext, WrapKind},
};

pub(crate) use deployment::{DeploymentKeys, ledger_public};
pub(crate) use tokens::{AccessClaims, BadToken, Purpose, SessionClaims, Tokens, validity};

use crate::AppError;

/// How old a tenant's key epoch may be before it is read again: a shred elsewhere ends cached keys within this time.
const EPOCH_LIFE: Duration = Duration::from_secs(2);

/// Opened keys kept per level.
const CACHED_KEYS: u64 = 10_000;

/// The version of a tenant's first KEK.
const FIRST: u32 = 1;

/// A KEK that is not in the store yet.
pub(crate) struct NewKek {
    kek: Key32,
    wrapped: Vec<u8>,
}

/// Keys of a tenant whose transaction is still open. They go into no cache before it is committed: a transaction that is
/// rolled back and done again has others.
pub(crate) struct NewTenantKeys {
    kek: Key32,
    /// For the first rows that give authority.
    pub(crate) authority: Authority,
}

/// Unwraps, caches and makes keys.
#[derive(Clone)]
pub(crate) struct Keys {
    store: Store,
    kms: Arc<dyn RootKms>,
    root: RootId,
    deployment: Arc<str>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    cache: Arc<KeyCache>,
    /// Key epochs as last read; see [`EPOCH_LIFE`].
    epochs: Cache<TenantId, u64>,
}

impl Keys {
    pub(crate) fn new(
        store: Store,
        kms: Arc<dyn RootKms>,
        deployment: Arc<str>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let root = kms.current_root();
        let cache = Arc::new(KeyCache::new(Arc::clone(&clock), CACHED_KEYS));
        let epochs = Cache::builder().max_capacity(CACHED_KEYS).time_to_live(EPOCH_LIFE).build();
        Self { store, kms, root, deployment, clock, entropy, cache, epochs }
    }

    /// A first KEK for a tenant to be, wrapped: the root key service may be slow, so it is asked outside transactions.
    pub(crate) async fn wrapped_for(&self, tenant: TenantId) -> Result<NewKek, AppError> {
        let kek = Key32::generate(&*self.entropy);
        let context = self.kek_context(tenant, FIRST);
        let wrapped = self.kms.wrap(&self.root, &context, &kek).await.map_err(|error| kms_error(&error))?;
        Ok(NewKek { kek, wrapped })
    }

    /// Writes the first KEK and makes the purpose keys of a new tenant, inside the transaction that creates it.
    pub(crate) async fn create_tenant(&self, tx: &TenantTx, new: NewKek) -> Result<NewTenantKeys, AppError> {
        let (tenant, now) = (tx.tenant(), self.clock.now());
        let NewKek { kek, wrapped } = new;
        let (version, state) = (FIRST, KeyState::Active);
        tx.tenant_kek_insert(TenantKekRow {
            tenant_id: tenant,
            version,
            root_id: self.root.to_string(),
            wrapped,
            state,
            created_at: now,
        })
        .await?;
        let authority = Key32::generate(&*self.entropy);
        for purpose in TenantPurpose::ALL {
            let key = match purpose {
                TenantPurpose::Authority => Key32::from_bytes(*authority.expose()),
                _ => Key32::generate(&*self.entropy),
            };
            let wrapped = wrap::wrap(&kek, &purpose_context(tenant, purpose, 1, version), &key, &*self.entropy);
            tx.tenant_purpose_key_insert(TenantPurposeKeyRow {
                tenant_id: tenant,
                purpose: purpose.as_str().to_owned(),
                version: 1,
                kek_version: version,
                wrapped,
                state,
                created_at: now,
            })
            .await?;
        }
        Ok(NewTenantKeys { kek, authority: Authority::new(authority) })
    }

    /// The tenant's active KEK with its version, for wrapping a new key. The insert checks that it is still active.
    async fn active_kek(&self, read: &TenantRead) -> Result<(u32, Arc<Key32>), AppError> {
        let row = read.tenant_kek_active().await?.ok_or(AppError::KEY_MISSING)?;
        Ok((row.version, self.open_kek(read, &row).await?))
    }

    async fn kek(&self, read: &TenantRead, version: u32) -> Result<Arc<Key32>, AppError> {
        let row = read.tenant_kek_find(version).await?.ok_or(AppError::KEY_MISSING)?;
        self.open_kek(read, &row).await
    }

    async fn open_kek(&self, read: &TenantRead, row: &TenantKekRow) -> Result<Arc<Key32>, AppError> {
        let object = row.tenant_id.uuid();
        let id = CacheId { tenant: row.tenant_id, level: Level::Tenant, object, generation: row.version };
        self.cached_by(Some(read), id, || async {
            let context = self.kek_context(row.tenant_id, row.version);
            self.kms
                .unwrap(&RootId::new(row.root_id.clone()), &context, &row.wrapped)
                .await
                .map_err(|error| kms_error(&error))
        })
        .await
    }

    /// The key named `id`, from the cache or by `fill`. An epoch that ends meanwhile makes it look once more.
    async fn cached<F>(&self, id: CacheId, fill: impl Fn() -> F) -> Result<Arc<Key32>, AppError>
    where
        F: Future<Output = Result<Key32, AppError>>,
    {
        self.cached_by(None, id, fill).await
    }

    /// The same with the epoch read through `read`. Whoever has a connection must not wait for another one: under load all
    /// of them are held by those who wait.
    async fn cached_by<F>(
        &self,
        read: Option<&TenantRead>,
        id: CacheId,
        fill: impl Fn() -> F,
    ) -> Result<Arc<Key32>, AppError>
    where
        F: Future<Output = Result<Key32, AppError>>,
    {
        for _ in 0..2 {
            let epoch = self.epoch(id.tenant, read).await?;
            match self.cache.get_or_fill(id, epoch, fill()).await {
                Ok(key) => return Ok(key),
                Err(CacheError::Fill(error)) => return Err(error),
                Err(CacheError::Stale) => self.epochs.invalidate(&id.tenant).await,
            }
        }
        Err(AppError::KEY_MISSING)
    }

    async fn epoch(&self, tenant: TenantId, read: Option<&TenantRead>) -> Result<u64, AppError> {
        if let Some(epoch) = self.epochs.get(&tenant).await {
            return Ok(epoch);
        }
        let row = match read {
            Some(read) => read.tenant_find().await?,
            None => self.store.tenant_read(tenant).await?.tenant_find().await?,
        };
        let row = row.ok_or(AppError::KEY_MISSING)?;
        self.epochs.insert(tenant, row.key_epoch).await;
        Ok(row.key_epoch)
    }

    /// A fresh D for `session`, wrapped and inserted by `tx`.
    pub(crate) async fn create_session(&self, tx: &TenantTx, session: SessionId) -> Result<Key32, AppError> {
        let (tenant, generation) = (tx.tenant(), 1);
        let (kek_version, kek) = self.active_kek(tx).await?;
        let key = Key32::generate(&*self.entropy);
        let context = session_context(tenant, session, generation, kek_version);
        tx.session_key_insert(SessionKeyRow {
            tenant_id: tenant,
            session_id: session,
            generation,
            kek_version,
            wrapped: Some(wrap::wrap(&kek, &context, &key, &*self.entropy)),
            state: KeyState::Active,
            created_at: self.clock.now(),
            shredded_at: None,
        })
        .await
        .map_err(|error| {
            tracing::error!(error = %error, "a session's key could not be saved");
            AppError::KEY_MISSING
        })?;
        Ok(key)
    }

    /// D of a session's generation.
    pub(crate) async fn session(
        &self,
        tenant: TenantId,
        session: SessionId,
        generation: u32,
    ) -> Result<Arc<Key32>, AppError> {
        let id = CacheId { tenant, level: Level::Object, object: session.uuid(), generation };
        self.cached(id, || async {
            let read = self.store.tenant_read(tenant).await?;
            let row = read.session_key_find(session, generation).await?;
            let row = row
                .as_ref()
                .map(|row| (session_context(tenant, session, generation, row.kek_version), row.wrapped.as_deref()));
            self.open_row(&read, row, SESSION_ERASED).await
        })
        .await
    }

    /// The generation of D that a session's next objects are sealed under.
    pub(crate) async fn session_generation(&self, read: &TenantRead, session: SessionId) -> Result<u32, AppError> {
        let row = read.session_key_newest(session).await?.ok_or_else(|| open_error(OpenError::KeyMissing))?;
        match row.state {
            KeyState::Active => Ok(row.generation),
            KeyState::Shredded => Err(SESSION_ERASED),
            KeyState::Retiring | KeyState::Retired => Err(open_error(OpenError::KeyMissing)),
        }
    }

    /// Opens a key row. A shredded one is recognised before its T is asked for: T itself may be gone by then.
    async fn open_row(
        &self,
        read: &TenantRead,
        row: Option<(WrapContext, Option<&[u8]>)>,
        shredded: AppError,
    ) -> Result<Key32, AppError> {
        let (context, wrapped) = row.ok_or_else(|| open_error(OpenError::KeyMissing))?;
        match KeyRow::from_column(wrapped) {
            KeyRow::Shredded => Err(shredded),
            live @ KeyRow::Live(_) => {
                let kek = self.kek(read, context.kek_version).await?;
                wrap::unwrap_row(&kek, &context, Some(live)).map_err(open_error)
            }
        }
    }

    /// The tenant's key for this purpose, newest version.
    pub(crate) async fn purpose(&self, tenant: TenantId, purpose: TenantPurpose) -> Result<Arc<Key32>, AppError> {
        self.cached(purpose_id(tenant, purpose), || async {
            let read = self.store.tenant_read(tenant).await?;
            self.open_purpose(&read, purpose).await
        })
        .await
    }

    /// The same for somebody who reads already. Not for a transaction that makes the keys: it may be rolled back, and what
    /// is kept outlives it.
    pub(crate) async fn purpose_by(&self, read: &TenantRead, purpose: TenantPurpose) -> Result<Arc<Key32>, AppError> {
        let id = purpose_id(read.tenant(), purpose);
        self.cached_by(Some(read), id, || self.open_purpose(read, purpose)).await
    }

    async fn open_purpose(&self, read: &TenantRead, purpose: TenantPurpose) -> Result<Key32, AppError> {
        let row = read.tenant_purpose_key_active(purpose.as_str()).await?;
        let row = row.as_ref().map(|row| {
            let context = purpose_context(read.tenant(), purpose, row.version, row.kek_version);
            (context, Some(row.wrapped.as_slice()))
        });
        self.open_row(read, row, AppError::KEY_MISSING).await
    }

    /// A fresh person key, wrapped and inserted by `tx`.
    pub(crate) async fn create_person(
        &self,
        tx: &TenantTx,
        kind: &'static str,
    ) -> Result<(PersonKeyId, Key32), AppError> {
        let (kek_version, kek) = self.active_kek(tx).await?;
        let id = PersonKeyId::mint(self.clock.now(), &*self.entropy);
        Ok((id, self.insert_person(tx, id, kind, kek_version, &kek).await?))
    }

    /// The same in the transaction that made the tenant's first KEK.
    pub(crate) async fn create_person_under(
        &self,
        tx: &TenantTx,
        kind: &'static str,
        keys: &NewTenantKeys,
    ) -> Result<(PersonKeyId, Key32), AppError> {
        let id = PersonKeyId::mint(self.clock.now(), &*self.entropy);
        Ok((id, self.insert_person(tx, id, kind, FIRST, &keys.kek).await?))
    }

    async fn insert_person(
        &self,
        tx: &TenantTx,
        id: PersonKeyId,
        kind: &'static str,
        kek_version: u32,
        kek: &Key32,
    ) -> Result<Key32, StoreError> {
        let key = Key32::generate(&*self.entropy);
        let context = person_context(tx.tenant(), id, kek_version);
        tx.person_key_insert(PersonKeyRow {
            tenant_id: tx.tenant(),
            id,
            kind: kind.to_owned(),
            kek_version,
            wrapped: Some(wrap::wrap(kek, &context, &key, &*self.entropy)),
            state: KeyState::Active,
            created_at: self.clock.now(),
        })
        .await?;
        Ok(key)
    }

    /// The key of what is told about a recorded person, made when it is first needed. It has the person's own id: whoever
    /// erases the person needs no row that leads to it.
    pub(crate) async fn recorded_person(
        &self,
        tenant: TenantId,
        subject: SubjectId,
    ) -> Result<(PersonKeyId, Arc<Key32>), AppError> {
        let id = PersonKeyId::from_uuid(subject.uuid());
        if self.store.tenant_read(tenant).await?.person_key_find(id).await?.is_none() {
            let tx = self.store.tenant(tenant).await?;
            let (kek_version, kek) = self.active_kek(&tx).await?;
            match self.insert_person(&tx, id, "subject", kek_version, &kek).await {
                // Somebody was faster: theirs is the key.
                Err(StoreError::Conflict) => drop(tx),
                made => {
                    made?;
                    tx.commit().await?;
                }
            }
        }
        Ok((id, self.person(tenant, id).await?))
    }

    /// A person's key.
    pub(crate) async fn person(&self, tenant: TenantId, id: PersonKeyId) -> Result<Arc<Key32>, AppError> {
        self.cached(person_id(tenant, id), || async {
            let read = self.store.tenant_read(tenant).await?;
            self.open_person(&read, id).await
        })
        .await
    }

    /// The same for somebody who reads already.
    pub(crate) async fn person_by(&self, read: &TenantRead, id: PersonKeyId) -> Result<Arc<Key32>, AppError> {
        self.cached_by(Some(read), person_id(read.tenant(), id), || self.open_person(read, id)).await
    }

    async fn open_person(&self, read: &TenantRead, id: PersonKeyId) -> Result<Key32, AppError> {
        let row = read.person_key_find(id).await?;
        let context = |row: &PersonKeyRow| person_context(read.tenant(), id, row.kek_version);
        let row = row.as_ref().map(|row| (context(row), row.wrapped.as_deref()));
        self.open_row(read, row, PERSON_ERASED).await
    }

    /// A person's key, read through an open transaction, which may have made it just now.
    pub(crate) async fn person_within(&self, read: &TenantRead, id: PersonKeyId) -> Result<Key32, AppError> {
        let row = read.person_key_find(id).await?.ok_or(AppError::KEY_MISSING)?;
        let wrapped = row.wrapped.as_deref().ok_or(AppError::KEY_MISSING)?;
        let kek = self.kek(read, row.kek_version).await?;
        wrap::unwrap(&kek, &person_context(read.tenant(), id, row.kek_version), wrapped).map_err(open_error)
    }

    fn kek_context(&self, tenant: TenantId, version: u32) -> RootContext {
        RootContext { deployment: self.deployment.to_string(), tenant, version, purpose: "tenant-kek" }
    }
}

/// The session's key was destroyed on purpose: what it sealed is gone for good.
pub(crate) const SESSION_ERASED: AppError =
    AppError::Gone { code: "session-erased", detail: "this session has been erased" };

/// The same for a person.
const PERSON_ERASED: AppError = AppError::Gone { code: "person-erased", detail: "this person's data has been erased" };

/// One cached version per purpose: a rotation raises the epoch.
const fn purpose_id(tenant: TenantId, purpose: TenantPurpose) -> CacheId {
    CacheId { tenant, level: Level::Object, object: purpose.object(), generation: 0 }
}

const fn person_id(tenant: TenantId, id: PersonKeyId) -> CacheId {
    CacheId { tenant, level: Level::Object, object: id.uuid(), generation: 1 }
}

const fn session_context(tenant: TenantId, session: SessionId, generation: u32, kek_version: u32) -> WrapContext {
    WrapContext { tenant, kind: WrapKind::Session, object: session.uuid(), generation, kek_version }
}

const fn purpose_context(tenant: TenantId, purpose: TenantPurpose, generation: u32, kek_version: u32) -> WrapContext {
    WrapContext { tenant, kind: WrapKind::Purpose, object: purpose.object(), generation, kek_version }
}

const fn person_context(tenant: TenantId, id: PersonKeyId, kek_version: u32) -> WrapContext {
    WrapContext { tenant, kind: WrapKind::Person, object: id.uuid(), generation: 1, kek_version }
}

fn kms_error(error: &KmsError) -> AppError {
    tracing::error!(error = %error, "the root key service refused or did not answer");
    AppError::KEY_MISSING
}

/// A key that does not open under its parent is an integrity failure: say so in the log, and nothing to the caller.
pub(crate) fn open_error(error: OpenError) -> AppError {
    tracing::error!(code = error.code(), "a wrapped key or sealed column did not open");
    AppError::KEY_MISSING
}

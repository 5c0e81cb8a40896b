//! Opened keys, kept shortly: session keys at most 60 s, tenant keys at most 15 min, both ended at once by a new key epoch.
//!
//! A tenant's key epoch grows with every shred and revocation. Callers read it in the transaction that reads the key row
//! and hand it in; the cache never serves a key across two epochs, and a fill that began before an epoch ended is
//! rejected, so that a shredded key cannot come back from a slow read.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{Clock, TenantId, Timestamp};
use moka::future::Cache;
use uuid::Uuid;

use crate::Key32;

/// How long a session, person or purpose key may stay opened.
pub const OBJECT_KEY_LIFE: Duration = Duration::from_secs(60);
/// How long a tenant key may stay opened.
pub const TENANT_KEY_LIFE: Duration = Duration::from_secs(15 * 60);

/// Which level of the hierarchy a key belongs to; it decides how long the key may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// A tenant key (T).
    Tenant,
    /// A key below it (D, H, P).
    Object,
}

/// Names an opened key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheId {
    /// The owner: part of every name, so that no tenant's key is ever found for another.
    pub tenant: TenantId,
    /// Its level.
    pub level: Level,
    /// Session, person or purpose; the tenant itself for [`Level::Tenant`].
    pub object: Uuid,
    /// Generation or version of the key.
    pub generation: u32,
}

/// Why a key was not given.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CacheError<E> {
    /// The epoch handed in, or the one the fill began in, has ended: read the key row again.
    #[error("the key epoch ended meanwhile")]
    Stale,
    /// Opening the key failed.
    #[error("cannot open the key")]
    Fill(#[source] E),
}

#[derive(Clone)]
struct Entry {
    key: Arc<Key32>,
    filled_at: Timestamp,
}

/// The cache of a process.
pub struct KeyCache {
    clock: Arc<dyn Clock>,
    epochs: RwLock<HashMap<TenantId, u64>>,
    tenants: Cache<(CacheId, u64), Entry>,
    objects: Cache<(CacheId, u64), Entry>,
}

impl KeyCache {
    /// An empty cache of at most `capacity` keys per level.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, capacity: u64) -> Self {
        // moka's own clock drops entries nobody asks for; ours decides whether one that is asked for is still good.
        let cache = |life| Cache::builder().max_capacity(capacity).time_to_live(life).build();
        let (tenants, objects) = (cache(TENANT_KEY_LIFE), cache(OBJECT_KEY_LIFE));
        Self { clock, epochs: RwLock::default(), tenants, objects }
    }

    const fn level(&self, level: Level) -> (&Cache<(CacheId, u64), Entry>, Duration) {
        match level {
            Level::Tenant => (&self.tenants, TENANT_KEY_LIFE),
            Level::Object => (&self.objects, OBJECT_KEY_LIFE),
        }
    }

    /// Tells the cache that `tenant` is in `epoch`; keys of earlier epochs are never served again. Call it right after
    /// the commit that raised the epoch. Going back is ignored.
    pub fn advance(&self, tenant: TenantId, epoch: u64) {
        let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        let known = epochs.entry(tenant).or_insert(epoch);
        *known = epoch.max(*known);
    }

    fn is_current(&self, tenant: TenantId, epoch: u64) -> bool {
        self.epochs.read().unwrap_or_else(PoisonError::into_inner).get(&tenant) == Some(&epoch)
    }

    /// The cached key of `id` in `epoch`, when it is there and may still be used.
    pub async fn get(&self, id: CacheId, epoch: u64) -> Option<Arc<Key32>> {
        let (cache, life) = self.level(id.level);
        let entry = cache.get(&(id, epoch)).await?;
        let age = self.clock.now().micros_since(entry.filled_at);
        // A clock set back gives a negative age: then we cannot tell, and ask again.
        let young = u128::try_from(age).is_ok_and(|age| age < life.as_micros());
        if young && self.is_current(id.tenant, epoch) {
            return Some(entry.key);
        }
        cache.invalidate(&(id, epoch)).await;
        None
    }

    /// The key of `id`, opened by `fill` when it is not cached. `epoch` is the tenant's key epoch as the caller's
    /// transaction reads it. Failures are not remembered.
    ///
    /// # Errors
    /// [`CacheError::Stale`] when `epoch` is over before or after the fill; [`CacheError::Fill`] when opening failed.
    pub async fn get_or_fill<E>(
        &self,
        id: CacheId,
        epoch: u64,
        fill: impl Future<Output = Result<Key32, E>>,
    ) -> Result<Arc<Key32>, CacheError<E>> {
        self.advance(id.tenant, epoch);
        if !self.is_current(id.tenant, epoch) {
            return Err(CacheError::Stale);
        }
        if let Some(key) = self.get(id, epoch).await {
            return Ok(key);
        }
        // The life counts from before the fill: a slow one must not stretch it.
        let filled_at = self.clock.now();
        let key = Arc::new(fill.await.map_err(CacheError::Fill)?);
        let (cache, _) = self.level(id.level);
        cache.insert((id, epoch), Entry { key: Arc::clone(&key), filled_at }).await;
        if self.is_current(id.tenant, epoch) {
            return Ok(key);
        }
        cache.invalidate(&(id, epoch)).await;
        Err(CacheError::Stale)
    }
}

//! The cache of opened keys: how long, for whom, and never across an epoch.

use std::{convert::Infallible, sync::Arc, time::Duration};

use domain::{ManualClock, Timestamp};
use vault::{
    Key32, OpenError,
    cache::{CacheError, CacheId, KeyCache, Level},
};

use crate::{key, session, tenant};

fn cache() -> (Arc<ManualClock>, KeyCache) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_000_000)));
    (Arc::clone(&clock), KeyCache::new(clock, 100))
}

fn id(level: Level) -> CacheId {
    CacheId { tenant: tenant(1), level, object: session(1).uuid(), generation: 1 }
}

async fn fill(cache: &KeyCache, id: CacheId, epoch: u64, byte: u8) -> Result<u8, CacheError<Infallible>> {
    cache.get_or_fill(id, epoch, async { Ok(key(byte)) }).await.map(|key| key.expose()[0])
}

#[tokio::test]
async fn keys_live_as_long_as_their_level_allows() {
    for (level, life) in [(Level::Object, 60), (Level::Tenant, 15 * 60)] {
        let (clock, cache) = cache();
        assert_eq!(fill(&cache, id(level), 1, 1).await, Ok(1));
        clock.advance(Duration::from_micros(life * 1_000_000 - 1));
        assert_eq!(fill(&cache, id(level), 1, 2).await, Ok(1), "{level:?} still cached");
        clock.advance(Duration::from_micros(1));
        assert_eq!(fill(&cache, id(level), 1, 3).await, Ok(3), "{level:?} over");
        clock.set(Timestamp::from_millis(0));
        assert_eq!(fill(&cache, id(level), 1, 4).await, Ok(4), "{level:?} after the clock was set back");
    }
}

#[tokio::test]
async fn attack_10_no_cached_key_answers_for_another_name() {
    let (_clock, cache) = cache();
    let mine = id(Level::Object);
    assert_eq!(fill(&cache, mine, 1, 1).await, Ok(1));
    for other in [
        CacheId { tenant: tenant(2), ..mine },
        CacheId { level: Level::Tenant, ..mine },
        CacheId { object: session(2).uuid(), ..mine },
        CacheId { generation: 2, ..mine },
    ] {
        assert!(cache.get(other, 1).await.is_none(), "{other:?}");
    }
    assert!(cache.get(mine, 1).await.is_some());
}

#[tokio::test]
async fn a_new_epoch_ends_every_key_of_the_tenant_at_once() {
    let (_clock, cache) = cache();
    let other = CacheId { tenant: tenant(2), ..id(Level::Object) };
    for (id, byte) in [(id(Level::Object), 1), (id(Level::Tenant), 2), (other, 3)] {
        assert_eq!(fill(&cache, id, 1, byte).await, Ok(byte));
    }
    cache.advance(tenant(1), 2);
    for level in [Level::Object, Level::Tenant] {
        assert!(cache.get(id(level), 1).await.is_none(), "{level:?}");
        assert_eq!(fill(&cache, id(level), 1, 9).await, Err(CacheError::Stale), "{level:?} asked in the old epoch");
    }
    assert!(cache.get(other, 1).await.is_some(), "another tenant keeps its keys");
    cache.advance(tenant(1), 1);
    assert_eq!(fill(&cache, id(Level::Object), 1, 9).await, Err(CacheError::Stale), "epochs do not go back");
    assert_eq!(fill(&cache, id(Level::Object), 2, 4).await, Ok(4));
}

#[tokio::test]
async fn a_fill_that_began_before_the_epoch_ended_is_rejected() {
    let (_clock, cache) = cache();
    let slow = cache.get_or_fill(id(Level::Object), 1, async {
        // The shred commits while the key is being read.
        cache.advance(tenant(1), 2);
        Ok::<_, Infallible>(key(1))
    });
    assert!(matches!(slow.await, Err(CacheError::Stale)));
    assert!(cache.get(id(Level::Object), 1).await.is_none());
    assert!(cache.get(id(Level::Object), 2).await.is_none());
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let (_clock, cache) = cache();
    let failed = cache.get_or_fill(id(Level::Object), 1, async { Err::<Key32, _>(OpenError::KeyMissing) });
    assert!(matches!(failed.await, Err(CacheError::Fill(OpenError::KeyMissing))));
    assert_eq!(fill(&cache, id(Level::Object), 1, 1).await, Ok(1));
}

//! Tenants that are complete or absent, look-ups of one person in several, and counted attempts.

use std::time::Duration;

use domain::TenantId;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{Counted, Pace, Store, StoreError, TenantRow};
use testkit::TestDatabase;

use crate::fixture::{self, at, hash, member_id, populate, tenant_id};

async fn begin(store: &Store, row: TenantRow) -> Result<TenantId, StoreError> {
    let system = store.system("test").await?;
    let id = system.tenant_begin(row).await?;
    system.commit().await?;
    Ok(id)
}

async fn complete(store: &Store, id: TenantId, name: &str, alone: bool) -> Result<bool, StoreError> {
    let tx = store.tenant(id).await?;
    let done = tx.tenant_complete(name, false, alone).await?;
    tx.commit().await?;
    Ok(done)
}

#[tokio::test]
async fn a_tenant_counts_when_it_is_complete_and_not_before() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let id = begin(&store, fixture::tenant(1)).await.unwrap();
        let tx = store.tenant(id).await.unwrap();
        tx.credential_put("login-email", &hash(1), member_id(0).uuid()).await.unwrap();
        tx.commit().await.unwrap();
        let absent = || async {
            let system = store.system("test").await.unwrap();
            assert_eq!(system.tenant_list().await.unwrap(), []);
            assert_eq!(system.tenant_find(id).await.unwrap(), None);
            drop(system);
            assert_eq!(store.lookup_tenant_slug("tenant-1").await.unwrap(), None);
            assert_eq!(store.lookup_credential("login-email", &hash(1), None).await.unwrap(), None);
            assert_eq!(store.lookup_credential("login-email", &hash(1), Some("tenant-1")).await.unwrap(), None);
            assert_eq!(
                store.lookup_credential_next("login-email", &hash(1), TenantId::DEPLOYMENT).await.unwrap(),
                None
            );
        };
        absent().await;
        // Rolled back with everything else of its transaction.
        let tx = store.tenant(id).await.unwrap();
        assert!(tx.tenant_complete("One", false, true).await.unwrap());
        drop(tx);
        absent().await;
        // Whoever begins it again goes on with the same one, under another id of theirs.
        assert_eq!(begin(&store, TenantRow { id: tenant_id(9), ..fixture::tenant(1) }).await.unwrap(), id);
        assert!(complete(&store, id, "One", true).await.unwrap());
        assert!(!complete(&store, id, "Again", false).await.unwrap(), "once");
        let again = begin(&store, TenantRow { id: tenant_id(9), ..fixture::tenant(1) }).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        let row = TenantRow { name: "One".to_owned(), ..fixture::tenant(1) };
        assert_eq!(store.system("test").await.unwrap().tenant_find(id).await.unwrap(), Some(row));
        assert!(store.lookup_credential("login-email", &hash(1), None).await.unwrap().is_some());

        let second = begin(&store, fixture::tenant(2)).await.unwrap();
        assert!(!complete(&store, second, "Two", true).await.unwrap(), "it would not be the first");
        assert!(complete(&store, second, "Two", false).await.unwrap());
    }
}

#[tokio::test]
async fn of_many_first_tenants_one_is() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        for number in 1..=12 {
            begin(&store, fixture::tenant(number)).await.unwrap();
        }
        let tries = (1..=12).map(|number| {
            let store = store.clone();
            tokio::spawn(async move { complete(&store, tenant_id(number), "First", true).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut done = 0;
        for one in tries {
            done += u32::from(matches!(one.await, Ok(Ok(true))));
        }
        assert_eq!(done, 1);
        assert_eq!(store.system("test").await.unwrap().tenant_list().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn another_tenant_cannot_be_completed() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let (one, two) = (populate(&store, 1).await, begin(&store, fixture::tenant(2)).await.unwrap());
    let app = testkit::connect(&database.config().url).await;
    let call = format!("SET app.tenant_id = '{one}'; SELECT tenant_complete('{two}', 'x', false, false)");
    let refused = sea_orm::ConnectionTrait::execute_unprepared(&app, &call).await.unwrap_err().to_string();
    assert!(refused.contains("another tenant"), "{refused}");
}

#[tokio::test]
async fn memberships_are_found_one_after_another() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        for number in [3, 1, 2] {
            let tenant = populate(&store, number).await;
            let tx = store.tenant(tenant).await.unwrap();
            tx.credential_put("login-email", &hash(5), member_id(number).uuid()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let (mut after, mut found) = (TenantId::DEPLOYMENT, Vec::new());
        while let Some(row) = store.lookup_credential_next("login-email", &hash(5), after).await.unwrap() {
            after = row.tenant_id;
            found.push((row.tenant_id, row.id));
        }
        let want: Vec<_> = (1..=3).map(|number| (tenant_id(number), member_id(number).uuid())).collect();
        assert_eq!(found, want);
    }
}

async fn admit(store: &Store, kind: &str, key: u64, pace: Pace, seconds: u64) -> Counted {
    let tx = store.tenant(TenantId::DEPLOYMENT).await.unwrap();
    let counted = tx.attempt_admit(kind, &hash(key), pace, at(seconds)).await.unwrap();
    tx.commit().await.unwrap();
    counted
}

/// The law of the limit: in any stretch of time no more than the burst and what its length gives back, and whoever waits as
/// long as the pace is always admitted.
#[test]
fn attempts_keep_to_their_pace() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let databases = runtime.block_on(TestDatabase::both());
    for database in &databases {
        let store = runtime.block_on(database.store());
        let key = std::cell::Cell::new(0);
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let tries = (1..5_u32, 1..10_u64, prop::collection::vec(0..12_u64, 1..40));
        let law = |(burst, every, waits): (u32, u64, Vec<u64>)| {
            let pace = Pace { burst, every: Duration::from_secs(every) };
            key.set(key.get() + 1);
            let (mut now, mut admitted) = (0, Vec::new());
            for wait in waits {
                now += wait;
                let counted = runtime.block_on(admit(&store, "law", key.get(), pace, now));
                prop_assert!(counted.admitted || wait < every, "waited {} and was refused", wait);
                if counted.admitted {
                    admitted.push(now);
                }
            }
            for (first, from) in admitted.iter().enumerate() {
                for (last, to) in admitted.iter().enumerate().skip(first) {
                    let most = u64::from(burst) + (to - from) / every;
                    prop_assert!((last - first + 1) as u64 <= most, "{} in {} s", last - first + 1, to - from);
                }
            }
            Ok(())
        };
        runner.run(&tries, law).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_attempts_at_once_through_two_pools_are_counted() {
    for database in TestDatabase::both().await {
        let stores = [database.store().await, database.store().await];
        let pace = Pace { burst: 7, every: Duration::from_secs(10) };
        let tries = (0..50).map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move { admit(&store, "race", 1, pace, 0).await.admitted })
        });
        let tries: Vec<_> = tries.collect();
        let mut admitted = 0;
        for one in tries {
            admitted += u32::from(one.await.unwrap());
        }
        assert_eq!(admitted, 7);
        assert!(admit(&stores[0], "other", 1, pace, 0).await.admitted, "another kind has its own count");
        assert!(admit(&stores[0], "race", 2, pace, 0).await.admitted, "and another key");
        let tx = stores[0].tenant(TenantId::DEPLOYMENT).await.unwrap();
        assert_eq!(tx.attempt_tidy(at(11)).await.unwrap(), 2, "what is back to nothing");
        tx.commit().await.unwrap();
        let refused = stores[1].tenant(tenant_id(1)).await.unwrap().attempt_admit("race", &hash(1), pace, at(0)).await;
        assert!(matches!(refused, Err(StoreError::WrongTenant)), "{refused:?}");
    }
}

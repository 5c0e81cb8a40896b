//! The hot paths read few rows, however much there is: measured by the rows the database touched, not by its plan.

use std::collections::BTreeMap;

use domain::{Sensitivity, TenantId};
use policy::access::{Predicate, Test};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use store::{ChangeCursor, SessionCursor, SessionFilter, SessionTouch, Store, StoreError};
use testkit::TestDatabase;

use crate::fixture::{self, T0, at, hash, limits, populate, session_id};

const SEGMENTS: u32 = 20_000;
const SESSIONS: u64 = 2_000;

#[tokio::test]
async fn hot_paths_touch_few_rows_on_postgresql() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    grow(&database, tenant).await;
    let admin = database.admin().await;
    admin.execute_unprepared("ANALYZE").await.unwrap();
    store.close().await.unwrap();
    for (name, most, path) in hot_paths() {
        settle(&admin).await;
        let before = touched(&admin).await;
        let store = database.store().await;
        path.run(&store, tenant).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        store.close().await.unwrap(); // a backend reports what it touched when it ends
        settle(&admin).await;
        let after = touched(&admin).await;
        let rows: i64 = after.iter().map(|(table, rows)| rows - before.get(table).unwrap_or(&0)).sum();
        assert!(rows <= most, "{name} touched {rows} rows, at most {most} are expected: {before:?} → {after:?}");
    }
}

#[tokio::test]
async fn the_hot_paths_answer_the_same_with_much_data() {
    // The same data and calls on SQLite, whose plans are read by `src/plans.rs`.
    let database = TestDatabase::sqlite().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    grow(&database, tenant).await;
    for (name, _, path) in hot_paths() {
        path.run(&store, tenant).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[derive(Clone, Copy)]
enum HotPath {
    Ack,
    List,
    ListByToken,
    Changed,
    Due,
    Snapshot,
    Page,
    Views,
}

/// Name, most rows it may touch, what it does.
fn hot_paths() -> [(&'static str, i64, HotPath); 8] {
    [
        ("an ack at segment 20 000", 20, HotPath::Ack),
        ("the second page of the list", 120, HotPath::List),
        ("the list by a rare token", 20, HotPath::ListByToken),
        ("what changed last", 120, HotPath::Changed),
        ("what is due", 20, HotPath::Due),
        ("the snapshot before a time", 20, HotPath::Snapshot),
        ("a page of segments near the end", 240, HotPath::Page),
        ("the viewers", 20, HotPath::Views),
    ]
}

impl HotPath {
    async fn run(self, store: &Store, tenant: TenantId) -> Result<(), StoreError> {
        let session = session_id(0);
        if matches!(self, Self::Ack) {
            let tx = store.tenant(tenant).await?;
            assert!(tx.session_key_share(session, 1).await?);
            assert!(tx.session_tab_advance(session, 0, SEGMENTS, &hash(1)).await?);
            tx.segment_insert(fixture::segment(tenant, 0, 0, SEGMENTS)).await?;
            assert!(tx.session_touch(session, &SessionTouch { received_at: at(1), ..SessionTouch::default() }).await?);
            return tx.commit().await;
        }
        let tx = store.tenant_read(tenant).await?;
        match self {
            Self::Ack => unreachable!("returned above"),
            Self::List => {
                let after = SessionCursor { started_at: at(SESSIONS / 2), id: session_id(SESSIONS / 2) };
                let only = Predicate::Test(Test::SensitivityIs(Sensitivity::Normal));
                let filter = SessionFilter { only, ..SessionFilter::default() };
                assert_eq!(tx.session_list(&filter, Some(after), 50).await?.len(), 50);
            }
            Self::ListByToken => {
                let filter = SessionFilter { tokens: vec![("path".to_owned(), hash(77))], ..SessionFilter::default() };
                assert_eq!(tx.session_list(&filter, None, 50).await?.len(), 1);
            }
            Self::Changed => {
                let after = ChangeCursor { changed_at: at(SESSIONS - 10), id: session_id(SESSIONS - 10) };
                assert_eq!(tx.session_changed_since(after, &Predicate::Always, 50).await?.len(), 10);
            }
            Self::Due => assert_eq!(tx.session_due(at(30), &limits(), 50).await?, []),
            Self::Snapshot => {
                let found = tx.segment_snapshot_at(session, 0, T0 + 5_000 * i64::from(SEGMENTS / 2)).await?;
                assert_eq!(found, Some(SEGMENTS / 2 / 12 * 12));
            }
            Self::Page => {
                let page = tx.segment_list(session, Some((0, SEGMENTS - 150)), 100).await?;
                assert_eq!((page.len(), page[0].n), (100, SEGMENTS - 149));
                assert_eq!(tx.segment_list_tab(session, 0, Some(SEGMENTS - 11), 100).await?.len() / 10, 1);
            }
            Self::Views => assert_eq!(tx.session_view_list(session, None, 10).await?, []),
        }
        Ok(())
    }
}

/// A session with 20 000 segments among 2 000 closed ones with a token each.
async fn grow(database: &TestDatabase, tenant: TenantId) {
    let store = database.store().await;
    let tx = store.tenant(tenant).await.unwrap();
    tx.segment_insert(fixture::segment(tenant, 0, 0, 0)).await.unwrap();
    tx.commit().await.unwrap();
    // The rest by one statement that both databases read alike.
    let sql = format!(
        "WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < {SEGMENTS} - 1)
         INSERT INTO segment SELECT tenant_id, session_id, tab, i, generation, blob, ciphertext_len, ciphertext_sha256, plaintext_len,
           first_ms + 5000 * i, last_ms + 5000 * i, events, (i % 12) = 0, chain, body_mac, facts_sealed, received_at
         FROM segment, g WHERE n = 0"
    );
    let admin = database.admin().await;
    admin.execute_unprepared(&sql).await.unwrap();
    admin.execute_unprepared(&format!("UPDATE session_tab SET next_n = {SEGMENTS}")).await.unwrap();
    admin.close().await.unwrap();
    let tx = store.tenant(tenant).await.unwrap();
    for number in 1..=SESSIONS {
        let mut row = fixture::session(tenant, number);
        row.state = domain::SessionState::Closed;
        tx.session_insert(row).await.unwrap();
        tx.search_token_put(session_id(number), &[("path".to_owned(), hash(number))]).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await.unwrap();
}

/// Rows each table has handed out so far, by scans and by indexes.
async fn touched(admin: &DatabaseConnection) -> BTreeMap<String, i64> {
    let sql = "SELECT relname::text, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables
               WHERE relname <> 'seaql_migrations'";
    let rows = admin.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
}

/// Waits until every backend of the stores before has ended, and with that reported, and forgets what this one cached.
async fn settle(admin: &DatabaseConnection) {
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    loop {
        admin.execute_unprepared("SELECT pg_stat_clear_snapshot()").await.unwrap();
        let row = admin.query_one_raw(Statement::from_string(DbBackend::Postgres, others)).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() == 0 {
            return; // the runner ends a test that waits for ever
        }
    }
}

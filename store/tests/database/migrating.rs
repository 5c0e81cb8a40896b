//! From empty to head, twice, by whom, and with a copy.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::{Store, StoreError};
use testkit::TestDatabase;

use crate::fixture::{at, populate};

#[tokio::test]
async fn an_empty_database_reaches_head_and_stays_there() {
    for database in [TestDatabase::empty_sqlite(), TestDatabase::empty_postgres().await] {
        let url = database.admin_url();
        assert_ne!(store::pending_migrations(url).await.unwrap(), [""; 0]);
        store::migrate(url).await.unwrap();
        assert_eq!(store::pending_migrations(url).await.unwrap(), [""; 0]);
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let schema = schema(&database).await;
        store::migrate(url).await.unwrap();
        assert_eq!(self::schema(&database).await, schema, "head is idempotent");
        assert!(store.tenant_read(tenant).await.unwrap().tenant_find().await.unwrap().is_some(), "rows are kept");
    }
}

#[tokio::test]
async fn a_store_refuses_pending_migrations() {
    for database in [TestDatabase::empty_sqlite(), TestDatabase::empty_postgres().await] {
        let pending = store::pending_migrations(database.admin_url()).await.unwrap().len();
        let refused = Store::connect(database.config()).await;
        assert!(matches!(refused, Err(StoreError::PendingMigrations(told)) if told == pending), "{refused:?}");
    }
}

#[tokio::test]
async fn the_plain_owner_can_migrate_once_the_operator_made_the_roles() {
    let database = TestDatabase::empty_postgres().await;
    database.admin().await.execute_unprepared(migrations::postgres::ROLES).await.unwrap();
    store::migrate(&database.url_as("sealtape_owner")).await.unwrap();
    let store = database.store().await;
    populate(&store, 1).await;
}

#[tokio::test]
async fn who_may_not_act_as_owner_is_told_what_is_missing() {
    let database = TestDatabase::empty_postgres().await;
    database.admin().await.execute_unprepared(migrations::postgres::ROLES).await.unwrap();
    let refused = store::migrate(&database.url_as("sealtape_app")).await.unwrap_err();
    let StoreError::Database(cause) = refused else { panic!("{refused:?}") };
    assert!(cause.to_string().contains("run migrations/src/roles.sql"), "{cause}");
}

#[tokio::test]
async fn the_embedded_file_is_copied_before_it_changes() {
    let database = TestDatabase::empty_sqlite();
    let file = database.file().unwrap();
    assert_eq!(store::migrate_embedded(&file, at(0)).await.unwrap(), None, "nothing to lose yet");
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    store.close().await.unwrap();
    assert_eq!(store::migrate_embedded(&file, at(1)).await.unwrap(), None, "nothing pending");
    // A file of an older version: here one that forgot its last migration. Running that again fails, and the copy is
    // there by then.
    database.admin().await.execute_unprepared("DELETE FROM seaql_migrations").await.unwrap();
    let failed = store::migrate_embedded(&file, at(2)).await.unwrap_err();
    assert!(matches!(failed, StoreError::Database(_)), "the tables are there already: {failed:?}");
    let copy = file.with_file_name(format!("sealtape.db.before-{}", at(2).as_millis()));
    assert!(copy.is_file(), "the copy was made first");
    let database_copy = store::DatabaseConfig::sqlite(&copy);
    let there = testkit::connect(&database_copy.url).await;
    let row = there
        .query_one_raw(Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT count(*) FROM tenant WHERE id = $1",
            [tenant.uuid().into()],
        ))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1, "with the rows of before");
}

#[tokio::test]
async fn copies_do_not_outlive_a_shred_epoch() {
    let database = TestDatabase::sqlite().await;
    let file = database.file().unwrap();
    let old = file.with_file_name(format!("sealtape.db.before-{}", at(0).as_millis()));
    let other = file.with_file_name("sealtape.db.before-lunch");
    std::fs::write(&old, "copy").unwrap();
    std::fs::write(&other, "not ours").unwrap();
    store::migrate_embedded(&file, at(7 * 24 * 3600)).await.unwrap();
    assert!(old.exists());
    store::migrate_embedded(&file, at(7 * 24 * 3600 + 1)).await.unwrap();
    assert!(!old.exists(), "it holds wrapped keys that may have been shredded since");
    assert!(other.exists());
}

#[tokio::test]
async fn every_month_ahead_has_a_partition_and_a_late_month_keeps_its_rows() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let admin = database.admin().await;
    let count = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'session'::regclass";
    let row = admin.query_one_raw(Statement::from_string(DbBackend::Postgres, count)).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 16, "last month to thirteen ahead, and the default");
    // The session's month loses its partition, as if nobody had migrated for a year.
    let dropped = "DO $$ DECLARE part text; BEGIN
        SELECT tableoid::regclass::text INTO part FROM session;
        IF part <> 'session_other' THEN
          DELETE FROM session_tab; -- what refers to a partition's row keeps the partition
          DELETE FROM session_key;
          EXECUTE 'ALTER TABLE session DETACH PARTITION ' || part;
          EXECUTE 'INSERT INTO session SELECT * FROM ' || part;
          EXECUTE 'DROP TABLE ' || part;
        END IF; END $$";
    admin.execute_unprepared(dropped).await.unwrap();
    store::migrate(database.admin_url()).await.unwrap();
    let read = store.tenant_read(tenant).await.unwrap();
    assert!(read.session_find(crate::fixture::session_id(0)).await.unwrap().is_some());
}

async fn schema(database: &TestDatabase) -> Vec<String> {
    let admin = database.admin().await;
    let (backend, sql) = match database.backend() {
        store::Backend::Sqlite => (DbBackend::Sqlite, "SELECT coalesce(sql, name) FROM sqlite_master ORDER BY 1"),
        store::Backend::Postgres => (
            DbBackend::Postgres,
            "SELECT c.relname::text || coalesce(c.relacl::text, '') FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1",
        ),
    };
    let rows = admin.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

//! Two tenants, and nothing of one ever reaches the other (`threats.md` 8).

use domain::TenantId;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement, TransactionTrait as _};
use store::{CaptureStopRow, DatabaseConfig, SessionFilter, Store, StoreError, capture_scope};
use testkit::TestDatabase;

use crate::fixture::{
    self, agent_key_id, at, hash, limits, member_id, person_key_id, populate, project_id, session_id,
};

/// What the system role works on bound to a tenant: the audit log's tree.
const LEDGER_TABLES: &[&str] = &["audit_outbox", "audit_tile", "audit_checkpoint"];

/// Tables of tenants, parents first.
pub(crate) const TENANT_TABLES: &[&str] = &[
    "tenant_kek",
    "tenant_purpose_key",
    "signing_key",
    "person_key",
    "project",
    "agent_key",
    "member",
    "role_binding",
    "custom_role",
    "login",
    "factor",
    "recovery_code",
    "factor_challenge",
    "factor_attempt",
    "invitation",
    "password_reset",
    "api_key",
    "attempt",
    "membership_proof",
    "subject",
    "subject_identifier",
    "session",
    "session_key",
    "session_tab",
    "segment",
    "gap",
    "manifest",
    "search_token",
    "session_label",
    "session_export",
    "session_view",
    "access_rules",
    "access_grant",
    "access_grant_session",
    "access_grant_vote",
    "proposal",
    "member_influence",
    "capture_stop",
    "sink",
    "sink_delivery",
    "audit_outbox",
    "audit_tile",
    "audit_checkpoint",
    "audit_export",
];

#[tokio::test]
async fn another_tenants_rows_are_like_unknown_ones() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        populate(&store, 1).await;
        let empty = empty_tenant(&store, 2).await;
        let tx = store.tenant(empty).await.unwrap();
        // The ids are tenant 1's; tenant 2 has nothing.
        assert_eq!(tx.tenant_kek_find(1).await.unwrap(), None);
        assert_eq!(tx.person_key_find(person_key_id(0)).await.unwrap(), None);
        assert_eq!(tx.project_find(project_id(0)).await.unwrap(), None);
        assert_eq!(tx.agent_key_find(agent_key_id(0)).await.unwrap(), None);
        assert_eq!(tx.member_find(member_id(0)).await.unwrap(), None);
        assert_eq!(tx.session_find(session_id(0)).await.unwrap(), None);
        assert_eq!(tx.session_lock(session_id(0)).await.unwrap(), None);
        assert_eq!(tx.session_key_newest(session_id(0)).await.unwrap(), None);
        assert_eq!(tx.session_tab_list(session_id(0)).await.unwrap(), []);
        assert_eq!(tx.session_list(&SessionFilter::default(), None, 10).await.unwrap(), []);
        assert_eq!(tx.session_due(at(999_999), &limits(), 10).await.unwrap(), []);
        assert!(!tx.session_key_share(session_id(0), 1).await.unwrap());
        assert_eq!(tx.session_tab_open(session_id(0), 10, at(1)).await.unwrap(), None);
        assert!(!tx.session_tab_advance(session_id(0), 0, 0, &hash(1)).await.unwrap());
        assert!(!tx.session_finish_hint(session_id(0), at(1)).await.unwrap());
        let key = store::AgentKeyRow { revoked_at: Some(at(1)), ..fixture::agent_key(empty, 0, 0) };
        assert!(!tx.agent_key_revoke(&key).await.unwrap());
        tx.commit().await.unwrap();
        let tx = store.tenant_read(fixture::tenant_id(1)).await.unwrap();
        assert!(tx.session_find(session_id(0)).await.unwrap().is_some(), "the owner sees it");
    }
}

#[tokio::test]
async fn a_row_of_another_tenant_is_refused() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let one = populate(&store, 1).await;
        let two = populate(&store, 2).await;
        let tx = store.tenant(one).await.unwrap();
        let refused = tx.project_insert(fixture::project(two, 5, "theirs")).await;
        assert!(matches!(refused, Err(StoreError::WrongTenant)), "{refused:?}");
    }
}

#[tokio::test]
async fn attack_08_foreign_keys_and_unique_columns_tell_nothing_of_another_tenant() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let one = populate(&store, 1).await;
        let two = populate(&store, 2).await;
        let tx = store.tenant(one).await.unwrap();
        tx.project_insert(fixture::project(one, 7, "only ours")).await.unwrap();
        tx.commit().await.unwrap();
        // A parent that exists elsewhere fails like one that exists nowhere.
        for project in [7, 8] {
            let tx = store.tenant(two).await.unwrap();
            let refused = tx.agent_key_insert(fixture::agent_key(two, 5, project)).await;
            assert!(matches!(refused, Err(StoreError::MissingParent)), "{refused:?}");
        }
        // The same id and the same name are free in the other tenant.
        let tx = store.tenant(two).await.unwrap();
        tx.project_insert(fixture::project(two, 7, "only ours")).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_cannot_name_another_projects_agent_key() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.project_insert(fixture::project(tenant, 1, "other")).await.unwrap();
        let mut session = fixture::session(tenant, 1);
        session.project_id = project_id(1);
        let refused = tx.session_insert(session).await;
        assert!(matches!(refused, Err(StoreError::MissingParent)), "{refused:?}");
    }
}

#[tokio::test]
async fn attack_08_without_its_filter_a_query_still_sees_one_tenant() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let one = populate(&store, 1).await;
    let two = populate(&store, 2).await;
    fill_the_rest(&database, one).await;
    fill_the_rest(&database, two).await;
    let app = testkit::connect(&database.config().url).await;
    for table in TENANT_TABLES {
        let txn = app.begin().await.unwrap();
        txn.execute_unprepared(&format!("SET LOCAL app.tenant_id = '{one}'")).await.unwrap();
        let sql = format!("SELECT count(*), count(*) FILTER (WHERE tenant_id = '{one}') FROM {table}");
        let row = txn.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        let (all, ours): (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        assert!(ours > 0, "{table} has a row of ours, or this proves nothing");
        assert_eq!(all, ours, "{table}");
        // And a write that names the other tenant is refused by the policy, not by a filter of ours.
        let update = format!("UPDATE {table} SET tenant_id = '{two}'");
        assert!(txn.execute_unprepared(&update).await.is_err(), "{table}");
    }
}

#[tokio::test]
async fn attack_08_a_query_with_no_tenant_or_an_empty_one_fails() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let app = testkit::connect(&database.config().url).await;
    for table in TENANT_TABLES {
        refuse(&app, &format!("SELECT 1 FROM {table}"), "unrecognized configuration parameter").await;
    }
    // What a pooled connection is left with after a transaction that had a tenant.
    let txn = app.begin().await.unwrap();
    txn.execute_unprepared(&format!("SELECT set_config('app.tenant_id', '{tenant}', true)")).await.unwrap();
    txn.commit().await.unwrap();
    let left = app
        .query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT current_setting('app.tenant_id')"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(left.try_get_by_index::<String>(0).unwrap(), "");
    for table in TENANT_TABLES {
        refuse(&app, &format!("SELECT 1 FROM {table}"), "invalid input syntax for type uuid").await;
    }
    refuse(&app, "SELECT * FROM tenant_self()", "invalid input syntax for type uuid").await;
}

#[tokio::test]
async fn attack_08_partitions_and_tables_before_a_tenant_are_out_of_reach() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let app = testkit::connect(&database.config().url).await;
    let system = testkit::connect(&database.url_as("sealtape_system")).await;
    let bound = format!("SET app.tenant_id = '{tenant}'");
    for db in [&app, &system] {
        db.execute_unprepared(&bound).await.unwrap();
    }
    for table in ["tenant", "credential_index", "segment_00", "session_other", "audit_outbox_0", "audit_head"] {
        refuse(&app, &format!("SELECT 1 FROM {table}"), "permission denied").await;
    }
    let out_of_reach = TENANT_TABLES.iter().chain(&["credential_index", "seaql_migrations", "audit_outbox_0"]);
    for table in out_of_reach.filter(|table| !LEDGER_TABLES.contains(table)) {
        refuse(&system, &format!("SELECT 1 FROM {table}"), "permission denied").await;
    }
    for column in ["detail_sealed", "created_at"] {
        refuse(&system, &format!("SELECT {column} FROM audit_outbox"), "permission denied").await;
    }
    for statement in [
        "UPDATE tenant SET state = 'active'",
        "UPDATE tenant SET ready = true",
        "DELETE FROM tenant",
        "SELECT * FROM tenant_self()",
        "SELECT tenant_complete(NULL, '', false, false)",
    ] {
        refuse(&system, statement, "permission denied").await;
    }
    for statement in [
        "UPDATE segment SET events = 0",
        "DELETE FROM segment",
        "DELETE FROM session",
        "UPDATE session SET started_at = 0",
        "DELETE FROM session_view",
        "UPDATE audit_outbox SET leaf_index = 1",
        "DELETE FROM audit_outbox",
        "UPDATE audit_tile SET hashes = hashes || hashes",
        "DELETE FROM audit_checkpoint",
        "SELECT audit_waiting()",
        "CREATE TABLE t (i int)",
        "SET ROLE sealtape_owner",
        "SET ROLE sealtape_lookup",
        "TRUNCATE session",
        "ALTER TABLE session DISABLE ROW LEVEL SECURITY",
        "DELETE FROM seaql_migrations",
        "SELECT sealtape_protect('session')",
    ] {
        refuse_any(&app, statement).await;
    }
}

#[tokio::test]
async fn attack_08_the_owner_is_bound_as_well() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let one = populate(&store, 1).await;
    populate(&store, 2).await;
    let owner = testkit::connect(&database.url_as("sealtape_owner")).await;
    refuse(&owner, "SELECT 1 FROM session", "unrecognized configuration parameter").await;
    owner.execute_unprepared(&format!("SET app.tenant_id = '{one}'")).await.unwrap();
    let row = owner
        .query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT count(*) FROM session"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
}

#[tokio::test]
async fn attack_08_a_role_that_row_security_does_not_bind_is_refused() {
    let database = TestDatabase::postgres().await;
    let admin = database.admin().await;
    // A role of this test alone: roles belong to the cluster. Dropped below, since other tests list roles.
    let bypass = format!("bypass_{}", std::process::id());
    for statement in [format!("CREATE ROLE {bypass} LOGIN BYPASSRLS"), format!("GRANT sealtape_app TO {bypass}")] {
        admin.execute_unprepared(&statement).await.unwrap();
    }
    let mut seen = Vec::new();
    for role in ["postgres", "sealtape_owner", bypass.as_str()] {
        let config = DatabaseConfig { url: database.url_as(role), ..database.config().clone() };
        let refused = Store::connect(&config).await;
        seen.push(refused.map(|_| ()).unwrap_err().to_string());
        let config = DatabaseConfig { system_url: Some(database.url_as(role)), ..database.config().clone() };
        assert!(matches!(Store::connect(&config).await, Err(StoreError::PrivilegedRole(_))), "{role} as system role");
    }
    admin.execute_unprepared(&format!("DROP ROLE {bypass}")).await.unwrap();
    assert_eq!(
        seen,
        [
            "refusing to start: the database role is a superuser",
            "refusing to start: the database role owns tables of Sealtape",
            "refusing to start: the database role may bypass row security",
        ]
    );
}

#[tokio::test]
async fn audit_rows_are_written_once() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.audit_insert(fixture::audit(tenant, 1)).await.unwrap();
        tx.commit().await.unwrap();
        // Even as superuser; the sequencer's one step is allowed once.
        let admin = database.admin().await;
        for refused in [
            "UPDATE audit_outbox SET created_at = 1",
            "DELETE FROM audit_outbox",
            "UPDATE audit_outbox SET leaf = leaf || leaf",
        ] {
            assert!(admin.execute_unprepared(refused).await.is_err(), "{refused}");
        }
        admin.execute_unprepared("UPDATE audit_outbox SET leaf_index = 0").await.unwrap();
        assert!(admin.execute_unprepared("UPDATE audit_outbox SET leaf_index = 1").await.is_err());
    }
}

async fn empty_tenant(store: &Store, number: u64) -> TenantId {
    let system = store.system("test").await.unwrap();
    system.tenant_insert(fixture::tenant(number)).await.unwrap();
    system.commit().await.unwrap();
    fixture::tenant_id(number)
}

/// A row in each table that `populate` leaves empty; those that no tenant may have are planted by hand.
async fn fill_the_rest(database: &TestDatabase, tenant: TenantId) {
    let store = database.store().await;
    let tx = store.tenant(tenant).await.unwrap();
    let active = store::KeyState::Active;
    tx.tenant_purpose_key_insert(fixture::purpose_key(tenant, "search", 1, 1, active)).await.unwrap();
    tx.role_binding_insert(fixture::role_binding(tenant, 0, 0, "viewer")).await.unwrap();
    tx.custom_role_insert(fixture::custom_role(tenant, 0)).await.unwrap();
    tx.login_insert(fixture::login(tenant, 0, 0, 1)).await.unwrap();
    tx.factor_insert(fixture::factor(tenant, 0, 0)).await.unwrap();
    tx.recovery_code_put(fixture::recovery_code(tenant, 0, 0, 1)).await.unwrap();
    tx.challenge_insert(fixture::challenge(tenant, 0, 0, 0)).await.unwrap();
    let minute = std::time::Duration::from_secs(60);
    assert!(tx.factor_attempt_take(member_id(0), at(0), minute, 3).await.unwrap());
    tx.invitation_insert(fixture::invitation(tenant, 0, 0, 1, 1)).await.unwrap();
    tx.password_reset_insert(fixture::password_reset(tenant, 0, 0)).await.unwrap();
    tx.api_key_insert(fixture::api_key(tenant, 0, 0)).await.unwrap();
    tx.subject_insert(fixture::subject(tenant, 0)).await.unwrap();
    tx.subject_identifier_insert(fixture::identifier(tenant, 0, 0)).await.unwrap();
    assert!(tx.session_tab_advance(session_id(0), 0, 0, &hash(1)).await.unwrap());
    tx.segment_insert(fixture::segment(tenant, 0, 0, 0)).await.unwrap();
    tx.gap_insert(fixture::gap(tenant, 0, 0)).await.unwrap();
    tx.manifest_insert(fixture::manifest(tenant, 0, 1)).await.unwrap();
    tx.search_token_put(session_id(0), &[("origin".to_owned(), hash(1))]).await.unwrap();
    tx.session_view_insert(fixture::view(tenant, 0, 0, 0, 1)).await.unwrap();
    tx.session_label_insert(fixture::session_label(tenant, 0, 0)).await.unwrap();
    tx.session_export_insert(crate::exports::export(tenant, 0, 0)).await.unwrap();
    tx.audit_export_insert(crate::exports::audit_export(tenant, 0)).await.unwrap();
    let stopped =
        CaptureStopRow { tenant_id: tenant, scope: capture_scope(None), stopped_at: at(0), stopped_by: member_id(0) };
    assert!(tx.capture_stop_insert(stopped).await.unwrap());
    tx.sink_insert(crate::sinks::sink(tenant, 0)).await.unwrap();
    tx.delivery_insert(crate::sinks::delivery(tenant, 0)).await.unwrap();
    crate::grants::fill(&tx).await;
    tx.audit_insert(fixture::audit(tenant, 0)).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.ledger(tenant).await.unwrap();
    tx.audit_tile_put(0, 0, vec![0; 32]).await.unwrap();
    tx.audit_checkpoint_insert(crate::ledger::checkpoint(tenant, 1, 0)).await.unwrap();
    tx.commit().await.unwrap();
    let admin = database.admin().await;
    admin
        .execute_unprepared(&format!(
            "ALTER TABLE signing_key DROP CONSTRAINT IF EXISTS signing_key_tenant_id_check;
             INSERT INTO signing_key (tenant_id, purpose, version, root_id, wrapped, public_key, state, created_at)
             VALUES ('{tenant}', 'access', 1, 'r', '', '', 'active', 0);
             ALTER TABLE attempt DROP CONSTRAINT IF EXISTS attempt_tenant_id_check;
             INSERT INTO attempt (tenant_id, kind, key, tat) VALUES ('{tenant}', 'k', decode(repeat('00', 32), 'hex'), 0);
             ALTER TABLE membership_proof DROP CONSTRAINT IF EXISTS membership_proof_tenant_id_check;
             INSERT INTO membership_proof (tenant_id, login_id, of_tenant, member_id, password_digest, expires_at)
             VALUES ('{tenant}', '{tenant}', '{tenant}', '{tenant}', decode(repeat('00', 32), 'hex'), 0)"
        ))
        .await
        .unwrap();
}

async fn refuse(db: &DatabaseConnection, sql: &str, because: &str) {
    match db.execute_unprepared(sql).await {
        Ok(_) => panic!("{sql} was allowed"),
        Err(error) => assert!(error.to_string().contains(because), "{sql}: {error}"),
    }
}

async fn refuse_any(db: &DatabaseConnection, sql: &str) {
    assert!(db.execute_unprepared(sql).await.is_err(), "{sql} was allowed");
}

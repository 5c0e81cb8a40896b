//! The well-known alternative: each entry has the hash of the one before it, and whoever adds one holds the chain's head
//! from reading it to their commit.

use domain::TenantId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait as _, Value};
use sha2::{Digest as _, Sha256};

const TABLES: [&str; 2] = [
    "CREATE TABLE bench_chain_head (tenant_id uuid PRIMARY KEY, size bigint NOT NULL, hash bytea NOT NULL)",
    "CREATE TABLE bench_chain (tenant_id uuid NOT NULL, place bigint NOT NULL, hash bytea NOT NULL, leaf bytea NOT NULL,
       PRIMARY KEY (tenant_id, place))",
];

pub(super) async fn create(db: &DatabaseConnection, tenant: TenantId) {
    for table in TABLES {
        db.execute_unprepared(table).await.expect("makes a table");
    }
    let sql = "INSERT INTO bench_chain_head (tenant_id, size, hash) VALUES ($1, 0, $2)";
    run(db, sql, [tenant.uuid().into(), vec![0_u8; 32].into()]).await;
}

/// One act with its entry. The act comes first: the head is held for no longer than it has to be.
pub(super) async fn act(db: &DatabaseConnection, act: Statement, tenant: TenantId, leaf: &[u8]) {
    let backend = db.get_database_backend();
    let tx = db.begin().await.expect("begins");
    tx.execute_raw(act).await.expect("acts");
    let lock = if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT size, hash FROM bench_chain_head WHERE tenant_id = $1{lock}");
    let head = Statement::from_sql_and_values(backend, sql, [tenant.uuid().into()]);
    let head = tx.query_one_raw(head).await.expect("reads").expect("is there");
    let size: i64 = head.try_get("", "size").expect("a number");
    let before: Vec<u8> = head.try_get("", "hash").expect("a hash");
    let hash = Sha256::new().chain_update(before).chain_update(leaf).finalize().to_vec();
    let sql = "INSERT INTO bench_chain (tenant_id, place, hash, leaf) VALUES ($1, $2, $3, $4)";
    run(&tx, sql, [tenant.uuid().into(), size.into(), hash.clone().into(), leaf.to_vec().into()]).await;
    let sql = "UPDATE bench_chain_head SET size = $2, hash = $3 WHERE tenant_id = $1";
    run(&tx, sql, [tenant.uuid().into(), (size + 1).into(), hash.into()]).await;
    tx.commit().await.expect("commits");
}

async fn run<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.expect("is done");
}

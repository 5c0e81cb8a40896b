//! Looking behind the interface, and tampering there: what a database administrator or a thief of the disk can do.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::TenantId;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, QueryResult, Statement};
use serde_json::Value;
use store::Backend;

use super::TestApp;

/// What is stored, closely enough to see whether a refused request left anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// Where sessions and tabs stand.
    pub progress: Vec<String>,
    /// Blobs.
    pub blobs: BTreeSet<String>,
}

/// What changes with every segment, as one text per row; the same SQL on both databases.
const PROGRESS: &str = "SELECT 'session ' || CAST(changed_at AS TEXT) || ' ' || CAST(segments AS TEXT) || ' ' || \
     CAST(events AS TEXT) || ' ' || CAST(gaps AS TEXT) || ' ' || state AS line FROM session \
     UNION ALL SELECT 'tab ' || CAST(tab AS TEXT) || ' ' || CAST(next_n AS TEXT) || ' ' || coalesce(state_blob, '') \
     FROM session_tab ORDER BY 1";

/// Every blob that a row names.
const NAMED: &str = "SELECT blob FROM segment UNION SELECT state_blob FROM session_tab WHERE state_blob IS NOT NULL \
     UNION SELECT blob FROM manifest";

impl TestApp {
    /// What is stored now.
    pub async fn trace(&self) -> Trace {
        let db = self.behind().await;
        let tables = match self.backend() {
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Backend::Postgres => {
                "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                 AND relkind IN ('r', 'p') AND NOT relispartition"
            }
        };
        let mut rows = BTreeMap::new();
        // Counting an attempt is meant to leave a trace, whatever becomes of it.
        for table in texts(&select(&db, tables).await).into_iter().filter(|table| table != "attempt") {
            let counted = select(&db, &format!("SELECT count(*) FROM {table}")).await;
            rows.insert(table, counted[0].try_get_by_index(0).expect("a number"));
        }
        let progress = texts(&select(&db, PROGRESS).await);
        db.close().await.expect("closes");
        Trace { rows, progress, blobs: self.blob_files() }
    }

    /// The number that a query answers with.
    pub async fn number(&self, sql: &str) -> i64 {
        let db = self.behind().await;
        let rows = select(&db, sql).await;
        let number = rows[0].try_get_by_index(0).expect("a number");
        db.close().await.expect("closes");
        number
    }

    /// The texts that a query answers with.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let db = self.behind().await;
        let rows = texts(&select(&db, sql).await);
        db.close().await.expect("closes");
        rows
    }

    /// The ids that a query answers with.
    pub async fn ids(&self, sql: &str) -> Vec<String> {
        let db = self.behind().await;
        let rows = select(&db, sql).await;
        db.close().await.expect("closes");
        rows.iter().map(|row| row.try_get_by_index::<uuid::Uuid>(0).expect("an id").to_string()).collect()
    }

    /// Changes rows past every check, as somebody can who holds the database's files.
    pub async fn tamper(&self, statements: &[&str]) {
        let db = self.behind().await;
        let unchecked = match self.backend() {
            Backend::Sqlite => "PRAGMA foreign_keys = OFF",
            Backend::Postgres => "SET session_replication_role = replica",
        };
        for sql in [unchecked].iter().chain(statements) {
            db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        db.close().await.expect("closes");
    }

    /// The same, past triggers as well; afterwards they are there again.
    pub async fn forge(&self, statements: &[&str]) {
        if self.backend() == Backend::Postgres {
            return self.tamper(statements).await;
        }
        let triggers = "FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit\\_%' ESCAPE '\\' ORDER BY name";
        let dropped = self.texts(&format!("SELECT 'DROP TRIGGER ' || name {triggers}")).await;
        let made = self.texts(&format!("SELECT sql {triggers}")).await;
        let statements = dropped.iter().map(String::as_str).chain(statements.iter().copied());
        self.tamper(&statements.chain(made.iter().map(String::as_str)).collect::<Vec<_>>()).await;
    }

    /// One statement of somebody who writes to the database past the service; its own checks hold.
    ///
    /// # Errors
    /// What the database said.
    pub async fn try_sql(&self, sql: &str) -> Result<u64, String> {
        let db = self.behind().await;
        let outcome =
            db.execute_unprepared(sql).await.map(|done| done.rows_affected()).map_err(|error| error.to_string());
        db.close().await.expect("closes");
        outcome
    }

    /// 32 zero bytes as they are written in this database's SQL.
    #[must_use]
    pub fn zeros(&self) -> &'static str {
        match self.backend() {
            Backend::Sqlite => "zeroblob(32)",
            Backend::Postgres => "decode(repeat('00', 32), 'hex')",
        }
    }

    /// Makes every insert into `table` fail, as a full disk or a dead server would.
    pub async fn break_inserts(&self, table: &str) {
        self.break_all("INSERT", table).await;
    }

    /// The same for updates; [`TestApp::mend_inserts`] ends it, too.
    pub async fn break_updates(&self, table: &str) {
        self.break_all("UPDATE", table).await;
    }

    async fn break_all(&self, what: &str, table: &str) {
        match self.backend() {
            Backend::Sqlite => {
                let body = "BEGIN SELECT RAISE(ABORT, 'broken by the test'); END";
                self.tamper(&[&format!("CREATE TRIGGER broken_{table} BEFORE {what} ON {table} {body}")]).await;
            }
            Backend::Postgres => {
                let body = "BEGIN RAISE EXCEPTION 'broken by the test'; END";
                let make = format!(
                    "CREATE OR REPLACE FUNCTION broken_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
                );
                let attach = format!(
                    "CREATE TRIGGER broken_{table} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION broken_{table}()"
                );
                self.tamper(&[&make, &attach]).await;
            }
        }
    }

    /// Ends [`TestApp::break_inserts`].
    pub async fn mend_inserts(&self, table: &str) {
        match self.backend() {
            Backend::Sqlite => self.tamper(&[&format!("DROP TRIGGER broken_{table}")]).await,
            Backend::Postgres => self.tamper(&[&format!("DROP TRIGGER broken_{table} ON {table}")]).await,
        }
    }

    /// An id as it is written in this database's SQL.
    #[must_use]
    pub fn id(&self, id: &str) -> String {
        match self.backend() {
            Backend::Sqlite => format!("x'{}'", id.replace('-', "")),
            Backend::Postgres => format!("'{id}'::uuid"),
        }
    }

    /// The audit leaves of a tenant, in no particular order.
    pub async fn leaves(&self, tenant: TenantId) -> Vec<Value> {
        let db = self.behind().await;
        let sql = format!("SELECT leaf FROM audit_outbox WHERE tenant_id = {}", self.id(&tenant.to_string()));
        let rows = select(&db, &sql).await;
        db.close().await.expect("closes");
        let leaf = |row: &QueryResult| {
            let bytes: Vec<u8> = row.try_get_by_index(0).expect("bytes");
            serde_json::from_slice(&bytes).expect("a leaf is JSON")
        };
        rows.iter().map(leaf).collect()
    }

    /// The acts in a tenant's audit leaves, sorted.
    pub async fn acts(&self, tenant: TenantId) -> Vec<String> {
        let leaves = self.leaves(tenant).await;
        let mut acts: Vec<String> =
            leaves.iter().map(|leaf| leaf["act"].as_str().expect("an act").to_owned()).collect();
        acts.sort();
        acts
    }

    /// The database's bytes as a thief gets them: the files of SQLite, every row as text of PostgreSQL.
    pub async fn dump(&self) -> Vec<Vec<u8>> {
        if let Some(file) = self.database().file() {
            let folder = file.parent().expect("a file lies in a folder");
            let entries = std::fs::read_dir(folder).expect("the database's folder");
            return entries.flatten().map(|entry| std::fs::read(entry.path()).expect("readable")).collect();
        }
        let mut rows = Vec::new();
        for table in self.trace().await.rows.keys() {
            rows.extend(self.texts(&format!("SELECT t::text FROM {table} t")).await);
            // Text shows bytes as digits: what is readable in them is looked for as bytes.
            let bytes = format!(
                "SELECT coalesce(string_agg(encode(value::bytea, 'escape'), ' '), '') FROM {table} t, \
                 LATERAL (SELECT value FROM jsonb_each_text(to_jsonb(t)) WHERE value LIKE '\\x%') v"
            );
            rows.extend(self.texts(&bytes).await);
        }
        rows.into_iter().map(String::into_bytes).collect()
    }

    /// Names of all files in the blob folder, half-written ones too.
    #[must_use]
    pub fn blob_files(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        collect(&self.blob_folder(), "", &mut names);
        names
    }

    /// Names of blobs that rows speak of.
    pub async fn named_blobs(&self) -> BTreeSet<String> {
        self.texts(NAMED).await.into_iter().collect()
    }

    async fn behind(&self) -> DatabaseConnection {
        self.database().admin().await
    }

    fn backend(&self) -> Backend {
        self.database().backend()
    }
}

async fn select(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn texts(rows: &[QueryResult]) -> Vec<String> {
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

fn collect(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
    // A folder may vanish between two looks: a deletion is under way.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), names);
        } else {
            names.insert(name);
        }
    }
}

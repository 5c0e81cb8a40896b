//! The PostgreSQL cluster that tests share, and the template in it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

/// Any number; keeps parallel test processes from making the template twice.
const LOCK: i64 = 0x7e57;

/// The superuser URL of the run's cluster, started if nobody did.
///
/// # Panics
/// When the cluster cannot be started; the message says what to install.
pub(crate) fn url() -> String {
    if let Ok(url) = std::env::var("SEALTAPE_TEST_PG") {
        return url;
    }
    // Outside the repository: the server's user must be able to enter it.
    let folder = std::env::temp_dir().join("sealtape-test-cluster");
    let script = repository().join("tests/pg.sh");
    let output = Command::new(script).arg("start").arg(folder).arg("--auto-stop").output().expect("runs tests/pg.sh");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a url").trim().to_owned()
}

/// The cluster's URL with another role and database.
pub(crate) fn url_for(cluster: &str, role: &str, database: &str) -> String {
    let mut url = url::Url::parse(cluster).expect("a url");
    url.set_username(role).expect("a role");
    url.set_path(database);
    url.into()
}

/// The name of a migrated database to clone, made by whoever comes first.
pub(crate) async fn template(cluster: &str) -> String {
    let name = format!("tpl_{:016x}", schema_hash());
    let db = super::connect(cluster).await;
    if !exists(&db, &name).await {
        execute(&db, &format!("SELECT pg_advisory_lock({LOCK})")).await;
        if !exists(&db, &name).await {
            // Renamed when ready, so that a process killed half-way leaves nothing that looks finished.
            let draft = format!("{name}_draft");
            execute(&db, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
            execute(&db, &format!("CREATE DATABASE {draft} TEMPLATE template0")).await;
            store::migrate(&url_for(cluster, "postgres", &draft)).await.expect("migrates");
            execute(&db, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
        }
        execute(&db, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    }
    db.close().await.expect("closes");
    name
}

async fn exists(db: &DatabaseConnection, name: &str) -> bool {
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
    db.query_one_raw(statement).await.expect("reads").is_some()
}

pub(crate) async fn execute(db: &DatabaseConnection, sql: &str) {
    if let Err(error) = db.execute_unprepared(sql).await {
        panic!("{sql}: {error}");
    }
}

/// A hash of every migration's text.
fn schema_hash() -> u64 {
    let mut files = Vec::new();
    collect(&repository().join("migrations/src"), &mut files);
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the migrations") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

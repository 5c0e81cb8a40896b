//! Fresh databases for tests; never part of a shipped program.
//!
//! **Purpose.** A test asks for a migrated, empty database of either kind and gets one that nobody else has.
//!
//! **Design.** SQLite: a file in a folder of its own. PostgreSQL: a clone of a migrated template in a throw-away cluster
//! whose superuser URL is in `SEALTAPE_TEST_PG` (`make test` sets it); without it, `tests/pg.sh` starts a cluster that
//! stops by itself. The template is named after the text of the migrations, so that a changed migration makes a new one.
//! Stores connect as the app role, never as superuser: row security would not bind that.
//!
//! **How to add one more kind of database.** A constructor like [`TestDatabase::sqlite`] and a line in
//! [`TestDatabase::both`].

#![expect(clippy::missing_panics_doc, reason = "a test that cannot get its database can only stop")]

mod cluster;
mod wire;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use store::{Backend, DatabaseConfig, Store};
use tempfile::TempDir;

pub use wire::Wire;

/// A database of one test.
#[derive(Debug)]
pub struct TestDatabase {
    config: DatabaseConfig,
    admin_url: String,
    // Removed with the value.
    folder: Option<TempDir>,
}

static DATABASES: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A migrated SQLite file.
    pub async fn sqlite() -> Self {
        let database = Self::empty_sqlite();
        store::migrate(&database.admin_url).await.expect("migrates");
        database
    }

    /// A SQLite file with nothing in it.
    #[must_use]
    pub fn empty_sqlite() -> Self {
        let folder = TempDir::with_prefix("sealtape-db-").expect("a temporary folder");
        let config = DatabaseConfig::sqlite(&folder.path().join("sealtape.db"));
        Self { admin_url: config.url.clone(), config, folder: Some(folder) }
    }

    /// A migrated PostgreSQL database.
    pub async fn postgres() -> Self {
        let server = cluster::url();
        let template = cluster::template(&server).await;
        Self::cloned(&server, &template).await
    }

    /// A PostgreSQL database with nothing in it.
    pub async fn empty_postgres() -> Self {
        Self::cloned(&cluster::url(), "template0").await
    }

    /// One of each.
    pub async fn both() -> [Self; 2] {
        [Self::sqlite().await, Self::postgres().await]
    }

    async fn cloned(cluster: &str, template: &str) -> Self {
        // Process id and counter: test runners start many processes against one cluster.
        let name = format!("t_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        let maintenance = connect(cluster).await;
        // A process id may come round again in a cluster that lives long.
        cluster::execute(&maintenance, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        cluster::execute(&maintenance, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        maintenance.close().await.expect("closes");
        let mut config = DatabaseConfig::new(cluster::url_for(cluster, "sealtape_app", &name));
        config.system_url = Some(cluster::url_for(cluster, "sealtape_system", &name));
        config.max_connections = 4;
        Self { config, admin_url: cluster::url_for(cluster, "postgres", &name), folder: None }
    }

    /// How to connect as the service does.
    #[must_use]
    pub const fn config(&self) -> &DatabaseConfig {
        &self.config
    }

    /// How to connect as one who may do everything: migrations, and tests that look behind row security.
    #[must_use]
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// The same database as another role of the cluster (PostgreSQL).
    #[must_use]
    pub fn url_as(&self, role: &str) -> String {
        let url = url::Url::parse(&self.admin_url).expect("our own url");
        cluster::url_for(&self.admin_url, role, url.path().trim_start_matches('/'))
    }

    /// The database file, for SQLite.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.path().join("sealtape.db"))
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        Backend::of(&self.config.url).expect("our own url")
    }

    /// Opens it as the service does.
    pub async fn store(&self) -> Store {
        Store::connect(&self.config).await.expect("connects")
    }

    /// A bare connection as the one who may do everything.
    pub async fn admin(&self) -> DatabaseConnection {
        connect(&self.admin_url).await
    }
}

/// One bare connection to `url`, for statements the store does not offer.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.expect("connects");
    if url.starts_with("sqlite:") {
        db.execute_unprepared("PRAGMA foreign_keys = ON").await.expect("sets");
    }
    db
}

//! Opening the database with the settings everything else relies on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::TenantId;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use tokio::sync::Notify;

use crate::{BatchTx, LedgerTx, StoreError, SystemTx, TenantRead, TenantTx, role};

/// Which of the two databases this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// Production.
    Postgres,
}

impl Backend {
    /// The backend a URL names.
    pub fn of(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres)
        } else {
            Err(StoreError::Config("database url: expected sqlite:… or postgres:…".to_owned()))
        }
    }

    pub(crate) const fn sea_orm(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}

/// Where the database is and how many connections it may take.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// `sqlite://FILE?mode=rwc` or `postgres://…` as a role that is a plain member of `sealtape_app`.
    pub url: String,
    /// PostgreSQL only: the same database as role `sealtape_system`.
    pub system_url: Option<String>,
    /// PostgreSQL: size of the pool. SQLite: readers; there is always exactly one writer.
    pub max_connections: u32,
    /// How long a call waits for a free connection before it answers [`StoreError::Unavailable`].
    pub acquire_timeout: Duration,
}

impl std::fmt::Debug for DatabaseConfig {
    /// Database URLs carry passwords, so none is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("url", &"***")
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

impl DatabaseConfig {
    /// The documented defaults for this URL: 8 connections, 5 s to get one.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), system_url: None, max_connections: 8, acquire_timeout: Duration::from_secs(5) }
    }

    /// The defaults for a database file.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        Self::new(format!("sqlite://{}?mode=rwc", file.display()))
    }
}

/// The open database. Cloning shares the connections.
#[derive(Clone)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    system: DatabaseConnection,
    backend: Backend,
    leaves: Arc<Notify>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.backend).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database. Refuses a schema with pending migrations and, on PostgreSQL, a role that row security would
    /// not bind (`threats.md` 8).
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let store = match Backend::of(&config.url)? {
            Backend::Sqlite => Self::connect_sqlite(config).await?,
            Backend::Postgres => Self::connect_postgres(config).await?,
        };
        let pending = migrations::pending(&store.reader).await?;
        if pending.is_empty() { Ok(store) } else { Err(StoreError::PendingMigrations(pending.len())) }
    }

    async fn connect_sqlite(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let writer = Database::connect(sqlite_options(&config.url, 1, config.acquire_timeout, false)).await?;
        let readers = config.max_connections.max(1);
        let reader = Database::connect(sqlite_options(&config.url, readers, config.acquire_timeout, true)).await?;
        let leaves = Arc::default();
        Ok(Self { system: writer.clone(), writer, reader, backend: Backend::Sqlite, leaves })
    }

    async fn connect_postgres(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let Some(system_url) = &config.system_url else {
            return Err(StoreError::Config("PostgreSQL needs a second url, as role sealtape_system".to_owned()));
        };
        let app =
            Database::connect(postgres_options(&config.url, config.max_connections, config.acquire_timeout)).await?;
        role::check(&app).await?;
        let system = Database::connect(postgres_options(system_url, 2, config.acquire_timeout)).await?;
        role::check(&system).await?;
        let leaves = Arc::default();
        Ok(Self { writer: app.clone(), reader: app, system, backend: Backend::Postgres, leaves })
    }

    /// Opens a write transaction for one tenant.
    pub async fn tenant(&self, tenant: TenantId) -> Result<TenantTx, StoreError> {
        TenantTx::begin(self, tenant).await
    }

    /// Opens a read-only transaction for one tenant; on SQLite it does not wait for the writer.
    pub async fn tenant_read(&self, tenant: TenantId) -> Result<TenantRead, StoreError> {
        TenantRead::begin(self, tenant).await
    }

    /// Opens a transaction over the list of tenants. `reason` goes to the log.
    pub async fn system(&self, reason: &'static str) -> Result<SystemTx, StoreError> {
        SystemTx::begin(self, reason).await
    }

    /// Opens a write transaction on one tenant's audit log, for its sequencer and its signer.
    pub async fn ledger(&self, tenant: TenantId) -> Result<LedgerTx, StoreError> {
        LedgerTx::begin(self, tenant).await
    }

    /// Opens a read-only look at one tenant's audit log as the signer has it.
    pub async fn ledger_read(&self, tenant: TenantId) -> Result<TenantRead, StoreError> {
        TenantRead::begin_on(self.system_reader(), tenant, self.backend).await
    }

    /// Waits until a transaction of this process has added an audit leaf. A hint: other processes add some, too.
    pub async fn audit_added(&self) {
        self.leaves.notified().await;
    }

    /// Starts a batch of uploads.
    pub fn batch(&self) -> BatchTx {
        BatchTx::new(self.clone())
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.reader.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Closes every connection after its work; SQLite folds its log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        for pool in [self.reader, self.system, self.writer] {
            pool.close().await?;
        }
        Ok(())
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        self.backend
    }
    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }
    pub(crate) const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }
    pub(crate) const fn system_pool(&self) -> &DatabaseConnection {
        &self.system
    }
    /// SQLite's readers do not wait for its writer; on PostgreSQL only the system role sees what is before a tenant.
    pub(crate) const fn system_reader(&self) -> &DatabaseConnection {
        match self.backend {
            Backend::Sqlite => &self.reader,
            Backend::Postgres => &self.system,
        }
    }
    pub(crate) const fn leaves(&self) -> &Arc<Notify> {
        &self.leaves
    }
}

/// SQLite as `toolchain.md` found it necessary: without `secure_delete` shredded key bytes stay in the file, without
/// `journal_size_limit` they stay in the log, and FULL is what makes an ack durable.
pub(crate) fn sqlite_options(url: &str, connections: u32, acquire: Duration, read_only: bool) -> ConnectOptions {
    let mut options = base_options(url, connections, acquire);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .pragma("journal_size_limit", "0")
            .pragma("temp_store", "MEMORY");
        if read_only { sqlite.pragma("query_only", "ON") } else { sqlite }
    });
    options
}

/// PostgreSQL with server-side limits, so that a stuck client cannot hold a snapshot or a lock.
pub(crate) fn postgres_options(url: &str, connections: u32, acquire: Duration) -> ConnectOptions {
    let mut options = base_options(url, connections, acquire);
    options.map_sqlx_postgres_opts(|postgres| {
        postgres.application_name("sealtape").options([
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("lock_timeout", "5s"),
            ("search_path", "public"),
        ])
    });
    options
}

pub(crate) fn base_options(url: &str, connections: u32, acquire: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).acquire_timeout(acquire).sqlx_logging(false);
    options
}

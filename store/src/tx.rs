//! Transactions. A [`TenantTx`] or [`TenantRead`] is bound to one tenant for its whole life and is the only way to that
//! tenant's rows; a [`BatchTx`] shares one commit between many uploads; a [`SystemTx`] sees the list of tenants and
//! nothing else.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::TenantId;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, EntityTrait, ExecResult, Insert, QueryResult,
    Select, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _, Value,
};
use tokio::sync::Notify;

use crate::scope::Row;
use crate::{Backend, Store, StoreError};

/// The longest a transaction may stay open: a longer one would hold back SQLite's checkpoint and PostgreSQL's vacuum.
pub const MAX_TRANSACTION: Duration = Duration::from_secs(30);

/// One tenant's rows as they stood when it began; cannot write. Drop it when done.
#[must_use = "a TenantRead holds a connection until dropped"]
pub struct TenantRead {
    txn: DatabaseTransaction,
    tenant: TenantId,
    backend: Backend,
    opened: Instant,
}

impl std::fmt::Debug for TenantRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantRead").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// One transaction, one tenant. Dropping it without [`commit`](Self::commit) rolls back.
///
/// On SQLite it holds the one write lock from its start, so nothing slow (network, hashing) may happen inside it.
#[must_use = "a TenantTx rolls back unless committed"]
#[derive(Debug)]
pub struct TenantTx {
    rows: TenantRead,
    /// Who sequences what this transaction adds to the audit log, and whether it adds anything.
    leaves: Arc<Notify>,
    added: AtomicBool,
}

impl Deref for TenantTx {
    type Target = TenantRead;
    fn deref(&self) -> &TenantRead {
        &self.rows
    }
}

impl TenantRead {
    pub(crate) async fn begin(store: &Store, tenant: TenantId) -> Result<Self, StoreError> {
        Self::begin_on(store.reader(), tenant, store.backend()).await
    }

    pub(crate) async fn begin_on(
        pool: &DatabaseConnection,
        tenant: TenantId,
        backend: Backend,
    ) -> Result<Self, StoreError> {
        let txn = pool.begin().await?;
        if backend == Backend::Postgres {
            // REPEATABLE READ gives what SQLite's read transaction is anyway: one moment for all its selects.
            txn.execute_unprepared(&format!(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; {}",
                tenant_setting(tenant)
            ))
            .await?;
        }
        Ok(Self { txn, tenant, backend, opened: Instant::now() })
    }

    /// Whose rows these are.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub(crate) fn db(&self) -> Result<&DatabaseTransaction, StoreError> {
        if self.opened.elapsed() > MAX_TRANSACTION { Err(StoreError::TooLong) } else { Ok(&self.txn) }
    }

    pub(crate) const fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) async fn one<R: Row>(&self, select: Select<R::Entity>) -> Result<Option<R>, StoreError> {
        select.one(self.db()?).await?.map(R::load).transpose()
    }

    pub(crate) async fn all<R: Row>(&self, select: Select<R::Entity>) -> Result<Vec<R>, StoreError> {
        select.all(self.db()?).await?.into_iter().map(R::load).collect()
    }

    /// Runs a select written by hand. `$1` is always the tenant; `values` follow from `$2`.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        Ok(self.db()?.query_all_raw(self.statement(sql, values)).await?)
    }

    /// Like [`rows`](Self::rows), for at most one row.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StoreError> {
        Ok(self.db()?.query_one_raw(self.statement(sql, values)).await?)
    }

    /// Both drivers number parameters as `$1`, `$2`, …, so one text serves both databases.
    pub(crate) fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        let bound = std::iter::once(Value::from(self.tenant.uuid())).chain(values);
        Statement::from_sql_and_values(self.backend.sea_orm(), sql, bound)
    }
}

impl TenantTx {
    pub(crate) async fn begin(store: &Store, tenant: TenantId) -> Result<Self, StoreError> {
        Self::begin_on(store.writer(), store, tenant).await
    }

    pub(crate) async fn begin_on(
        pool: &DatabaseConnection,
        store: &Store,
        tenant: TenantId,
    ) -> Result<Self, StoreError> {
        let txn = begin_write(pool).await?;
        if store.backend() == Backend::Postgres {
            txn.execute_unprepared(&tenant_setting(tenant)).await?;
        }
        Ok(Self::over(txn, store, tenant))
    }

    fn over(txn: DatabaseTransaction, store: &Store, tenant: TenantId) -> Self {
        let rows = TenantRead { txn, tenant, backend: store.backend(), opened: Instant::now() };
        Self { rows, leaves: Arc::clone(store.leaves()), added: AtomicBool::new(false) }
    }

    /// Makes everything durable: when this returns, the database has been told to write through to the disk.
    ///
    /// For an item of a [`BatchTx`] it only accepts the item; durability comes with the batch's commit.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.rows.opened.elapsed() > MAX_TRANSACTION {
            return Err(StoreError::TooLong);
        }
        self.rows.txn.commit().await?;
        if self.added.into_inner() {
            self.leaves.notify_one();
        }
        Ok(())
    }

    /// Says that this transaction adds to the audit log.
    pub(crate) fn adds_leaf(&self) {
        self.added.store(true, Ordering::Relaxed);
    }

    pub(crate) async fn insert<R: Row>(&self, row: R) -> Result<(), StoreError>
    where
        <R::Entity as EntityTrait>::ActiveModel: Send,
    {
        if row.tenant() != self.tenant {
            return Err(StoreError::WrongTenant);
        }
        // Without RETURNING: the app role may insert into the audit outbox but never read it.
        Insert::one(row.store()?).exec_without_returning(self.db()?).await?;
        Ok(())
    }

    /// Runs a statement written by hand; `$1` is the tenant.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let done: ExecResult = self.db()?.execute_raw(self.statement(sql, values)).await?;
        Ok(done.rows_affected())
    }

    /// Like [`run`](Self::run) for a conditional update of one row: did the condition hold?
    pub(crate) async fn won(&self, sql: &str, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.run(sql, values).await? == 1)
    }
}

async fn begin_write(pool: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    // IMMEDIATE: a deferred transaction that turns into a writer half-way can fail instead of waiting.
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    Ok(pool.begin_with_options(options).await?)
}

/// Ends with the transaction. The id is a UUID in its one spelling, so the text cannot carry anything else.
fn tenant_setting(tenant: TenantId) -> String {
    format!("SET LOCAL app.tenant_id = '{tenant}'")
}

/// Uploads of one tick that share a commit (`recording.md`, "Ingest").
///
/// Each item is a savepoint with its tenant set, so that a failing item is refused alone. SQLite: one transaction for all
/// items. PostgreSQL: one transaction per tenant; asking for another tenant's item commits the one before. Sort items by
/// tenant, then session: fewer commits, and two batches never wait for each other in a circle.
#[must_use = "a BatchTx rolls back unless committed"]
pub struct BatchTx {
    store: Store,
    open: Option<Open>,
    outcome: BatchOutcome,
}

struct Open {
    txn: DatabaseTransaction,
    /// The tenants with items in `txn`; on PostgreSQL exactly one.
    tenants: Vec<TenantId>,
}

impl std::fmt::Debug for BatchTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BatchTx").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// Whose items of a batch are durable.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    failed: Vec<(TenantId, StoreError)>,
}

impl BatchOutcome {
    /// True when every accepted item of this tenant is durable and may be acked.
    #[must_use]
    pub fn committed(&self, tenant: TenantId) -> bool {
        self.failed.iter().all(|(failed, _)| *failed != tenant)
    }
    /// The tenants whose commit failed, and why; none of their items may be acked.
    #[must_use]
    pub fn failed(&self) -> &[(TenantId, StoreError)] {
        &self.failed
    }
}

impl BatchTx {
    pub(crate) const fn new(store: Store) -> Self {
        Self { store, open: None, outcome: BatchOutcome { failed: Vec::new() } }
    }

    /// Opens one item. [`TenantTx::commit`] accepts it into the batch, dropping it takes it out; either before the next.
    pub async fn item(&mut self, tenant: TenantId) -> Result<TenantTx, StoreError> {
        let backend = self.store.backend();
        if backend == Backend::Postgres && self.open.as_ref().is_some_and(|open| !open.tenants.contains(&tenant)) {
            self.flush().await;
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(Open { txn: begin_write(self.store.writer()).await?, tenants: Vec::new() }),
        };
        if !open.tenants.contains(&tenant) {
            if backend == Backend::Postgres {
                open.txn.execute_unprepared(&tenant_setting(tenant)).await?;
            }
            open.tenants.push(tenant);
        }
        let txn = open.txn.begin().await?;
        Ok(TenantTx::over(txn, &self.store, tenant))
    }

    /// Makes every accepted item durable and says whose are.
    pub async fn commit(mut self) -> BatchOutcome {
        self.flush().await;
        self.outcome
    }

    async fn flush(&mut self) {
        let Some(open) = self.open.take() else { return };
        if let Err(error) = open.txn.commit().await {
            // One transaction, one cause; the first tenant carries it, the others carry the fact.
            let mut cause = Some(StoreError::from(error));
            for tenant in open.tenants {
                let error = cause.take().unwrap_or(StoreError::Unavailable(sea_orm::DbErr::RecordNotUpdated));
                self.outcome.failed.push((tenant, error));
            }
        }
    }
}

/// Work that starts before a tenant is known: it sees the tenants' list and nothing of theirs.
///
/// On PostgreSQL it is a connection of role `sealtape_system`, whose column grants are all it has.
#[must_use = "a SystemTx rolls back unless committed"]
pub struct SystemTx {
    txn: DatabaseTransaction,
    backend: Backend,
    reason: &'static str,
}

impl std::fmt::Debug for SystemTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemTx").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl SystemTx {
    pub(crate) async fn begin(store: &Store, reason: &'static str) -> Result<Self, StoreError> {
        tracing::debug!(reason, "system transaction");
        let txn = begin_write(store.system_pool()).await?;
        Ok(Self { txn, backend: store.backend(), reason })
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.txn.commit().await?)
    }

    pub(crate) const fn db(&self) -> &DatabaseTransaction {
        &self.txn
    }

    pub(crate) const fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend.sea_orm(), sql, values)
    }
}

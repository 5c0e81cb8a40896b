//! What can go wrong between a use case and the tables.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Why the store could not do what it was asked. No text here holds a stored value.
///
/// After any error inside a transaction the transaction is to be dropped: PostgreSQL refuses its further statements.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with this key, or this unique value, is already there.
    #[error("a row with this key already exists")]
    Conflict,
    /// The row names a parent that is not there in this tenant.
    #[error("the row names a parent that does not exist in this tenant")]
    MissingParent,
    /// The key that wraps the new key is no longer active (rotated or shredded meanwhile): seal again or answer 503.
    #[error("the wrapping key is no longer active")]
    ParentKey,
    /// A row of one tenant was handed to another tenant's transaction: a defect in the caller, never a user's doing.
    #[error("the row belongs to another tenant than the transaction")]
    WrongTenant,
    /// PostgreSQL cannot hold NUL in text, so neither database is given one.
    #[error("text holds a NUL byte")]
    NulByte,
    /// A number does not fit the column (they are signed 64 bit).
    #[error("a number is out of the column's range")]
    OutOfRange,
    /// A stored value is not one this version can have written.
    #[error("{table}.{column} holds a value this version does not know")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A transaction stayed open for longer than [`crate::MAX_TRANSACTION`].
    #[error("the transaction stayed open too long")]
    TooLong,
    /// The service was given a database role that row security does not bind.
    #[error("refusing to start: the database role {0}")]
    PrivilegedRole(String),
    /// The schema is older than this program.
    #[error("{0} migrations are pending: run `sealtape migrate` first")]
    PendingMigrations(usize),
    /// The configuration cannot work.
    #[error("{0}")]
    Config(String),
    /// The database file could not be copied before migrating.
    #[error("could not copy the database file before migrating it")]
    Copy(#[source] std::io::Error),
    /// The database is busy, restarting or out of connections; the same call may succeed later.
    #[error("the database is not available just now")]
    Unavailable(#[source] DbErr),
    /// Anything else the database said.
    #[error("the database refused a statement")]
    Database(#[source] DbErr),
}

impl StoreError {
    /// True when repeating the whole transaction later can succeed: answer 503 with Retry-After.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::ParentKey | Self::TooLong)
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::Conflict,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::MissingParent,
            _ => {}
        }
        if passes_by_itself(&error) { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

/// Locks held by somebody else, cut connections and restarts: nothing is wrong with the statement.
fn passes_by_itself(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else { return false };
    if cause.as_database_error().is_none() {
        // No answer from the database at all: sqlx reports sockets and pools this way, and decoding faults otherwise.
        let text = cause.to_string();
        return ["communicating with database", "pool timed out", "closed pool", "broken pipe"]
            .iter()
            .any(|mark| text.to_ascii_lowercase().contains(mark));
    }
    let code = cause.as_database_error().and_then(sea_orm::sqlx::error::DatabaseError::code);
    matches!(
        code.as_deref(),
        // SQLite: SQLITE_BUSY, SQLITE_LOCKED and their extended forms.
        Some(
            "5" | "6" | "261" | "262" | "517" | "773"
        // PostgreSQL: serialisation, deadlock, lock and statement time-outs, too many connections, shutting down.
        | "40001" | "40P01" | "55P03" | "57014" | "53300" | "57P01" | "57P02" | "57P03" | "25P03"
        )
    )
}

//! The schema, as steps that are never changed once released. DDL only: no row of a tenant is read or written here.
//!
//! **Purpose.** Both databases get the same tables; PostgreSQL also gets what only it has: roles, row security,
//! partitions and look-up functions.
//!
//! **Design.** Each migration is a folder with `sqlite.sql` and `postgres.sql`, written by hand because STRICT tables,
//! policies, partitions and grants have no common form. Migrations are applied in order, each in a transaction, and
//! recorded in `seaql_migrations`. Old code runs on the new schema: add, never rename. On PostgreSQL every run also makes
//! the coming months' partitions ([`postgres::ensure_partitions`]).
//!
//! **How to add one more table.** A new migration folder, listed in [`Migrator`]. `tenant_id` first in every key and
//! foreign key, ON DELETE RESTRICT; SQLite tables are STRICT; PostgreSQL text is COLLATE "C". On PostgreSQL call
//! `sealtape_protect('table')` for row security and grant the app role no more than it needs. The catalogue test in
//! `store/tests` fails for a table that misses one of these, and its privilege snapshot shows the grants to a reviewer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend};

mod m20261122_000001_foundation;
mod m20261122_000002_jobs;
mod m20261122_000003_identity;
mod m20261122_000004_grants;
mod m20261122_000005_roles;
mod m20261122_000006_factors;
mod m20261122_000007_once;
mod m20261122_000008_visits;
mod m20261122_000009_labels;
mod m20261122_000012_authority;
pub mod postgres;

/// The list of migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        // One a line: migrations of one day are written side by side.
        vec![
            Box::new(m20261122_000001_foundation::Migration),
            Box::new(m20261122_000002_jobs::Migration),
            Box::new(m20261122_000003_identity::Migration),
            Box::new(m20261122_000004_grants::Migration),
            Box::new(m20261122_000005_roles::Migration),
            Box::new(m20261122_000006_factors::Migration),
            Box::new(m20261122_000007_once::Migration),
            Box::new(m20261122_000008_visits::Migration),
            Box::new(m20261122_000009_labels::Migration),
            Box::new(m20261122_000012_authority::Migration),
        ]
    }
}

/// The migrations not applied yet, by name; writes nothing.
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let pending = Migrator::get_pending_migrations_read_only(db).await?;
    Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
}

/// Applies what is pending. On PostgreSQL `db` must be a pool of exactly one connection, because the run takes on the
/// owner's role on it.
pub async fn run(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(db, None).await;
    }
    postgres::begin_run(db).await?;
    Migrator::up(db, None).await?;
    postgres::ensure_partitions(db).await?;
    postgres::end_run(db).await
}

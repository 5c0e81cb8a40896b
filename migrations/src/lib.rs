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
//! **How to add one more table.** A new folder with the two files, listed in `STEPS`. `tenant_id` first in every key and
//! foreign key, ON DELETE RESTRICT; SQLite tables are STRICT; PostgreSQL text is COLLATE "C". On PostgreSQL call
//! `sealtape_protect('table')` for row security and grant the app role no more than it needs. The catalogue test in
//! `store/tests` fails for a table that misses one of these, and its privilege snapshot shows the grants to a reviewer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend};

pub mod postgres;
mod step;

use step::Step;

/// Every migration, oldest first.
const STEPS: &[Step] = &[
    // Tenancy, keys, members, projects, sessions and the audit outbox.
    Step {
        name: "m20261122_000001_foundation",
        sqlite: include_str!("m20261122_000001_foundation/sqlite.sql"),
        postgres: include_str!("m20261122_000001_foundation/postgres.sql"),
    },
    // Background work, notices and mail.
    Step {
        name: "m20261122_000002_jobs",
        sqlite: include_str!("m20261122_000002_jobs/sqlite.sql"),
        postgres: include_str!("m20261122_000002_jobs/postgres.sql"),
    },
    // Identity: tenants that are complete or absent, invitations, password resets, where a sign-in came from, memberships
    // proven at a sign-in, API keys, and counted attempts.
    Step {
        name: "m20261122_000003_identity",
        sqlite: include_str!("m20261122_000003_identity/sqlite.sql"),
        postgres: include_str!("m20261122_000003_identity/postgres.sql"),
    },
    // Access requests, grants, broken glass and two-person proposals.
    Step {
        name: "m20261122_000004_grants",
        sqlite: include_str!("m20261122_000004_grants/sqlite.sql"),
        postgres: include_str!("m20261122_000004_grants/postgres.sql"),
    },
    // Who may watch what: sensitivity of projects and sessions.
    Step {
        name: "m20261122_000005_roles",
        sqlite: include_str!("m20261122_000005_roles/sqlite.sql"),
        postgres: include_str!("m20261122_000005_roles/postgres.sql"),
    },
    // Second factors of members: TOTP and security keys, recovery codes, challenges, counted attempts, fresh logins.
    Step {
        name: "m20261122_000006_factors",
        sqlite: include_str!("m20261122_000006_factors/sqlite.sql"),
        postgres: include_str!("m20261122_000006_factors/postgres.sql"),
    },
    // What was created under an `Idempotency-Key`.
    Step {
        name: "m20261122_000007_once",
        sqlite: include_str!("m20261122_000007_once/sqlite.sql"),
        postgres: include_str!("m20261122_000007_once/postgres.sql"),
    },
    // Which session a session follows, when the agent split a long visit.
    Step {
        name: "m20261122_000008_visits",
        sqlite: include_str!("m20261122_000008_visits/sqlite.sql"),
        postgres: include_str!("m20261122_000008_visits/postgres.sql"),
    },
    // What decisions look at beside sensitivity: environments, labels, and whether a visitor is vouched for.
    Step {
        name: "m20261122_000009_labels",
        sqlite: include_str!("m20261122_000009_labels/sqlite.sql"),
        postgres: include_str!("m20261122_000009_labels/postgres.sql"),
    },
    // Roles of a tenant's own, for which sessions a member holds a role, and MACs over the rows that say so.
    Step {
        name: "m20261122_000012_authority",
        sqlite: include_str!("m20261122_000012_authority/sqlite.sql"),
        postgres: include_str!("m20261122_000012_authority/postgres.sql"),
    },
    // Who took which session out.
    Step {
        name: "m20261123_000013_exports",
        sqlite: include_str!("m20261123_000013_exports/sqlite.sql"),
        postgres: include_str!("m20261123_000013_exports/postgres.sql"),
    },
    // The audit log as a tree: its head, its tiles and its signed checkpoints.
    Step {
        name: "m20261123_000014_ledger",
        sqlite: include_str!("m20261123_000014_ledger/sqlite.sql"),
        postgres: include_str!("m20261123_000014_ledger/postgres.sql"),
    },
    // MACs over sign-ins.
    Step {
        name: "m20261123_000015_sign_ins",
        sqlite: include_str!("m20261123_000015_sign_ins/sqlite.sql"),
        postgres: include_str!("m20261123_000015_sign_ins/postgres.sql"),
    },
    // What the audit log is asked for by, and which logs are refused.
    Step {
        name: "m20261123_000016_facets",
        sqlite: include_str!("m20261123_000016_facets/sqlite.sql"),
        postgres: include_str!("m20261123_000016_facets/postgres.sql"),
    },
    // What is taken out of the audit log.
    Step {
        name: "m20261123_000017_audit_exports",
        sqlite: include_str!("m20261123_000017_audit_exports/sqlite.sql"),
        postgres: include_str!("m20261123_000017_audit_exports/postgres.sql"),
    },
    // Receivers of the audit log outside, and batches on their way to them.
    Step {
        name: "m20261123_000018_sinks",
        sqlite: include_str!("m20261123_000018_sinks/sqlite.sql"),
        postgres: include_str!("m20261123_000018_sinks/postgres.sql"),
    },
    // What leaves are asked for by is written with their place, not with the act.
    Step {
        name: "m20261123_000019_placed",
        sqlite: include_str!("m20261123_000019_placed/sqlite.sql"),
        postgres: include_str!("m20261123_000019_placed/postgres.sql"),
    },
    // What outside witnesses signed.
    Step {
        name: "m20261123_000022_witnessed",
        sqlite: include_str!("m20261123_000022_witnessed/sqlite.sql"),
        postgres: include_str!("m20261123_000022_witnessed/postgres.sql"),
    },
    // What was put into WORM storage.
    Step {
        name: "m20261123_000023_anchored",
        sqlite: include_str!("m20261123_000023_anchored/sqlite.sql"),
        postgres: include_str!("m20261123_000023_anchored/postgres.sql"),
    },
    // Where nothing is captured now.
    Step {
        name: "m20261123_000024_capture_stop",
        sqlite: include_str!("m20261123_000024_capture_stop/sqlite.sql"),
        postgres: include_str!("m20261123_000024_capture_stop/postgres.sql"),
    },
];

/// The list of migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
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

//! What only PostgreSQL needs: roles, and partitions that follow the calendar.
//!
//! # Roles
//!
//! | role | may | used by |
//! | --- | --- | --- |
//! | `sealtape_owner` | owns every table; bound by row security too (FORCE) | `sealtape migrate` |
//! | `sealtape_app` | rows, table by table; owns nothing | `serve`, `api`, `work` |
//! | `sealtape_system` | named columns of `tenant` and `job`; makes the audit log's tree | the same processes, before a tenant is known |
//! | `sealtape_lookup` | NOLOGIN; owns the look-up functions | nobody |
//!
//! # What `migrate` expects
//!
//! Either the operator made the roles (with the statements of [`ROLES`]; `docs/operations/postgresql.md` says how), the
//! database is owned by `sealtape_owner`, and `migrate` connects as that role. Or `migrate` connects as a superuser: it
//! then makes what is missing. In both cases every table ends up owned by `sealtape_owner`. `sealtape_app` and
//! `sealtape_system` are made LOGIN without a password: the operator sets one, or lets the server authenticate them in
//! another way.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

/// Makes the roles; run by a role that may (superuser), harmless when repeated.
pub const ROLES: &str = include_str!("roles.sql");

/// Any number; the same in every version, so that two runs never overlap.
const LOCK: i64 = 0x5ea1_7a9e;

/// Makes the roles if this role may, takes on the owner's role, and keeps other runs out until [`end_run`].
pub(crate) async fn begin_run(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    if flag(db, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").await? {
        db.execute_unprepared(ROLES).await?;
    }
    let ready = "SELECT count(*) = 4 AND bool_or(rolname = 'sealtape_owner' AND pg_has_role(oid, 'MEMBER'))
                 FROM pg_roles WHERE rolname IN ('sealtape_owner', 'sealtape_app', 'sealtape_system', 'sealtape_lookup')";
    if !flag(db, ready).await? {
        return Err(DbErr::Custom(
            "the roles sealtape_owner, sealtape_app, sealtape_system and sealtape_lookup are not all there, or this role \
             may not act as sealtape_owner: run migrations/src/roles.sql as a superuser first"
                .to_owned(),
        ));
    }
    db.execute_unprepared("SET ROLE sealtape_owner").await?;
    Ok(())
}

/// Gives the role and the lock back.
pub(crate) async fn end_run(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("RESET ROLE; SELECT pg_advisory_unlock({LOCK})")).await?;
    Ok(())
}

/// Makes the partitions of `session` from last month to thirteen months ahead. A month nobody made in time has its rows
/// in the default partition and stays there.
pub async fn ensure_partitions(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("SELECT sealtape_session_partitions()").await?;
    Ok(())
}

async fn flag(db: &DatabaseConnection, sql: &str) -> Result<bool, DbErr> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.map_or(Ok(false), |row| Ok(row.try_get_by_index::<Option<bool>>(0)?.unwrap_or(false)))
}

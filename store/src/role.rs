//! Is this a role that row security binds?

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::StoreError;

/// FORCE ROW LEVEL SECURITY binds a table's owner, but nothing binds a superuser or BYPASSRLS, and an owner can switch
/// the policies off. Membership counts, since `SET ROLE` is one statement away.
const PRIVILEGES: &str = "
    SELECT coalesce(bool_or(r.rolsuper), false) AS superuser,
           coalesce(bool_or(r.rolbypassrls), false) AS bypass,
           coalesce(bool_or(r.rolcreaterole), false) AS createrole,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')
                     AND (pg_has_role(session_user, c.relowner, 'MEMBER')
                          OR pg_has_role(current_user, c.relowner, 'MEMBER'))) AS owner
    FROM pg_roles r
    WHERE pg_has_role(session_user, r.oid, 'MEMBER') OR pg_has_role(current_user, r.oid, 'MEMBER')";

/// Refuses a role that is, or can become, superuser, exempt from row security, or owner of a table of ours.
pub(crate) async fn check(db: &DatabaseConnection) -> Result<(), StoreError> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, PRIVILEGES)).await?;
    let Some(row) = row else { return Err(StoreError::PrivilegedRole("cannot be examined".to_owned())) };
    for (column, reason) in [
        ("superuser", "is a superuser"),
        ("bypass", "may bypass row security"),
        ("createrole", "may create roles"),
        ("owner", "owns tables of Sealtape"),
    ] {
        if row.try_get::<bool>("", column)? {
            return Err(StoreError::PrivilegedRole(reason.to_owned()));
        }
    }
    Ok(())
}

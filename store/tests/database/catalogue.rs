//! What the database's own catalogue says about every table: nobody has to remember a rule for a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use store::{KEY_REGISTRY, KeyParent};
use testkit::TestDatabase;

/// Tables without a tenant policy (`architecture.md`); the migrations' own list holds no row of anybody.
const WITHOUT_POLICY: [&str; 5] = ["audit_head", "credential_index", "job", "seaql_migrations", "tenant"];

#[tokio::test]
async fn attack_08_every_tenant_table_and_partition_has_forced_row_security() {
    let database = TestDatabase::postgres().await;
    let admin = database.admin().await;
    let bare = texts(
        &admin,
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
             SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
               AND pg_get_expr(p.polqual, c.oid) = '(tenant_id = (current_setting(''app.tenant_id''::text))::uuid)'
               AND pg_get_expr(p.polwithcheck, c.oid) = pg_get_expr(p.polqual, c.oid)))
         ORDER BY 1",
    )
    .await;
    assert_eq!(bare, WITHOUT_POLICY);
    let policies = texts(&admin, "SELECT polrelid::regclass::text FROM pg_policy GROUP BY 1 HAVING count(*) > 1").await;
    assert_eq!(policies, [""; 0], "a second permissive policy would widen the first");
}

#[tokio::test]
async fn attack_08_keys_and_references_name_the_tenant() {
    let database = TestDatabase::postgres().await;
    let admin = database.admin().await;
    let loose = texts(
        &admin,
        "SELECT con.conname::text || ' on ' || con.conrelid::regclass::text FROM pg_constraint con
         WHERE con.connamespace = 'public'::regnamespace AND con.contype IN ('p', 'u', 'f')
           AND con.conrelid::regclass::text NOT IN ('tenant', 'seaql_migrations')
           AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = con.conrelid AND a.attname = 'tenant_id'
                           AND a.attnotnull AND a.attnum = ANY (con.conkey))
         ORDER BY 1",
    )
    .await;
    assert_eq!(loose, [""; 0], "a key or reference without tenant_id crosses tenants");
    let lenient = texts(
        &admin,
        "SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
         AND (confdeltype <> 'r' OR confupdtype <> 'r' OR NOT convalidated)",
    )
    .await;
    assert_eq!(lenient, [""; 0], "a parent must not take its children along");
    let crossed = texts(
        &admin,
        "SELECT con.conname::text FROM pg_constraint con
         CROSS JOIN LATERAL unnest(con.conkey, con.confkey) AS pair(child, parent)
         JOIN pg_attribute c ON c.attrelid = con.conrelid AND c.attnum = pair.child
         JOIN pg_attribute p ON p.attrelid = con.confrelid AND p.attnum = pair.parent
         WHERE con.contype = 'f' AND c.attname = 'tenant_id'
           AND p.attname <> CASE con.confrelid::regclass::text WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END",
    )
    .await;
    assert_eq!(crossed, [""; 0], "tenant_id refers to the parent's tenant_id");
    let unique = texts(
        &admin,
        "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND c.relname NOT IN ('tenant', 'seaql_migrations')
           AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id'
                           AND a.attnum = ANY (i.indkey))",
    )
    .await;
    assert_eq!(unique, [""; 0], "a unique index without tenant_id tells of other tenants' values");
}

#[tokio::test]
async fn attack_08_nothing_runs_or_looks_with_more_rights_than_its_caller() {
    let database = TestDatabase::postgres().await;
    let admin = database.admin().await;
    let other = texts(
        &admin,
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
         AND (relkind IN ('v', 'm', 'f') OR relowner <> 'sealtape_owner'::regrole) ORDER BY 1",
    )
    .await;
    assert_eq!(other, [""; 0], "no view, and every table belongs to sealtape_owner");
    let definers = texts(
        &admin,
        "SELECT p.proname::text || ' ' || pg_get_userbyid(p.proowner) || ' ' || array_to_string(p.proconfig, ',')
           || CASE WHEN p.proretset THEN ' rows ' || p.prorows ELSE ' one value' END
         FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1",
    )
    .await;
    let expected = [
        "credential_drop sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "credential_forget sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "credential_put sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "job_put sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "job_settle sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "lookup_credential sealtape_lookup search_path=pg_catalog, pg_temp rows 1",
        "lookup_credential_next sealtape_lookup search_path=pg_catalog, pg_temp rows 1",
        "lookup_tenant_slug sealtape_lookup search_path=pg_catalog, pg_temp rows 1",
        "tenant_complete sealtape_lookup search_path=pg_catalog, pg_temp one value",
        "tenant_self sealtape_lookup search_path=pg_catalog, pg_temp rows 1",
    ];
    assert_eq!(definers, expected);
    let public = texts(
        &admin,
        "SELECT p.proname::text FROM pg_proc p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0",
    )
    .await;
    assert_eq!(public, [""; 0], "PUBLIC may call nothing");
    let roles = texts(
        &admin,
        "SELECT rolname || CASE WHEN rolcanlogin THEN ' login' ELSE ' nologin' END || CASE WHEN rolsuper OR rolbypassrls OR rolcreaterole
           OR rolcreatedb OR rolreplication THEN ' privileged' ELSE '' END
           || coalesce(' in ' || (SELECT string_agg(m.roleid::regrole::text, ',') FROM pg_auth_members m WHERE m.member = r.oid), '')
         FROM pg_roles r WHERE rolname LIKE 'sealtape\\_%' ORDER BY 1",
    )
    .await;
    assert_eq!(
        roles,
        [
            "sealtape_app login",
            "sealtape_lookup nologin",
            "sealtape_owner login in sealtape_lookup",
            "sealtape_system login"
        ]
    );
}

/// The table a reviewer reads: who may do what to which table, columns named where not all.
#[tokio::test]
async fn privileges_of_roles_on_tables() {
    let database = TestDatabase::postgres().await;
    let admin = database.admin().await;
    let sql = "
        SELECT grantee || '|' || name || '|' || privilege_type FROM (
          SELECT a.grantee::regrole::text AS grantee, c.relname::text AS name, a.privilege_type
          FROM pg_class c, LATERAL aclexplode(c.relacl) a
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S') AND a.grantee <> c.relowner
          UNION ALL
          SELECT x.grantee::regrole::text, c.relname::text,
                 x.privilege_type || ' (' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')'
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, LATERAL aclexplode(a.attacl) x
          WHERE c.relnamespace = 'public'::regnamespace GROUP BY 1, 2, x.privilege_type
          UNION ALL
          SELECT a.grantee::regrole::text, p.proname || '()', a.privilege_type
          FROM pg_proc p, LATERAL aclexplode(p.proacl) a
          WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner
          UNION ALL
          SELECT a.grantee::regrole::text, 'schema ' || n.nspname, a.privilege_type
          FROM pg_namespace n, LATERAL aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.grantee <> n.nspowner
        ) all_grants ORDER BY 1";
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in texts(&admin, sql).await {
        let (row, privilege) = line.rsplit_once('|').unwrap();
        table.entry(row.replace('|', " on ")).or_default().push(privilege.to_owned());
    }
    let mut text = String::new();
    for (row, privileges) in table {
        writeln!(text, "{row}: {}", privileges.join(", ")).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn every_wrapped_key_is_in_the_registry() {
    let expected: BTreeSet<String> = KEY_REGISTRY.iter().map(|entry| entry.table.to_owned()).collect();
    let postgres = TestDatabase::postgres().await.admin().await;
    let wrapped = "SELECT table_name::text FROM information_schema.columns c
                   WHERE table_schema = 'public' AND column_name LIKE '%wrapped%'
                     AND NOT (SELECT relispartition FROM pg_class WHERE oid = ('public.' || quote_ident(c.table_name))::regclass)";
    assert_eq!(texts(&postgres, wrapped).await.into_iter().collect::<BTreeSet<_>>(), expected);
    let file = TestDatabase::sqlite().await;
    let sqlite = file.admin().await;
    let wrapped = "SELECT m.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
                   WHERE m.type = 'table' AND c.name LIKE '%wrapped%'";
    assert_eq!(texts(&sqlite, wrapped).await.into_iter().collect::<BTreeSet<_>>(), expected);

    for entry in KEY_REGISTRY.iter().filter(|entry| entry.parent == KeyParent::TenantKek) {
        let sql = format!(
            "SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND conrelid = '{}'::regclass
             AND confrelid = 'tenant_kek'::regclass AND confdeltype = 'r' AND cardinality(conkey) = 2",
            entry.table
        );
        assert_eq!(texts(&postgres, &sql).await.len(), 1, "{} names its parent", entry.table);
        let sql = format!(
            "SELECT \"from\" FROM pragma_foreign_key_list('{}') WHERE \"table\" = 'tenant_kek' AND on_delete = 'RESTRICT' ORDER BY seq",
            entry.table
        );
        assert_eq!(texts(&sqlite, &sql).await, ["tenant_id", "kek_version"], "{} names its parent", entry.table);
    }
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let postgres = TestDatabase::postgres().await.admin().await;
    let file = TestDatabase::sqlite().await;
    let sqlite = file.admin().await;
    let columns = "SELECT c.relname::text || '.' || a.attname::text || ' ' || CASE t.typname WHEN 'uuid' THEN 'BLOB' WHEN 'bytea' THEN 'BLOB'
                     WHEN 'text' THEN 'TEXT' WHEN 'int8' THEN 'INTEGER' WHEN 'bool' THEN 'INTEGER' ELSE t.typname::text END
                     || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_type t ON t.oid = a.atttypid
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                     AND c.relname <> 'seaql_migrations'";
    let there = texts(&postgres, columns).await;
    let columns =
        "SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" THEN ' not null' ELSE '' END
                   FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
                   WHERE m.type = 'table' AND m.name NOT IN ('seaql_migrations', 'sqlite_sequence')";
    assert_eq!(sorted(there), sorted(texts(&sqlite, columns).await));
    let lax = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
               AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations'";
    assert_eq!(texts(&sqlite, lax).await, [""; 0], "every table is STRICT");
    let collated = "SELECT c.relname::text || '.' || a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.atttypid = 'text'::regtype
                      AND a.attcollation <> 'pg_catalog.\"C\"'::regcollation AND c.relname <> 'seaql_migrations'";
    assert_eq!(texts(&postgres, collated).await, [""; 0], "text compares byte by byte");
    let checks = "SELECT c.relname::text || ' ' || count(*)::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                  WHERE k.contype = 'f' AND NOT c.relispartition AND k.conparentid = 0 AND c.relnamespace = 'public'::regnamespace
                  GROUP BY c.relname";
    let there = texts(&postgres, checks).await;
    let checks =
        "SELECT m.name || ' ' || count(DISTINCT f.id) FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
                  WHERE m.type = 'table' GROUP BY m.name";
    assert_eq!(sorted(there), sorted(texts(&sqlite, checks).await), "the same number of references");
}

#[tokio::test]
async fn the_test_cluster_does_not_sort_like_c() {
    let postgres = TestDatabase::postgres().await.admin().await;
    let sorted = texts(&postgres, "SELECT x::text FROM (VALUES ('Z'), ('a'), ('ä'), ('z')) AS v(x) ORDER BY x").await;
    assert_eq!(sorted, ["a", "ä", "z", "Z"], "otherwise a missing COLLATE \"C\" would not show");
}

/// Sorted here: what the databases sort by is not what is compared.
fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// The first column of every row, as text.
async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let backend: DbBackend = db.get_database_backend();
    let rows =
        db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))).collect()
}

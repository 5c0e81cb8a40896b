//! SQLite's plans of the hot reads: index searches only, and no sorting of what an index has in order.
//!
//! PostgreSQL chooses by statistics, so there a test with much data counts the rows touched (`tests/database/cost.rs`).

use domain::{
    AuditExportId, AuditId, DeliveryId, JobId, MemberId, NoticeId, Sensitivity, SessionId, SinkId, SubjectId, TenantId,
    Timestamp, ViewId,
};
use policy::access::{Predicate, Test};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryTrait as _, Statement, Value};
use uuid::Uuid;

use crate::audit_head::WAITING;
use crate::audit_log::{ENTRIES, STANDING};
use crate::session_progress::{DUE, LATE, PROGRESS_DUE};
use crate::{
    Backend, ChangeCursor, DatabaseConfig, JobState, LeafCursor, LeafFilter, NoticeMail, SessionCursor, SessionFilter,
    Store, TenantRead, ViewCursor,
};

#[tokio::test]
async fn hot_reads_walk_an_index_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let config = DatabaseConfig::sqlite(&folder.path().join("plans.db"));
    crate::migrate(&config.url).await.unwrap();
    let store = Store::connect(&config).await.unwrap();
    let tx = store.tenant_read(TenantId::DEPLOYMENT).await.unwrap();
    for (name, statement) in statements(&tx) {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let plan = tx.db().unwrap().query_all_raw(Statement { sql, ..statement }).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.starts_with("SEARCH")), "{name}: {steps:?}");
        let whole = |step: &&String| step.contains("sqlite_autoindex") && step.ends_with("(tenant_id=?)");
        assert_eq!(steps.iter().find(whole), None, "{name} reads the tenant's whole table");
        for step in &steps {
            assert!(!step.starts_with("SCAN") && !step.contains("TEMP B-TREE"), "{name}: {steps:?}");
        }
    }
}

/// Reads of the audit log join two parts, of what has a place and what waits for one, so their plans have steps of their own;
/// what counts is that nothing reads a table but by the index that is there for it.
#[tokio::test]
async fn the_audit_log_is_read_by_its_indices() {
    let folder = tempfile::tempdir().unwrap();
    let config = DatabaseConfig::sqlite(&folder.path().join("plans.db"));
    crate::migrate(&config.url).await.unwrap();
    let store = Store::connect(&config).await.unwrap();
    let tx = store.tenant_read(TenantId::DEPLOYMENT).await.unwrap();
    for (name, statement, indices) in log_statements(&tx) {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let plan = tx.db().unwrap().query_all_raw(Statement { sql, ..statement }).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        for index in indices {
            assert!(steps.iter().any(|step| step.starts_with("SEARCH") && step.contains(index)), "{name}: {steps:?}");
        }
        for step in &steps {
            let table = ["audit_outbox", "audit_checkpoint", "audit_export", "sink_delivery", "session", "subject"];
            let reads = |start: &str| table.iter().any(|table| step.starts_with(&format!("{start} {table}")));
            assert!(!reads("SCAN"), "{name}: {steps:?}");
            let named = indices.iter().chain(&["audit_outbox_waiting", "sqlite_autoindex_subject", "session_subject"]);
            assert!(!reads("SEARCH") || named.clone().any(|index| step.contains(index)), "{name}: {steps:?}");
        }
    }
}

/// What is asked of the audit log, and the indices that each is to use.
fn log_statements(tx: &TenantRead) -> Vec<(&'static str, Statement, &'static [&'static str])> {
    let raw = |sql: &str, values: usize| tx.statement(sql, vec![Value::from(1_i64); values]);
    let page = |filter: LeafFilter| {
        let before = Some(LeafCursor(AuditId::from_uuid(Uuid::nil())));
        let (sql, values) = filter.page(before, 50, Backend::Sqlite).unwrap();
        tx.statement(&sql, values)
    };
    let word = || Some("word".to_owned());
    let (sink, time) = (SinkId::from_uuid(Uuid::nil()), Timestamp::from_millis(1));
    let (export, delivery) = (AuditExportId::from_uuid(Uuid::nil()), DeliveryId::from_uuid(Uuid::nil()));
    let about = LeafFilter { about: Some(SubjectId::from_uuid(Uuid::nil())), ..LeafFilter::default() };
    vec![
        ("events", page(LeafFilter::default()), &["(tenant_id=? AND id<?)"]),
        (
            "events of an hour",
            page(LeafFilter { from: Some(time), to: Some(time), ..LeafFilter::default() }),
            &["id>? AND id<?"],
        ),
        ("events by actor", page(LeafFilter { actor: word(), ..LeafFilter::default() }), &["audit_outbox_actor"]),
        ("events on an object", page(LeafFilter { object: word(), ..LeafFilter::default() }), &["audit_outbox_object"]),
        ("events of an act", page(LeafFilter { act: word(), ..LeafFilter::default() }), &["audit_outbox_act"]),
        ("events about a person", page(about), &["audit_outbox_object", "session_subject"]),
        ("entries", raw(ENTRIES, 2), &["audit_outbox_place"]),
        ("leaves that wait", raw(WAITING, 1), &["audit_outbox_waiting"]),
        ("standing", raw(STANDING, 2), &["audit_outbox_waiting", "audit_outbox_place"]),
        (
            "checkpoints",
            tx.audit_checkpoint_page(Some((1, time)), 50).unwrap().build(DbBackend::Sqlite),
            &["sqlite_autoindex_audit_checkpoint_1"],
        ),
        (
            "exports of the log",
            tx.audit_export_page(Some(export), 50).build(DbBackend::Sqlite),
            &["sqlite_autoindex_audit_export_1 (tenant_id=? AND id<?)"],
        ),
        (
            "deliveries",
            tx.delivery_select(sink, None, Some(delivery), 50).build(DbBackend::Sqlite),
            &["sink_delivery_sink (tenant_id=? AND sink_id=? AND id<?)"],
        ),
        ("the batch on its way", tx.delivery_open_select(sink).build(DbBackend::Sqlite), &["sink_delivery_"]),
    ]
}

fn statements(tx: &TenantRead) -> Vec<(&'static str, Statement)> {
    let session = SessionId::from_uuid(Uuid::nil());
    let (time, id) = (Timestamp::from_millis(1), session);
    let tokens = vec![("origin".to_owned(), [0; 32]), ("path".to_owned(), [1; 32])];
    let (member, notice) = (MemberId::from_uuid(Uuid::nil()), NoticeId::from_uuid(Uuid::nil()));
    let newest = SessionFilter::default();
    let only = Predicate::Test(Test::SensitivityIs(Sensitivity::Normal));
    let visible = SessionFilter { only, ..SessionFilter::default() };
    let by_token = SessionFilter { tokens, ..SessionFilter::default() };
    let number = || Value::from(1_i64);
    let raw = |sql: &str, values: usize| tx.statement(sql, std::iter::repeat_with(number).take(values).collect());
    let page = |filter| {
        let after = SessionCursor { started_at: time, id };
        tx.session_page(filter, Some(after), 50).unwrap().build(DbBackend::Sqlite)
    };
    vec![
        ("session list", page(&newest)),
        ("session list by tokens", without_order(&page(&by_token))),
        ("session list of one who sees normal ones", page(&visible)),
        (
            "session changes",
            tx.session_changes(ChangeCursor { changed_at: time, id }, &visible.only, 50).build(DbBackend::Sqlite),
        ),
        ("sessions due", raw(DUE, 4)),
        ("sessions with late segments", raw(LATE, 2)),
        ("sessions whose progress is due", raw(PROGRESS_DUE, 2)),
        ("segment page", tx.segment_page(session, Some((0, 1)), 50).build(DbBackend::Sqlite)),
        ("jobs", tx.job_run_page(None, Some(JobId::from_uuid(Uuid::nil())), 50).build(DbBackend::Sqlite)),
        ("failed jobs", tx.job_run_page(Some(JobState::Failed), None, 50).build(DbBackend::Sqlite)),
        ("inbox", tx.notice_page(member, false, Some(notice), 50).build(DbBackend::Sqlite)),
        ("notices to be mailed", tx.notice_unmailed_page(NoticeMail::Digest, 50).build(DbBackend::Sqlite)),
        ("grants that are not over", tx.access_grant_live_page(None, 1).build(DbBackend::Sqlite)),
        ("broken glass without a review", tx.access_grant_unreviewed_all().build(DbBackend::Sqlite)),
        ("outbox", tx.mail_outbox_page(None, 50).build(DbBackend::Sqlite)),
        ("snapshot", raw(crate::segment::SNAPSHOT, 3)),
        (
            "views",
            tx.session_view_page(session, Some(ViewCursor { at: time, id: ViewId::from_uuid(Uuid::nil()) }), 50)
                .build(DbBackend::Sqlite),
        ),
    ]
}

/// A search by token may sort: it has few rows.
fn without_order(statement: &Statement) -> Statement {
    let (unsorted, _) = statement.sql.split_once("ORDER BY").expect("an ordered select");
    // The limit's parameter goes with the order.
    let mut values = statement.values.clone();
    if let Some(values) = &mut values {
        values.0.pop();
    }
    Statement { sql: unsorted.to_owned(), values, db_backend: statement.db_backend }
}

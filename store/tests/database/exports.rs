//! Exports are counted while they last, and listed newest first.

use domain::{AuditExportId, ExportId, TenantId};
use policy::grants::Purpose;
use store::{AuditExportFormat, AuditExportProgress, AuditExportRow, AuditExportState, SessionExportRow};

use crate::fixture::{self, at, member_id, populate, session_id, uuid};
use testkit::TestDatabase;

fn id(n: u64) -> ExportId {
    ExportId::from_uuid(uuid(22, n))
}

/// An export of a session that lasts a minute; the first of the tenant's members took it.
pub(crate) fn export(tenant: TenantId, n: u64, session: u64) -> SessionExportRow {
    SessionExportRow {
        tenant_id: tenant,
        id: id(n),
        session_id: session_id(session),
        generation: 1,
        member_id: member_id(0),
        purpose: Purpose::Debugging,
        created_at: at(n),
        expires_at: at(n + 60),
        downloads: 0,
        last_download_at: None,
    }
}

#[tokio::test]
async fn downloads_are_counted_until_it_is_over() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.session_export_insert(export(tenant, 0, 0)).await.unwrap();
        assert!(tx.session_export_count(id(0), at(1)).await.unwrap());
        assert!(tx.session_export_count(id(0), at(59)).await.unwrap());
        assert!(!tx.session_export_count(id(0), at(60)).await.unwrap(), "its time is over");
        assert!(!tx.session_export_count(id(1), at(1)).await.unwrap(), "there is none");
        let row = tx.session_export_find(id(0)).await.unwrap().unwrap();
        assert_eq!((row.downloads, row.last_download_at), (2, Some(at(59))));
        assert_eq!(row, SessionExportRow { downloads: 2, last_download_at: Some(at(59)), ..export(tenant, 0, 0) });
    }
}

#[tokio::test]
async fn a_sessions_exports_come_newest_first_and_page_by_page() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for n in [2, 0, 3, 1] {
            tx.session_export_insert(export(tenant, n, 0)).await.unwrap();
        }
        tx.session_insert(fixture::session(tenant, 1)).await.unwrap();
        tx.session_key_insert(fixture::session_key(tenant, 1, 1, 1)).await.unwrap();
        tx.session_export_insert(export(tenant, 4, 1)).await.unwrap();
        let page = async |after| -> Vec<ExportId> {
            tx.session_export_list(session_id(0), after, 3).await.unwrap().into_iter().map(|row| row.id).collect()
        };
        assert_eq!(page(None).await, [id(3), id(2), id(1)]);
        assert_eq!(page(Some(id(1))).await, [id(0)]);
        assert_eq!(page(Some(id(0))).await, []);
    }
}

fn audit_id(n: u64) -> AuditExportId {
    AuditExportId::from_uuid(uuid(27, n))
}

/// An export of ten entries of the log that lasts a minute.
pub(crate) fn audit_export(tenant: TenantId, n: u64) -> AuditExportRow {
    AuditExportRow {
        tenant_id: tenant,
        id: audit_id(n),
        format: AuditExportFormat::Log,
        filter: None,
        size: 10,
        state: AuditExportState::Waiting,
        done: 0,
        entries: 0,
        bytes: 0,
        problem: None,
        created_at: at(n),
        member_id: member_id(0),
        expires_at: at(n + 60),
    }
}

/// Only who knows how far it came moves it on, and nobody moves what has ended.
#[tokio::test]
async fn an_export_of_the_log_moves_by_condition() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for n in 0..4 {
            tx.audit_export_insert(audit_export(tenant, n)).await.unwrap();
        }
        let found = async |n| tx.audit_export_find(audit_id(n)).await.unwrap().unwrap();
        let to = |done, entries, bytes| AuditExportProgress { done, entries, bytes };
        assert!(tx.audit_export_advance(audit_id(0), 0, to(6, 2, 50)).await.unwrap());
        assert_eq!(
            found(0).await,
            AuditExportRow {
                state: AuditExportState::Running,
                done: 6,
                entries: 2,
                bytes: 50,
                ..audit_export(tenant, 0)
            }
        );
        assert!(!tx.audit_export_advance(audit_id(0), 0, to(6, 2, 50)).await.unwrap(), "somebody else did");
        assert!(tx.audit_export_advance(audit_id(0), 6, to(10, 3, 90)).await.unwrap());
        assert_eq!(found(0).await.state, AuditExportState::Ready);
        assert!(
            !tx.audit_export_cancel(audit_id(0)).await.unwrap()
                && !tx.audit_export_fail(audit_id(0), "x").await.unwrap()
        );

        assert!(tx.audit_export_cancel(audit_id(1)).await.unwrap());
        assert!(!tx.audit_export_advance(audit_id(1), 0, to(10, 0, 0)).await.unwrap(), "nobody wants it");
        assert!(tx.audit_export_fail(audit_id(2), "integrity-fail").await.unwrap());
        assert_eq!(
            (found(2).await.state, found(2).await.problem.as_deref()),
            (AuditExportState::Failed, Some("integrity-fail"))
        );

        let listed: Vec<_> = tx.audit_export_list(None, 3).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(listed, [audit_id(3), audit_id(2), audit_id(1)]);
        assert_eq!(tx.audit_export_list(Some(audit_id(1)), 3).await.unwrap().len(), 1);
        assert!(
            tx.audit_export_remove(audit_id(3)).await.unwrap() && !tx.audit_export_remove(audit_id(3)).await.unwrap()
        );
        assert_eq!(tx.audit_export_prune(at(61), 1).await.unwrap(), 1, "at most so many at once");
        assert_eq!(tx.audit_export_prune(at(61), 9).await.unwrap(), 1);
        assert_eq!(tx.audit_export_list(None, 9).await.unwrap().len(), 1);
    }
}

//! Exports are counted while they last, and listed newest first.

use domain::{ExportId, TenantId};
use policy::grants::Purpose;
use store::SessionExportRow;

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

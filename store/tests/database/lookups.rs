//! Work that starts without a tenant finds at most one row, across tenants.

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use store::{StoreError, TenantState};
use testkit::TestDatabase;

use crate::fixture::{self, hash, member_id, populate, tenant_id, uuid};

#[tokio::test]
async fn a_credential_leads_to_one_row_or_none() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let (one, two) = (populate(&store, 1).await, populate(&store, 2).await);
        for tenant in [one, two] {
            let tx = store.tenant(tenant).await.unwrap();
            tx.credential_put("member-email", &hash(5), member_id(0).uuid()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let tx = store.tenant(one).await.unwrap();
        tx.credential_put("agent-key", &hash(5), uuid(3, 0)).await.unwrap();
        tx.commit().await.unwrap();

        let found = store.lookup_credential("agent-key", &hash(5), None).await.unwrap().expect("found");
        assert_eq!((found.tenant_id, found.id), (one, uuid(3, 0)));
        // The same person in two tenants: only with the tenant's name.
        assert_eq!(store.lookup_credential("member-email", &hash(5), None).await.unwrap(), None);
        let found = store.lookup_credential("member-email", &hash(5), Some("tenant-2")).await.unwrap().expect("found");
        assert_eq!(found.tenant_id, two);
        assert_eq!(store.lookup_credential("member-email", &hash(6), None).await.unwrap(), None);
        assert_eq!(store.lookup_credential("agent-key", &hash(5), Some("tenant-2")).await.unwrap(), None);
        assert_eq!(store.lookup_credential("agent-key", &hash(5), Some("%")).await.unwrap(), None);
        assert!(matches!(store.lookup_credential("a\0", &hash(5), None).await, Err(StoreError::NulByte)));

        let tx = store.tenant(one).await.unwrap();
        assert!(tx.credential_drop("member-email", &hash(5)).await.unwrap());
        assert!(!tx.credential_drop("member-email", &hash(5)).await.unwrap());
        tx.commit().await.unwrap();
        let left =
            store.lookup_credential("member-email", &hash(5), None).await.unwrap().expect("the other tenant's stays");
        assert_eq!(left.tenant_id, two);
    }
}

#[tokio::test]
async fn a_suspended_tenant_is_not_found() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let mut row = fixture::tenant(1);
        row.state = TenantState::Suspended;
        let system = store.system("test").await.unwrap();
        system.tenant_insert(row.clone()).await.unwrap();
        system.commit().await.unwrap();
        let tx = store.tenant(row.id).await.unwrap();
        tx.credential_put("agent-key", &hash(1), uuid(3, 0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.lookup_credential("agent-key", &hash(1), None).await.unwrap(), None);
        assert_eq!(store.lookup_tenant_slug("tenant-1").await.unwrap(), None);
    }
}

#[tokio::test]
async fn tenants_are_listed_without_the_deployment() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        populate(&store, 2).await;
        populate(&store, 1).await;
        let system = store.system("test").await.unwrap();
        let slugs: Vec<_> = system.tenant_list().await.unwrap().into_iter().map(|tenant| tenant.slug).collect();
        assert_eq!(slugs, ["tenant-1", "tenant-2"]);
        assert_eq!(system.tenant_find(tenant_id(1)).await.unwrap(), Some(fixture::tenant(1)));
        drop(system);
        assert_eq!(store.lookup_tenant_slug("tenant-2").await.unwrap(), Some(tenant_id(2)));
        assert_eq!(store.lookup_tenant_slug("TENANT-2").await.unwrap(), None);
        let read = store.tenant_read(tenant_id(1)).await.unwrap();
        assert_eq!(read.tenant_find().await.unwrap(), Some(fixture::tenant(1)));
        drop(read);
        let system = store.system("test").await.unwrap();
        let taken = fixture::tenant(2);
        let again = system.tenant_insert(store::TenantRow { id: tenant_id(3), ..taken }).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    }
}

#[tokio::test]
async fn a_credential_cannot_be_planted_in_or_dropped_from_another_tenant() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let (one, two) = (populate(&store, 1).await, populate(&store, 2).await);
    let app = testkit::connect(&database.config().url).await;
    for call in [
        format!("SELECT credential_put('{two}', 'agent-key', '\\x00', gen_random_uuid())"),
        format!("SELECT credential_drop('{two}', 'agent-key', '\\x00')"),
        "SELECT credential_put(NULL, 'agent-key', '\\x00', gen_random_uuid())".to_owned(),
    ] {
        let txn = app.begin().await.unwrap();
        txn.execute_unprepared(&format!("SET LOCAL app.tenant_id = '{one}'")).await.unwrap();
        let refused = txn.execute_unprepared(&call).await.unwrap_err().to_string();
        assert!(refused.contains("another tenant's credential"), "{refused}");
    }
    // With no tenant bound nothing can be planted at all.
    assert!(app.execute_unprepared("SELECT credential_drop(NULL, '', '')").await.is_err());
}

//! A tenant's keys as they lie in the database: a second implementation must be able to open them.

use std::sync::Arc;

use domain::SystemEntropy;
use sealtape_tests::acceptance::TestApp;
use vault::{
    Key32,
    root::{FileKeyring, RootContext, RootId, RootKms as _},
    wrap::{self, Purpose, WrapContext, WrapKind},
};

/// What a query answers with, each row one byte string.
async fn bytes(app: &TestApp, column: &str, rest: &str) -> Vec<Vec<u8>> {
    let sqlite = app.id("0190f3a1-0000-7000-8000-00000000000a").starts_with('x');
    let shown = if sqlite { format!("lower(hex({column}))") } else { format!("encode({column}, 'hex')") };
    let rows = app.texts(&format!("SELECT {shown} FROM {rest}")).await;
    rows.iter().map(|digits| hex::decode(digits).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_tenant_has_a_key_for_every_purpose_wrapped_as_documented() {
    let app = TestApp::new().await;
    let tenant = app.ours.id;
    let ours = format!("tenant_id = {}", app.id(&tenant.to_string()));
    let kms = FileKeyring::open_or_create(&app.keyring_folder(), Arc::new(SystemEntropy)).unwrap();
    let root = app.texts(&format!("SELECT root_id FROM tenant_kek WHERE {ours}")).await.remove(0);
    let wrapped = bytes(&app, "wrapped", &format!("tenant_kek WHERE {ours}")).await.remove(0);
    let context = RootContext { deployment: "test".to_owned(), tenant, version: 1, purpose: "tenant-kek" };
    let kek = kms.unwrap(&RootId::new(root), &context, &wrapped).await.unwrap();

    let mut keys: Vec<Key32> = Vec::new();
    for purpose in Purpose::ALL {
        let rows = format!("tenant_purpose_key WHERE {ours} AND purpose = '{}'", purpose.as_str());
        let [wrapped] = <[Vec<u8>; 1]>::try_from(bytes(&app, "wrapped", &rows).await).expect("one of each purpose");
        let object = purpose.object();
        let context = WrapContext { tenant, kind: WrapKind::Purpose, object, generation: 1, kek_version: 1 };
        keys.push(wrap::unwrap(&kek, &context, &wrapped).unwrap());
        // Bound to its purpose: the same bytes are no key of another one.
        let other = WrapContext { object: uuid::Uuid::from_u128(object.as_u128() % 5 + 1), ..context };
        assert!(wrap::unwrap(&kek, &other, &wrapped).is_err());
    }
    let count = app.number(&format!("SELECT count(*) FROM tenant_purpose_key WHERE {ours}")).await;
    assert_eq!(count, 5, "and no others");
    for (at, key) in keys.iter().enumerate() {
        assert!(keys[..at].iter().all(|earlier| earlier.expose() != key.expose()), "each is its own");
    }
}

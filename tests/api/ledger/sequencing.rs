//! The sequencer takes what waits, in batches, and leaves alone what contradicts itself.

use sealtape_tests::acceptance::TestApp;

use super::{Stored, add, add_at_once, sequence};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_act_gets_its_place() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let leaves = app.leaves(app.ours.id).await.len() as u64;
    let others = app.leaves(app.theirs.id).await.len() as u64;
    assert!(leaves > 0 && others > 0, "making a tenant is on record");
    assert_eq!(sequence(&app).await, leaves + others);
    for (tenant, size) in [(app.ours.id, leaves), (app.theirs.id, others)] {
        let stored = Stored::of(&store, tenant).await;
        stored.assert_whole();
        assert_eq!(stored.head.size, size);
    }
    assert_eq!(sequence(&app).await, 0, "and no second one");
}

/// Batches end where they end, tiles grow over them, and the tree is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_several_batches_is_one_tree() {
    let app = TestApp::new().await;
    let store = app.store().await;
    for count in [1, 300, 1_005] {
        add_at_once(&app, &store, app.ours.id, count).await;
        sequence(&app).await;
        Stored::of(&store, app.ours.id).await.assert_whole();
    }
    let whole = Stored::of(&store, app.ours.id).await;
    assert!(whole.head.size > 1_306, "{}", whole.head.size);
    assert_eq!(whole.tiles.hashes(1, 0).map(<[_]>::len), Some(5), "complete tiles have a hash above them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_log_that_contradicts_itself_does_not_hold_up_the_others() {
    let app = TestApp::new().await;
    let store = app.store().await;
    sequence(&app).await;
    let before = Stored::of(&store, app.ours.id).await.head;
    let ours = app.id(&app.ours.id.to_string());
    app.tamper(&[&format!("UPDATE audit_head SET size = size + 2, root = {} WHERE tenant_id = {ours}", app.zeros())])
        .await;
    for tenant in [app.ours.id, app.theirs.id] {
        add(&app, &store, tenant, 1).await;
    }
    assert_eq!(sequence(&app).await, 1, "theirs");
    assert_eq!(store.audit_waiting().await.unwrap(), [app.ours.id], "nothing is built on a head that is none");
    assert_ne!(Stored::of(&store, app.ours.id).await.head, before);
    Stored::of(&store, app.theirs.id).await.assert_whole();
}

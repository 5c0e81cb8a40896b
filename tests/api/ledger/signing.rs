//! The signer signs what grew, says each hour that it lives, and remembers what it signed.

use app::ledger::Signed;
use domain::TenantId;
use sealtape_tests::acceptance::{TestApp, until};
use tokio_util::sync::CancellationToken;

use super::{Stored, add, both, newest, sequence, signer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_is_signed_when_it_grew_and_every_hour() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let both = both(&app);
    sequence(&app).await;
    let mut signer = signer(&app).await;
    assert_eq!(newest(&store, app.ours.id).await, None);
    assert_eq!(signer.sign().await.unwrap(), Signed { signed: both.clone(), refused: Vec::new() });
    let first = newest(&store, app.ours.id).await.unwrap();
    assert_eq!(first, Stored::of(&store, app.ours.id).await.head);

    app.pass(60);
    assert_eq!(signer.sign().await.unwrap(), Signed::default(), "nothing grew");
    add(&app, &store, app.ours.id, 3).await;
    assert_eq!(signer.sign().await.unwrap(), Signed::default(), "a leaf without a place is in no tree");
    sequence(&app).await;
    assert_eq!(signer.sign().await.unwrap().signed, [TenantId::DEPLOYMENT, app.ours.id], "what was signed is an entry");
    assert_eq!(newest(&store, app.ours.id).await.unwrap().size, first.size + 3);
    assert_eq!(newest(&store, app.ours.id).await.unwrap(), Stored::of(&store, app.ours.id).await.head);

    app.pass(3_600);
    let all = [&[TenantId::DEPLOYMENT], &both[..]].concat();
    assert_eq!(signer.sign().await.unwrap().signed, all, "an hour is over");
    assert_eq!(app.number("SELECT count(*) FROM audit_checkpoint").await, 7);
    assert_eq!(app.number("SELECT count(DISTINCT note) FROM audit_checkpoint").await, 4, "one note for each head");
}

/// Killed between remembering and showing: the next process signs the same head to the same bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_remembered_and_not_shown_is_shown_later() {
    let app = TestApp::new().await;
    let store = app.store().await;
    sequence(&app).await;
    let mut first = signer(&app).await;
    app.break_inserts("audit_checkpoint").await;
    first.sign().await.unwrap_err();
    app.mend_inserts("audit_checkpoint").await;
    assert_eq!(newest(&store, app.ours.id).await, None);
    drop(first);
    let remembered = std::fs::read(app.signer_file()).unwrap();
    assert_eq!(signer(&app).await.sign().await.unwrap().signed, both(&app));
    assert_eq!(std::fs::read(app.signer_file()).unwrap(), remembered);
    assert_eq!(newest(&store, app.ours.id).await.unwrap(), Stored::of(&store, app.ours.id).await.head);
}

/// A signer without its memory believes what the same key signed, and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_without_memory_goes_on_from_its_own_checkpoints() {
    let app = TestApp::new().await;
    let store = app.store().await;
    sequence(&app).await;
    signer(&app).await.sign().await.unwrap();
    std::fs::remove_file(app.signer_file()).unwrap();
    add(&app, &store, app.ours.id, 1).await;
    sequence(&app).await;
    let ours = app.id(&app.ours.id.to_string());
    let forged = "replace(note, 'A', 'B')";
    app.forge(&[&format!("UPDATE audit_checkpoint SET note = {forged} WHERE tenant_id = {ours}")]).await;
    let signed = signer(&app).await.sign().await.unwrap();
    assert_eq!(signed.signed, [TenantId::DEPLOYMENT, app.theirs.id]);
    assert_eq!(signed.refused[0].tenant, app.ours.id);
    assert!(signed.refused[0].reason.contains("not of this signer"), "{}", signed.refused[0].reason);
}

/// A file that is there and cannot be read is not taken for a first start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_whose_memory_is_damaged_does_not_start() {
    let app = TestApp::new().await;
    std::fs::write(app.signer_file(), "{}").unwrap();
    assert!(app.app().ledger().signer(&app.signer_file()).await.is_err());
}

/// Two processes that sign for one deployment say the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signers_side_by_side_agree() {
    let app = TestApp::new().await;
    let store = app.store().await;
    sequence(&app).await;
    let mut one = signer(&app).await;
    let mut other = app.another().await.app().ledger().signer(&app.blob_folder().join("../other.json")).await.unwrap();
    for _ in 0..3 {
        add(&app, &store, app.ours.id, 2).await;
        sequence(&app).await;
        let (one, other) = tokio::join!(one.sign(), other.sign());
        assert_eq!((one.unwrap().refused, other.unwrap().refused), (Vec::new(), Vec::new()));
        assert_eq!(newest(&store, app.ours.id).await.unwrap(), Stored::of(&store, app.ours.id).await.head);
    }
}

/// What the server's own tasks place they sign, one growth after the other; how soon is measured by `make bench NAME=ledger`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn growth_is_signed_after_it_was_placed() {
    let app = TestApp::new().await;
    let store = app.store().await;
    let stopping = CancellationToken::new();
    let tended = tokio::spawn(workers::tend_ledger(app.app().ledger().clone(), signer(&app).await, stopping.clone()));
    let signed_beyond = async |size: u64| {
        let look = || async { newest(&store, app.ours.id).await.map(|head| head.size).filter(|signed| *signed > size) };
        until("the growth is signed", look).await
    };
    let mut size = signed_beyond(0).await;
    for _ in 0..3 {
        add(&app, &store, app.ours.id, 1).await;
        size = signed_beyond(size).await;
    }
    stopping.cancel();
    tended.await.unwrap();
}

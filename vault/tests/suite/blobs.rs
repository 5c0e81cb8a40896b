//! The blob store on a local folder.

use std::fs;

use bytes::Bytes;
use domain::Timestamp;
use futures::TryStreamExt as _;
use vault::blob::{BlobError, BlobKey, BlobStore, segment_key, session_prefix};

use crate::{session, tenant};

fn store() -> (tempfile::TempDir, BlobStore) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = BlobStore::local(&folder.path().join("blobs")).expect("opens");
    (folder, store)
}

fn key(n: u32) -> BlobKey {
    segment_key(tenant(1), session(1), 1, 0, n, &[0xab; 32])
}

async fn listed(store: &BlobStore, prefix: &str) -> Vec<(BlobKey, u64)> {
    let mut entries: Vec<_> = store
        .list(prefix)
        .expect("a good prefix")
        .map_ok(|entry| (entry.key, entry.len))
        .try_collect()
        .await
        .expect("lists");
    entries.sort();
    entries
}

#[tokio::test]
async fn a_blob_is_stored_once_read_in_parts_and_removed() {
    let (folder, store) = store();
    assert_eq!(
        key(3).as_str(),
        format!("{}/{}/1/0-3-{}", tenant(1), session(1), "ab".repeat(32)),
        "the layout is part of backups"
    );
    store.put_new(&key(3), Bytes::from_static(b"0123456789")).await.expect("stores");
    assert_eq!(store.get(&key(3)).await.expect("reads"), "0123456789");
    assert_eq!(store.get_range(&key(3), 2..5).await.expect("reads"), "234");
    assert!(store.get_range(&key(3), 20..25).await.is_err());

    let again = store.put_new(&key(3), Bytes::from_static(b"other")).await;
    assert!(matches!(again, Err(BlobError::Exists)), "create-only");
    assert_eq!(store.get(&key(3)).await.expect("reads"), "0123456789", "untouched");

    assert!(store.delete(&key(3)).await.expect("removes"));
    assert!(!store.delete(&key(3)).await.expect("is gone"), "removing twice is fine");
    assert!(!store.delete(&segment_key(tenant(9), session(9), 1, 0, 0, &[0; 32])).await.expect("never was"));
    assert!(matches!(store.get(&key(3)).await, Err(BlobError::NotFound)));
    let left = fs::read_dir(folder.path().join("blobs").join(format!("{}/1", session_prefix(tenant(1), session(1)))));
    assert_eq!(left.expect("the folder stays").count(), 0, "no staged file is left");
}

#[tokio::test]
async fn lists_stay_below_their_prefix() {
    let (folder, store) = store();
    let other = segment_key(tenant(1), session(2), 1, 0, 0, &[0; 32]);
    for key in [&key(0), &key(1), &other] {
        store.put_new(key, Bytes::from_static(b"x")).await.expect("stores");
    }
    // What a crash during a put leaves is no blob.
    fs::write(folder.path().join("blobs").join(format!("{}#1", key(7))), "half").expect("writes");
    let mine = session_prefix(tenant(1), session(1));
    assert_eq!(listed(&store, &mine).await, [(key(0), 1), (key(1), 1)]);
    assert_eq!(listed(&store, "").await.len(), 3);
    assert_eq!(listed(&store, &session_prefix(tenant(3), session(1))).await, []);
    for prefix in ["..", "/", "a/../b", "a//b"] {
        assert!(matches!(store.list(prefix).err(), Some(BlobError::BadKey)), "{prefix}");
    }
}

#[tokio::test]
async fn what_a_crash_left_is_removed_when_old_and_blobs_stay() {
    let (folder, store) = store();
    store.put_new(&key(0), Bytes::from_static(b"x")).await.expect("stores");
    let left = folder.path().join("blobs").join(format!("{}#1", key(7)));
    fs::write(&left, "half").expect("writes");
    assert_eq!(store.remove_staged(Timestamp::from_millis(1_000)).await.expect("walks"), 0, "it may be in use");
    assert!(left.exists());
    assert_eq!(store.remove_staged(Timestamp::from_millis(i64::MAX)).await.expect("walks"), 1);
    assert!(!left.exists());
    assert_eq!(listed(&store, "").await, [(key(0), 1)]);
}

#[tokio::test]
async fn many_first_blobs_of_one_folder_at_once() {
    let (_folder, store) = store();
    let puts = (0..50).map(|n| {
        let store = store.clone();
        async move { store.put_new(&key(n), Bytes::from(vec![0; 100])).await }
    });
    for put in futures::future::join_all(puts).await {
        put.expect("stores");
    }
    assert_eq!(listed(&store, "").await.len(), 50);
}

#[tokio::test]
async fn of_many_puts_of_one_name_one_wins() {
    let (_folder, store) = store();
    let puts = (0..20_u8).map(|n| {
        let store = store.clone();
        async move { store.put_new(&key(0), Bytes::from(vec![n])).await.map(|()| n) }
    });
    let won: Vec<_> = futures::future::join_all(puts).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(store.get(&key(0)).await.expect("reads"), won);
}

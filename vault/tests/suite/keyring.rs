//! The contract of a root provider, on the file keyring, and what only files can get wrong.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{SeededEntropy, SystemEntropy, TenantId};
use vault::root::{FileKeyring, KeyringError, KmsError, RootContext, RootId, RootKms};

use crate::{key, tenant};

fn open(folder: &Path) -> Result<FileKeyring, KeyringError> {
    FileKeyring::open_or_create(folder, Arc::new(SystemEntropy))
}

fn context() -> RootContext {
    RootContext { deployment: "demo".to_owned(), tenant: tenant(1), version: 1, purpose: "tenant-kek" }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("exists").permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changes the mode");
}

fn key_file(folder: &Path, root: &RootId) -> PathBuf {
    folder.join(format!("{root}.key"))
}

#[tokio::test]
async fn contract_wraps_open_only_under_their_root_and_context() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = open(folder.path()).expect("opens");
    let root = keyring.current_root();
    let wrapped = keyring.wrap(&root, &context(), &key(7)).await.expect("wraps");
    assert_ne!(wrapped, keyring.wrap(&root, &context(), &key(7)).await.expect("wraps"), "a new nonce each");
    let opened = keyring.unwrap(&root, &context(), &wrapped).await.expect("unwraps");
    assert!(opened.same_as(&key(7)));

    let elsewhere = [
        RootContext { deployment: "other".to_owned(), ..context() },
        RootContext { tenant: TenantId::DEPLOYMENT, ..context() },
        RootContext { version: 2, ..context() },
        RootContext { purpose: "sign-access", ..context() },
    ];
    for wrong in elsewhere {
        let refused = keyring.unwrap(&root, &wrong, &wrapped).await;
        assert!(matches!(refused, Err(KmsError::Refused)), "{wrong:?}");
    }
    let second = keyring.create_root().await.expect("makes a root");
    assert_eq!(keyring.current_root(), second, "new wraps use it");
    assert!(matches!(keyring.unwrap(&second, &context(), &wrapped).await, Err(KmsError::Refused)), "another root");
    assert!(keyring.unwrap(&root, &context(), &wrapped).await.is_ok(), "the first still opens what it wrapped");
    let unknown = keyring.wrap(&RootId::new("file-0".to_owned()), &context(), &key(7)).await;
    assert!(matches!(unknown, Err(KmsError::UnknownRoot(_))));
    assert_eq!((keyring.describe().provider, keyring.describe().roots), ("file", 2));
    assert!(!keyring.describe().production && !keyring.describe().backup_horizon);
}

#[tokio::test]
async fn contract_a_restart_keeps_every_root_and_a_destroyed_one_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = open(folder.path()).expect("opens");
    let first = keyring.current_root();
    let wrapped = keyring.wrap(&first, &context(), &key(7)).await.expect("wraps");
    let second = keyring.create_root().await.expect("makes a root");
    drop(keyring);

    let keyring = open(folder.path()).expect("opens again");
    assert_eq!(keyring.current_root(), second);
    assert!(keyring.unwrap(&first, &context(), &wrapped).await.is_ok());

    fs::remove_file(key_file(folder.path(), &first)).expect("destroys the root");
    let keyring = open(folder.path()).expect("opens without it");
    let gone = keyring.unwrap(&first, &context(), &wrapped).await.err().expect("must fail");
    assert!(matches!(&gone, KmsError::UnknownRoot(root) if *root == first));
    assert_eq!(gone.code(), "key_missing");
}

#[tokio::test]
async fn a_root_made_by_another_process_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let (here, there) = (open(folder.path()).expect("opens"), open(folder.path()).expect("opens"));
    let made = there.create_root().await.expect("makes a root");
    let wrapped = there.wrap(&made, &context(), &key(7)).await.expect("wraps");
    assert!(here.unwrap(&made, &context(), &wrapped).await.is_ok());
    assert_eq!(here.current_root(), made);
}

#[test]
fn two_processes_starting_at_once_agree_on_the_first_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys");
    let opened: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&path).expect("opens").current_root())).collect();
        starts.into_iter().map(|start| start.join().expect("no panic")).collect()
    });
    assert!(opened.iter().all(|root| *root == opened[0]), "{opened:?}");
}

#[test]
fn only_the_owner_may_have_access() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys");
    let root = open(&path).expect("opens").current_root();
    assert_eq!(mode(&path), 0o700);
    let files: Vec<_> = fs::read_dir(&path).expect("lists").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(files.len(), 2, "a key and `current`, nothing staged: {files:?}");
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    for loose in [0o640, 0o604, 0o660, 0o601] {
        set_mode(&key_file(&path, &root), loose);
        assert!(matches!(open(&path).err(), Some(KeyringError::Loose { mode, .. }) if mode == loose), "{loose:o}");
    }
    set_mode(&key_file(&path, &root), 0o400);
    assert!(open(&path).is_ok(), "stricter is fine");
    for loose in [0o770, 0o702] {
        set_mode(&path, loose);
        assert!(matches!(open(&path).err(), Some(KeyringError::Loose { .. })), "{loose:o}");
    }
}

#[test]
fn a_damaged_key_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = open(folder.path()).expect("opens").current_root();
    let file = key_file(folder.path(), &root);
    let good = fs::read(&file).expect("reads");
    let mut flipped = good.clone();
    flipped[20] ^= 1;
    for bad in [Vec::new(), good[..47].to_vec(), flipped, [&good[..], b"x"].concat(), vec![0; 48]] {
        fs::write(&file, &bad).expect("writes");
        let refused = open(folder.path()).err().expect("must fail");
        assert!(matches!(&refused, KeyringError::Damaged { path } if *path == file), "{refused}");
    }
    fs::write(&file, good).expect("writes");
    fs::write(folder.path().join("current"), "file-0").expect("writes");
    assert!(matches!(open(folder.path()).err(), Some(KeyringError::Damaged { .. })), "`current` names no root");
}

#[test]
fn two_keyrings_from_one_seed_never_replace_a_root() {
    // The same random name again: the link refuses, where a rename would have destroyed the first root.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let first = FileKeyring::open_or_create(path, Arc::new(SeededEntropy::new(1))).expect("opens").current_root();
    let before = fs::read(key_file(path, &first)).expect("reads");
    fs::remove_file(path.join("current")).expect("removes");
    let again = FileKeyring::open_or_create(path, Arc::new(SeededEntropy::new(1)));
    assert!(matches!(again.err(), Some(KeyringError::Io { action: "create", .. })));
    assert_eq!(fs::read(key_file(path, &first)).expect("reads"), before);
}

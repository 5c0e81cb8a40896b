//! What is on disk before a call returns, seen in the system calls: a kill cannot show a missing fsync.

use std::{env, fs, path::Path, process::Command, sync::Arc};

use bytes::Bytes;
use domain::SystemEntropy;
use vault::{
    blob::{BlobStore, segment_key},
    root::{FileKeyring, RootKms as _},
};

use crate::{session, tenant};

const FOLDER: &str = "VAULT_TRACED_FOLDER";

/// What is traced; each step ends with a file whose creation stands in the trace.
#[tokio::test]
async fn traced_steps() {
    let own = tempfile::tempdir().expect("a folder");
    let folder = env::var_os(FOLDER).map_or_else(|| own.path().to_owned(), Into::into);
    let done = |step: &str| fs::write(folder.join(step), "").expect("writes");
    let store = BlobStore::local(&folder.join("blobs")).expect("opens");
    let key = |n| segment_key(tenant(1), session(1), 1, 0, n, &[0xab; 32]);
    done("opened");
    store.put_new(&key(0), Bytes::from_static(b"first")).await.expect("stores");
    done("put-first");
    store.put_new(&key(1), Bytes::from_static(b"second")).await.expect("stores");
    done("put-second");
    store.delete(&key(0)).await.expect("removes");
    done("deleted");
    let keyring = FileKeyring::open_or_create(&folder.join("keys"), Arc::new(SystemEntropy)).expect("opens");
    done("keyring");
    keyring.create_root().await.expect("makes a root");
    done("rolled");
}

/// The trace lines between two steps.
fn between<'a>(trace: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    let made = |line: &str, step: &str| line.contains(&format!("/{step}\"")) && line.contains("O_CREAT");
    let lines = trace.lines().skip_while(|line| !made(line, from));
    lines.take_while(|line| !made(line, to)).collect()
}

/// Asserts that lines containing these texts come in this order.
fn assert_order(lines: &[&str], wanted: &[(&str, String)]) {
    let mut rest = lines.iter();
    for (call, name) in wanted {
        let found = rest.any(|line| line.contains(&format!("{call}(")) && line.contains(name.as_str()));
        assert!(found, "no {call} of {name} in its place:\n{}", lines.join("\n"));
    }
}

#[test]
fn files_and_folders_are_synced_before_a_call_returns() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a path");
    let trace = root.join("trace");
    let traced = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=fsync,openat,link,linkat,rename,renameat,renameat2,unlink,unlinkat", "-o"])
        .arg(&trace)
        .arg(env::current_exe().expect("this test"))
        .args(["--exact", "durability::traced_steps"])
        .env(FOLDER, &root)
        .output()
        .expect("strace is installed (apt-get install strace)");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let trace = fs::read_to_string(trace).expect("a trace");
    // `-y` shows a descriptor as `7</its/path>`.
    let synced = |path: &Path| ("fsync", format!("<{}>", path.display()));
    let blobs = root.join("blobs");
    let generation = blobs.join(format!("{}/{}/1", tenant(1), session(1)));
    let name = |n| format!("0-{n}-{}", "ab".repeat(32));

    let first = between(&trace, "opened", "put-first");
    let staged = |n| synced(&generation.join(format!("{}#1", name(n))));
    let linked = |n| ("linkat", name(n));
    assert_order(&first, &[staged(0), linked(0), synced(&generation)]);
    for above in generation.ancestors().skip(1).take(3) {
        assert_order(&first, &[linked(0), synced(above)]);
    }
    assert_order(&between(&trace, "put-first", "put-second"), &[staged(1), linked(1), synced(&generation)]);
    assert_order(&between(&trace, "put-second", "deleted"), &[("unlink", name(0)), synced(&generation)]);

    let keys = root.join("keys");
    let made = between(&trace, "deleted", "keyring");
    assert_order(&made, &[synced(&root), ("linkat", ".key\"".to_owned()), synced(&keys)]);
    assert_order(&made, &[("linkat", "/current\"".to_owned()), synced(&keys)]);
    let rolled = between(&trace, "keyring", "rolled");
    assert_order(&rolled, &[("fsync", ".new>".to_owned()), ("linkat", ".key\"".to_owned()), synced(&keys)]);
    assert_order(&rolled, &[("rename", "/current\"".to_owned()), synced(&keys)]);
}

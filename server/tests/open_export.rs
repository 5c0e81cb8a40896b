//! `sealtape open-export` as people run it: the program itself, a file, and a key.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use domain::{ExportId, SeededEntropy, TenantId};
use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;
use vault::{Key32, export::ExportKey};

const LINES: &str = "{\"export\":{\"format\":\"sealtape-session@1\"}}\n{\"head\":{}}\n{\"end\":{\"complete\":true}}\n";

fn key(n: u128) -> ExportKey {
    ExportKey::derive(&Key32::from_bytes([7; 32]), ExportId::from_uuid(format!("{n:032x}").parse().expect("an id")))
}

/// A file of several chunks, and what is in it.
fn made(folder: &Path) -> (std::path::PathBuf, String) {
    let noise = |n: u64| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (n << 7)).to_string();
    let events: Vec<String> = (0..4_000).map(noise).collect();
    let lines = format!("[{}]\n{LINES}", events.join(","));
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(lines.as_bytes()).expect("packs");
    let mut bytes = Vec::new();
    let tenant = TenantId::from_uuid("0190f3a1-0000-7000-8000-000000000001".parse().expect("an id"));
    let mut sealer = key(1).sealer(tenant, &SeededEntropy::new(1), &mut bytes);
    sealer.push(&packer.finish().expect("packs"), &mut bytes);
    sealer.finish(&mut bytes);
    assert!(bytes.len() > 2 * 16_400, "several chunks");
    let path = folder.join("session.sealed");
    fs::write(&path, bytes).expect("writes");
    (path, lines)
}

fn run(args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sealtape"))
        .arg("open-export")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    child.stdin.take().expect("a pipe").write_all(stdin.as_bytes()).expect("takes the key");
    child.wait_with_output().expect("ends")
}

#[test]
fn a_file_and_its_key_are_all_it_takes() {
    let folder = TempDir::new().expect("a folder");
    let (file, lines) = made(folder.path());
    let file = file.to_str().expect("UTF-8");
    let text = key(1).text().expose().clone();
    let printed = run(&[file], &format!("{text}\n"));
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    assert!(printed.stdout == lines.as_bytes());

    let (key_file, out) = (folder.path().join("key"), folder.path().join("lines.ndjson"));
    fs::write(&key_file, &text).expect("writes");
    let (key_file, to) = (key_file.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let written = run(&[file, "--key-file", key_file, "--out", to], "");
    assert!(written.status.success() && written.stdout.is_empty());
    assert!(fs::read_to_string(&out).expect("is there") == lines);
    let again = run(&[file, "--key-file", key_file, "--out", to], "");
    assert!(!again.status.success(), "nothing is written over");
    assert!(fs::read_to_string(&out).expect("is there") == lines);
}

#[test]
fn what_is_not_whole_or_not_its_own_gives_nothing() {
    let folder = TempDir::new().expect("a folder");
    let (path, _) = made(folder.path());
    let (whole, text) = (fs::read(&path).expect("reads"), key(1).text().expose().clone());
    let changed = |at: usize| {
        let mut file = whole.clone();
        file[at] ^= 1;
        file
    };
    let mistyped = format!("{}0", &text[..text.len() - 1]);
    let other = key(2).text().expose().clone();
    for (why, file, key, says) in [
        (
            "mistyped",
            whole.clone(),
            if mistyped == text { String::new() } else { mistyped },
            "not the key of an export",
        ),
        ("no key", whole.clone(), String::new(), "not the key of an export"),
        ("another export's key", whole.clone(), other, "this key does not open this file"),
        ("last byte changed", changed(whole.len() - 1), text.clone(), "the file was changed or cut"),
        ("a byte changed", changed(20_000), text.clone(), "the file was changed or cut"),
        ("cut at a chunk", whole[..112 + 16_400].to_vec(), text.clone(), "the file was cut"),
        ("cut inside a chunk", whole[..112 + 20_000].to_vec(), text.clone(), "the file was changed or cut"),
        ("not sealed", b"GIF89a".to_vec(), text.clone(), "too short"),
    ] {
        fs::write(&path, file).expect("writes");
        let refused = run(&[path.to_str().expect("UTF-8")], &format!("{key}\n"));
        let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{why}: {stderr}");
        assert!(stderr.contains(says), "{why}: {stderr}");
        assert!(!stderr.contains(&text[43..60]), "{why}: the key is not said again");
    }
}

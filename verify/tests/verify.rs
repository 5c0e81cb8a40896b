//! The program as an outsider runs it, on the committed vectors and on what somebody made of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Case {
    folder: TempDir,
    vectors: Value,
}

impl Case {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors/ledger-v1.json");
        let vectors = serde_json::from_slice(&fs::read(path).expect("the vectors")).expect("JSON");
        Self { folder: TempDir::new().expect("a folder"), vectors }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("writes");
        path
    }

    fn text(&self, pointer: &str) -> String {
        self.vectors.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer}")).to_owned()
    }

    /// Runs the program with the vectors' key: whether all holds, and what it says.
    fn run(&self, args: &[&Path], command: &str) -> (bool, String) {
        self.run_with(args, command, &self.text("/verifier"))
    }

    fn run_with(&self, args: &[&Path], command: &str, key: &str) -> (bool, String) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_sealtape-verify"));
        let output = program.arg(command).args(args).args(["--key", key]).output().expect("runs");
        let said = if output.status.success() { output.stdout } else { output.stderr };
        let folder = self.folder.path().to_string_lossy().into_owned();
        (output.status.success(), String::from_utf8(said).expect("UTF-8").replace(&folder, "FOLDER"))
    }

    /// The checkpoint of this size, when the vectors have one.
    fn checkpoint(&self, size: u64) -> Option<String> {
        let all = self.vectors["checkpoints"].as_array().expect("a list").iter().filter_map(Value::as_str);
        all.into_iter().find(|note| note.lines().nth(1) == Some(&size.to_string())).map(str::to_owned)
    }
}

#[test]
fn an_entry_is_proved_and_no_other_is() {
    let case = Case::new();
    let entries = case.vectors["entries"].as_array().expect("a list").len();
    for n in 0..entries {
        let proof = case.file("proof", &case.text(&format!("/entries/{n}/proof")));
        let entry = case.file("entry", &case.text(&format!("/entries/{n}/entry")));
        let (holds, said) = case.run(&[&proof, &entry], "proof");
        assert!(holds, "{said}");
        assert!(said.starts_with("entry ") && said.contains(&case.text("/origin")), "{said}");
        let other = case.file("entry", &(case.text(&format!("/entries/{n}/entry")) + " "));
        let (holds, said) = case.run(&[&proof, &other], "proof");
        assert!(!holds && said.contains("the entry is not proved to be number"), "{said}");
    }
}

#[test]
fn a_log_that_grew_is_told_from_one_that_was_changed() {
    let case = Case::new();
    let mut held = 0;
    for step in case.vectors["consistency"].as_array().expect("a list") {
        let (old, new) = (step["old"].as_u64().expect("a size"), step["new"].as_u64().expect("a size"));
        let proof: Vec<&str> = step["proof"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let (Some(older), Some(newer)) = (case.checkpoint(old), case.checkpoint(new)) else { continue };
        let (older, newer) = (case.file("older", &older), case.file("newer", &newer));
        let hashes = case.file("hashes", &proof.join("\n"));
        let (holds, said) = case.run(&[&older, &newer, &hashes], "checkpoints");
        assert!(holds, "{old} to {new}: {said}");
        held += 1;
        if proof.len() > 1 {
            let fewer = case.file("hashes", &proof[1..].join("\n"));
            let (holds, said) = case.run(&[&older, &newer, &fewer], "checkpoints");
            assert!(!holds && said.contains(&format!("one of the first {old} entries was changed")), "{said}");
        }
        if old < new {
            let (holds, said) = case.run(&[&newer, &older, &hashes], "checkpoints");
            assert!(!holds && said.contains(&format!("entries from number {old} on are gone")), "{said}");
        }
    }
    assert!(held >= 2, "{held}");
}

#[test]
fn what_the_key_did_not_sign_is_not_believed() {
    let case = Case::new();
    let (proof, entry) = (case.text("/entries/0/proof"), case.file("entry", &case.text("/entries/0/entry")));
    let stranger = "stranger+4a3b2c1d+AQID".to_owned();
    let file = case.file("proof", &proof);
    let (holds, said) = case.run_with(&[&file, &entry], "proof", &stranger);
    assert!(!holds && said.contains("verifier key"), "{said}");
    let root = proof.lines().rev().nth(2).expect("the root's line").to_owned();
    for (why, changed) in [
        ("another root", proof.replace(&root, &root.replace(['a', 'b', 'c'], "d"))),
        ("no signature", proof.split("\n— ").next().expect("a part").to_owned()),
        ("no proof", "c2sp.org/tlog-proof@v1\n".to_owned()),
        ("empty", String::new()),
    ] {
        let file = case.file("proof", &changed);
        let (holds, said) = case.run(&[&file, &entry], "proof");
        assert!(!holds && said.starts_with("sealtape-verify: "), "{why}: {said}");
    }
    let large = case.file("proof", &"x".repeat(200_000));
    let (holds, said) = case.run(&[&large, &entry], "proof");
    assert!(!holds && said.contains("too large"), "{said}");
    let missing = case.folder.path().join("missing");
    let (holds, said) = case.run(&[&missing, &entry], "proof");
    assert!(!holds && said.contains("cannot read FOLDER"), "{said}");
}

/// The same in the form in which the interface answers.
#[test]
fn answers_of_the_interface_are_read_as_they_are() {
    let case = Case::new();
    let (text, entry) = (case.text("/entries/0/proof"), case.text("/entries/0/entry"));
    let (head, checkpoint) = text.split_once("\n\n").expect("two parts");
    let hashes: Vec<&str> = head.lines().skip(2).collect();
    let answer = |entry: &str| {
        let entry = STANDARD.encode(entry);
        json!({ "index": 0, "entry": entry, "hashes": hashes, "checkpoint": checkpoint }).to_string()
    };
    let (holds, said) = case.run(&[&case.file("answer", &answer(&entry))], "proof");
    assert!(holds && said.starts_with("entry 0 is in "), "{said}");
    let (holds, said) = case.run(&[&case.file("answer", &answer("another"))], "proof");
    assert!(!holds && said.contains("not proved to be number 0"), "{said}");
    let (holds, said) = case.run(&[&case.file("answer", &text)], "proof");
    assert!(!holds && said.contains("needs its entry beside it"), "{said}");

    let older = case.file("older", &case.checkpoint(7).expect("of 7"));
    let last = case.vectors["consistency"].as_array().expect("a list").iter().rev();
    let step = last
        .into_iter()
        .find(|step| step["old"] == 7 && case.checkpoint(step["new"].as_u64().expect("a size")).is_some());
    let step = step.expect("a step from 7");
    let newer = case.checkpoint(step["new"].as_u64().expect("a size")).expect("a checkpoint");
    let answer = |hashes: Value| {
        let answer = json!({ "from": 7, "to": step["new"], "hashes": hashes, "checkpoint": newer });
        case.file("answer", &answer.to_string())
    };
    let (holds, said) = case.run(&[&older, &answer(step["proof"].clone())], "checkpoints");
    assert!(holds && said.contains("grew from 7 to "), "{said}");
    let (holds, said) = case.run(&[&older, &answer(json!(["x"]))], "checkpoints");
    assert!(!holds && said.contains("not a hash"), "{said}");
}

/// The lines of a `log` export, as an outsider would write them from its description.
fn export(case: &Case, size: u64, entry: impl Fn(u64) -> String) -> String {
    let note = case.checkpoint(size).expect("a checkpoint");
    let head = json!({
        "format": "sealtape-audit-log/v1", "origin": case.text("/origin"), "size": size, "filter": null, "checkpoint": note,
    });
    let entries = (0..size).map(|index| json!({ "entry": { "index": index, "entry": entry(index) } }));
    let lines = std::iter::once(json!({ "log": head })).chain(entries).chain([json!({ "checkpoint": note })]);
    lines.map(|line| line.to_string() + "\n").collect()
}

#[test]
fn an_export_is_what_was_signed_or_it_is_said_where_it_is_not() {
    let case = Case::new();
    let whole = export(&case, 1_000, |index| format!("entry {index}"));
    let file = case.file("export", &whole);
    let (holds, said) = case.run(&[&file], "export");
    assert!(holds && said.starts_with("all 1000 entries of ") && said.contains(&case.text("/origin")), "{said}");
    let older = case.file("older", &case.checkpoint(7).expect("of 7"));
    let (holds, said) = case.run(&[&file, Path::new("--older"), &older], "export");
    assert!(holds && said.ends_with("and continue what you kept of 7 entries\n"), "{said}");

    for (changed, expected) in [
        (whole.replace("\"entry 3\"", "\"entry x\""), "between entries 0 and 7"),
        (whole.replace("\"entry 500\"", "\"entry x\""), "between entries 7 and 1000"),
        (
            whole
                .lines()
                .filter(|line| !line.contains("\"entry 41\""))
                .fold(String::new(), |all, line| all + line + "\n"),
            "entry 41 is missing",
        ),
        (whole.lines().take(700).fold(String::new(), |all, line| all + line + "\n"), "was cut off behind 699 entries"),
        (whole[..whole.len() - 9].to_owned(), "is cut off"),
        ("x".repeat(70_000), "line 1 is cut off, or too long"),
        (String::new(), "was cut off behind 0 entries"),
        ("{}\n".to_owned(), "line 1: it is not a line of an export"),
    ] {
        let file = case.file("changed", &changed);
        let (holds, said) = case.run(&[&file, Path::new("--older"), &older], "export");
        assert!(!holds && said.contains(expected), "{expected}: {said}");
        assert!(said.starts_with("sealtape-verify: FOLDER/changed is not to be believed: "), "{said}");
    }
    let (holds, said) = case.run_with(&[&file], "export", "stranger+4a3b2c1d+AQID");
    assert!(!holds && said.contains("verifier key"), "{said}");
}

/// What was exported once is read for good: this file was written by `sealtape audit export`.
#[test]
fn the_committed_export_is_still_what_was_signed() {
    let case = Case::new();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors");
    let export = fs::read_to_string(vectors.join("audit-export-v1.ndjson")).expect("the export");
    let key = fs::read_to_string(vectors.join("audit-export-v1.key")).expect("its key");
    let (holds, said) = case.run_with(&[&case.file("export", &export)], "export", key.trim());
    assert!(holds && said.starts_with("all 4 entries of sealtape/"), "{said}");
    let changed = case.file("export", &export.replacen(r#"\"out\":\"allow\""#, r#"\"out\":\"deny\""#, 3));
    let (holds, said) = case.run_with(&[&changed], "export", key.trim());
    assert!(!holds && said.contains("entry 0 is not the one that was signed; it is the first that is not"), "{said}");
}

/// A certificate and a config among the committed vectors.
struct Signed {
    case: Case,
    vectors: Value,
}

impl Signed {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors/signed-v1.json");
        let vectors = serde_json::from_slice(&fs::read(path).expect("the vectors")).expect("JSON");
        Self { case: Case::new(), vectors }
    }

    fn text(&self, name: &str) -> &str {
        self.vectors[name].as_str().unwrap_or_else(|| panic!("{name}"))
    }

    fn run(&self, command: &str, file: &str, args: &[&str]) -> (bool, String) {
        let file = self.case.file(command, file);
        let mut program = Command::new(env!("CARGO_BIN_EXE_sealtape-verify"));
        let output = program.arg(command).arg(file).args(args).output().expect("runs");
        let said = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(said).expect("UTF-8"))
    }
}

#[test]
fn a_certificate_is_checked_with_its_log_and_its_person() {
    let signed = Signed::new();
    let keys = ["--key", signed.text("verifier"), "--signer", signed.text("key")];
    let about = format!("email:{}", signed.text("email"));
    let later = signed.vectors["later"].to_string();
    let (holds, said) = signed.run("certificate", &later, &[&keys[..], &["--about", &about]].concat());
    assert!(
        holds && said.contains("; no backup holds them since ") && said.ends_with("it is about this email\n"),
        "{said}"
    );
    let (holds, said) =
        signed.run("certificate", &later, &[&keys[..], &["--about", "email:bob@example.test"]].concat());
    assert!(!holds && said.contains("it is not about this email"), "{said}");
    let mut changed = signed.vectors["certificate"].clone();
    changed["certificate"]["document"] = signed.vectors["later"]["horizon"]["document"].clone();
    let (holds, said) = signed.run("certificate", &changed.to_string(), &keys);
    assert!(!holds && said.contains("is not to be believed"), "{said}");
}

#[test]
fn a_config_is_checked_as_an_agent_does() {
    let signed = Signed::new();
    let (now, key) = (signed.vectors["now"].to_string(), signed.text("key"));
    let args = ["--key", key, "--at", &now, "--project", signed.text("project")];
    let (holds, said) = signed.run("config", signed.text("config"), &args);
    assert!(holds && said.starts_with("version 12 for the project"), "{said}");
    let (holds, said) = signed.run("config", signed.text("config"), &["--key", key, "--at", "4000000000"]);
    assert!(!holds && said.contains("it ended"), "{said}");
    let (holds, said) = signed.run("config", signed.text("foreign_config"), &args);
    assert!(!holds && said.contains("none of those to be believed"), "{said}");
}

//! Taking the audit log out: what is in the file, that it proves itself, and that whoever touched the log is found.

use std::path::PathBuf;

use clap::Parser as _;
use domain::{AuditExportId, RequestId, Timestamp};
use ledger::tree::{Frontier, Hash, TileSet};
use policy::access::{Actor, Authorizer, Holdings, Permit, Role, Subject, can};
use sealtape_tests::acceptance::{Answer, Client, Tenant, TestApp};
use serde_json::{Value, json};
use store::{AuditExportFormat, AuditExportRow, AuditExportState, Backend, Store};
use tempfile::TempDir;

use crate::{
    cases::Ids,
    grants::id,
    ledger::{add_at_once, sign},
    stories::Rows,
};

const WEEK: u64 = 7 * 24 * 3_600;

/// An export that can be downloaded, without anybody having asked for it.
pub(crate) async fn planted(app: &TestApp, store: &Store, tenant: &Tenant) -> String {
    let now = app.app().clock().now();
    let tx = store.tenant(tenant.id).await.unwrap();
    let size = tx.audit_checkpoint_newest().await.unwrap().unwrap().size;
    let row = AuditExportRow {
        tenant_id: tenant.id,
        id: AuditExportId::mint(now, app.app().entropy()),
        format: AuditExportFormat::Log,
        filter: None,
        size,
        state: AuditExportState::Ready,
        done: size,
        entries: size,
        bytes: 0,
        problem: None,
        created_at: now,
        member_id: tenant.members[&Role::Owner].id.parse().unwrap(),
        expires_at: now.plus(std::time::Duration::from_secs(WEEK)),
    };
    tx.audit_export_insert(row.clone()).await.unwrap();
    tx.commit().await.unwrap();
    row.id.to_string()
}

/// The ids for a call on an export: at home one of the caller's own for what ends it.
pub(crate) async fn ready(operation: &str, caller: &Client, own: &Rows, ids: &Ids) -> Ids {
    if operation != "audit_export_remove" || caller.token().is_empty() || ids.audit_export != own.audit_export {
        return ids.clone();
    }
    let made = ask(caller, &json!({ "format": "csv" })).await;
    if made.status == 202 { Ids { audit_export: id(&made.json()), ..ids.clone() } } else { ids.clone() }
}

async fn ask(client: &Client, body: &Value) -> Answer {
    client.post("/v1/audit/exports", body).await
}

async fn shown(client: &Client, export: &str) -> Value {
    client.get(&format!("/v1/audit/exports/{export}")).await.is(200).json()
}

async fn download(client: &Client, export: &str) -> Answer {
    client.get(&format!("/v1/audit/exports/{export}/file")).await
}

/// Somebody outside with what they kept: files, and the log's key.
struct Outside {
    folder: TempDir,
    key: String,
}

impl Outside {
    async fn of(client: &Client) -> Self {
        let key = client.get("/v1/audit/key").await.is(200).text().trim_end().to_owned();
        Self { folder: TempDir::new().unwrap(), key }
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What the offline verifier says of a file, with these checkpoints at hand.
    fn verify(&self, file: &[u8], older: &[&PathBuf]) -> Result<String, String> {
        let file = self.keep("export", file);
        let mut args = vec!["sealtape-verify".into(), "export".into(), file.into_os_string()];
        for kept in older {
            args.extend(["--older".into(), (*kept).into()]);
        }
        args.extend(["--key".into(), self.key.clone().into()]);
        verify::Cli::try_parse_from(args).unwrap().run().map_err(|error| format!("{error:#}"))
    }
}

/// An auditor with a log of `entries` entries or a few more, all of them signed.
struct Case {
    app: TestApp,
    store: Store,
    auditor: Client,
    outside: Outside,
}

impl Case {
    async fn with(entries: usize) -> Self {
        let app = TestApp::new().await;
        let store = app.store().await;
        let auditor = app.as_role(Role::Auditor).await;
        let there = app.leaves(app.ours.id).await.len();
        add_at_once(&app, &store, app.ours.id, entries.saturating_sub(there)).await;
        sign(&app).await;
        let outside = Outside::of(&auditor).await;
        Self { app, store, auditor, outside }
    }

    /// Takes the log out, and waits until it is there.
    async fn take(&self, body: &Value) -> (String, Vec<u8>) {
        let export = id(&ask(&self.auditor, body).await.is(202).json());
        self.app.work_on_jobs_alone().await;
        let ready = shown(&self.auditor, &export).await;
        assert_eq!(ready["state"], "ready", "{ready}");
        let file = download(&self.auditor, &export).await.is(200).body.to_vec();
        assert_eq!(ready["bytes"], json!(file.len()), "as many as were counted");
        (export, file)
    }

    async fn checkpoint(&self, name: &str) -> PathBuf {
        let note = self.auditor.get("/v1/audit/checkpoint").await.is(200).text();
        self.outside.keep(name, note.as_bytes())
    }

    /// Runs statements about our tenant's rows, `{ours}` in them, past every check.
    async fn forge(&self, statements: &[&str]) {
        let ours = self.app.id(&self.app.ours.id.to_string());
        let statements: Vec<String> = statements.iter().map(|sql| sql.replace("{ours}", &ours)).collect();
        self.app.forge(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }

    /// Bytes as they are written in this database's SQL.
    fn bytes(&self, bytes: &[u8]) -> String {
        match self.store.backend() {
            Backend::Sqlite => format!("x'{}'", hex::encode(bytes)),
            Backend::Postgres => format!("decode('{}', 'hex')", hex::encode(bytes)),
        }
    }

    async fn counting(&self) -> Permit<can::AuditCount> {
        let actor = Actor::Worker { name: "audit-export" };
        let request = RequestId::mint(self.app.app().clock().now(), self.app.app().entropy());
        let subject = Subject { tenant: self.app.ours.id, actor, holdings: Holdings::default(), request };
        Authorizer::builtin().await.unwrap().authorize(subject).unwrap()
    }
}

fn lines(file: &[u8]) -> Vec<Value> {
    str::from_utf8(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The text without what no two runs have in common: ids, hashes, signatures and the moment.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    let is_word = |c: char| c.is_ascii_alphanumeric() || "+/=-".contains(c);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        // Ids stand between slashes, hashes hold some.
        let piece =
            if word.matches('/').count() > 0 && word.contains('-') { &word[..word.find('/').unwrap()] } else { word };
        if piece.len() == 36 && piece.matches('-').count() == 4 {
            out.push_str("ID");
            rest = &rest[36..];
        } else if piece.len() >= 43 {
            out.push_str("BASE64");
            rest = &rest[piece.len()..];
        } else if piece.is_empty() {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.push_str(piece);
            rest = &rest[piece.len()..];
        }
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_as_it_is_documented() {
    let case = Case::with(0).await;
    let (export, log) = case.take(&json!({ "format": "log" })).await;
    insta::assert_json_snapshot!(shown(&case.auditor, &export).await, {
        ".id" => "ID", ".created_by" => "ID", ".bytes" => "BYTES",
    });
    let file = download(&case.auditor, &export).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    assert_eq!(
        file.header("content-disposition"),
        format!("attachment; filename=\"sealtape-audit-log-{export}.ndjson\"")
    );
    assert_eq!(file.header("cache-control"), "no-store");
    insta::assert_snapshot!("log", redacted(str::from_utf8(&log).unwrap()));

    let (_, csv) = case.take(&json!({ "format": "csv" })).await;
    insta::assert_snapshot!("csv", redacted(str::from_utf8(&csv).unwrap()));
    let (export, ocsf) = case.take(&json!({ "format": "ocsf" })).await;
    insta::assert_snapshot!("ocsf", redacted(&serde_json::to_string_pretty(&lines(&ocsf)).unwrap()));

    let entries = case.app.leaves(case.app.ours.id).await.iter().filter(|leaf| leaf["act"] == "audit.export").count();
    assert_eq!(entries, 3, "on record");
    let acts = case.app.acts(case.app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "audit.download").count(), 4);
    let about = json!({ "k": "audit-export", "id": export });
    let leaves = case.app.leaves(case.app.ours.id).await;
    assert!(leaves.iter().any(|leaf| leaf["act"] == "audit.download" && leaf["obj"] == about));
}

/// Nothing is lost, doubled or unproved where tiles and pages end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_size_is_whole_and_proved() {
    for sizes in [&[255, 1_023][..], &[256, 1_024], &[257, 1_025, 2_049]] {
        let case = Case::with(100).await;
        let first = case.checkpoint("first").await;
        for &size in sizes {
            let there = case.app.leaves(case.app.ours.id).await.len();
            add_at_once(&case.app, &case.store, case.app.ours.id, size - there).await;
            sign(&case.app).await;
            for format in ["log", "ocsf"] {
                let (export, file) = case.take(&json!({ "format": format })).await;
                let ready = shown(&case.auditor, &export).await;
                // That it was asked for comes behind the checkpoint.
                assert_eq!(
                    (&ready["entries"], &ready["done"], &ready["size"]),
                    (&json!(size), &json!(size), &json!(size))
                );
                let said = case.outside.verify(&file, &[&first]).unwrap();
                assert!(said.starts_with(&format!("all {size} entries of sealtape/test/")), "{said}");
                assert!(said.ends_with("and continue what you kept of 100 entries"), "{said}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_leaves_what_was_asked_for_each_with_its_proof() {
    let case = Case::with(700).await;
    let everything = case.app.leaves(case.app.ours.id).await;
    let (_, file) = case.take(&json!({ "format": "log", "filter": { "act": "login.create" } })).await;
    let told = lines(&file);
    assert_eq!(told[0]["log"]["filter"], json!({ "act": "login.create" }));
    let entries: Vec<Value> = told[1..told.len() - 1]
        .iter()
        .map(|line| serde_json::from_str(line["entry"]["entry"].as_str().unwrap()).unwrap())
        .collect();
    let wanted: Vec<&Value> = everything.iter().filter(|leaf| leaf["act"] == "login.create").collect();
    assert_eq!(entries.iter().collect::<Vec<_>>(), wanted);
    let said = case.outside.verify(&file, &[]).unwrap();
    assert!(said.starts_with(&format!("{} entries are among the 700 of ", wanted.len())), "{said}");
    let kept = case.checkpoint("kept").await;
    assert!(case.outside.verify(&file, &[&kept]).unwrap_err().contains("cannot be compared with older checkpoints"));

    // By everything that an entry says; in every form.
    let session = everything.iter().find(|leaf| leaf["obj"]["k"] == "session").unwrap();
    let at = Timestamp::from_micros(session["t"].as_i64().unwrap());
    let filter = json!({
        "actor": "test", "object_kind": "session", "object": session["obj"]["id"], "act": "test.add", "outcome": "allow",
        "from": at, "to": at.plus(std::time::Duration::from_secs(1)),
    });
    for format in ["log", "ocsf"] {
        let (_, file) = case.take(&json!({ "format": format, "filter": filter })).await;
        assert!(case.outside.verify(&file, &[]).unwrap().starts_with("1 entries are among"), "{format}");
    }
    let (_, csv) = case.take(&json!({ "format": "csv", "filter": filter })).await;
    assert_eq!(csv.split(|byte| *byte == b'\n').count(), 3, "a header and one row");
    for nothing in
        [json!({ "outcome": "deny" }), json!({ "actor": "nobody" }), json!({ "to": Timestamp::from_micros(0) })]
    {
        let (_, file) = case.take(&json!({ "format": "log", "filter": nothing })).await;
        assert!(case.outside.verify(&file, &[]).unwrap().starts_with("0 entries are among"), "{nothing}");
    }
    for (wrong, pointer) in [
        (json!({ "actor": "Ada Lovelace" }), "/filter/actor"),
        (json!({ "act": "=1+1" }), "/filter/act"),
        (json!({ "outcome": "perhaps" }), "/filter/outcome"),
        (json!({ "from": at, "to": at }), "/filter/to"),
    ] {
        let before = case.app.trace().await;
        let refused = ask(&case.auditor, &json!({ "format": "log", "filter": wrong })).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], pointer);
        assert_eq!(case.app.trace().await, before, "no trace");
    }
    for malformed in [json!({}), json!({ "format": "pdf" }), json!({ "format": "log", "filter": { "text": "x" } })] {
        ask(&case.auditor, &malformed).await.is(400);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_lasts_a_week_and_ends_when_it_is_removed() {
    let case = Case::with(0).await;
    let export = id(&ask(&case.auditor, &json!({ "format": "csv" })).await.is(202).json());
    let waiting = shown(&case.auditor, &export).await;
    assert_eq!(
        (&waiting["state"], &waiting["done"], &waiting["entries"]),
        (&json!("waiting"), &json!(0), &json!(null))
    );
    assert_eq!(download(&case.auditor, &export).await.is(409).code(), "audit-export-not-ready");
    case.app.work_on_jobs_alone().await;
    download(&case.auditor, &export).await.is(200);
    // Others who may take the log out see it, too; others in the tenant do not.
    let owner = case.app.as_role(Role::Owner).await;
    download(&owner, &export).await.is(200);
    assert_eq!(owner.get("/v1/audit/exports").await.is(200).json()["items"][0]["id"], export.as_str());
    download(&case.app.as_role(Role::Engineer).await, &export).await.is(403);
    let theirs = case.app.member(&case.app.theirs, Role::Owner).await;
    download(&theirs, &export).await.is(404);

    let cancelled = id(&ask(&case.auditor, &json!({ "format": "log" })).await.is(202).json());
    let path = format!("/v1/audit/exports/{cancelled}");
    owner.delete(&path).await.is(204);
    case.app.work_on_jobs_alone().await;
    assert_eq!(shown(&case.auditor, &cancelled).await["state"], "cancelled");
    assert_eq!(download(&case.auditor, &cancelled).await.is(409).code(), "audit-export-not-ready");
    owner.delete(&path).await.is(204);
    owner.delete(&path).await.is(404);

    case.app.pass(WEEK - 1);
    download(&case.app.as_role(Role::Auditor).await, &export).await.is(200);
    case.app.pass(1);
    let auditor = case.app.as_role(Role::Auditor).await;
    assert_eq!(shown(&auditor, &export).await["state"], "expired");
    assert_eq!(download(&auditor, &export).await.is(410).code(), "audit-export-expired");
    // A month later nothing is left but the record.
    case.app.pass(31 * 24 * 3_600);
    case.app.work_on_jobs_alone().await;
    let auditor = case.app.as_role(Role::Auditor).await;
    assert_eq!(auditor.get("/v1/audit/exports").await.is(200).json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_waits_for_a_signature_and_is_begun_a_few_times_a_day() {
    let app = TestApp::with(|settings| settings.limits.audit_exports_per_day = 2).await;
    let auditor = app.as_role(Role::Auditor).await;
    let refused = ask(&auditor, &json!({ "format": "log" })).await.is(409);
    assert_eq!(refused.code(), "ledger-behind");
    sign(&app).await;
    let again = async |key: &str| {
        let request = auditor.request(reqwest::Method::POST, "/v1/audit/exports");
        Answer::of(request.header("idempotency-key", key).json(&json!({ "format": "log" }))).await
    };
    let [one, two] = [again("k-1").await.is(202).json(), again("k-1").await.is(202).json()];
    assert_eq!(one["id"], two["id"], "the same request is one export");
    // The tenant's limit, whoever asks.
    let refused = ask(&app.as_role(Role::Owner).await, &json!({ "format": "csv" })).await.is(429);
    assert!(refused.header("ratelimit-policy").starts_with("\"audit-export\";q=2;w=86400"));
    app.pass(12 * 3_600);
    sign(&app).await;
    ask(&app.as_role(Role::Owner).await, &json!({ "format": "csv" })).await.is(202);
}

/// A process dies between two pages; another goes on behind what it wrote down, and nothing is counted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_was_killed_goes_on_where_it_was() {
    let case = Case::with(3_000).await;
    let export = id(&ask(&case.auditor, &json!({ "format": "log" })).await.is(202).json());
    let (permit, exports) = (case.counting().await, case.app.app().audit_exports());
    let which = export.parse().unwrap();
    assert_eq!(exports.step(&permit, which).await.unwrap(), app::ledger::Step::More(1_024));
    let half = shown(&case.auditor, &export).await;
    assert_eq!((&half["state"], &half["done"], &half["total"]), (&json!("running"), &json!(1_024), &json!(3_000)));
    assert_eq!((&half["entries"], &half["bytes"]), (&json!(null), &json!(null)));
    // Two who both think that the job is theirs: one page is counted once.
    let other = case.app.another().await;
    let other_exports = other.app().audit_exports();
    let (one, two) = tokio::join!(exports.step(&permit, which), other_exports.step(&permit, which));
    for step in [one, two] {
        assert!(matches!(step.unwrap(), app::ledger::Step::More(_) | app::ledger::Step::Done(_)));
    }
    case.app.work_on_jobs_alone().await;
    let ready = shown(&case.auditor, &export).await;
    assert_eq!((&ready["state"], &ready["entries"]), (&json!("ready"), &json!(3_000)));
    let file = download(&case.auditor, &export).await.is(200);
    assert_eq!(ready["bytes"], json!(file.body.len()));
    case.outside.verify(&file.body, &[]).unwrap();
    assert_eq!(exports.step(&permit, which).await.unwrap(), app::ledger::Step::Done(0), "done is done");
}

/// Somebody writes to the database past every check; an export of what is there, and the log's key, tell where.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_export_names_the_first_entry_that_was_touched() {
    let case = Case::with(600).await;
    let (_, honest) = case.take(&json!({ "format": "log" })).await;
    let kept = case.checkpoint("kept").await;
    assert!(case.outside.verify(&honest, &[&kept]).is_ok());
    let update = |set: &str, place: &str| {
        format!("UPDATE audit_outbox SET {set} WHERE tenant_id = {{ours}} AND leaf_index {place}")
    };
    let delete = |place: &str| format!("DELETE FROM audit_outbox WHERE tenant_id = {{ours}} AND leaf_index {place}");
    // From the end of the log to its beginning: what was done before stays done.
    for (why, statements, expected) in [
        ("truncated", vec![delete(">= 590")], "entry 590 is missing"),
        ("edited", vec![update(&format!("leaf = {}", case.app.zeros()), "= 513")], "entry 513 is not the one"),
        ("deleted", vec![delete("= 400")], "entry 400 is missing"),
        (
            "reordered",
            vec![
                update("leaf_index = 100000", "= 120"),
                update("leaf_index = 120", "= 121"),
                update("leaf_index = 121", "= 100000"),
            ],
            "entry 120 is not the one",
        ),
        (
            "inserted",
            vec![
                update("leaf_index = leaf_index + 1000000", ">= 40"),
                update("leaf_index = leaf_index - 999999", ">= 1000000"),
                "UPDATE audit_outbox SET leaf_index = 40 WHERE tenant_id = {ours} AND id = (
                   SELECT id FROM audit_outbox WHERE tenant_id = {ours} AND leaf_index IS NULL ORDER BY id LIMIT 1)"
                    .to_owned(),
            ],
            "entry 40 is not the one",
        ),
    ] {
        case.forge(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let (_, file) = case.take(&json!({ "format": "log" })).await;
        let said = case.outside.verify(&file, &[]).unwrap_err();
        assert!(said.contains(expected), "{why}: {said}");
    }
    // What cannot be an event cannot be told as one, and is said to be so.
    for format in ["csv", "ocsf"] {
        let export = id(&ask(&case.auditor, &json!({ "format": format })).await.is(202).json());
        case.app.work_on_jobs_alone().await;
        let failed = shown(&case.auditor, &export).await;
        assert_eq!((&failed["state"], &failed["problem"]), (&json!("failed"), &json!("integrity-fail")));
        assert_eq!(download(&case.auditor, &export).await.is(409).code(), "audit-export-not-ready");
    }
}

/// Entries, tiles and head rebuilt until they fit together; only what was signed tells, and what somebody kept says since when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_29_an_export_of_a_log_that_was_rebuilt_is_not_believed() {
    let case = Case::with(300).await;
    let before = case.checkpoint("before").await;
    add_at_once(&case.app, &case.store, case.app.ours.id, 300).await;
    sign(&case.app).await;
    let after = case.checkpoint("after").await;
    let read = case.store.tenant_read(case.app.ours.id).await.unwrap();
    let size = read.audit_checkpoint_newest().await.unwrap().unwrap().size;
    let mut entries = read.audit_entries(0..size).await.unwrap();
    drop(read);
    entries[450].1 = entries[451].1.clone();
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for (_, entry) in &entries {
        frontier.append(Hash::of_leaf(entry), &mut tiles).unwrap();
    }
    let (root, edge) = (case.bytes(frontier.root().as_bytes()), case.bytes(&frontier.to_bytes()));
    let leaf = case.bytes(&entries[450].1);
    let mut statements = vec![
        format!("UPDATE audit_outbox SET leaf = {leaf} WHERE tenant_id = {{ours}} AND leaf_index = 450"),
        format!("UPDATE audit_head SET root = {root}, frontier = {edge} WHERE tenant_id = {{ours}}"),
    ];
    for (level, number) in [(0, 0), (0, 1), (0, 2), (1, 0)] {
        let Some(hashes) = tiles.hashes(level, number) else { continue };
        let hashes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let hashes = case.bytes(&hashes);
        statements.push(format!(
            "UPDATE audit_tile SET hashes = {hashes} WHERE tenant_id = {{ours}} AND level = {level} AND number = {number}"
        ));
    }
    case.forge(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (_, file) = case.take(&json!({ "format": "log" })).await;
    let said = case.outside.verify(&file, &[]).unwrap_err();
    assert!(said.contains("the log was rebuilt"), "{said}");
    let said = case.outside.verify(&file, &[&before, &after]).unwrap_err();
    assert!(said.contains(&format!("something was changed between entries 300 and {size}")), "{said}");
    // An event with a proof of the tree that is there is none of the tree that was signed.
    let (_, some) = case.take(&json!({ "format": "ocsf", "filter": { "act": "test.add" } })).await;
    let said = case.outside.verify(&some, &[]).unwrap_err();
    assert!(said.contains("is not proved to be in the log that was signed"), "{said}");
}

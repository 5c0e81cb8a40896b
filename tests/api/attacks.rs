//! The attack cases of the threat model that need the whole application. The numbers are those of `docs/threat-model.md`;
//! the vault's own suite has the others.

use std::path::Path;

use policy::access::Role;
use sealtape_tests::acceptance::{Answer, Client, Form, Recording, Segment, TestApp, events};
use serde_json::{Value, json};

use crate::stories;

/// Words that must not be shown when something is wrong with the keys.
const CANARY: &str = "canary-in-a-paragraph";

/// A session of four segments with a canary in each, live.
async fn session(app: &TestApp, tenant: &sealtape_tests::acceptance::Tenant) -> Recording {
    let recording = tenant.agent(app).start().await;
    let at = app.now_ms();
    recording.record(0, 0, &events::page(at, stories::PAGE)).await;
    for n in 1..4 {
        recording.record(0, n, &[events::text(at + i64::from(n) * 100, &format!("{CANARY} {n}"))]).await;
    }
    recording
}

async fn close(app: &TestApp) {
    app.pass(30 * 60 + 1);
    app.finish_due().await;
}

/// Which of the four canaries a stream shows.
fn shown(lines: &[Value]) -> Vec<u32> {
    let text: String = lines.iter().map(Value::to_string).collect();
    (1..4).filter(|n| text.contains(&format!("{CANARY} {n}"))).collect()
}

async fn integrity_failures(app: &TestApp) -> usize {
    app.acts(app.ours.id).await.iter().filter(|act| *act == "integrity.fail").count()
}

/// Watches a session whose rows were changed: what is left is shown, what is not is a gap, and it is on record.
async fn assert_noticed(app: &TestApp, session: &str, left: &[u32], why: &str) {
    let before = integrity_failures(app).await;
    let lines = app.as_role(Role::Engineer).await.watch(session, "").await;
    assert_eq!(shown(&lines), left, "{why}");
    assert!(lines.iter().any(|line| line["gap"]["reason"] == "integrity-fail"), "{why}: {lines:?}");
    assert_eq!(lines.last().unwrap()["end"]["complete"], false, "{why}");
    assert_eq!(integrity_failures(app).await, before + 1, "{why}");
}

/// A name, statements that lack the session, and which canaries are left.
type Attack = (&'static str, &'static [&'static str], &'static [u32]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_23_rows_of_a_live_session_edited_dropped_or_rolled_back() {
    let app = TestApp::new().await;
    app.expect_damage();
    let attacks: [Attack; 7] = [
        ("a time moved", &["UPDATE segment SET first_ms = first_ms - 1 WHERE n = 2 AND "], &[1]),
        ("events miscounted", &["UPDATE segment SET events = 0 WHERE n = 3 AND "], &[1, 2]),
        ("a row dropped", &["DELETE FROM segment WHERE n = 1 AND "], &[]),
        ("the last row dropped", &["DELETE FROM segment WHERE n = 3 AND "], &[1, 2]),
        ("all rows dropped", &["DELETE FROM segment WHERE "], &[]),
        (
            "rows swapped",
            &[
                "UPDATE segment SET n = 9 WHERE n = 1 AND ",
                "UPDATE segment SET n = 1 WHERE n = 2 AND ",
                "UPDATE segment SET n = 2 WHERE n = 9 AND ",
            ],
            &[],
        ),
        (
            "the tab's end replaced",
            &[
                "UPDATE session_tab SET chain = (SELECT s.chain FROM segment s WHERE s.n = 0 AND s.session_id = session_tab.session_id) WHERE ",
            ],
            &[1, 2, 3],
        ),
    ];
    for (name, statements, left) in attacks {
        let recording = session(&app, &app.ours).await;
        let id = format!("session_id = {}", app.id(&recording.id));
        let statements: Vec<String> = statements.iter().map(|sql| format!("{sql}{id}")).collect();
        app.tamper(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_noticed(&app, &recording.id, left, name).await;
        // The next segment does not paper over it: the gap stays.
        let at = app.now_ms() + 500;
        recording
            .through(&app.another().await.anonymous())
            .send(Form::Put, &Segment::of(0, 4, &[events::moved(at, 1)]))
            .await;
        assert_noticed(&app, &recording.id, left, name).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_23_a_broken_session_is_sealed_without_its_broken_part() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    app.tamper(&[&format!(
        "UPDATE segment SET last_ms = last_ms + 1 WHERE n = 2 AND session_id = {}",
        app.id(&recording.id)
    )])
    .await;
    close(&app).await;
    assert_eq!(integrity_failures(&app).await, 1);
    let auditor = app.as_role(Role::Auditor).await;
    let manifest = auditor.get(&format!("/v1/sessions/{}/manifest", recording.id)).await.is(200).json();
    assert_eq!(manifest["segments"].as_array().unwrap().len(), 2, "what cannot be proved is not sealed");
    let engineer = app.as_role(Role::Engineer).await;
    let lines = engineer.watch(&recording.id, "").await;
    assert_eq!(shown(&lines), [1]);
    assert_eq!(lines[1]["gap"]["reason"], "integrity-fail", "it stays missing");
    assert_eq!(lines.last().unwrap()["end"]["complete"], false);
    let detail = engineer.get(&format!("/v1/sessions/{}", recording.id)).await.is(200).json();
    assert_eq!(detail["validation"], "corrupt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_23_an_old_manifest_is_not_believed() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    recording.finish(4).await;
    app.pass(61);
    app.finish_due().await;
    recording.record(0, 4, &[events::text(app.now_ms(), &format!("{CANARY} late"))]).await;
    app.pass(61);
    assert_eq!(app.finish_due().await.resealed, 1);
    let id = app.id(&recording.id);

    let engineer = app.as_role(Role::Engineer).await;
    let (manifest, watch) =
        (format!("/v1/sessions/{}/manifest", recording.id), format!("/v1/sessions/{}/events", recording.id));
    engineer.get(&manifest).await.is(200);
    // The first manifest in the second one's place, its row first and then its hash too.
    let old_blob = format!(
        "UPDATE manifest SET blob = (SELECT m.blob FROM manifest m WHERE m.rev = 1 AND m.session_id = {id}) WHERE rev = 2 AND session_id = {id}"
    );
    let old_hash = format!(
        "UPDATE manifest SET hash = (SELECT m.hash FROM manifest m WHERE m.rev = 1 AND m.session_id = {id}) WHERE rev = 2 AND session_id = {id}"
    );
    let old_session = format!(
        "UPDATE session SET manifest_hash = (SELECT m.hash FROM manifest m WHERE m.rev = 1 AND m.session_id = {id}) WHERE id = {id}"
    );
    for step in [old_blob, old_hash, old_session] {
        app.tamper(&[&step]).await;
        let before = integrity_failures(&app).await;
        for path in [&manifest, &watch] {
            let refused = engineer.get(path).await.is(409);
            assert_eq!(refused.code(), "integrity-fail", "{step}");
            assert!(!refused.text().contains(CANARY));
        }
        assert_eq!(integrity_failures(&app).await, before + 2, "{step}");
    }
    // Rolled back as a whole, the rows that came later contradict it: they are shown from the chain.
    app.tamper(&[
        &format!("UPDATE session SET manifest_rev = 1, sealed_segments = 4 WHERE id = {id}"),
        &format!("DELETE FROM manifest WHERE rev = 2 AND session_id = {id}"),
    ])
    .await;
    let lines = engineer.watch(&recording.id, "").await;
    assert!(lines.iter().any(|line| line.to_string().contains("canary-in-a-paragraph late")), "nothing is hidden");
}

/// A finisher that was cut off leaves a sealed manifest of the same revision that no row names; it covers less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_23_a_manifest_that_was_never_in_force_is_not_believed() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    app.break_inserts("audit_outbox").await;
    close(&app).await;
    let unused = app.blob_files().into_iter().find(|name| name.contains("/manifest-1-")).expect("the first try's");
    app.mend_inserts("audit_outbox").await;
    recording.record(0, 4, &[events::text(app.now_ms(), CANARY)]).await;
    close(&app).await;

    let id = app.id(&recording.id);
    let sha256 = |blob: &str| blob.rsplit('-').next().unwrap().to_owned();
    let in_force = app.texts(&format!("SELECT blob FROM manifest WHERE session_id = {id}")).await;
    assert_ne!(sha256(&in_force[0]), sha256(&unused));
    let engineer = app.as_role(Role::Engineer).await;
    let (manifest, watch) =
        (format!("/v1/sessions/{}/manifest", recording.id), format!("/v1/sessions/{}/events", recording.id));
    assert_eq!(engineer.get(&manifest).await.is(200).json()["segments"].as_array().unwrap().len(), 5);
    let zeros = match &*app.id("00000000-0000-0000-0000-000000000000") {
        sqlite if sqlite.starts_with('x') => "zeroblob(32)".to_owned(),
        _ => "decode(repeat('00', 32), 'hex')".to_owned(),
    };
    // Its blob in the row's place; then a hash in the row that is not the session's.
    for step in [format!("blob = '{unused}'"), format!("blob = '{}', hash = {zeros}", in_force[0])] {
        app.tamper(&[&format!("UPDATE manifest SET {step} WHERE session_id = {id}")]).await;
        for path in [&manifest, &watch] {
            assert_eq!(engineer.get(path).await.is(409).code(), "integrity-fail", "{step}");
        }
    }
}

/// A blob under another number, session or tenant does not open there (with the vault's own cases 21 and 22).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_24_blobs_and_rows_exchanged_between_sessions() {
    let app = TestApp::new().await;
    app.expect_damage();
    let (one, two) = (session(&app, &app.ours).await, session(&app, &app.ours).await);
    let (a, b) = (app.id(&one.id), app.id(&two.id));
    app.tamper(&[
        &format!("UPDATE segment SET blob = (SELECT s.blob FROM segment s WHERE s.session_id = {b} AND s.n = 2) WHERE session_id = {a} AND n = 2"),
    ])
    .await;
    let before = integrity_failures(&app).await;
    let lines = app.as_role(Role::Engineer).await.watch(&one.id, "").await;
    assert_eq!(shown(&lines), [1, 3], "the exchanged part is missing and nothing of the other session is shown");
    assert!(lines.iter().any(|line| line["gap"]["reason"] == "segment-corrupt"));
    assert_eq!(integrity_failures(&app).await, before + 1);

    // With its hash and length too, the row no longer follows its predecessor.
    for column in ["ciphertext_sha256", "ciphertext_len", "plaintext_len", "body_mac"] {
        app.tamper(&[
            &format!("UPDATE segment SET {column} = (SELECT s.{column} FROM segment s WHERE s.session_id = {b} AND s.n = 2) WHERE session_id = {a} AND n = 2"),
        ])
        .await;
    }
    assert_noticed(&app, &one.id, &[1], "a whole row of another session").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_24_wrapped_keys_exchanged_between_sessions_and_tenants() {
    let app = TestApp::new().await;
    app.expect_damage();
    let mine = [session(&app, &app.ours).await, session(&app, &app.ours).await];
    let foreign = session(&app, &app.theirs).await;
    let key_of = |session: &str| format!("(SELECT k.wrapped FROM session_key k WHERE k.session_id = {session})");
    let [a, b, c] = [&mine[0], &mine[1], &foreign].map(|recording| app.id(&recording.id));
    let original = format!("CREATE TABLE kept AS SELECT session_id, wrapped FROM session_key WHERE session_id = {a}");
    app.tamper(&[&original]).await;
    for (name, other) in [("another session's", &b), ("another tenant's", &c)] {
        app.tamper(&[&format!("UPDATE session_key SET wrapped = {} WHERE session_id = {a}", key_of(other))]).await;
        assert_keyless(&app, &mine[0], Lost::Session, name).await;
    }
    // A tenant's own key exchanged with another tenant's: nothing of it opens.
    app.tamper(&[
        &format!("UPDATE session_key SET wrapped = (SELECT wrapped FROM kept) WHERE session_id = {a}"),
        &format!(
            "UPDATE tenant_kek SET wrapped = (SELECT k.wrapped FROM tenant_kek k WHERE k.tenant_id = {}) WHERE tenant_id = {}",
            app.id(&app.theirs.id.to_string()),
            app.id(&app.ours.id.to_string())
        ),
    ])
    .await;
    assert_keyless(&app, &mine[0], Lost::Tenant, "a tenant key from elsewhere").await;
    assert_keyless(&app, &mine[1], Lost::Tenant, "a tenant key from elsewhere").await;
    let fresh = app.another().await;
    let lines = fresh.member(&fresh.theirs, Role::Engineer).await.watch(&foreign.id, "").await;
    assert_eq!(shown(&lines), [1, 2, 3], "the other tenant is none the worse");
}

/// Whose key cannot be opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    Session,
    Tenant,
}

/// Nothing of a session is shown or stored in a process that cannot open its key.
async fn assert_keyless(app: &TestApp, recording: &Recording, of: Lost, why: &str) {
    let fresh = app.another().await;
    let member = &fresh.ours.members[&Role::Engineer];
    let body = json!({ "email": member.email, "password": member.password });
    let signed_in = fresh.anonymous().post("/v1/auth/login", &body).await;
    let views = fresh.number("SELECT count(*) FROM session_view").await;
    if of == Lost::Tenant {
        // Nobody's rights can be checked without the tenant's key: then nobody has any.
        assert_eq!(signed_in.is(503).code(), "unavailable", "{why}");
    } else {
        let engineer = fresh.as_role(Role::Engineer).await;
        let refused = engineer.get(&format!("/v1/sessions/{}/events", recording.id)).await;
        assert_eq!(refused.status, 503, "{why}: {}", refused.text());
        assert_eq!(refused.code(), "unavailable");
        // The list goes on, without what is sealed.
        let listed = engineer.get("/v1/sessions").await.is(200).json();
        let row = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == recording.id.as_str()).unwrap();
        assert_eq!(row["entry_url"], Value::Null);
    }
    assert_eq!(fresh.number("SELECT count(*) FROM session_view").await, views, "nobody saw anything");
    let before = fresh.trace().await;
    for form in Form::BOTH {
        let segment = Segment::of(0, 4, &[events::text(app.now_ms(), CANARY)]);
        let refused = recording.through(&fresh.anonymous()).send(form, &segment).await;
        assert_eq!(refused.status, 503, "{why}: {}", refused.text());
        assert_ne!(refused.header("retry-after"), "");
    }
    assert_eq!(fresh.trace().await.progress, before.progress, "{why}: nothing was stored");
    assert_eq!(fresh.trace().await.blobs, before.blobs, "{why}: nothing was stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_27_a_missing_key_row_is_an_error_and_never_clear_text() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    let id = app.id(&recording.id);
    app.tamper(&[&format!("DELETE FROM session_key WHERE session_id = {id}")]).await;
    assert_keyless(&app, &recording, Lost::Session, "the session's key row is missing").await;
    close(&app).await;
    let state = app.texts(&format!("SELECT state FROM session WHERE id = {id}")).await;
    assert_eq!(state, ["live"], "what cannot be read is not sealed, and not thrown away");

    let other = session(&app, &app.ours).await;
    app.tamper(&[&format!("DELETE FROM tenant_kek WHERE tenant_id = {}", app.id(&app.ours.id.to_string()))]).await;
    assert_keyless(&app, &other, Lost::Tenant, "the tenant's key row is missing").await;
    let fresh = app.another().await;
    let before = fresh.trace().await;
    assert_eq!(fresh.agent().ask(&fresh.agent().greeting()).await.is(503).code(), "unavailable");
    assert_eq!(fresh.trace().await, before);
}

/// A key that was destroyed on purpose is another answer than one that is lost: 410 and not 503, so that nobody tries again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_27_a_shredded_key_is_gone_and_not_missing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    let shredded = "SET wrapped = NULL, state = 'shredded'";
    let session = app.id(&recording.id);
    app.tamper(&[&format!("UPDATE session_key {shredded}, shredded_at = 1 WHERE session_id = {session}")]).await;
    let fresh = app.another().await;
    let engineer = fresh.as_role(Role::Engineer).await;
    let refused = engineer.get(&format!("/v1/sessions/{}/events", recording.id)).await.is(410);
    assert_eq!(refused.code(), "session-erased");
    // The T that wrapped it may be destroyed as well: nothing asks for it any more, but what checks people's rights.
    app.tamper(&[&format!("DELETE FROM tenant_kek WHERE tenant_id = {}", app.id(&app.ours.id.to_string()))]).await;
    let fresh = app.another().await;
    let before = fresh.trace().await;
    for form in Form::BOTH {
        let segment = Segment::of(0, 4, &[events::text(app.now_ms(), CANARY)]);
        let refused = recording.through(&fresh.anonymous()).send(form, &segment).await.is(410);
        assert_eq!(refused.code(), "session-erased");
    }
    assert_eq!(fresh.trace().await, before, "nothing was stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_27_without_its_root_keys_the_service_does_not_start() {
    let app = TestApp::new().await;
    let recording = session(&app, &app.ours).await;
    let (there, gone) = (app.keyring_folder(), app.keyring_folder().with_extension("gone"));
    std::fs::rename(&there, &gone).unwrap();
    let before = app.trace().await;
    assert!(app.try_another().await.is_err(), "a fresh keyring opens nothing that is stored");
    assert_eq!(app.trace().await, before, "nothing was replaced");
    std::fs::remove_dir_all(&there).unwrap();
    std::fs::rename(&gone, &there).unwrap();
    let lines = app.another().await.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    assert_eq!(shown(&lines), [1, 2, 3], "nothing was lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_56_a_key_that_cannot_be_saved_stores_nothing() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(&app)).await;

    app.break_inserts("session_key").await;
    let before = app.trace().await;
    let refused = app.agent().ask(&app.agent().greeting()).await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(app.trace().await, before, "no session without its key");
    app.mend_inserts("session_key").await;
    app.agent().start().await;

    // A segment whose row cannot be saved is refused, and the same bytes are taken later.
    app.break_inserts("segment").await;
    let before = app.trace().await;
    let segment = Segment::of(0, 1, &[events::text(app.now_ms(), CANARY)]);
    for form in Form::BOTH {
        let refused = recording.send(form, &segment).await.is(503);
        assert_eq!(refused.code(), "unavailable");
    }
    let after = app.trace().await;
    assert_eq!((&after.rows, &after.progress), (&before.rows, &before.progress));
    for blob in after.blobs.difference(&before.blobs) {
        let bytes = std::fs::read(app.blob_folder().join(blob)).unwrap();
        assert!(!contains(&bytes, CANARY.as_bytes()), "sealed, whatever is left for the sweep");
    }
    app.mend_inserts("segment").await;
    app.expect_damage();
    recording.send(Form::Upload, &segment).await.is(200);
}

/// The browser's agent never sends what is typed into a password field; a raw client does, in two pieces and through two
/// processes, so that neither sees that they belong together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_68_a_password_in_two_segments_through_two_processes() {
    const TYPED: [&str; 3] = ["correct-horse-canary", "battery-staple-canary", "another-canary-4711"];
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let recording = app.agent().start().await;
    let there = recording.through(&elsewhere.anonymous());
    let at = app.now_ms();
    let mut page = events::page(at, stories::PAGE);
    page[1]["data"]["node"]["childNodes"][0]["childNodes"][0]["childNodes"][1]["attributes"]["value"] = json!(TYPED[0]);
    recording.record(0, 0, &page).await;
    let attribute = json!({ "type": 3, "timestamp": at + 20, "data": {
        "source": 0, "texts": [], "removes": [], "adds": [],
        "attributes": [{ "id": events::PASSWORD, "attributes": { "value": TYPED[1], "type": "text" } }],
    } });
    there.record(0, 1, &[events::input(at + 10, events::PASSWORD, TYPED[1]), attribute]).await;
    recording.record(0, 2, &[events::input(at + 30, events::PASSWORD, TYPED[2])]).await;
    there.record(0, 3, &[events::input(at + 40, events::FIELD, TYPED[2])]).await;

    let engineer = app.as_role(Role::Engineer).await;
    let lines = engineer.watch(&recording.id, "").await;
    assert_eq!(lines.last().unwrap()["end"]["events"], 6, "the events themselves are there");
    let detail = engineer.get(&format!("/v1/sessions/{}", recording.id)).await.is(200).text();
    assert_nowhere(&app, &TYPED, &[lines.iter().map(Value::to_string).collect(), detail]).await;
}

/// None of `words` is in what was answered, in a file of the deployment, or in a row.
async fn assert_nowhere(app: &TestApp, words: &[&str], answers: &[String]) {
    for word in words {
        for answer in answers {
            assert!(!answer.contains(word), "{word} in {answer}");
        }
    }
    let mut files = 0;
    search_files(app.blob_folder().parent().unwrap(), words, &mut files);
    assert!(files > 4, "{files} files were searched");
    for dump in app.dump().await {
        for word in words {
            assert!(!contains(&dump, word.as_bytes()), "{word} in the database");
        }
    }
}

fn search_files(folder: &Path, words: &[&str], files: &mut u32) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search_files(&path, words, files);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            *files += 1;
            for word in words {
                assert!(!contains(&bytes, word.as_bytes()), "{word} in {}", path.display());
            }
        }
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// A viewer of another tenant, of a revoked sign-in, or without any, learns nothing of a watched session by asking for parts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_21_a_session_is_not_opened_under_another_tenant() {
    let app = TestApp::new().await;
    app.expect_damage();
    let recording = session(&app, &app.ours).await;
    let theirs = session(&app, &app.theirs).await;
    // The thief of the database gives our rows to another tenant's session.
    let (a, b) = (app.id(&recording.id), app.id(&theirs.id));
    app.tamper(&[
        &format!("UPDATE segment SET blob = (SELECT s.blob FROM segment s WHERE s.session_id = {a} AND s.n = segment.n) WHERE session_id = {b}"),
    ])
    .await;
    let foreign: Client = app.member(&app.theirs, Role::Owner).await;
    let answer: Answer = foreign.get(&format!("/v1/sessions/{}/events", theirs.id)).await.is(200);
    assert!(!answer.text().contains(CANARY), "nothing opens under another name");
    assert_eq!(answer.text().matches("segment-corrupt").count(), 4);
    let acts = app.acts(app.theirs.id).await;
    assert!(acts.contains(&"integrity.fail".to_owned()), "{acts:?}");
}

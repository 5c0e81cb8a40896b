//! Taking a session out: who may, what is in the file, who opens it, and what ends it.

use std::{io::Read as _, time::Duration};

use flate2::read::GzDecoder;
use policy::{access::Role, privacy::MASK};
use sealtape_tests::acceptance::{Answer, Client, TestApp};
use serde_json::{Value, json};
use vault::{
    export::ExportKey,
    seal::{HEADER_LEN, Layout},
};

use crate::{
    cases::Ids,
    grants::{approve, approve_as, asking_for, id, long, restricted},
    roles,
    slow_reader::SlowReader,
    stories::{self, Rows},
};

/// Gives a member a grant to take this session out; the grant's id.
pub(crate) async fn grant(member: &Client, reviewer: &Client, session: &str) -> String {
    let mut body = asking_for(session);
    body["verb"] = json!("export");
    let request = id(&member.post("/v1/access-requests", &body).await.is(201).json());
    approve_as(reviewer, &request).await.is(200);
    request
}

/// Takes a session out; the export's id and key.
pub(crate) async fn take(member: &Client, session: &str) -> (String, String) {
    let made = ask(member, session).await.is(201).json();
    (id(&made), made["key"].as_str().unwrap().to_owned())
}

/// Asks to take a session out.
pub(crate) async fn ask(member: &Client, session: &str) -> Answer {
    member.post(&format!("/v1/sessions/{session}/export"), &json!({ "purpose": "debugging" })).await
}

async fn download(member: &Client, export: &str) -> Answer {
    member.get(&format!("/v1/exports/{export}/bundle")).await
}

/// The lines of a sealed file.
fn open(key: &str, file: &[u8]) -> Vec<Value> {
    let opener = ExportKey::parse(key).unwrap().opener(file.first_chunk::<HEADER_LEN>().unwrap()).unwrap();
    let layout = Layout::of_sealed(file.len() as u64).unwrap();
    let mut packed = Vec::new();
    for index in 0..layout.chunks() {
        let range = layout.chunk_range(index);
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        packed.extend(opener.open_chunk(&layout, index, &file[range]).unwrap());
    }
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The ids for a call on an export: at home the caller's own, and a grant for another.
pub(crate) async fn ready(operation: &str, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> Ids {
    let about = matches!(operation, "export_create" | "export_view" | "export_download");
    if !about || caller.token().is_empty() || ids.export != own.export {
        return ids.clone();
    }
    let mut made = ask(caller, &own.closed).await;
    if made.status == 403 && made.code() == "access-required" {
        let mut body = asking_for(&own.closed);
        body["verb"] = json!("export");
        let asked = caller.post("/v1/access-requests", &body).await;
        if asked.status != 201 {
            return ids.clone();
        }
        let owners = caller.token() == app.as_role(Role::Owner).await.token();
        let reviewer = app.as_role(if owners { Role::Security } else { Role::Owner }).await;
        approve(app, &reviewer, &id(&asked.json())).await;
        made = ask(caller, &own.closed).await;
    }
    if made.status == 201 { Ids { export: id(&made.json()), ..ids.clone() } } else { ids.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_leaves_as_a_sealed_file_that_its_key_opens() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    let granted = grant(&engineer, &admin, &session).await;
    let made = ask(&engineer, &session).await.is(201).json();
    let (export, key) = (id(&made), made["key"].as_str().unwrap().to_owned());
    assert_eq!((&made["session_id"], &made["purpose"]), (&json!(session), &json!("debugging")));
    assert_eq!((&made["downloads"], &made["last_download_at"]), (&json!(0), &json!(null)));
    assert_eq!(made["expires_at"], stories::in_seconds(&app, 86_400));

    let file = download(&engineer, &export).await.is(200);
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"sealtape-{session}.sealed\""));
    assert_eq!(file.header("cache-control"), "no-store");
    let lines = open(&key, &file.body);
    let about = &lines[0]["export"];
    assert_eq!((&about["format"], &about["export_id"]), (&json!("sealtape-session@1"), &json!(export)));
    assert_eq!((&about["session_id"], &about["grant"]), (&json!(session), &json!(granted)));
    assert_eq!((&about["masked"], &about["purpose"]), (&json!(false), &json!("debugging")));
    // What is behind the first line is what the engineer watches, under this grant.
    let watched = engineer.watch(&session, "").await;
    assert_eq!(lines[1]["head"]["watermark"]["grant"], granted.as_str());
    assert_eq!(lines[1]["head"]["watermark"]["viewer"], watched[0]["head"]["watermark"]["viewer"]);
    assert_eq!(lines[2..], watched[1..]);
    // The same once more is another file of the same lines, and is counted.
    let again = download(&engineer, &export).await.is(200);
    assert_ne!(again.body, file.body);
    assert_eq!(open(&key, &again.body)[2..], lines[2..]);
    let shown = engineer.get(&format!("/v1/exports/{export}")).await.is(200).json();
    assert_eq!((&shown["downloads"], &shown["last_download_at"]), (&json!(2), &json!(stories::in_seconds(&app, 0))));
    assert!(shown.get("key").is_none(), "the key is told once");

    let leaves = app.leaves(app.ours.id).await;
    let rules = |act: &str| -> Vec<Value> {
        leaves.iter().filter(|leaf| leaf["act"] == act).map(|leaf| leaf["rule"].clone()).collect()
    };
    let rule = format!("access@4/engineer/session.view/grant:{granted}/export:{export}");
    assert_eq!(rules("session.export"), [json!(rule)]);
    assert_eq!(rules("session.download"), [json!(rule), json!(rule)]);
    // Those who see who watched see who took it out.
    for role in [Role::Auditor, Role::Owner] {
        let seen = app.as_role(role).await.get(&format!("/v1/sessions/{session}/exports")).await.is(200).json();
        assert_eq!(seen["items"], json!([shown]), "{role}");
    }
    // Neither the key nor a file of it lies anywhere.
    let secret = hex::decode(&key[43..107]).unwrap();
    for bytes in app.dump().await {
        for needle in [&secret[..], key.as_bytes()] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "the key is kept");
        }
    }
    assert_eq!(app.blob_files(), app.named_blobs().await);
}

/// Attack 05: no other right lets a session out, not even that to watch it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_watching_is_not_taking_out() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let admin = app.as_role(Role::Admin).await;
    for role in [Role::Owner, Role::Admin, Role::Engineer, Role::Support, Role::Viewer] {
        let member = app.as_role(role).await;
        member.watch(&session, "").await;
        assert_eq!(ask(&member, &session).await.is(403).code(), "access-required", "{role}");
    }
    let engineer = app.as_role(Role::Engineer).await;
    let mut body = asking_for(&session);
    body["verb"] = json!("view-unmasked");
    let unmasked = id(&engineer.post("/v1/access-requests", &body).await.is(201).json());
    approve_as(&admin, &unmasked).await.is(200);
    assert_eq!(ask(&engineer, &session).await.is(403).code(), "access-required", "a grant to watch");
    // A grant is for its holder and its sessions.
    grant(&engineer, &admin, &session).await;
    let (other, _) = stories::visit(&app).await;
    assert_eq!(ask(&engineer, &other).await.is(403).code(), "access-required", "another session");
    assert_eq!(
        ask(&app.as_role(Role::Support).await, &session).await.is(403).code(),
        "access-required",
        "another member"
    );
    // A program does not use a person's grant.
    let (_, key) = stories::new_api_key(&app, &engineer, &["session.view", "session.list"]).await;
    assert_eq!(ask(&app.client(&key), &session).await.is(403).code(), "forbidden");
    let (export, _) = take(&engineer, &session).await;
    for path in ["", "/bundle"] {
        let path = format!("/v1/exports/{export}{path}");
        assert_eq!(app.client(&key).get(&path).await.is(403).code(), "forbidden");
        assert_eq!(admin.get(&path).await.is(404).code(), "not-found", "somebody else's");
    }
}

/// Attack 64: the file holds what its taker may see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_64_who_watches_masked_takes_out_masked() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (support, admin) = (app.as_role(Role::Support).await, app.as_role(Role::Admin).await);
    // Not even together with a grant to watch unmasked.
    let mut body = asking_for(&session);
    body["verb"] = json!("view-unmasked");
    let unmasked = id(&support.post("/v1/access-requests", &body).await.is(201).json());
    approve_as(&admin, &unmasked).await.is(200);
    grant(&support, &admin, &session).await;
    let (export, key) = take(&support, &session).await;
    let lines = open(&key, &download(&support, &export).await.is(200).body);
    assert_eq!((&lines[0]["export"]["masked"], &lines[1]["head"]["masked"]), (&json!(true), &json!(true)));
    assert_eq!(lines[0]["export"]["panes"], json!(["dom", "actions"]));
    let text: String = lines.iter().map(Value::to_string).collect();
    for word in ["One item", "hello", "second tab", "no such item", "/cart"] {
        assert!(!text.contains(word), "{word:?} is in the file");
    }
    assert!(text.contains(MASK), "something is there");
}

/// Attack 64: reading some sessions is not reading this one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_64_who_reads_other_sessions_takes_this_one_out_masked() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (member, _) = roles::somebody(&app).await;
    let admin = app.as_role(Role::Admin).await;
    roles::give(&admin, &member.id, "support", Value::Null).await;
    roles::give(&admin, &member.id, "engineer", json!({ "environments": ["staging"] })).await;
    let member = app.signed_in(&member).await;
    assert_eq!(member.watch(&session, "").await[0]["head"]["masked"], true);
    grant(&member, &admin, &session).await;
    let (export, key) = take(&member, &session).await;
    let lines = open(&key, &download(&member, &export).await.is(200).body);
    assert_eq!((&lines[0]["export"]["masked"], &lines[1]["head"]["masked"]), (&json!(true), &json!(true)));
    assert!(!lines.iter().any(|line| line.to_string().contains("One item")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_denies_it_beats_whoever_approves() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    grant(&engineer, &admin, &session).await;
    let (export, _) = take(&engineer, &session).await;
    let kept = json!({ "name": "kept-in", "actions": [], "denies": ["session.export"], "unmasked": false });
    let role = id(&admin.post("/v1/roles", &kept).await.is(201).json());
    let binding = roles::give(&admin, &app.ours.members[&Role::Engineer].id, &role, Value::Null).await;
    let engineer = app.signed_in(&app.ours.members[&Role::Engineer]).await;
    assert_eq!(ask(&engineer, &session).await.is(403).code(), "access-required");
    assert_eq!(download(&engineer, &export).await.is(403).code(), "access-required");
    admin.delete(&format!("/v1/role-bindings/{binding}")).await.is(204);
    download(&app.signed_in(&app.ours.members[&Role::Engineer]).await, &export).await.is(200);
}

/// Every download is asked anew, for as long as it can be had at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_the_right_ends_the_download() {
    let app = TestApp::new().await;
    let session = restricted(&app).await.id;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    let granted = grant(&engineer, &app.as_role(Role::Owner).await, &session).await;
    let (export, _) = take(&engineer, &session).await;
    download(&engineer, &export).await.is(200);
    admin.post(&format!("/v1/grants/{granted}/revoke"), &json!({})).await.is(200);
    assert_eq!(download(&engineer, &export).await.is(403).code(), "access-required");
    // A new grant opens it again, until its day is over; then not even a grant does.
    grant(&engineer, &app.as_role(Role::Owner).await, &session).await;
    download(&engineer, &export).await.is(200);
    app.pass(86_399);
    let again = app.as_role(Role::Engineer).await;
    assert_eq!(download(&again, &export).await.is(403).code(), "access-required", "grants end sooner");
    grant(&again, &app.as_role(Role::Owner).await, &session).await;
    download(&again, &export).await.is(200);
    app.pass(1);
    assert_eq!(download(&again, &export).await.is(410).code(), "export-expired");
    assert_eq!(again.get(&format!("/v1/exports/{export}")).await.is(200).json()["downloads"], 3);
}

/// Attack 05, 50: it is cut like a view.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_revoked_grant_cuts_the_download() {
    let app = TestApp::new().await;
    let replica = app.another().await;
    let session = long(&app).await.id;
    let (engineer, owner) = (app.as_role(Role::Engineer).await, app.as_role(Role::Owner).await);
    let granted = grant(&engineer, &owner, &session).await;
    let (export, _) = take(&engineer, &session).await;
    let mut reader = SlowReader::open(&app, engineer.token(), &format!("/v1/exports/{export}/bundle")).await;
    let admin = replica.client(app.as_role(Role::Admin).await.token());
    admin.post(&format!("/v1/grants/{granted}/revoke"), &json!({})).await.is(200);
    let (after, whole) = reader.until_the_end().await;
    assert!(!whole, "it came to its end after {after:?}");
    assert!(after < Duration::from_secs(5), "{after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_not_taken_out() {
    let app = TestApp::new().await;
    app.expect_damage();
    let (session, _) = stories::visit(&app).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    grant(&engineer, &admin, &session).await;
    let (export, _) = take(&engineer, &session).await;
    let row = app.id(&session);
    let shredded = "SET wrapped = NULL, state = 'shredded', shredded_at = 1";
    app.tamper(&[&format!("UPDATE session_key {shredded} WHERE session_id = {row}")]).await;
    let fresh = app.another().await;
    let engineer = fresh.client(engineer.token());
    assert_eq!(ask(&engineer, &session).await.is(410).code(), "session-erased");
    assert_eq!(download(&engineer, &export).await.is(410).code(), "session-erased");
    let seen = fresh.as_role(Role::Auditor).await.get(&format!("/v1/sessions/{session}/exports")).await.is(200);
    assert_eq!(seen.json()["items"][0]["downloads"], 0, "who took it out can still be told");
}

/// One after the other is no way around the two people that taking out many takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_of_a_day_are_few_also_for_fifty_at_once() {
    let app = TestApp::with(|settings| settings.limits.exports_per_day = 3).await;
    let (session, _) = stories::visit(&app).await;
    let (engineer, admin) = (app.as_role(Role::Engineer).await, app.as_role(Role::Admin).await);
    assert_eq!(ask(&engineer, &session).await.status, 403, "what is refused does not count");
    grant(&engineer, &admin, &session).await;
    let answers = futures::future::join_all((0..50).map(|_| ask(&engineer, &session))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 3);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((refused.status, refused.code().as_str()), (429, "too-many"));
        assert!(refused.header("ratelimit-policy").starts_with("\"export\";q=3;w=86400"));
    }
    let seen = admin.get(&format!("/v1/sessions/{session}/exports?limit=2")).await.is(200).json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);
    let next = format!("/v1/sessions/{session}/exports?limit=2&cursor={}", seen["next_cursor"].as_str().unwrap());
    let rest = admin.get(&next).await.is(200).json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &json!(null)));
    app.pass(86_400);
    crate::ledger::sign(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    grant(&engineer, &app.as_role(Role::Admin).await, &session).await;
    ask(&engineer, &session).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_again_takes_it_out_once() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    grant(&engineer, &app.as_role(Role::Admin).await, &session).await;
    let send = async |key: &str, purpose: &str| {
        let path = format!("/v1/sessions/{session}/export");
        let request = engineer.request(reqwest::Method::POST, &path).header("idempotency-key", key);
        Answer::of(request.json(&json!({ "purpose": purpose }))).await
    };
    let first = send("take-1", "legal").await.is(201).json();
    assert_eq!(send("take-1", "legal").await.is(201).json(), first, "with the same key");
    assert_eq!(send("take-1", "quality").await.is(422).code(), "idempotency-key-reused");
    assert_ne!(send("take-2", "legal").await.is(201).json()["key"], first["key"]);
    assert_eq!(send("take-3", "curiosity").await.is(400).code(), "malformed");
}

/// Whoever reviews access is told, and the taker is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviewers_are_told_that_a_session_left() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (admin, owner) = (app.as_role(Role::Admin).await, app.as_role(Role::Owner).await);
    grant(&admin, &owner, &session).await;
    take(&admin, &session).await;
    for role in Role::of_members() {
        let inbox = app.as_role(role).await.get("/v1/me/notices").await.is(200).json();
        let told = inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "session-exported");
        let reviews = matches!(role, Role::Owner | Role::PrivacyOfficer | Role::Security);
        let about: Vec<_> = told.map(|item| item["about"].clone()).collect();
        let want = if reviews { vec![json!({ "kind": "session", "id": session })] } else { Vec::new() };
        assert_eq!(about, want, "{role}");
    }
}

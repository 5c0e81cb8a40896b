//! Bad input: a clear problem each, and no trace left.

use policy::access::Role;
use sealtape_tests::acceptance::{Answer, Form, Recording, Segment, TestApp, events, gzip};
use serde_json::{Value, json};

use crate::{bombs::bomb, stories};

fn event(at: i64, data: &str) -> Vec<u8> {
    format!(r#"{{"type":3,"data":{data},"timestamp":{at}}}"#).into_bytes()
}

/// Segments that must be refused whatever the session.
fn segments(at: i64) -> Vec<(&'static str, Segment)> {
    let packed = |body: Vec<u8>| Segment::raw(0, 1, "gzip", gzip(&body));
    let good = gzip(json!([events::moved(at, 1)]).to_string().as_bytes());
    // Digits that do not compress well: a body that grows a hundredfold is refused before anybody counts.
    let mut random = 0x9e37_79b9_u32;
    let mut digit = || {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        char::from_digit(random % 10, 10).unwrap()
    };
    let mut elements = String::with_capacity(10_000_000);
    for _ in 0..5_000_000 {
        elements.extend([digit(), ',']);
    }
    elements.pop();
    let deep = format!(r#"{{"source":0,"x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let mut wrong_digest = Segment::raw(0, 1, "gzip", good.clone());
    wrong_digest.digest[0] ^= 1;
    vec![
        ("truncated gzip", Segment::raw(0, 1, "gzip", good[..good.len() - 9].to_vec())),
        ("gzip bomb, 1 GiB from 1 MiB", Segment::raw(0, 1, "gzip", bomb(1_024))),
        ("wrong digest", wrong_digest),
        ("depth 10 000", packed(event(at, &deep))),
        ("array of 5 million elements", packed(event(at, &format!(r#"{{"source":0,"x":[{elements}]}}"#)))),
        ("negative time", packed(event(-1, r#"{"source":1}"#))),
        ("NUL byte", packed(event(at, "{\"source\":0,\"x\":\"\0\"}"))),
        ("escaped NUL", packed(event(at, r#"{"source":0,"x":"\u0000"}"#))),
        (
            "invalid UTF-8",
            packed(
                event(at, "{\"source\":0,\"x\":\"?\"}").iter().map(|b| if *b == b'?' { 0xff } else { *b }).collect(),
            ),
        ),
        ("half a surrogate pair", packed(event(at, r#"{"source":0,"x":"\ud800"}"#))),
        ("no event", packed(b"[]".to_vec())),
        ("an event without data", packed(format!(r#"{{"type":3,"timestamp":{at}}}"#).into_bytes())),
        ("not JSON", packed(b"<html>".to_vec())),
        ("bytes behind the gzip member", Segment::raw(0, 1, "gzip", [good.clone(), good].concat())),
        ("duplicate number with other bytes", Segment::of(0, 0, &[events::moved(at, 77)])),
        ("skipped number", Segment::of(0, 2, &[events::moved(at, 1)])),
        ("unknown tab", Segment::of(9, 0, &[events::moved(at, 1)])),
        ("unknown encoding", Segment::raw(0, 1, "br", b"x".to_vec())),
    ]
}

/// The problem that both forms of an upload are answered with.
async fn refused(recording: &Recording, segment: &Segment, name: &str) -> Value {
    let mut problems = Vec::new();
    for form in Form::BOTH {
        let answer = recording.send(form, segment).await;
        assert!((400..500).contains(&answer.status), "{name} by {form:?}: {}", answer.text());
        problems.push(answer.problem());
    }
    // Where the encoding stands differs, and so does what is said about it.
    if name != "unknown encoding" {
        assert_eq!(problems[0], problems[1], "{name}");
    }
    problems.swap_remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_segments_are_refused_and_leave_no_trace() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(&app)).await;
    let before = app.trace().await;
    let mut problems = serde_json::Map::new();
    for (name, segment) in segments(app.now_ms()) {
        problems.insert(name.to_owned(), refused(&recording, &segment, name).await);
        assert_eq!(app.trace().await, before, "{name} left something");
    }
    insta::assert_json_snapshot!(problems);
    // The session is none the worse.
    let ack = recording.record(0, 1, &[events::moved(app.now_ms(), 1)]).await;
    assert_eq!(ack["next"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_credentials_are_refused_and_leave_no_trace() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let second = app.ours.new_project(&owner, "second").await;
    let (_, second_key) = app.ours.new_agent_key(&owner, &second).await;
    let recording = app.agent().start().await;
    let other = app.agent().start().await;
    let segment = Segment::of(0, 0, &stories::first(&app));
    let before = app.trace().await;

    let mut problems = serde_json::Map::new();
    let unknown = Recording { id: "0190f3a1-0000-7000-8000-000000000001".to_owned(), ..recording.clone() };
    problems.insert("unknown session".to_owned(), unknown.send(Form::Put, &segment).await.is(404).problem());
    let mixed = Recording { id: other.id.clone(), ..recording.clone() };
    problems.insert("another session's token".to_owned(), mixed.send(Form::Put, &segment).await.is(404).problem());
    let garbage = recording.with_token("garbage");
    problems.insert("no token of ours".to_owned(), refused(&garbage, &segment, "garbage").await);
    let key = recording.with_token(&app.ours.agent_key);
    problems.insert("an agent key instead of a token".to_owned(), refused(&key, &segment, "agent key").await);
    let resume = recording.with_token(&recording.resume);
    problems.insert("a resume token instead of a token".to_owned(), refused(&resume, &segment, "resume").await);
    let answer = app.agent().with_key(&second_key).renew(&recording.id, &recording.resume).await.is(404);
    problems.insert("wrong project's key".to_owned(), answer.problem());
    app.pass(3_600);
    problems.insert("expired token".to_owned(), refused(&recording, &segment, "expired").await);

    assert_eq!(app.trace().await, before);
    insta::assert_json_snapshot!(problems);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_words_of_an_agent_are_refused_and_leave_no_trace() {
    let app = TestApp::new().await;
    let agent = app.agent();
    let recording = agent.start().await;
    recording.record(0, 0, &stories::first(&app)).await;
    let before = app.trace().await;
    let with = |change: Value| {
        let mut greeting = agent.greeting();
        greeting.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        greeting
    };
    let long = "x".repeat(10_000);
    let starts = [
        ("page is no address", with(json!({ "page": { "url": "cart" } }))),
        ("page is a file", with(json!({ "page": { "url": "file:///etc/passwd" } }))),
        ("page is a script", with(json!({ "page": { "url": "javascript:alert(1)" } }))),
        ("old policy", with(json!({ "policy_version": 0 }))),
        ("nobody", with(json!({ "subject": {} }))),
        ("empty address", with(json!({ "subject": { "email": " " } }))),
        ("long user id", with(json!({ "subject": { "user_id": long } }))),
        ("long release", with(json!({ "release": long }))),
        ("NUL in release", with(json!({ "release": "1\u{0}2" }))),
        ("long agent name", with(json!({ "agent": { "name": long, "version": "1" } }))),
        ("unknown member", with(json!({ "tenant_id": app.theirs.id.to_string() }))),
        ("unknown state", with(json!({ "state": "closed" }))),
    ];
    let mut problems = serde_json::Map::new();
    for (name, greeting) in starts {
        let answer = agent.ask(&greeting).await;
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.text());
        problems.insert(format!("start: {name}"), answer.problem());
        assert_eq!(app.trace().await, before, "start: {name} left something");
    }
    let tells = [
        ("finish", "unknown tab", json!({ "tab": 9, "segments": 1 })),
        (
            "finish",
            "time runs back",
            json!({ "tab": 0, "segments": 1, "gaps": [{ "from_ms": 2, "to_ms": 1, "reason": "shed" }] }),
        ),
        (
            "finish",
            "thousands of gaps",
            json!({ "tab": 0, "segments": 1, "gaps": vec![json!({ "from_ms": 1, "to_ms": 2, "reason": "shed" }); 1_500] }),
        ),
        ("finish", "unknown member", json!({ "tab": 0, "segments": 1, "hold": true })),
        ("identify", "nobody", json!({})),
        ("identify", "no text", json!({ "user_id": 7 })),
        ("token", "session token", json!({})),
    ];
    for (what, name, body) in tells {
        let answer = recording.tell(what, &body).await;
        assert!((400..500).contains(&answer.status), "{what}: {name}: {}", answer.text());
        problems.insert(format!("{what}: {name}"), answer.problem());
        assert_eq!(app.trace().await, before, "{what}: {name} left something");
    }
    insta::assert_json_snapshot!(problems);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_words_of_members_are_refused_and_leave_no_trace() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let project = &app.ours.project;
    let before = app.trace().await;
    let keys = format!("/v1/projects/{project}/agent-keys");
    let posts = [
        ("/v1/projects", json!({ "name": "" })),
        ("/v1/projects", json!({ "name": "x".repeat(81) })),
        ("/v1/projects", json!({ "name": "a\u{0}b" })),
        ("/v1/projects", json!({ "name": "shop" })),
        ("/v1/projects", json!({ "name": "x", "tenant_id": app.theirs.id.to_string() })),
        ("/v1/projects", json!(["x"])),
        (&keys, json!({ "origins": [] })),
        (&keys, json!({ "origins": ["*"] })),
        (&keys, json!({ "origins": ["https://shop.example/path"] })),
        (&keys, json!({ "origins": vec!["https://shop.example"; 21] })),
    ];
    let mut problems = Vec::new();
    for (path, body) in posts {
        let answer = owner.post(path, &body).await;
        assert!((400..500).contains(&answer.status), "{path} {body}: {}", answer.text());
        problems.push(json!({ "sent": format!("POST {}", path.replace(project.as_str(), "[project]")), "answer": answer.problem() }));
    }
    for path in [
        "/v1/sessions?limit=0",
        "/v1/sessions?limit=201",
        "/v1/sessions?limit=x",
        "/v1/sessions?cursor=AAAA",
        "/v1/sessions?from=yesterday",
        "/v1/sessions?state=gone",
        "/v1/sessions?origin=shop",
        "/v1/sessions?colour=x",
        "/v1/projects?cursor=!",
    ] {
        let answer = owner.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.text());
        problems.push(json!({ "sent": format!("GET {path}"), "answer": answer.problem() }));
    }
    assert_eq!(app.trace().await, before);
    insta::assert_json_snapshot!(problems);
}

/// Before anybody is known, little is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_of_strangers_are_not_read() {
    let app = TestApp::new().await;
    let before = app.trace().await;
    let large = vec![b' '; 1 << 20];
    for (path, kind) in [("/v1/auth/login", "application/json"), ("/v1/agent/upload", "text/plain")] {
        let request = app.anonymous().request(reqwest::Method::POST, path).header("content-type", kind);
        let answer = Answer::of(request.body(large.clone())).await;
        assert!(matches!(answer.status, 400 | 413), "{path}: {}", answer.text());
        answer.problem();
    }
    assert_eq!(app.trace().await, before);
}

//! Taking segments in: order, repetition, ends of sessions, tokens, limits, restarts.

use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Form, Recording, Segment, TestApp, events, until};
use serde_json::{Value, json};

use crate::stories;

fn moves(at: i64) -> Vec<Value> {
    vec![events::moved(at, 1), events::moved(at + 1, 2)]
}

async fn started(app: &TestApp) -> Recording {
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(app)).await;
    recording
}

async fn detail(app: &TestApp, session: &str) -> Value {
    app.as_role(Role::Engineer).await.get(&format!("/v1/sessions/{session}")).await.is(200).json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_tells_the_agent_its_bounds() {
    let app = TestApp::new().await;
    let answer = app.agent().ask(&app.agent().greeting()).await.is(201);
    let started = answer.json();
    assert_eq!(started["tab"], 0);
    assert_eq!(started["expires_at"], "2026-11-22T01:00:00.000000Z");
    assert_eq!(
        started["limits"],
        json!({ "segment_bytes": 4 << 20, "decoded_bytes": 16 << 20, "events": 20_000, "interval_ms": 5_000, "session_ms": 14_400_000 })
    );
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(answer.header("sealtape-time"), app.now_ms().to_string());
    let session = detail(&app, started["session_id"].as_str().unwrap()).await;
    assert_eq!(session["entry_url"], "https://shop.example/cart?q=", "no values of the query");
    assert_eq!(session["entry_title"], "Cart");
    assert_eq!(session["state"], "live");
    assert_eq!(session["manifest"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_names_the_one_it_follows_when_that_is_of_its_project() {
    let app = TestApp::new().await;
    let first = started(&app).await;
    let after = async |session: &str| {
        let mut greeting = app.agent().greeting();
        greeting["previous_session"] = json!(session);
        let next = app.agent().start_with(&greeting).await;
        detail(&app, &next.id).await["previous_session"].clone()
    };
    assert_eq!(detail(&app, &first.id).await["previous_session"], Value::Null);
    assert_eq!(after(&first.id).await, first.id.as_str());

    let owner = app.as_role(Role::Owner).await;
    let project = owner.post("/v1/projects", &json!({ "name": "another" })).await.is(201).json();
    let keys = format!("/v1/projects/{}/agent-keys", project["id"].as_str().unwrap());
    let key = owner.post(&keys, &json!({ "origins": ["https://shop.example"] })).await.is(201).json();
    let elsewhere = app.agent().with_key(key["key"].as_str().unwrap()).start().await;
    let foreign = app.theirs.agent(&app).start().await;
    for other in [elsewhere.id.as_str(), foreign.id.as_str(), "0190f3a1-0000-7000-8000-00000000000a"] {
        assert_eq!(after(other).await, Value::Null, "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_forms_and_all_encodings_store_the_same() {
    let app = TestApp::new().await;
    let engineer = app.as_role(Role::Engineer).await;
    let body = stories::first(&app);
    let json = json!(body).to_string().into_bytes();
    let lines = body.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let zstd = zstd::bulk::compress(&json, 3).unwrap();
    let mut seen = Vec::new();
    for form in Form::BOTH {
        for segment in [
            Segment::of(0, 0, &body),
            Segment::raw(0, 0, "zstd", zstd.clone()),
            Segment::raw(0, 0, "identity", json.clone()),
            Segment::raw(0, 0, "identity", lines.clone()),
        ] {
            let recording = app.agent().start().await;
            let ack = recording.send(form, &segment).await.is(200);
            let want = json!({ "durable": true, "policy_version": 1, "next": 1, "snapshot": false });
            assert_eq!(ack.json(), want, "{form:?} {}", segment.encoding);
            assert_eq!(ack.header("sealtape-time"), app.now_ms().to_string());
            let lines = engineer.watch(&recording.id, "").await;
            seen.push(lines[1..lines.len() - 1].to_vec());
        }
    }
    assert_eq!(seen[0].len(), 2);
    assert!(seen.iter().all(|events| events == &seen[0]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_segment_sent_again_gets_the_same_answer_and_is_kept_once() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let segment = Segment::of(0, 1, &moves(app.now_ms()));
    let first = recording.send(Form::Upload, &segment).await.is(200).json();
    let before = app.trace().await;
    let elsewhere = app.another().await;
    for form in Form::BOTH {
        assert_eq!(recording.send(form, &segment).await.is(200).json(), first, "{form:?}");
        let there = recording.through(&elsewhere.anonymous());
        assert_eq!(there.send(form, &segment).await.is(200).json(), first, "{form:?} at another process");
    }
    assert_eq!(app.trace().await, before);

    let other = Segment::of(0, 1, &moves(app.now_ms() + 5));
    let refused = recording.send(Form::Put, &other).await.is(409).problem();
    assert_eq!((&refused["code"], &refused["next"]), (&json!("other-bytes"), &json!(2)));
    let ahead = Segment::of(0, 5, &moves(app.now_ms()));
    let refused = recording.send(Form::Put, &ahead).await.is(409).problem();
    assert_eq!((&refused["code"], &refused["next"]), (&json!("not-next"), &json!(2)));
    assert_eq!(app.trace().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_segment_that_is_ahead_waits_for_its_predecessor() {
    let app = TestApp::with(|settings| settings.limits.ahead_wait_millis = 60_000).await;
    let recording = started(&app).await;
    let ahead: Vec<_> = [3_u32, 2]
        .map(|n| {
            let (recording, segment) = (recording.clone(), Segment::of(0, n, &moves(app.now_ms() + i64::from(n))));
            tokio::spawn(async move { recording.send(Form::Upload, &segment).await })
        })
        .into();
    // Both arrive in any order; only their predecessor sets them going.
    let missing = Segment::of(0, 1, &moves(app.now_ms() + 1));
    assert_eq!(recording.send(Form::Put, &missing).await.is(200).json()["next"], 2);
    let mut next: Vec<u64> = Vec::new();
    for sent in ahead {
        next.push(sent.await.unwrap().is(200).json()["next"].as_u64().unwrap());
    }
    assert_eq!(next, [4, 3]);
    assert_eq!(detail(&app, &recording.id).await["segments"], 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_uploads_of_many_tabs_and_sessions_all_arrive() {
    let app = TestApp::with(|settings| settings.limits.ahead_wait_millis = 60_000).await;
    let at = app.now_ms();
    let mut uploads = Vec::new();
    let mut ids = Vec::new();
    for tenant in [&app.ours, &app.theirs] {
        for _ in 0..3 {
            let recording = tenant.agent(&app).start().await;
            recording.tell("tabs", &json!({})).await.is(201);
            ids.push((tenant.clone(), recording.id.clone()));
            for (tab, n) in (0..2_u16).flat_map(|tab| (0..4_u32).map(move |n| (tab, n))) {
                let body = if n == 0 { events::page(at, stories::PAGE) } else { moves(at + i64::from(n)) };
                let (recording, segment) = (recording.clone(), Segment::of(tab, n, &body));
                uploads.push(tokio::spawn(async move { recording.send(Form::Upload, &segment).await.status }));
            }
        }
    }
    for upload in uploads {
        assert_eq!(upload.await.unwrap(), 200);
    }
    for (tenant, id) in ids {
        let member = app.member(&tenant, Role::Engineer).await;
        let lines = member.watch(&id, "").await;
        assert_eq!(lines.last().unwrap()["end"]["events"], 16);
        assert_eq!(lines.last().unwrap()["end"]["complete"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finished_session_closes_after_a_minute_of_silence() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    recording.finish(1).await;
    app.pass(59);
    assert_eq!(app.finish_due().await.closed, 0);
    app.pass(2);
    assert_eq!(app.finish_due().await.closed, 1);
    assert_eq!(app.finish_due().await.closed, 0, "once");
    let session = detail(&app, &recording.id).await;
    assert_eq!(session["state"], "closed");
    assert_eq!(session["close_reason"], "finished");
    assert_eq!(session["manifest"]["rev"], 1);
    assert_eq!(session["closed_at"], "2026-11-22T00:01:01.000000Z");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_counts_only_when_nothing_follows() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let mut last = Segment::of(0, 1, &moves(app.now_ms()));
    last.last = true;
    recording.send(Form::Upload, &last).await.is(200);
    app.pass(30);
    // The page went into the back-forward cache and came back.
    recording.record(0, 2, &moves(app.now_ms())).await;
    app.pass(60);
    assert_eq!(app.finish_due().await.closed, 0, "the hint is void");
    let mut last = Segment::of(0, 3, &moves(app.now_ms()));
    last.last = true;
    recording.send(Form::Upload, &last).await.is(200);
    app.pass(61);
    assert_eq!(app.finish_due().await.closed, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_session_and_an_endless_one_close_too() {
    let app = TestApp::new().await;
    let silent = started(&app).await;
    app.pass(30 * 60 + 1);
    assert_eq!(app.finish_due().await.closed, 1);
    assert_eq!(detail(&app, &silent.id).await["close_reason"], "idle");

    let mut endless = started(&app).await;
    for n in 1..10 {
        app.pass(29 * 60);
        let renewed = app.agent().renew(&endless.id, &endless.resume).await.is(200).json();
        endless = endless.with_token(renewed["token"].as_str().unwrap());
        endless.record(0, n, &moves(app.now_ms())).await;
        assert_eq!(app.finish_due().await.closed, u64::from(n == 9), "after {n} times 29 minutes");
    }
    assert_eq!(detail(&app, &endless.id).await["close_reason"], "length");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_segment_is_taken_and_sealed_again() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    recording.finish(1).await;
    app.pass(61);
    app.finish_due().await;
    let engineer = app.as_role(Role::Engineer).await;
    let path = format!("/v1/sessions/{}/manifest", recording.id);
    let first = engineer.get(&path).await.is(200).json();
    assert_eq!((&first["rev"], first["segments"].as_array().unwrap().len()), (&json!(1), 1));

    recording.record(0, 1, &moves(app.now_ms())).await;
    let lines = engineer.watch(&recording.id, "").await;
    assert_eq!(lines.last().unwrap()["end"]["events"], 4, "what is not sealed yet is shown too");
    app.pass(61);
    assert_eq!(app.finish_due().await.resealed, 1);
    let engineer = app.as_role(Role::Engineer).await;
    let second = engineer.get(&path).await.is(200).json();
    assert_eq!((&second["rev"], second["segments"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(second["segments"][0], first["segments"][0]);
    assert_ne!(second["hash"], first["hash"]);
    assert_eq!(engineer.watch(&recording.id, "").await.last().unwrap()["end"]["events"], 4);
    assert_eq!(app.finish_due().await.resealed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_taken_after_72_hours() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    app.pass(72 * 3_600 - 60);
    let renewed = app.agent().renew(&recording.id, &recording.resume).await.is(200).json();
    let late = recording.with_token(renewed["token"].as_str().unwrap());
    late.record(0, 1, &moves(app.now_ms())).await;
    app.pass(120);
    for form in Form::BOTH {
        let refused = late.send(form, &Segment::of(0, 2, &moves(app.now_ms()))).await.is(410);
        assert_eq!(refused.code(), "session-closed");
    }
    assert_eq!(app.agent().renew(&recording.id, &recording.resume).await.is(401).code(), "token-expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_renewed_by_its_resume_token() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    app.pass(3_600);
    let segment = Segment::of(0, 1, &moves(app.now_ms()));
    assert_eq!(recording.send(Form::Upload, &segment).await.is(401).code(), "token-expired");
    let renewed = app.agent().renew(&recording.id, &recording.resume).await.is(200).json();
    assert_eq!(renewed["expires_at"], "2026-11-22T02:00:00.000000Z");
    recording.with_token(renewed["token"].as_str().unwrap()).send(Form::Upload, &segment).await.is(200);
    app.agent().renew(&recording.id, recording.client.token()).await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tabs_are_numbered_by_the_server_and_bounded() {
    let app = TestApp::with(|settings| settings.limits.tabs_per_session = 3).await;
    let recording = started(&app).await;
    for tab in 1..3 {
        assert_eq!(recording.tell("tabs", &json!({})).await.is(201).json(), json!({ "tab": tab }));
    }
    assert_eq!(recording.tell("tabs", &json!({})).await.is(410).code(), "session-closed");
    recording.record(2, 0, &stories::first(&app)).await;
    let session = detail(&app, &recording.id).await;
    assert_eq!(session["tabs"], 3);
    assert_eq!(session["tab_list"].as_array().unwrap().iter().map(|tab| &tab["tab"]).collect::<Vec<_>>(), [0, 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_ahead_does_not_put_a_session_into_the_future() {
    const YEAR_MS: i64 = 365 * 24 * 3_600_000;
    let app = TestApp::new().await;
    let recording = started(&app).await;
    recording.record(0, 1, &moves(app.now_ms() + YEAR_MS)).await;
    let far = json!({ "from_ms": app.now_ms() + YEAR_MS, "to_ms": app.now_ms() + 2 * YEAR_MS, "reason": "shed" });
    recording.tell("finish", &json!({ "tab": 0, "segments": 2, "gaps": [far] })).await.is(204);
    let session = detail(&app, &recording.id).await;
    let latest = app.now_ms() + 300_000;
    assert_eq!(session["tab_list"][0]["last_ms"], latest);
    assert_eq!(session["duration_ms"], 300_000);
    assert_eq!(session["gap_list"][0]["to_ms"], latest);
    // The tab goes on with the right times when they come.
    app.pass(400);
    recording.record(0, 2, &moves(app.now_ms())).await;
    assert_eq!(detail(&app, &recording.id).await["tab_list"][0]["last_ms"], app.now_ms() + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_identified_once_and_by_blind_tokens_only() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let ada = json!({ "user_id": "u-1", "email": "Ada@Example.Test" });
    recording.tell("identify", &ada).await.is(204);
    recording.tell("identify", &json!({ "email": " ada@example.test " })).await.is(204);
    recording.tell("identify", &json!({ "user_id": "u-1" })).await.is(204);
    for (claimed, place) in [(json!({ "email": "a".repeat(255) }), "/email"), (json!({ "user_id": " " }), "/user_id")] {
        let mut greeting = app.agent().greeting();
        greeting["subject"] = claimed.clone();
        let refused = app.agent().ask(&greeting).await.is(422).problem();
        assert_eq!(refused["errors"][0]["pointer"], format!("/subject{place}"), "into what was sent");
        assert_eq!(recording.tell("identify", &claimed).await.is(422).problem()["errors"][0]["pointer"], place);
    }
    let refused = recording.tell("identify", &json!({ "user_id": "u-2" })).await.is(409);
    assert_eq!(refused.code(), "subject-changed");
    assert_eq!(app.number("SELECT count(*) FROM session WHERE subject_id IS NOT NULL").await, 1);

    // The same person in another session is the same subject, and in another tenant another one.
    let mut greeting = app.agent().greeting();
    greeting["subject"] = json!({ "email": "ada@example.test" });
    app.agent().start_with(&greeting).await;
    assert_eq!(app.number("SELECT count(DISTINCT subject_id) FROM session").await, 1);
    app.theirs.agent(&app).start_with(&greeting).await;
    assert_eq!(app.number("SELECT count(DISTINCT subject_id) FROM session").await, 2);
    let tokens = app.number("SELECT count(DISTINCT token) FROM subject_identifier").await;
    assert_eq!(tokens, app.number("SELECT count(*) FROM subject_identifier").await, "no token is shared by tenants");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_key_is_good_for_its_origins_until_it_is_revoked() {
    let app = TestApp::new().await;
    let agent = app.agent();
    let elsewhere = agent.on("https://evil.example");
    for origin in ["https://evil.example", "http://shop.example", "https://shop.example:8443", "null"] {
        let refused = agent.on(origin).ask(&agent.greeting()).await.is(403);
        assert_eq!(refused.code(), "origin-not-allowed", "{origin}");
        assert_eq!(refused.header("access-control-allow-origin"), origin, "so that the page can read why");
    }
    assert_eq!(elsewhere.ask(&elsewhere.greeting()).await.status, 403);
    let recording = agent.start().await;

    let owner = app.as_role(Role::Owner).await;
    let path = format!("/v1/projects/{}/agent-keys/{}", app.ours.project, app.ours.agent_key_id);
    owner.delete(&path).await.is(204);
    owner.delete(&path).await.is(204);
    assert_eq!(agent.ask(&agent.greeting()).await.is(401).code(), "unknown-agent-key");
    app.agent().renew(&recording.id, &recording.resume).await.is(401);
    recording.record(0, 0, &stories::first(&app)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_may_ask_from_anywhere_but_never_with_cookies() {
    let app = TestApp::new().await;
    for path in ["/v1/agent/sessions", "/v1/agent/upload"] {
        let request = app.anonymous().request(Method::OPTIONS, path);
        let answer = Answer::of(request.header("origin", "https://any.example")).await.is(204);
        assert_eq!(answer.header("access-control-allow-origin"), "https://any.example");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert_eq!(answer.header("access-control-allow-methods"), "GET, POST, PUT");
    }
    let members_only = app.anonymous().request(Method::OPTIONS, "/v1/sessions").header("origin", "https://any.example");
    assert_eq!(Answer::of(members_only).await.header("access-control-allow-origin"), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_server_says_so_before_it_reads_the_body() {
    let app = TestApp::with(|settings| settings.limits.uploads_in_flight = 1).await;
    let recording = started(&app).await;
    // One upload whose body does not come: it holds the only place.
    let segment = Segment::of(0, 1, &moves(app.now_ms()));
    let whole = segment.with_head(recording.client.token());
    let (head, rest) = whole.split_at(whole.len() - 10);
    let (sender, receiver) = futures::channel::mpsc::unbounded::<Result<Vec<u8>, std::io::Error>>();
    sender.unbounded_send(Ok(head.to_vec())).unwrap();
    let slow = recording.client.with_credential(None).request(Method::POST, "/v1/agent/upload");
    let slow = slow.header("content-type", "text/plain").body(reqwest::Body::wrap_stream(receiver));
    let slow = tokio::spawn(Answer::of(slow));

    let refused = until("the place is taken", || async {
        let answer = recording.send(Form::Put, &Segment::of(0, 0, &stories::first(&app))).await;
        (answer.status != 200).then_some(answer)
    })
    .await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("unavailable", "1"));
    for form in Form::BOTH {
        // The body never ends: an answer can only come before it was read.
        let endless = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let line = {
            let line = segment.with_head(recording.client.token());
            line[..line.len() - segment.body.len()].to_vec()
        };
        let body = match form {
            Form::Put => reqwest::Body::wrap_stream(endless),
            Form::Upload => {
                use futures::StreamExt as _;
                reqwest::Body::wrap_stream(futures::stream::iter([Ok(line)]).chain(endless))
            }
        };
        let request = segment.request(&recording.client, form, &recording.id).body(body);
        let answer = tokio::time::timeout(std::time::Duration::from_secs(20), Answer::of(request)).await;
        assert_eq!(answer.expect("answered before the body").status, 503, "{form:?}");
    }
    sender.unbounded_send(Ok(rest.to_vec())).unwrap();
    drop(sender);
    slow.await.unwrap().is(200);
    until("the place is free again", || async {
        (recording.send(Form::Put, &Segment::of(0, 2, &moves(app.now_ms()))).await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rates_are_limited_by_project_and_by_key() {
    let app = TestApp::with(|settings| {
        settings.limits.segments_per_second = 2;
        settings.limits.starts_per_minute = 3;
    })
    .await;
    let recording = app.agent().start().await;
    let segment = Segment::of(0, 0, &stories::first(&app));
    let refused = until("the project is over its rate", || async {
        let answer = recording.send(Form::Upload, &segment).await;
        (answer.status == 429).then_some(answer)
    })
    .await;
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("too-many", "1"));
    assert_eq!(refused.header("ratelimit"), "\"segments\";r=0;t=1");
    let other = app.theirs.agent(&app).start().await;
    other.record(0, 0, &stories::first(&app)).await;

    let refused = until("the key starts too many", || async {
        let answer = app.agent().ask(&app.agent().greeting()).await;
        (answer.status == 429).then_some(answer)
    })
    .await;
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "three a minute: one every twenty seconds, not {wait}");
    assert_eq!(refused.header("ratelimit-policy"), "\"session-start\";q=3;w=60");
    assert_eq!(refused.header("ratelimit"), "\"session-start\";r=0;t=60");
    // A page may read them.
    assert!(refused.header("access-control-expose-headers").contains("ratelimit, ratelimit-policy"));
    app.theirs.agent(&app).start().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_and_a_tab_have_their_size() {
    let app = TestApp::with(|settings| settings.limits.segments_per_tab = 2).await;
    let recording = started(&app).await;
    recording.record(0, 1, &moves(app.now_ms())).await;
    let refused = recording.send(Form::Put, &Segment::of(0, 2, &moves(app.now_ms()))).await.is(409);
    assert_eq!(refused.code(), "segment-limit");

    let app = TestApp::with(|settings| settings.limits.session_bytes = 10).await;
    let recording = started(&app).await;
    let refused = recording.send(Form::Put, &Segment::of(0, 1, &moves(app.now_ms()))).await.is(410);
    assert_eq!(refused.code(), "session-full");
}

/// Another process, or the same one after a restart, goes on with what the tab's node map knew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_continues_the_tab_with_its_node_map() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let at = app.now_ms();
    recording.record(0, 1, &[events::text(at + 10, "One item")]).await;
    let elsewhere = app.another().await;
    let there = recording.through(&elsewhere.anonymous());
    let ack = there.record(0, 2, &[events::text(at + 20, "Two items")]).await;
    assert_eq!(
        ack,
        json!({ "durable": true, "policy_version": 1, "next": 3, "snapshot": false }),
        "no snapshot is asked for"
    );
    // The first process learns that somebody else went on.
    let ack = recording.record(0, 3, &[events::text(at + 30, "Three items")]).await;
    assert_eq!(ack["next"], 4);
    let lines = app.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    let texts: Vec<&str> =
        lines.iter().filter_map(|line| line["event"]["data"]["texts"][0]["value"].as_str()).collect();
    assert_eq!(texts, ["One item", "Two items", "Three items"], "known nodes keep their text");
}

/// A tab whose state is lost is masked until the next full snapshot, which is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_node_map_masks_and_asks_for_a_snapshot() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let at = app.now_ms();
    for blob in app.blob_files().into_iter().filter(|name| name.contains("state-")) {
        std::fs::remove_file(app.blob_folder().join(blob)).unwrap();
    }
    app.expect_damage();
    let elsewhere = app.another().await;
    let there = recording.through(&elsewhere.anonymous());
    let ack = there.record(0, 1, &[events::text(at + 10, "canary of a lost map")]).await;
    assert_eq!(ack["snapshot"], true);
    let ack = there.record(0, 2, &[events::snapshot(at + 20), events::text(at + 21, "seen again")]).await;
    assert_eq!(ack["snapshot"], false);
    let lines = app.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    let told = serde_json::to_string(&lines).unwrap();
    assert!(!told.contains("canary") && told.contains("seen again"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gaps_that_the_agent_tells_are_shown() {
    let app = TestApp::new().await;
    let recording = started(&app).await;
    let at = app.now_ms();
    let gaps = json!([
        { "from_ms": at + 10, "to_ms": at + 20, "reason": "offline-overflow" },
        { "from_ms": at + 30, "to_ms": at + 40, "reason": "a reason of tomorrow" },
    ]);
    recording.tell("finish", &json!({ "tab": 0, "segments": 2, "gaps": gaps })).await.is(204);
    let session = detail(&app, &recording.id).await;
    assert_eq!((&session["gaps"], &session["validation"]), (&json!(2), &json!("gaps")));
    let mut reasons: Vec<&str> =
        session["gap_list"].as_array().unwrap().iter().map(|gap| gap["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["offline-overflow", "other"]);
    let lines = app.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    assert_eq!(lines[1]["gap"]["reason"], "offline-overflow");
}

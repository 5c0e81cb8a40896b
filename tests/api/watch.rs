//! Watching: the stream is what was stored, whole, in order, and says what is missing.

use std::collections::BTreeMap;

use domain::Clock as _;
use policy::{access::Role, privacy::CaptureRules};
use recording::{
    Bounds, TabState,
    index::{self, Pane},
};
use sealtape_tests::acceptance::{TestApp, events};
use serde_json::{Value, json};

use crate::stories;

/// One expected line: time, tab, pane, event.
type Expected = (i64, u16, Pane, Value);

/// What must be stored of these bodies: the second pass alone, then tabs merged by time, a tab's own order kept.
fn expected(tabs: &[Vec<Vec<Value>>]) -> Vec<Expected> {
    let mut streams: Vec<std::collections::VecDeque<Expected>> = Vec::new();
    for (tab, bodies) in (0_u16..).zip(tabs) {
        let mut state = TabState::default();
        let mut stream = std::collections::VecDeque::new();
        for body in bodies {
            let body = json!(body).to_string();
            let rewritten = recording::rewrite(
                body.as_bytes(),
                i64::MAX,
                &mut state,
                &CaptureRules::standard(),
                &Bounds::default(),
            )
            .unwrap();
            for event in index::events(&rewritten.ndjson) {
                let event = event.unwrap();
                stream.push_back((event.time_ms, tab, event.pane, serde_json::from_str(event.raw).unwrap()));
            }
        }
        streams.push(stream);
    }
    let mut merged = Vec::new();
    while let Some(next) = streams.iter_mut().filter(|s| !s.is_empty()).min_by_key(|s| s[0].0) {
        merged.extend(next.pop_front());
    }
    merged
}

fn lines(expected: &[Expected], keep: impl Fn(&Expected) -> bool) -> Vec<Value> {
    expected.iter().filter(|e| keep(e)).map(|(_, tab, _, event)| json!({ "tab": tab, "event": event })).collect()
}

fn body(lines: &[Value]) -> &[Value] {
    &lines[1..lines.len() - 1]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stream_is_what_was_stored_merged_over_tabs() {
    let app = TestApp::new().await;
    let (session, tabs) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let all = expected(&tabs);
    assert_eq!(all.len(), 13);
    let want = lines(&all, |_| true);

    let live = engineer.watch(&session, "").await;
    assert_eq!(body(&live), want);
    let head = &live[0]["head"];
    let panes = ["dom", "console", "network", "actions", "state"];
    let watermark = json!({ "viewer": "engineer of ours", "at": app.clock.now(), "grant": null });
    let want_head = json!({
        "session_id": session, "start_ms": app.now_ms(), "state": "live", "tabs": [0, 1],
        "panes": panes, "masked": false, "watermark": watermark,
    });
    assert_eq!(*head, want_head);
    let end = &live.last().unwrap()["end"];
    assert_eq!(*end, json!({ "complete": true, "events": 13, "next_ms": app.now_ms() + 2_100, "cursor": "0:3,1:1" }));

    app.pass(30 * 60 + 1);
    assert_eq!(app.finish_due().await.closed, 1);
    let engineer = app.as_role(Role::Engineer).await;
    let closed = engineer.watch(&session, "").await;
    assert_eq!(body(&closed), want, "through the manifest too");
    assert_eq!(closed[0]["head"]["state"], "closed");
    let answer = engineer.get(&format!("/v1/sessions/{session}/events")).await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_begins_at_the_snapshot_before_it() {
    let app = TestApp::new().await;
    let (session, tabs) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let (all, at) = (expected(&tabs), app.now_ms());
    let ask = async |query: &str| body(&engineer.watch(&session, query).await).to_vec();

    // Tab 0 has its second snapshot at +1000, tab 1 only the first.
    let from = ask(&format!("?from_ms={}", at + 1_050)).await;
    assert_eq!(from, lines(&all, |(time, tab, ..)| *tab == 1 || *time >= at + 1_000));
    let one_tab = ask(&format!("?tab=0&from_ms={}", at + 1_050)).await;
    assert_eq!(one_tab, lines(&all, |(time, tab, ..)| *tab == 0 && *time >= at + 1_000));
    assert!(one_tab[0]["event"]["type"] == 2, "a player can start here");
    let before = ask(&format!("?tab=0&to_ms={}", at + 500)).await;
    assert_eq!(
        before,
        lines(&all, |(time, tab, ..)| *tab == 0 && *time < at + 500),
        "segments that begin later are left out"
    );
    assert_eq!(ask("?tab=7").await, Vec::<Value>::new());
    let reversed = engineer.get(&format!("/v1/sessions/{session}/events?from_ms=2&to_ms=1")).await;
    assert_eq!(reversed.is(422).code(), "invalid-input");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn panes_are_parts_of_the_stream() {
    let app = TestApp::new().await;
    let (session, tabs) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let all = expected(&tabs);
    let mut seen = 0;
    for (name, pane, count) in [
        ("dom", Pane::Dom, 8),
        ("console", Pane::Console, 3),
        ("network", Pane::Network, 1),
        ("actions", Pane::Actions, 1),
        ("state", Pane::State, 0),
    ] {
        let part = engineer.watch(&session, &format!("?panes={name}")).await;
        assert_eq!(body(&part), lines(&all, |(_, _, p, _)| *p == pane), "{name}");
        assert_eq!(body(&part).len(), count, "{name}");
        seen += count;
    }
    assert_eq!(seen, all.len());
    let two = engineer.watch(&session, "?panes=actions,network").await;
    assert_eq!(body(&two).len(), 2);
    engineer.get(&format!("/v1/sessions/{session}/events?panes=everything")).await.is(422);
}

/// A live session is followed by asking again behind the last cursor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_session_is_followed_by_its_cursor() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    let at = app.now_ms();
    recording.record(0, 0, &stories::first(&app)).await;
    let engineer = app.as_role(Role::Engineer).await;
    let first = engineer.watch(&recording.id, "").await;
    let cursor = first.last().unwrap()["end"]["cursor"].as_str().unwrap().to_owned();
    assert_eq!(cursor, "0:0");
    let nothing = engineer.watch(&recording.id, &format!("?after={cursor}")).await;
    assert!(body(&nothing).is_empty());

    recording.record(0, 1, &[events::moved(at + 10, 1)]).await;
    recording.tell("tabs", &json!({})).await.is(201);
    recording.record(1, 0, &events::page(at + 5, stories::PAGE)).await;
    let next = engineer.watch(&recording.id, &format!("?after={cursor}")).await;
    let seen: Vec<(u64, i64)> = body(&next)
        .iter()
        .map(|line| (line["tab"].as_u64().unwrap(), line["event"]["timestamp"].as_i64().unwrap() - at))
        .collect();
    assert_eq!(seen, [(1, 5), (1, 6), (0, 10)], "a tab that opened meanwhile comes whole");
    assert_eq!(next.last().unwrap()["end"]["cursor"], "0:1,1:0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_watched_is_shown_to_those_who_may_see_it() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let at = app.now_ms();
    for (role, query) in [
        (Role::Engineer, ""),
        (Role::Support, &*format!("?panes=dom,actions&from_ms={at}&to_ms={}", at + 50)),
        (Role::Viewer, "?panes=dom"),
    ] {
        app.as_role(role).await.watch(&session, query).await;
        app.pass(1);
    }
    // Following on within a minute belongs to the view that is on record.
    app.as_role(Role::Viewer).await.watch(&session, "?panes=dom&after=0:3").await;
    let auditor = app.as_role(Role::Auditor).await;
    let path = format!("/v1/sessions/{session}/viewers");
    let viewers = auditor.get(&path).await.is(200).json();
    insta::assert_json_snapshot!(viewers, { ".items[].viewer.id" => "[id]" });

    let first = auditor.get(&format!("{path}?limit=2")).await.is(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = auditor.get(&format!("{path}?limit=2&cursor={cursor}")).await.is(200).json();
    assert_eq!(second["next_cursor"], Value::Null);
    let paged: Vec<&Value> = [&first, &second].into_iter().flat_map(|page| page["items"].as_array().unwrap()).collect();
    assert_eq!(paged, viewers["items"].as_array().unwrap().iter().collect::<Vec<_>>());
    // A minute later it is another view.
    app.pass(61);
    app.as_role(Role::Viewer).await.watch(&session, "?panes=dom&after=0:3").await;
    assert_eq!(app.number("SELECT count(*) FROM session_view").await, 4);
}

/// Going on belongs to the view that is on record only as far as that says what is watched.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_continuation_shows_nothing_that_is_not_on_record() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (engineer, at) = (app.as_role(Role::Engineer).await, app.now_ms());
    let views = || app.number("SELECT count(*) FROM session_view");
    engineer.watch(&session, &format!("?panes=console&from_ms={at}&to_ms={}", at + 50)).await;
    assert_eq!(views().await, 1);
    engineer.watch(&session, &format!("?panes=console&from_ms={at}&to_ms={}&after=0:0", at + 50)).await;
    assert_eq!(views().await, 1, "the same, going on");
    engineer.watch(&session, &format!("?panes=console&from_ms={at}&to_ms={}&after=0:0", at + 51)).await;
    assert_eq!(views().await, 2, "more of the time");
    engineer.watch(&session, "?after=9:0").await;
    assert_eq!(views().await, 3, "every pane, behind a cursor that skips nothing");
    engineer.watch(&session, "?panes=dom&after=9:0").await;
    assert_eq!(views().await, 3, "part of that");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_or_damaged_blob_is_a_gap_and_the_rest_goes_on() {
    let app = TestApp::new().await;
    let (session, tabs) = stories::visit(&app).await;
    app.expect_damage();
    let all = expected(&tabs);
    let file = |n: u32| {
        let name = app.blob_files().into_iter().find(|name| name.contains(&format!("/0-{n}-"))).unwrap();
        app.blob_folder().join(name)
    };
    std::fs::remove_file(file(1)).unwrap();
    let damaged = file(2);
    let mut bytes = std::fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();

    for state in ["live", "closed"] {
        let engineer = app.as_role(Role::Engineer).await;
        let stream = engineer.watch(&session, "").await;
        assert_eq!(stream[0]["head"]["state"], state);
        let gaps: Vec<(&str, i64)> = stream
            .iter()
            .filter_map(|line| line.get("gap"))
            .map(|gap| (gap["reason"].as_str().unwrap(), gap["from_ms"].as_i64().unwrap()))
            .collect();
        let first = |n: usize| tabs[0][n][0]["timestamp"].as_i64().unwrap();
        assert_eq!(gaps, [("segment-missing", first(1)), ("segment-corrupt", first(2))]);
        let shown: Vec<Value> = stream.iter().filter(|line| line.get("event").is_some()).cloned().collect();
        let lost = first(1)..first(3);
        assert_eq!(shown, lines(&all, |(time, tab, ..)| *tab == 1 || !lost.contains(time)));
        assert_eq!(stream.last().unwrap()["end"]["complete"], false);
        if state == "live" {
            app.pass(30 * 60 + 1);
            assert_eq!(app.finish_due().await.closed, 1);
        }
    }
    let acts = app.acts(app.ours.id).await;
    assert!(acts.contains(&"integrity.fail".to_owned()), "a corrupt blob is on record: {acts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_covers_every_segment() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let path = format!("/v1/sessions/{session}/manifest");
    app.as_role(Role::Auditor).await.get(&path).await.is(404);
    app.pass(30 * 60 + 1);
    app.finish_due().await;
    let manifest = app.as_role(Role::Auditor).await.get(&path).await.is(200).json();
    assert_eq!((&manifest["rev"], &manifest["verified"]), (&json!(1), &json!(true)));
    let mut covered: BTreeMap<(u64, u64), String> = BTreeMap::new();
    for segment in manifest["segments"].as_array().unwrap() {
        let key = (segment["tab"].as_u64().unwrap(), segment["n"].as_u64().unwrap());
        covered.insert(key, segment["sha256"].as_str().unwrap().to_owned());
        assert!(segment["ciphertext_length"].as_u64().unwrap() > 0);
    }
    assert_eq!(covered.keys().copied().collect::<Vec<_>>(), [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]);
    // The names of the blobs are the hashes that the manifest holds, and the files have them.
    for ((tab, n), sha256) in covered {
        let name = app.blob_files().into_iter().find(|name| name.ends_with(&format!("/{tab}-{n}-{sha256}"))).unwrap();
        let bytes = std::fs::read(app.blob_folder().join(name)).unwrap();
        assert_eq!(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(bytes)), sha256);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_s_page_tells_its_pages_tabs_and_counts() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let detail = app.as_role(Role::Support).await.get(&format!("/v1/sessions/{session}")).await.is(200).json();
    insta::assert_json_snapshot!(detail, { ".id" => "[id]", ".project.id" => "[id]", ".bytes_stored" => "[bytes]" });
}

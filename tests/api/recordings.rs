//! Real recordings of real applications: in through the interface and out again, whole, in order, without what must go.

use std::{io::Read as _, path::Path};

use policy::access::Role;
use sealtape_tests::acceptance::{Form, Recording, Segment, TestApp, gzip};
use serde_json::{Value, value::RawValue};

/// An event of a recording: as it stands there, and its order.
struct Event {
    raw: Box<RawValue>,
    kind: i64,
    at_ms: i64,
}

fn read(name: &str) -> Vec<Event> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/recordings").join(name);
    let mut decoder = zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
    decoder.window_log_max(27).unwrap();
    let mut json = Vec::new();
    decoder.read_to_end(&mut json).unwrap();
    let events: Vec<Box<RawValue>> = serde_json::from_slice(&json).unwrap();
    let order = |raw: Box<RawValue>| {
        #[derive(serde::Deserialize)]
        struct Order {
            r#type: i64,
            timestamp: i64,
        }
        let Order { r#type, timestamp } = serde_json::from_str(raw.get()).unwrap();
        Event { raw, kind: r#type, at_ms: timestamp }
    };
    events.into_iter().map(order).collect()
}

fn segment(n: u32, events: &[Event]) -> Segment {
    let lines: Vec<&str> = events.iter().map(|event| event.raw.get()).collect();
    Segment::raw(0, n, "gzip", gzip(lines.join("\n").as_bytes()))
}

/// Lets the clock reach the recording's end: nothing arrives before it happened.
fn reach(app: &TestApp, events: &[Event]) {
    let end = events.iter().map(|event| event.at_ms).max().unwrap();
    app.pass(u64::try_from((end - app.now_ms()) / 1_000 + 1).unwrap_or(0));
}

/// Sends the recording in bodies of `size` events, the two forms in turn.
async fn send(recording: &Recording, events: &[Event], size: usize) {
    for (n, chunk) in (0_u32..).zip(events.chunks(size)) {
        let form = Form::BOTH[n as usize % 2];
        let ack = recording.send(form, &segment(n, chunk)).await.is(200).json();
        assert_eq!(ack["next"], n + 1);
        assert_eq!(ack["snapshot"], false, "every node is known");
    }
}

fn order(lines: &[Value]) -> Vec<(i64, i64)> {
    let read = |line: &Value| Some((line["event"]["type"].as_i64()?, line["event"]["timestamp"].as_i64()?));
    lines.iter().filter_map(read).collect()
}

async fn there_and_back(name: &str, size: usize) -> (Vec<Event>, Vec<Value>) {
    let app = TestApp::new().await;
    let events = read(name);
    reach(&app, &events);
    let recording = app.agent().start().await;
    send(&recording, &events, size).await;
    let engineer = app.as_role(Role::Engineer).await;
    let live = engineer.watch(&recording.id, "").await;
    assert_eq!(live.last().unwrap()["end"]["events"], events.len());
    assert_eq!(live.last().unwrap()["end"]["complete"], true);
    let want: Vec<(i64, i64)> = events.iter().map(|event| (event.kind, event.at_ms)).collect();
    assert_eq!(order(&live), want, "{name}: every event, in order");

    recording.finish(u32::try_from(events.chunks(size).len()).unwrap()).await;
    app.pass(61);
    assert_eq!(app.finish_due().await.closed, 1);
    let closed = app.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    assert!(closed[1..] == live[1..], "{name}: the same through the manifest");
    let detail = app.as_role(Role::Engineer).await.get(&format!("/v1/sessions/{}", recording.id)).await.is(200).json();
    assert_eq!(detail["events"], events.len());
    assert!(!detail["pages"].as_array().unwrap().is_empty());
    (events, live)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn todo_5min_goes_through() {
    there_and_back("todo-5min.json.zst", 150).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swagger_5min_goes_through() {
    there_and_back("swagger-5min.json.zst", 200).await;
}

/// Its network bodies hold clear personal data on purpose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claim_5min_goes_through_without_its_personal_data() {
    let (events, stored) = there_and_back("claim-5min.json.zst", 97).await;
    let before: String = events.iter().map(|event| event.raw.get()).collect();
    let after: String = stored.iter().map(Value::to_string).collect();
    for canary in ["Martha", "Lindqvist", "170 5551234", "DE89370400440532013000"] {
        assert!(before.contains(canary), "the recording is the one we know: {canary}");
        assert!(!after.contains(canary), "{canary}");
    }
    for line in &stored {
        for name in ["reqBody", "body", "resBody"] {
            let value = &line["event"]["data"]["payload"][name];
            assert!(value.is_null() || value == "▇▇▇▇" || value == "", "{name}: {value}");
        }
    }
}

/// One event of 48 MB is refused with a clear answer; what is around it is recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swagger_pathological_is_refused_where_it_must_and_goes_on() {
    let app = TestApp::new().await;
    let events = read("swagger-pathological.json.zst");
    reach(&app, &events);
    let recording = app.agent().start().await;
    let (mut n, mut refused) = (0, Vec::new());
    // The huge event alone in its body, what is around it in bodies of an agent's size.
    for run in events.chunk_by(|a, b| a.raw.get().len() < 1 << 20 && b.raw.get().len() < 1 << 20) {
        for chunk in run.chunks(100) {
            let answer = recording.send(Form::Upload, &segment(n, chunk)).await;
            if answer.status == 200 {
                n += 1;
            } else {
                refused.push(answer.problem());
            }
        }
    }
    assert_eq!(refused.len(), 1);
    insta::assert_json_snapshot!(refused[0]);
    let stored = app.as_role(Role::Engineer).await.watch(&recording.id, "").await;
    let huge = events.iter().position(|event| event.raw.get().len() > 16 << 20).unwrap();
    let want: Vec<(i64, i64)> =
        events.iter().enumerate().filter(|(at, _)| *at != huge).map(|(_, event)| (event.kind, event.at_ms)).collect();
    assert_eq!(order(&stored), want);
}

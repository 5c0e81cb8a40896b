//! Every recording of `tests/data` passes, stays whole, and keeps nothing that it must not keep.

use std::{io::Read as _, path::PathBuf};

use policy::privacy::CaptureRules;
use recording::{Bounds, Findings, Rewritten, Rule, TabState, index, rewrite};
use serde_json::Value;

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/recordings").join(name);
    let mut decoder = zstd::Decoder::new(std::fs::File::open(path).expect("the recording is there")).expect("zstd");
    decoder.window_log_max(27).expect("a long window");
    let mut out = Vec::new();
    decoder.read_to_end(&mut out).expect("decodes");
    out
}

fn events(name: &str) -> Vec<Box<serde_json::value::RawValue>> {
    serde_json::from_slice(&file(name)).expect("a JSON array")
}

fn pass(body: &[u8], state: &mut TabState) -> Rewritten {
    rewrite(body, i64::MAX, state, &CaptureRules::standard(), &Bounds::default()).expect("accepted")
}

/// Segments of `size` events as NDJSON.
fn segments(name: &str, size: usize) -> Vec<String> {
    let events = events(name);
    events.chunks(size).map(|chunk| chunk.iter().map(|e| e.get().to_owned() + "\n").collect()).collect()
}

fn through_stored_state(name: &str, size: usize) -> Vec<u8> {
    let mut stored = TabState::default().to_bytes();
    let mut out = Vec::new();
    for segment in segments(name, size) {
        let mut state = TabState::from_bytes(&stored).expect("reads");
        out.extend(pass(segment.as_bytes(), &mut state).ndjson);
        stored = state.to_bytes();
    }
    out
}

const ORDINARY: [&str; 3] = ["todo-5min.json.zst", "claim-5min.json.zst", "swagger-5min.json.zst"];

#[test]
fn recordings_pass_as_one_array_and_stay_whole() {
    for name in ORDINARY {
        let body = file(name);
        let result = pass(&body, &mut TabState::default());
        assert_eq!(result.events as usize, events(name).len(), "{name}");
        assert!(
            result.full_snapshot && !result.want_snapshot && result.gaps.is_empty(),
            "{name}: {result:?}",
            result = result.findings
        );
        assert_eq!(result.findings.count(Rule::UnknownNode), 0, "{name}");
        let stored: Vec<_> = index::events(&result.ndjson).collect::<Result<_, _>>().expect("reads back");
        assert_eq!(stored.len(), result.events as usize);
        assert!(stored.iter().all(|event| serde_json::from_str::<Value>(event.raw).is_ok()), "{name}");
        assert_eq!(stored.iter().map(|event| event.time_ms).max(), Some(result.last_ms));
    }
}

#[test]
fn segments_through_stored_state_give_the_same_bytes() {
    for name in ORDINARY {
        let whole = pass(&file(name), &mut TabState::default()).ndjson;
        for size in [1_000, 97] {
            assert!(through_stored_state(name, size) == whole, "{name} in segments of {size}");
        }
    }
}

#[test]
fn a_second_pass_changes_nothing() {
    for name in ORDINARY {
        let once = pass(&file(name), &mut TabState::default());
        let twice = pass(&once.ndjson, &mut TabState::default());
        assert!(twice.ndjson == once.ndjson, "{name}");
        assert_eq!(
            twice
                .findings
                .iter()
                .filter(|(rule, _)| !matches!(rule, Rule::UnknownType | Rule::UnknownReference))
                .collect::<Vec<_>>(),
            [],
            "{name}"
        );
    }
}

#[test]
fn clear_personal_data_in_network_bodies_is_gone() {
    let body = file("claim-5min.json.zst");
    let before = String::from_utf8(body.clone()).expect("text");
    let result = pass(&body, &mut TabState::default());
    let after = String::from_utf8(result.ndjson).expect("text");
    for canary in ["reqBody\":\"{\\\"first\\\":\\\"Martha", "Martha"] {
        assert!(before.contains(canary), "the recording is the one we know: {canary}");
    }
    for event in index::events(after.as_bytes()).map(|e| e.expect("reads")).filter(|e| e.pane == index::Pane::Network) {
        let event: Value = serde_json::from_str(event.raw).expect("JSON");
        for (name, want) in [("body", "▇▇▇▇"), ("reqBody", "▇▇▇▇")] {
            let value = &event["data"]["payload"][name];
            assert!(value.is_null() || value == want || value == "", "{name}");
        }
        assert!(event["data"]["payload"]["headers"].as_object().is_none_or(serde_json::Map::is_empty));
    }
    assert!(result.findings.count(Rule::Body) > 50);
    insta::assert_debug_snapshot!(listed(&result.findings));
}

#[test]
fn keys_that_were_typed_are_gone() {
    let result = pass(&file("claim-5min.json.zst"), &mut TabState::default());
    let mut keys: Vec<String> = index::events(&result.ndjson)
        .map(|e| serde_json::from_str::<Value>(e.expect("reads").raw).expect("JSON"))
        .filter(|e| e["data"]["tag"] == "key")
        .map(|e| e["data"]["payload"]["key"].as_str().expect("a string").to_owned())
        .collect();
    keys.sort();
    keys.dedup();
    assert!(keys.iter().all(|key| key == "▇▇▇▇" || key.len() > 1), "{keys:?}");
}

#[test]
fn one_huge_event_is_refused_and_the_rest_goes_on() {
    let bounds = Bounds::default();
    let rules = CaptureRules::standard();
    let mut state = TabState::default();
    let (mut refused, mut masked) = (Vec::new(), 0);
    for event in events("swagger-pathological.json.zst") {
        match rewrite(event.get().as_bytes(), i64::MAX, &mut state, &rules, &bounds) {
            Ok(result) => {
                masked += result.findings.count(Rule::UnknownNode) + result.findings.count(Rule::UnknownReference);
            }
            Err(rejection) => refused.push((rejection.code, rejection.status.status())),
        }
    }
    assert_eq!(refused, [("body.decoded-too-large", 413)]);
    assert!(masked > 0, "what hung on the refused event is noticed");
    assert!(state.approx_bytes() < 8 << 20);
}

fn listed(findings: &Findings) -> Vec<(&'static str, u32)> {
    findings.iter().map(|(rule, count)| (rule.name(), count)).collect()
}

//! Laws that hold for any stream.

use policy::privacy::CaptureRules;
use proptest::prelude::*;
use recording::{Bounds, Rejection, Rewritten, TabState, decode, rewrite};
use serde_json::{Value, json};

fn pass(body: &str, state: &mut TabState) -> Result<Rewritten, Rejection> {
    rewrite(body.as_bytes(), i64::MAX, state, &CaptureRules::standard(), &Bounds::default())
}

/// Few in `make test`; `make prove` sets `PROPTEST_CASES`, which a number given here would hide.
fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").map_or(few, |count| count.parse().expect("a number"))
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ada@example.com".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("ada".to_owned()),
        Just("@".to_owned()),
        Just("https://u@h/x?a=b&c#d".to_owned()),
        Just("password=x y".to_owned()),
        Just("a{background:url('/x?y=1')}".to_owned()),
        Just("▇▇▇▇".to_owned()),
        "[ -~\u{e4}\u{2028}]{0,12}",
    ]
}

fn names() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "id",
        "type",
        "value",
        "text",
        "title",
        "href",
        "style",
        "data-x",
        "data-sealtape",
        "contenteditable",
        "password",
        "body",
        "headers",
        "url",
        "key",
        "name",
        "source",
        "node",
        "adds",
        "removes",
        "texts",
        "attributes",
        "parentId",
        "payload",
        "rule",
        "_cssText",
        "srcset",
        "autocomplete",
    ];
    prop_oneof![8 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => words()]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0_i64..20).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1.0e3..1.0e3).prop_map(Value::from),
        words().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(names(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn node() -> impl Strategy<Value = Value> {
    let tag = proptest::sample::select(
        &["div", "span", "b", "input", "textarea", "style", "p", "select", "a", "iframe", "title"][..],
    );
    let attributes = proptest::collection::btree_map(
        names(),
        prop_oneof![4 => words().prop_map(Value::from), 1 => any_json()],
        0..4,
    )
    .boxed();
    let text = (words(), 1_u32..30).prop_map(|(text, id)| json!({"type": 3, "textContent": text, "id": id}));
    text.prop_recursive(4, 24, 4, move |inner| {
        (tag.clone(), attributes.clone(), proptest::collection::vec(inner, 0..4), 1_u32..30).prop_map(|(tag, attributes, children, id)| {
            json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id})
        })
    })
}

fn data() -> impl Strategy<Value = (i64, Value)> {
    let id = 1_u32..30;
    prop_oneof![
        (0_i64..9, any_json()),
        node().prop_map(|node| (2, json!({"node": {"type": 0, "childNodes": [node], "id": 30}}))),
        proptest::collection::vec((id.clone(), proptest::option::of(id.clone()), node()), 0..5).prop_map(|adds| {
            let adds: Vec<Value> = adds.into_iter().map(|(p, n, node)| json!({"parentId": p, "nextId": n, "node": node})).collect();
            (3, json!({"source": 0, "adds": adds, "removes": [], "texts": [], "attributes": []}))
        }),
        (id.clone(), words(), proptest::collection::btree_map(names(), words(), 0..4), id.clone()).prop_map(|(text, value, attributes, gone)| {
            (3, json!({"source": 0, "adds": [], "removes": [{"parentId": 1, "id": gone}], "texts": [{"id": text, "value": value}],
                "attributes": [{"id": text, "attributes": attributes}]}))
        }),
        (id, words()).prop_map(|(id, text)| (3, json!({"source": 5, "id": id, "text": text, "isChecked": false}))),
        (0_i64..17, any_json()).prop_map(|(source, more)| (3, json!({"source": source, "more": more, "text": more, "id": 3}))),
        any_json().prop_map(|payload| (6, json!({"plugin": "acme/x@1", "payload": payload}))),
        any_json().prop_map(|payload| (6, json!({"plugin": "sealtape/action@1", "payload": payload}))),
        any_json().prop_map(|data| (5, json!({"tag": "sealtape/event@1", "payload": {"name": "n", "data": data}}))),
    ]
}

fn stream() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec((data(), 0_i64..40_000), 1..12).prop_map(|events| {
        events
            .into_iter()
            .map(|((kind, data), at)| json!({"type": kind, "data": data, "timestamp": at}).to_string())
            .collect()
    })
}

/// The stream without events that are dropped (canvas) can be counted line by line.
fn kept(events: &[String]) -> usize {
    events
        .iter()
        .filter(|event| {
            serde_json::from_str::<Value>(event).is_ok_and(|e| !(e["type"] == 3 && e["data"]["source"] == 9))
        })
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(400), ..ProptestConfig::default() })]

    #[test]
    fn output_is_json_line_by_line_and_stable(events in stream()) {
        let once = pass(&events.join("\n"), &mut TabState::default()).expect("accepted");
        let text = String::from_utf8(once.ndjson).expect("text");
        prop_assert_eq!(text.lines().count(), kept(&events));
        prop_assert_eq!(once.events as usize, kept(&events));
        for line in text.lines() {
            prop_assert!(serde_json::from_str::<Value>(line).is_ok(), "{}", line);
        }
        if !text.is_empty() {
            let twice = pass(&text, &mut TabState::default()).expect("accepted");
            prop_assert_eq!(String::from_utf8(twice.ndjson).expect("text"), text);
        }
    }

    #[test]
    fn any_split_gives_the_same_bytes(events in stream(), at in any::<proptest::sample::Index>()) {
        let whole = pass(&format!("[{}]", events.join(",")), &mut TabState::default()).expect("accepted").ndjson;
        let (head, tail) = events.split_at(at.index(events.len()));
        let mut state = TabState::default();
        let mut parts = Vec::new();
        for part in [head, tail].into_iter().filter(|part| !part.is_empty()) {
            state = TabState::from_bytes(&state.to_bytes()).expect("reads");
            parts.extend(pass(&part.join("\n"), &mut state).expect("accepted").ndjson);
        }
        prop_assert_eq!(String::from_utf8(parts).expect("text"), String::from_utf8(whole).expect("text"));
    }

    #[test]
    fn what_is_typed_is_never_stored(mut node in node(), id in 1_u32..30) {
        fn plant(node: &mut Value) {
            if ["input", "textarea", "select"].iter().any(|tag| node["tagName"] == *tag) {
                node["attributes"]["type"] = json!("text");
                for name in ["value", "data-x"] {
                    node["attributes"][name] = json!("canary-7f3a");
                }
            }
            for child in node["childNodes"].as_array_mut().into_iter().flatten() {
                plant(child);
            }
        }
        plant(&mut node);
        let snapshot = json!({"type": 2, "data": {"node": {"type": 0, "childNodes": [node], "id": 30}}, "timestamp": 1});
        let typed = json!({"type": 3, "data": {"source": 5, "text": "canary-7f3a", "id": id}, "timestamp": 2});
        let out = pass(&format!("{snapshot}\n{typed}"), &mut TabState::default()).expect("accepted").ndjson;
        prop_assert!(!String::from_utf8(out).expect("text").contains("canary-7f3a"));
    }

    #[test]
    fn any_bytes_are_refused_or_read(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = rewrite(&body, i64::MAX, &mut TabState::default(), &CaptureRules::standard(), &Bounds::default());
        for encoding in [decode::Encoding::Gzip, decode::Encoding::Zstd] {
            let _ = decode::decode(&body, encoding, &Bounds::default());
        }
    }
}

#[test]
fn framing_time_and_limits() {
    let event = |ms: i64| format!(r#"{{"type":1,"data":{{}},"timestamp":{ms}}}"#);
    let code = |body: &str| pass(body, &mut TabState::default()).err().map(|r| r.code);
    assert_eq!(code(&format!("[{},\n{}]\n", event(1), event(2))), None);
    assert_eq!(code(&format!("{}\r\n\n{}\n", event(1), event(2))), None);
    for (body, want) in [
        (String::new(), "segment.empty"),
        ("[]".into(), "segment.empty"),
        (format!("{} {}", event(1), event(2)), "json.syntax"),
        (format!("[{}", event(1)), "json.syntax"),
        (format!("[{},]", event(1)), "json.syntax"),
        (format!("[{}] x", event(1)), "json.syntax"),
        (event(-5), "event.time"),
        (event(9_999_999_999_999), "event.time"),
        ("[1]".into(), "event.shape"),
        (r#"{"type":1,"timestamp":1}"#.into(), "event.shape"),
        (r#"{"type":1,"type":2,"data":{},"timestamp":1}"#.into(), "json.duplicate-name"),
        (format!(r#"{{"type":1,"data":{}{},"timestamp":1}}"#, "[".repeat(600), "]".repeat(600)), "json.depth"),
        (vec![event(1); 20_001].join("\n"), "segment.events"),
        (format!(r#"{{"type":1,"data":[{}1],"timestamp":1}}"#, "1,".repeat(250_001)), "json.array"),
        (format!(r#"{{"type":1,"data":"{}","timestamp":1}}"#, "x".repeat(4_200_000)), "json.string"),
        (format!(r#"{{"type":1,"data":["{0}","{0}","{0}"],"timestamp":1}}"#, "x".repeat(4_000_000)), "event.too-large"),
    ] {
        assert_eq!(code(&body), Some(want), "{}", &body[..body.len().min(60)]);
    }
    assert_eq!(
        rewrite(b"\xff", i64::MAX, &mut TabState::default(), &CaptureRules::standard(), &Bounds::default())
            .map_err(|r| r.code),
        Err("body.utf8")
    );
}

#[test]
fn time_that_runs_back_is_clamped_beyond_the_tolerance() {
    let event = |ms: i64| format!(r#"{{"type":1,"data":{{}},"timestamp":{ms}}}"#);
    let result =
        pass(&[event(100_000), event(96_000), event(10)].join("\n"), &mut TabState::default()).expect("accepted");
    let times: Vec<i64> = recording::index::events(&result.ndjson).map(|e| e.expect("reads").time_ms).collect();
    assert_eq!((times, result.first_ms, result.last_ms), (vec![100_000, 96_000, 100_000], 96_000, 100_000));
    assert_eq!(result.validation, domain::Validation::Repaired);
}

#[test]
fn time_ahead_of_its_arrival_is_clamped_beyond_the_tolerance() {
    let event = |ms: i64| format!(r#"{{"type":1,"data":{{}},"timestamp":{ms}}}"#);
    let lost = r#"{"from_ms":4000000000000,"to_ms":4100000000000,"reason":"shed"}"#;
    let gap = format!(r#"{{"type":6,"data":{{"plugin":"sealtape/gap@1","payload":{lost}}},"timestamp":1000}}"#);
    let (bounds, mut state) = (Bounds::default(), TabState::default());
    let mut send = |body: &str, arrived_ms: i64| {
        let result = rewrite(body.as_bytes(), arrived_ms, &mut state, &CaptureRules::standard(), &bounds);
        let result = result.expect("accepted");
        let times: Vec<i64> = recording::index::events(&result.ndjson).map(|e| e.expect("reads").time_ms).collect();
        (times, result)
    };
    let (times, result) = send(&[event(1_000), event(301_000)].join("\n"), 1_000);
    assert_eq!(
        (times, result.validation),
        (vec![1_000, 301_000], domain::Validation::Valid),
        "five minutes are honest"
    );
    let (times, result) = send(&[event(301_001), event(4_000_000_000_000), gap].join("\n"), 1_000);
    assert_eq!((times, result.first_ms, result.last_ms), (vec![301_000; 3], 301_000, 301_000));
    assert_eq!(result.gaps.iter().map(|gap| (gap.from_ms, gap.to_ms)).collect::<Vec<_>>(), [(301_000, 301_000)]);
    // The tab is not stuck in the future: what comes later has its own time again.
    let (times, result) = send(&event(320_000), 320_000);
    assert_eq!((times, result.validation), (vec![320_000], domain::Validation::Valid));
}

#[test]
fn changes_before_the_first_snapshot_are_a_gap() {
    let body = r#"{"type":3,"data":{"source":1,"positions":[]},"timestamp":5}"#;
    let result = pass(body, &mut TabState::default()).expect("accepted");
    assert!(result.want_snapshot);
    assert_eq!(
        result.gaps.iter().map(|g| (g.from_ms, g.to_ms, g.reason.as_str())).collect::<Vec<_>>(),
        [(5, 5, "no-full-snapshot")]
    );
    assert_eq!(result.validation, domain::Validation::Gaps);
}

#[test]
fn facts_come_from_redacted_events() {
    let body = [
        r#"{"type":4,"data":{"href":"https://h/a?x=1"},"timestamp":1}"#,
        r#"{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"title","attributes":{},"childNodes":[{"type":3,"textContent":"Hi ada@example.com","id":3}],"id":2}],"id":1}},"timestamp":2}"#,
        r#"{"type":6,"data":{"plugin":"sealtape/nav@1","payload":{"kind":"push","url":"https://h/b#x","title":"B"}},"timestamp":3}"#,
        r#"{"type":6,"data":{"plugin":"sealtape/error@1","payload":{"kind":"error","name":"TypeError","message":"no row 17","stack":"at f"}},"timestamp":4}"#,
        r#"{"type":6,"data":{"plugin":"sealtape/error@1","payload":{"kind":"error","name":"TypeError","message":"no row 18","stack":"at f"}},"timestamp":5}"#,
        r#"{"type":6,"data":{"plugin":"sealtape/action@1","payload":{"id":"a1","kind":"click","node":2,"name":"Pay"}},"timestamp":6}"#,
        r#"{"type":6,"data":{"plugin":"sealtape/gap@1","payload":{"from_ms":7,"to_ms":9,"reason":"paused"}},"timestamp":7}"#,
    ];
    let result = pass(&body.join("\n"), &mut TabState::default()).expect("accepted");
    insta::assert_debug_snapshot!((
        result.facts,
        result.gaps,
        result.validation,
        result.findings.iter().collect::<Vec<_>>()
    ));
}

mod bodies {
    use std::io::Write as _;

    use super::*;
    use decode::{Encoding, decode};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("writes");
        encoder.finish().expect("ends")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 3).expect("encodes")
    }

    #[test]
    fn bodies_decode_to_what_they_were() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for (encoding, body) in
            [(Encoding::Identity, text.clone()), (Encoding::Gzip, gzip(&text)), (Encoding::Zstd, zstd(&text))]
        {
            assert!(decode(&body, encoding, &Bounds::default()).as_deref() == Ok(&text), "{encoding:?}");
        }
    }

    #[test]
    fn bombs_and_odd_bodies_are_refused() {
        let bomb = vec![b' '; 200 << 20];
        let small = b"{\"type\":1}".repeat(20);
        let long_window = {
            let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("encoder");
            encoder.window_log(27).expect("window");
            encoder.write_all(&bomb[..1 << 20]).expect("writes");
            encoder.finish().expect("ends")
        };
        let cut = |body: Vec<u8>| body[..body.len() - 5].to_vec();
        let twice = |body: Vec<u8>| [body.clone(), body].concat();
        for (body, encoding, want) in [
            (gzip(&bomb), Encoding::Gzip, "body.decoded-too-large"),
            (zstd(&bomb), Encoding::Zstd, "body.ratio"),
            (gzip(&gzip(&bomb)), Encoding::Gzip, ""),
            (gzip(&bomb[..1 << 20]), Encoding::Gzip, "body.ratio"),
            (cut(gzip(&small)), Encoding::Gzip, "body.truncated"),
            (cut(zstd(&small)), Encoding::Zstd, "body.truncated"),
            (twice(gzip(&small)), Encoding::Gzip, "body.trailing"),
            (twice(zstd(&small)), Encoding::Zstd, "body.trailing"),
            (long_window, Encoding::Zstd, "body.corrupt"),
            (small.clone(), Encoding::Gzip, "body.corrupt"),
            (small, Encoding::Zstd, "body.corrupt"),
            (vec![0; (4 << 20) + 1], Encoding::Identity, "body.too-large"),
        ] {
            let result = decode(&body, encoding, &Bounds::default()).err().map_or("", |r| r.code);
            assert_eq!(result, want, "{encoding:?} {} bytes", body.len());
        }
    }
}

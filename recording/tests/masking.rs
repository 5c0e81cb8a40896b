//! View-time masking, place by place: what somebody sees who may watch and not read.

use policy::privacy::{CaptureRules, MASK};
use proptest::prelude::*;
use recording::{Bounds, Mask, TabState, index, mask_text, mask_url, rewrite};
use serde_json::{Value, json};

const CANARY: &str = "Ada Lovelace";

fn masked(mask: &mut Mask, event: &Value) -> Value {
    let line = mask.event(&event.to_string()).expect("masks").expect("is shown");
    serde_json::from_slice(&line).expect("is JSON")
}

fn alone(event: &Value) -> Value {
    masked(&mut Mask::default(), event)
}

fn snapshot(body: &Value) -> Value {
    let html = json!({ "type": 2, "tagName": "html", "attributes": {}, "id": 2, "childNodes": [body] });
    let doctype = json!({ "type": 1, "name": "html", "publicId": "", "systemId": "", "id": 9 });
    let node = json!({ "type": 0, "childNodes": [doctype, html], "id": 1 });
    json!({ "type": 2, "data": { "node": node, "initialOffset": { "top": 0, "left": 0 } }, "timestamp": 1_000 })
}

fn element(tag: &str, attributes: &Value) -> Value {
    json!({ "type": 2, "tagName": tag, "attributes": attributes, "childNodes": [], "id": 10 })
}

fn change(data: &Value) -> Value {
    json!({ "type": 3, "data": data, "timestamp": 2_000 })
}

fn plugin(name: &str, payload: &Value) -> Value {
    json!({ "type": 6, "data": { "plugin": name, "payload": payload }, "timestamp": 2_000 })
}

/// Every place where text can stand; each holds the canary.
#[expect(clippy::too_many_lines, reason = "a table: every place where text can stand")]
fn places() -> Vec<(&'static str, Value)> {
    let attribute = |tag: &str, name: &str| snapshot(&element(tag, &json!({ name: CANARY })));
    let text = json!({ "type": 3, "textContent": CANARY, "id": 11 });
    let mut places = vec![
        ("a text node", snapshot(&text)),
        ("a comment", snapshot(&json!({ "type": 5, "textContent": CANARY, "id": 11 }))),
        ("character data", snapshot(&json!({ "type": 4, "textContent": CANARY, "id": 11 }))),
        (
            "a title",
            snapshot(&json!({ "type": 2, "tagName": "title", "attributes": {}, "childNodes": [text], "id": 10 })),
        ),
        ("a doctype", snapshot(&json!({ "type": 1, "name": CANARY, "publicId": CANARY, "systemId": CANARY, "id": 9 }))),
        ("a tag's name", snapshot(&element(CANARY, &json!({})))),
        (
            "an unknown member of a node",
            snapshot(&json!({ "type": 3, "textContent": "", "extra": { "deep": [CANARY] }, "id": 11 })),
        ),
        (
            "an address",
            json!({ "type": 4, "data": { "href": format!("https://shop.example/{CANARY}?q={CANARY}#{CANARY}"), "width": 9, "height": 9 }, "timestamp": 1 }),
        ),
        ("input", change(&json!({ "source": 5, "text": CANARY, "isChecked": false, "id": 10 }))),
        (
            "changed text",
            change(
                &json!({ "source": 0, "texts": [{ "id": 11, "value": CANARY }], "attributes": [], "removes": [], "adds": [] }),
            ),
        ),
        (
            "changed attributes",
            change(
                &json!({ "source": 0, "texts": [], "attributes": [{ "id": 10, "attributes": { "title": CANARY, "value": CANARY } }], "removes": [], "adds": [] }),
            ),
        ),
        (
            "an added node",
            change(
                &json!({ "source": 0, "texts": [], "attributes": [], "removes": [], "adds": [{ "parentId": 5, "nextId": null, "node": text }] }),
            ),
        ),
        (
            "a list that is a text",
            change(
                &json!({ "source": 0, "texts": CANARY, "attributes": [CANARY], "removes": [CANARY], "adds": [[CANARY]] }),
            ),
        ),
        ("an unknown source", change(&json!({ "source": 99, "what": { "ever": CANARY } }))),
        (
            "numbers with a text",
            change(&json!({ "source": 1, "positions": [{ "x": 1, "y": 2, "id": 3, "note": CANARY }] })),
        ),
        (
            "a log line of old recorders",
            change(&json!({ "source": 11, "level": "log", "payload": [CANARY], "trace": [CANARY] })),
        ),
        (
            "a style change's other members",
            change(&json!({ "source": 8, "adds": [{ "rule": "a{}", "note": CANARY }] })),
        ),
        ("a custom element", change(&json!({ "source": 16, "define": { "name": CANARY } }))),
        ("console", plugin("sealtape/console@1", &json!({ "level": "log", "args": [CANARY, 42], "trace": [CANARY] }))),
        (
            "an error",
            plugin(
                "sealtape/error@1",
                &json!({ "kind": "error", "name": CANARY, "message": CANARY, "stack": CANARY, "source": CANARY, "line": 1 }),
            ),
        ),
        (
            "a request",
            plugin(
                "sealtape/network@1",
                &json!({ "id": "1", "method": "GET", "url": format!("https://shop.example/{CANARY}"), "start_ms": 1, "error": CANARY, "trace_id": CANARY, "body": { "a": CANARY } }),
            ),
        ),
        (
            "navigation",
            plugin("sealtape/nav@1", &json!({ "kind": "push", "url": format!("/{CANARY}"), "title": CANARY })),
        ),
        ("a gap", plugin("sealtape/gap@1", &json!({ "from_ms": 1, "to_ms": 2, "reason": "shed", "detail": CANARY }))),
        (
            "an action",
            plugin(
                "sealtape/action@1",
                &json!({ "id": "a1", "kind": "click", "node": 3, "name": CANARY, "key": "A", "value_class": CANARY, "selectors": [{ "by": "text", "value": CANARY }] }),
            ),
        ),
        (
            "an application's event",
            plugin("sealtape/event@1", &json!({ "name": CANARY, "data": { CANARY: CANARY, "amount": 42 } })),
        ),
        ("an unknown plugin", plugin("other@1", &json!({ CANARY: [CANARY, { "x": CANARY }] }))),
        ("an unknown plugin's name", plugin(CANARY, &json!(null))),
        ("an application's tag", json!({ "type": 5, "data": { "tag": CANARY, "payload": CANARY }, "timestamp": 1 })),
        ("a member beside the event's own", json!({ "type": 0, "data": {}, "timestamp": 1, "note": CANARY })),
        ("an unknown type", json!({ "type": 77, "data": { "a": [CANARY] }, "timestamp": 1 })),
        ("data that is a text", json!({ "type": 3, "data": CANARY, "timestamp": 1 })),
        (
            "a picture's source",
            snapshot(&element(
                "img",
                &json!({ "src": format!("https://shop.example/{CANARY}.png"), "srcset": format!("/{CANARY}.png 2x") }),
            )),
        ),
        (
            "a picture in the page",
            snapshot(&element("img", &json!({ "src": format!("data:image/svg+xml,<svg>{CANARY}</svg>") }))),
        ),
        (
            "a canvas' pixels",
            snapshot(&element("canvas", &json!({ "rr_dataURL": format!("data:image/png;base64,{CANARY}") }))),
        ),
    ];
    for name in [
        "title",
        "alt",
        "placeholder",
        "aria-label",
        "aria-description",
        "aria-valuetext",
        "aria-placeholder",
        "value",
        "label",
        "name",
        "content",
        "data-name",
        "summary",
        "href",
        "src",
        "srcdoc",
        "onclick",
        "x-unknown",
        "action",
        "poster",
        "cite",
        "download",
    ] {
        places.push((name, attribute("div", name)));
        places.push((name, attribute("input", name)));
        places.push((name, attribute("meta", name)));
    }
    places
}

#[test]
fn no_text_is_shown_in_any_place() {
    for (place, event) in places() {
        let shown = alone(&event);
        let text = shown.to_string();
        assert!(event.to_string().contains("Ada"), "{place} holds it");
        assert!(!text.contains("Ada") && !text.contains("Lovelace"), "{place}: {text}");
        assert_eq!((&shown["type"], &shown["timestamp"]), (&event["type"], &event["timestamp"]), "{place}");
        assert_eq!(alone(&shown), shown, "{place}: masking again changes nothing");
    }
    let console = alone(&plugin("sealtape/console@1", &json!({ "level": "warn", "args": ["a", 42, { "b": 1 }] })));
    assert_eq!(console["data"]["payload"], json!({ "level": "warn", "args": [MASK, MASK, {}] }));
}

#[test]
fn what_draws_the_page_stays() {
    let kept = json!({
        "class": "row warm", "id": "cart", "style": "color: red", "role": "button", "type": "checkbox", "width": "10",
        "colspan": "2", "checked": true, "aria-expanded": "false", "aria-level": "2", "d": "M0 0L1 1", "rr_width": "10px"
    });
    let event = snapshot(&element("td", &kept));
    assert_eq!(alone(&event), event);
    let page = snapshot(&json!({ "type": 2, "tagName": "body", "attributes": {}, "id": 5, "childNodes": [
        { "type": 3, "textContent": "\n  ", "id": 12 },
        { "type": 2, "tagName": "style", "attributes": { "_cssText": "a { content: 'x' }" }, "id": 20,
          "childNodes": [{ "type": 3, "textContent": ".price::before { content: '€' }", "isStyle": true, "id": 21 }] },
        { "type": 2, "tagName": "link", "attributes": { "rel": "stylesheet", "_cssText": "b { color: blue }" }, "id": 22, "childNodes": [] },
        { "type": 2, "tagName": "use", "attributes": { "xlink:href": "#icon" }, "isSVG": true, "id": 23, "childNodes": [] },
    ]}));
    let mut mask = Mask::default();
    assert_eq!(masked(&mut mask, &page), page);
    // Changes of what the snapshot told about: CSS stays CSS.
    let css = change(&json!({ "source": 0, "removes": [], "texts": [{ "id": 21, "value": "a { top: 0 }" }],
        "attributes": [{ "id": 22, "attributes": { "_cssText": "c { left: 0 }" } }],
        "adds": [{ "parentId": 20, "nextId": null, "node": { "type": 3, "textContent": "d { right: 0 }", "id": 24 } }] }));
    assert_eq!(masked(&mut mask, &css), css);
    // The same without the snapshot before it: nothing is known, so nothing is shown.
    let text = alone(&css).to_string();
    assert!(!text.contains("top: 0") && !text.contains("left: 0") && !text.contains("right: 0"), "{text}");
    // A new snapshot forgets the old page: its ids are other nodes now.
    masked(&mut mask, &snapshot(&json!({ "type": 3, "textContent": "", "id": 21 })));
    assert!(!masked(&mut mask, &css).to_string().contains("top: 0"));
    for moved in [
        json!({ "source": 1, "positions": [{ "x": 1, "y": 2, "id": 3, "timeOffset": 0 }] }),
        json!({ "source": 3, "id": 1, "x": 0, "y": 100 }),
        json!({ "source": 8, "id": 20, "adds": [{ "rule": "a { color: red }", "index": 0 }] }),
        json!({ "source": 13, "id": 20, "index": [0], "set": { "property": "color", "value": "red", "priority": "important" } }),
        json!({ "source": 10, "family": "Inter", "fontSource": "url(https://fonts.example/inter.woff2)", "buffer": false }),
    ] {
        assert_eq!(alone(&change(&moved)), change(&moved));
    }
    let action = plugin(
        "sealtape/action@1",
        &json!({ "id": "a1", "kind": "click", "node": 3, "x": 1, "y": 2, "requests": ["r1"] }),
    );
    assert_eq!(alone(&action), action);
}

#[test]
fn drawings_on_a_canvas_are_left_out_and_damage_shows_nothing() {
    let canvas = change(
        &json!({ "source": 9, "id": 1, "type": 0, "commands": [{ "property": "fillText", "args": [CANARY, 1, 2] }] }),
    );
    assert_eq!(Mask::default().event(&canvas.to_string()).expect("masks"), None);
    for damaged in ["", "{", "nonsense", "{\"type\":3,\"data\":{\"a\":1,\"a\":2}}"] {
        assert!(Mask::default().event(damaged).is_err(), "{damaged}");
    }
}

#[test]
fn an_address_keeps_its_host_only() {
    for (url, expected) in [
        ("https://shop.example/", "https://shop.example/"),
        ("https://shop.example", "https://shop.example"),
        ("https://ada:secret@shop.example:8443/orders/7?q=1#x", &format!("https://shop.example:8443/{MASK}")),
        ("http://shop.example?q=ada", &format!("http://shop.example/{MASK}")),
        ("/orders/7", MASK),
        ("ada@example.com", MASK),
        ("mailto:ada@example.com", MASK),
        ("data:text/html,ada", MASK),
        ("ftp://ada.example/x", MASK),
        ("javascript://%0aalert(1)", MASK),
        ("", ""),
    ] {
        assert_eq!(mask_url(url), expected, "{url}");
        assert_eq!(mask_url(expected), expected, "masking again changes nothing");
    }
    assert_eq!((mask_text(" \n"), mask_text("x")), (" \n".to_owned(), MASK.to_owned()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[A-Z][a-z]{4,8} [A-Z]{3}".prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "node",
        "childNodes",
        "attributes",
        "textContent",
        "tagName",
        "type",
        "id",
        "source",
        "adds",
        "texts",
        "value",
        "payload",
        "plugin",
        "tag",
        "href",
        "title",
        "style",
        "class",
        "name",
        "data",
        "removes",
        "parentId",
        "set",
        "rule",
        "define",
        "level",
    ]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an event looks like, what comes out is one line of JSON with its type and time, masking it again changes
    /// nothing, and no sentence of it is left outside the members that hold CSS and structure.
    #[test]
    fn any_event_is_masked_once_and_for_all(kind in 0..9_u8, source in 0..18_u8, mut data in any_json()) {
        if let Some(data) = data.as_object_mut() {
            data.insert("source".to_owned(), source.into());
        }
        let event = json!({ "type": kind, "data": data, "timestamp": 5 });
        let Some(line) = Mask::default().event(&event.to_string()).expect("masks") else { return Ok(()) };
        prop_assert!(!line.contains(&b'\n'));
        let shown: Value = serde_json::from_slice(&line).expect("is JSON");
        prop_assert_eq!((&shown["type"], &shown["timestamp"]), (&event["type"], &event["timestamp"]));
        prop_assert_eq!(&alone(&shown), &shown);
        let mut sentences = Vec::new();
        collect(&shown["data"], "", &mut sentences);
        let css = matches!((kind, source), (3, 8 | 10 | 13 | 15));
        prop_assert!(css || sentences.is_empty(), "{:?} of {}", sentences, event);
    }
}

/// Texts with a blank in them, but for those in members that may hold CSS or class names.
fn collect(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains(' ') && !["style", "class", "id", "type", "level"].contains(&name) => {
            found.push(format!("{name}: {text}"));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, found)),
        Value::Object(members) => members.iter().for_each(|(name, value)| collect(value, name, found)),
        _ => {}
    }
}

/// Real recordings: what is left of their words is CSS, structure and masks.
#[test]
fn recordings_lose_their_words_and_keep_their_pages() {
    let mut read = 0;
    for name in ["todo-5min.json.zst", "claim-5min.json.zst"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/recordings").join(name);
        let mut decoder = zstd::Decoder::new(std::fs::File::open(path).expect("is there")).expect("zstd");
        decoder.window_log_max(27).expect("a long window");
        let mut body = Vec::new();
        std::io::Read::read_to_end(&mut decoder, &mut body).expect("decodes");
        let (mut state, bounds) = (TabState::default(), Bounds::default());
        let stored = rewrite(&body, i64::MAX, &mut state, &CaptureRules::standard(), &bounds).expect("is accepted");
        let mut mask = Mask::default();
        for event in index::events(&stored.ndjson) {
            let event = event.expect("is stored");
            let Some(line) = mask.event(event.raw).expect("masks") else { continue };
            let (before, after): (Value, Value) =
                (serde_json::from_str(event.raw).expect("JSON"), serde_json::from_slice(&line).expect("JSON"));
            assert_eq!(nodes(&before), nodes(&after), "the same nodes");
            let mut texts = Vec::new();
            page_texts(&after, false, &mut texts);
            assert!(texts.iter().all(|text| text.trim().is_empty() || text == MASK), "{name}: {texts:?}");
            read += 1;
        }
    }
    assert!(read > 100, "{read} events were read");
}

fn nodes(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(members) => {
            usize::from(members.contains_key("tagName") || members.contains_key("textContent"))
                + members.values().map(nodes).sum::<usize>()
        }
        _ => 0,
    }
}

fn page_texts(value: &Value, in_style: bool, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| page_texts(item, in_style, found)),
        Value::Object(members) => {
            let style = in_style || members.get("tagName").is_some_and(|tag| tag == "style");
            if let Some(Value::String(text)) = members.get("textContent")
                && !style
                && members.get("isStyle").is_none_or(|is| is == false)
            {
                found.push(text.clone());
            }
            members.values().for_each(|value| page_texts(value, style, found));
        }
        _ => {}
    }
}

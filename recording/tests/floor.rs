//! The floor, place by place: what a person typed, and what the page knows about them, in every place rrweb has.

use policy::privacy::CaptureRules;
use recording::{Bounds, Rewritten, Rule, TabState, rewrite};

const CANARY: &str = "correcthorse";
const EMAIL: &str = "ada.canary@example.photography";
const CARD: &str = "4111 1111 1111 1111";

fn pass(state: &mut TabState, body: &str) -> Rewritten {
    rewrite(body.as_bytes(), i64::MAX, state, &CaptureRules::standard(), &Bounds::default()).expect(body)
}

fn text(result: &Rewritten) -> String {
    String::from_utf8(result.ndjson.clone()).expect("text")
}

/// A document whose body (node 5) holds `nodes`.
fn page(nodes: &str) -> String {
    let head = r#"{"type":4,"data":{"href":"https://shop.example/","width":9,"height":9},"timestamp":1000}"#;
    let tree = format!(
        r#"{{"type":2,"data":{{"node":{{"type":0,"childNodes":[{{"type":2,"tagName":"html","attributes":{{}},"childNodes":[{{"type":2,"tagName":"body","attributes":{{}},"childNodes":[{nodes}],"id":5}}],"id":3}}],"id":1}},"initialOffset":{{"top":0,"left":0}}}},"timestamp":1001}}"#
    );
    format!("{head}\n{tree}\n")
}

fn element(tag: &str, attributes: &str, children: &str, id: u32) -> String {
    format!(r#"{{"type":2,"tagName":"{tag}","attributes":{{{attributes}}},"childNodes":[{children}],"id":{id}}}"#)
}

fn text_node(text: &str, id: u32) -> String {
    format!(r#"{{"type":3,"textContent":"{text}","id":{id}}}"#)
}

fn incremental(data: &str) -> String {
    format!(r#"{{"type":3,"data":{{{data}}},"timestamp":2000}}"#)
}

fn mutation(parts: &str) -> String {
    incremental(&format!(r#""source":0,{parts}"#))
}

fn plugin(name: &str, payload: &str) -> String {
    format!(r#"{{"type":6,"data":{{"plugin":"{name}","payload":{payload}}},"timestamp":2000}}"#)
}

fn custom(tag: &str, payload: &str) -> String {
    format!(r#"{{"type":5,"data":{{"tag":"{tag}","payload":{payload}}},"timestamp":2000}}"#)
}

/// A page with an input (10), a password (11), a textarea (12), an editable block (13) with text (14), a plain block
/// (15) with text (16), a select (17), a masked block (18) and a frame of another origin (19).
fn form() -> String {
    page(
        &[
            element("input", r#""type":"text""#, "", 10),
            element("INPUT", r#""TYPE":"Password""#, "", 11),
            element("textarea", "", "", 12),
            element("div", r#""contenteditable":"true""#, &text_node("", 14), 13),
            element("div", "", &text_node("plain", 16), 15),
            element("select", "", "", 17),
            element("div", r#""data-sealtape":"mask""#, "", 18),
            element("iframe", r#""rr_src":"https://other.example/""#, "", 19),
        ]
        .join(","),
    )
}

/// Places in a full snapshot.
#[rustfmt::skip]
fn in_snapshots() -> Vec<(&'static str, String)> {
    let in_snapshot = |attributes: &str| page(&element("input", attributes, "", 10));
    vec![
        ("snapshot value", in_snapshot(r#""type":"text","value":"CANARY""#)),
        ("snapshot value without a type", in_snapshot(r#""value":"CANARY""#)),
        ("snapshot value, upper case", in_snapshot(r#""VALUE":"CANARY""#)),
        ("snapshot value, escaped name", in_snapshot(r#""v\u0061lue":"CANARY""#)),
        ("snapshot data attribute of an input", in_snapshot(r#""data-typed":"CANARY""#)),
        ("hidden input", in_snapshot(r#""type":"hidden","value":"CANARY""#)),
        ("one-time code", in_snapshot(r#""autocomplete":"one-time-code","value":"CANARY""#)),
        ("number input", in_snapshot(r#""type":"number","value":"CANARY""#)),
        ("value as a list", in_snapshot(r#""value":["CANARY"]"#)),
        ("select value", page(&element("select", r#""value":"CANARY""#, "", 10))),
        ("textarea value", page(&element("textarea", r#""value":"CANARY""#, "", 10))),
        ("textarea children", page(&element("textarea", "", &text_node("CANARY", 11), 10))),
        ("contenteditable text", page(&element("p", r#""contenteditable":"""#, &element("b", "", &text_node("CANARY", 12), 11), 10))),
        ("input in a shadow root", page(&element("my-field", "", &element("input", r#""value":"CANARY""#, "", 11).replace("\"id\":11", "\"isShadow\":true,\"id\":11"), 10))),
        ("masked by the page", page(&element("p", r#""data-sealtape":"mask","title":"CANARY""#, &element("a", r#""href":"/CANARY""#, &text_node("CANARY", 12), 11), 10))),
        ("blocked by the page", page(&element("p", r#""data-sealtape":"block""#, &element("img", r#""src":"/CANARY.png""#, "", 11), 10))),
        ("a page that mistypes", page(&element("p", r#""data-sealtape":"msak""#, &text_node("CANARY", 11), 10))),
        ("comment", page(r#"{"type":5,"textContent":"CANARY","id":10}"#)),
        ("unknown node kind", page(r#"{"type":77,"textContent":"CANARY","id":10}"#)),
        ("unknown member of a node", page(r#"{"type":2,"tagName":"p","attributes":{},"childNodes":[],"id":10,"note":"CANARY"}"#)),
        ("text under a node without an id", page(&format!(r#"{{"type":2,"tagName":"p","attributes":{{}},"childNodes":[{}]}}"#, text_node("CANARY", 11) ))),
        ("srcdoc", page(&element("iframe", r#""srcdoc":"<p>CANARY""#, "", 10))),
        ("canvas picture", page(&element("canvas", r#""rr_dataURL":"data:image/png;base64,CANARY""#, "", 10))),
        ("event handler", page(&element("p", r#""onclick":"f('CANARY')""#, "", 10))),
        ("csrf token in a meta", page(&element("meta", r#""name":"csrf-token","content":"CANARY""#, "", 10))),
        ("link query", page(&element("a", r#""href":"/x?q=CANARY#CANARY""#, "", 10))),
        ("image query", page(&element("img", r#""src":"/x.png?CANARY","srcset":"/a.png?q=CANARY 1x, /b.png#CANARY 2x""#, "", 10))),
        ("form action", page(&element("form", r#""action":"/x?s=CANARY""#, "", 10))),
    ]
}

/// Places in changes of the page and input events.
#[rustfmt::skip]
fn in_changes() -> Vec<(&'static str, String)> {
    let after = |event: String| form() + event.as_str();
    vec![
        ("input event", after(incremental(r#""source":5,"text":"CANARY","isChecked":false,"id":10"#))),
        ("input event before its id", after(incremental(r#""id":11,"isChecked":false,"text":"CANARY","source":5"#))),
        ("input event, unknown node", after(incremental(r#""source":5,"text":"CANARY","isChecked":false,"id":999"#))),
        ("input event, no id", after(incremental(r#""source":5,"text":"CANARY""#))),
        ("input event, extra member", after(incremental(r#""source":5,"text":"","id":10,"value":"CANARY""#))),
        ("attribute mutation of value", after(mutation(r#""attributes":[{"id":10,"attributes":{"value":"CANARY"}}]"#))),
        ("attribute mutation of labels", after(mutation(r#""attributes":[{"id":10,"attributes":{"title":"CANARY","placeholder":"CANARY","aria-label":"CANARY","data-x":"CANARY"}}]"#))),
        ("type and value change together", after(mutation(r#""attributes":[{"id":11,"attributes":{"type":"text","value":"CANARY"}}]"#))),
        ("value of a password that became a button", after(mutation(r#""attributes":[{"id":11,"attributes":{"type":"button","value":"CANARY"}}]"#))),
        ("attributes that are no object", after(mutation(r#""attributes":[{"id":10,"attributes":["CANARY"]},{"id":10,"attributes":"CANARY"},"CANARY"]"#))),
        ("lists that are no lists", after(mutation(r#""attributes":{"a":"CANARY"},"texts":"CANARY","adds":{"b":["CANARY"]},"removes":["CANARY"]"#))),
        ("attribute of an unknown node", after(mutation(r#""attributes":[{"id":999,"attributes":{"value":"CANARY","alt":"CANARY"}}]"#))),
        ("text of an unknown node", after(mutation(r#""texts":[{"id":999,"value":"CANARY"}]"#))),
        ("text typed into an editable block", after(mutation(r#""texts":[{"id":14,"value":"CANARY"}]"#))),
        ("text added to a textarea", after(mutation(&format!(r#""adds":[{{"parentId":12,"nextId":null,"node":{}}}]"#, text_node("CANARY", 30))))),
        ("text added under a masked block", after(mutation(&format!(r#""adds":[{{"parentId":18,"nextId":null,"node":{}}}]"#, text_node("CANARY", 30))))),
        ("text added under an unknown parent", after(mutation(&format!(r#""adds":[{{"parentId":998,"nextId":null,"node":{}}}]"#, element("p", "", &text_node("CANARY", 31), 30) )))),
        ("node added twice", after(mutation(&format!(r#""adds":[{{"parentId":12,"nextId":null,"node":{0}}},{{"parentId":12,"nextId":null,"node":{0}}}]"#, text_node("CANARY", 30) )))),
        ("input added before its parent", after(mutation(&format!(r#""adds":[{{"parentId":30,"nextId":null,"node":{}}},{{"parentId":15,"nextId":null,"node":{}}}]"#, element("input", r#""value":"CANARY""#, "", 31), element("p", "", "", 30) )))),
        ("document of a frame of another origin", after(mutation(&format!(r#""isAttachIframe":true,"adds":[{{"parentId":19,"nextId":null,"node":{{"type":0,"childNodes":[{}],"id":40}}}}]"#, element("p", r#""title":"CANARY""#, &text_node("CANARY", 42), 41) )))),
        ("unknown incremental source", after(incremental(r#""source":77,"anything":"CANARY""#))),
        ("strings where numbers belong", after(incremental(r#""source":1,"positions":[{"x":"CANARY","y":1,"id":10}]"#))),
        ("adopted style without CSS", after(incremental(r#""source":15,"id":1,"styles":[{"styleId":1,"note":"CANARY"}]"#))),
        ("URL in a style", after(incremental(r#""source":15,"id":1,"styles":[{"styleId":1,"rules":[{"rule":"a{background:url(/x?token=CANARY)}","index":0}]}]"#))),
        ("canvas event", after(incremental(r#""source":9,"id":10,"type":0,"commands":[{"property":"fillText","args":["CANARY",1,1]}]"#))),
    ]
}

/// Places in payloads, URLs and types that nobody knows.
#[rustfmt::skip]
fn in_payloads() -> Vec<(&'static str, String)> {
    let after = |event: String| form() + event.as_str();
    vec![
        ("shape that is a value", after(plugin("sealtape/action@1", r#"{"id":"a1","kind":"input","node":10,"value_class":"CANARY"}"#))),
        ("key", after(custom("key", r#"{"id":10,"key":"CANARY"}"#))),
        ("action key", after(plugin("sealtape/action@1", r#"{"id":"a1","kind":"key","node":10,"key":"CANARY"}"#))),
        ("action on an unknown node", after(plugin("sealtape/action@1", r#"{"id":"a1","kind":"click","node":999,"name":"CANARY","selectors":[{"by":"role","value":"CANARY"}]}"#))),
        ("network body of any spelling", after(custom("net", r#"{"reqBody":"CANARY","response_body":{"a":["CANARY"]},"body":"CANARY"}"#))),
        ("body slipped into our own type", after(plugin("sealtape/network@1", r#"{"id":"1","method":"GET","url":"/","start_ms":1,"request_body":"CANARY","requestHeaders":{"x":"CANARY"}}"#))),
        ("headers and storage", after(custom("det", r#"{"headers":{"Cookie":"CANARY"},"localStorage":{"a":"CANARY"},"cookie":"CANARY"}"#))),
        ("secret by name in an unknown payload", after(plugin("acme/state@1", r#"{"user":{"Password":"CANARY","access_token":{"raw":"CANARY"}}}"#))),
        ("secret assigned in a console line", after(plugin("sealtape/console@1", r#"{"level":"log","args":["password=CANARY","{\"api_key\":\"CANARY\"}"]}"#))),
        ("typed text in an unknown payload", after(custom("acme", r#"{"value":"CANARY","nested":[{"text":"CANARY"}]}"#))),
        ("secret in a request URL", after(plugin("sealtape/network@1", r#"{"id":"1","method":"GET","url":"https://h/x?token=CANARY","start_ms":1}"#))),
        ("page URL", r#"{"type":4,"data":{"href":"https://u:CANARY@h/x?a=CANARY#CANARY"},"timestamp":1}"#.to_owned()),
        ("unknown event type", after(r#"{"type":99,"data":{"anything":["CANARY"]},"timestamp":2000}"#.to_owned())),
        ("unknown top-level member", after(r#"{"type":1,"data":{},"more":"CANARY","timestamp":2000}"#.to_owned())),
        ("plugin name", after(plugin("CANARY has blanks", "{}"))),
        ("invalid payload of our own type", after(plugin("sealtape/nav@1", r#"["CANARY"]"#))),
        ("wrong kind of field", after(plugin("sealtape/nav@1", r#"{"kind":"CANARY","url":{"a":"CANARY"},"title":["CANARY"]}"#))),
    ]
}

#[test]
fn a_canary_in_any_place_is_gone() {
    for (place, body) in [in_snapshots(), in_changes(), in_payloads()].concat() {
        let body = body.replace("CANARY", CANARY);
        assert!(body.contains(CANARY), "{place}");
        let result = pass(&mut TabState::default(), &body);
        assert!(!text(&result).contains(CANARY), "{place}:\n{}", text(&result));
        assert!(!format!("{:?}", (&result.facts, &result.gaps)).contains(CANARY), "{place}");
        let again = pass(&mut TabState::default(), &text(&result));
        assert_eq!(text(&again), text(&result), "{place}: twice is once");
        for line in text(&result).lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{place}: {line}");
        }
    }
}

#[test]
fn patterns_are_found_in_every_place_that_keeps_text() {
    let after = |event: String| form() + event.as_str();
    let add = |nodes: &[(u32, &str, String)]| {
        let adds: Vec<String> = nodes
            .iter()
            .map(|(parent, next, node)| format!(r#"{{"parentId":{parent},"nextId":{next},"node":{node}}}"#))
            .collect();
        after(mutation(&format!(r#""adds":[{}]"#, adds.join(","))))
    };
    let rows: Vec<(&str, String)> = vec![
        ("text", page(&element("p", "", &text_node("Call CANARY now", 11), 10))),
        (
            "attributes",
            page(&element(
                "p",
                r#""title":"CANARY","data-user":"CANARY","aria-label":"CANARY","alt":"CANARY","other":"CANARY""#,
                "",
                10,
            )),
        ),
        ("option", page(&element("option", r#""value":"CANARY""#, &text_node("CANARY", 11), 10))),
        ("text mutation", after(mutation(r#""texts":[{"id":16,"value":"CANARY"}]"#))),
        ("attribute mutation", after(mutation(r#""attributes":[{"id":15,"attributes":{"title":"CANARY"}}]"#))),
        ("added text", add(&[(15, "null", text_node("CANARY", 30))])),
        ("console", after(plugin("sealtape/console@1", r#"{"level":"log","args":["for CANARY"]}"#))),
        (
            "rrweb console",
            after(plugin("rrweb/console@1", r#"{"level":"log","trace":[],"payload":["\"for CANARY\""]}"#)),
        ),
        (
            "error",
            after(plugin(
                "sealtape/error@1",
                r#"{"kind":"error","name":"E","message":"no CANARY","stack":"at CANARY"}"#,
            )),
        ),
        ("navigation", after(plugin("sealtape/nav@1", r#"{"kind":"push","url":"/u/CANARY","title":"CANARY"}"#))),
        ("gap detail", after(plugin("sealtape/gap@1", r#"{"from_ms":1,"to_ms":2,"reason":"shed","detail":"CANARY"}"#))),
        (
            "our own custom event",
            after(custom("sealtape/event@1", r#"{"name":"CANARY","data":{"a":{"b":["CANARY"]}}}"#)),
        ),
        ("member names with escapes", after(custom("acme", r#"{"\u0041CANARY":1}"#))),
        ("member names", after(custom("acme", r#"{"CANARY":1}"#))),
        (
            "action name",
            after(plugin(
                "sealtape/action@1",
                r#"{"id":"a","kind":"click","node":15,"name":"CANARY","selectors":[{"by":"css","value":"[title='CANARY']"}]}"#,
            )),
        ),
        ("title", page(&element("title", "", &text_node("CANARY", 11), 10))),
    ];
    for canary in [EMAIL, &EMAIL.to_uppercase(), CARD, "DE89 3704 0044 0532 0130 00"] {
        for (place, body) in &rows {
            let result = pass(&mut TabState::default(), &body.replace("CANARY", canary));
            assert!(!text(&result).contains(canary), "{place}: {}", text(&result));
            assert!(!format!("{:?}", (&result.facts, &result.gaps)).contains(canary), "{place}");
        }
    }
}

#[test]
fn an_address_spread_over_inline_nodes_is_one_address() {
    let spans = |ids: [u32; 3]| {
        format!(
            "{},{},{}",
            text_node("Hi ada", ids[0]),
            element("b", "", &text_node("\\u0040", ids[1] + 100), ids[1]),
            text_node("example.com!", ids[2])
        )
    };
    let whole = pass(&mut TabState::default(), &page(&element("p", "", &spans([11, 12, 13]), 10)));
    assert!(
        text(&whole).contains(r#""textContent":"Hi ▇▇▇▇""#) && text(&whole).contains(r#""textContent":"▇▇▇▇!""#),
        "{}",
        text(&whole)
    );
    // The way rrweb lists them: last sibling first.
    let adds = format!(
        r#""adds":[{{"parentId":15,"nextId":null,"node":{}}},{{"parentId":15,"nextId":33,"node":{}}},{{"parentId":32,"nextId":null,"node":{}}},{{"parentId":15,"nextId":32,"node":{}}}]"#,
        text_node("example.com", 33),
        element("b", "", "", 32),
        text_node("@", 34),
        text_node("ada", 31)
    );
    let added = pass(&mut TabState::default(), &(form() + mutation(&adds).as_str()));
    assert!(!text(&added).contains("example.com\"") && !text(&added).contains("\"ada\""), "{}", text(&added));
    // Blocks keep words apart.
    let blocks = format!(
        "{},{}",
        element("p", "", &text_node("ada@", 12), 11),
        element("p", "", &text_node("example.com", 14), 13)
    );
    assert!(text(&pass(&mut TabState::default(), &page(&blocks))).contains("\"ada@\""));
    // A card in four parts, with an expiry date glued to it.
    let parts = ["4111", "1111", "1111", "1111", "1227"]
        .iter()
        .enumerate()
        .map(|(i, part)| text_node(part, 20 + u32::try_from(i).expect("small")));
    let card = pass(&mut TabState::default(), &page(&element("p", "", &parts.collect::<Vec<_>>().join(","), 10)));
    assert!(!text(&card).contains("\"4111\"") && text(&card).contains("\"1227\""), "{}", text(&card));
}

/// Words of redaction inside CSS leave styles alone.
#[test]
fn attack_61_stylesheets_stay_whole() {
    let css = ".password{content:'token=ada@example.com'} @media print{a{width:33.33333333333333%}}";
    let nodes = [
        element("style", &format!(r#""_cssText":"{css}""#), "", 10),
        element("style", "", &text_node(css, 12), 11),
        element(
            "p",
            r#""style":"background: url(data:image/png;base64,AAAA4111111111111111)","class":"password""#,
            "",
            13,
        ),
    ];
    let body = page(&nodes.join(","))
        + incremental(&format!(r#""source":8,"id":10,"adds":[{{"rule":"{css}","index":0}}]"#)).as_str()
        + "\n"
        + incremental(&format!(
            r#""source":15,"id":1,"styles":[{{"styleId":1,"rules":[{{"rule":"{css}","index":0}}]}}]"#
        ))
        .as_str();
    let result = pass(&mut TabState::default(), &body);
    assert_eq!(text(&result).trim(), body.trim());
    assert_eq!(result.findings.iter().count(), 0);
}

/// Whatever goes wrong, nothing passes and the state is as it was.
#[test]
fn attack_62_a_refused_segment_leaves_nothing_behind() {
    let mut state = TabState::default();
    pass(&mut state, &form());
    let before = state.to_bytes();
    let changes =
        mutation(r#""removes":[{"parentId":5,"id":11}],"attributes":[{"id":10,"attributes":{"type":"button"}}]"#);
    for broken in [
        "{\"type\":3}",
        "nonsense",
        r#"{"type":3,"data":{"source":0,"a":"\u0000"},"timestamp":2000}"#,
        r#"{"type":3,"data":{},"timestamp":-1}"#,
    ] {
        let body = format!("{changes}\n{}{broken}", page(""));
        let refused = rewrite(body.as_bytes(), i64::MAX, &mut state, &CaptureRules::standard(), &Bounds::default())
            .expect_err("refused");
        assert!(refused.pointer.as_deref().is_none_or(|pointer| pointer.starts_with("/3")), "{refused:?}");
        assert!(state.to_bytes() == before, "{broken}");
    }
}

/// A password as snapshot and input event in two segments, through two processes.
#[test]
fn attack_68_a_raw_client_cannot_store_a_password() {
    let mut first = TabState::default();
    let stored =
        pass(&mut first, &page(&element("input", &format!(r#""type":"password","value":"{CANARY}""#), "", 10)));
    let mut second = TabState::from_bytes(&first.to_bytes()).expect("reads");
    let toggled = mutation(r#""attributes":[{"id":10,"attributes":{"type":"text"}}]"#);
    let typed = incremental(&format!(r#""source":5,"text":"{CANARY}","isChecked":false,"id":10"#));
    let later = pass(&mut second, &format!("{toggled}\n{typed}"));
    assert!(!(text(&stored) + text(&later).as_str()).contains(CANARY));
    assert_eq!(later.findings.count(Rule::FloorInput), 1, "it is still known as a password");
    assert!(!second.to_bytes().windows(CANARY.len()).any(|window| window == CANARY.as_bytes()));
}

#[test]
fn a_password_that_is_taken_out_and_put_back_is_still_one() {
    let mut state = TabState::default();
    pass(&mut state, &form());
    let back = mutation(&format!(
        r#""removes":[{{"parentId":5,"id":11}}],"adds":[{{"parentId":5,"nextId":null,"node":{}}}]"#,
        element("input", r#""type":"text""#, "", 11)
    ));
    pass(&mut state, &back);
    let typed = pass(&mut state, &incremental(r#""source":5,"text":"x","isChecked":false,"id":11"#));
    assert_eq!(typed.findings.count(Rule::FloorInput), 1);
}

#[test]
fn what_a_page_shows_stays() {
    let nodes = [
        element("h1", r#""class":"title","id":"top""#, &text_node("Order 4711 – 12 × €3.50", 11), 10),
        element("input", r#""type":"submit","value":"Pay now","checked":true"#, "", 12),
        element("input", r#""type":"text","placeholder":"Your name","name":"first""#, "", 13),
        element("option", r#""value":"de""#, &text_node("Germany", 15), 14),
        element("use", r##""href":"#cart","xlink:href":"/i.svg#cart""##, "", 16),
        element("a", r#""href":"/orders/17""#, &text_node("@ada", 18), 17),
    ];
    let body = page(&nodes.join(","));
    let result = pass(&mut TabState::default(), &body);
    assert_eq!(text(&result), body);
    assert_eq!(result.validation, domain::Validation::Valid);
}

//! Events as rrweb and our own recorders make them: a small page with a search field, a password and some text.

use serde_json::{Value, json};

/// Node of the plain text field.
pub const FIELD: u32 = 10;
/// Node of the password field.
pub const PASSWORD: u32 = 11;
/// Node of the text in a paragraph.
pub const TEXT: u32 = 13;

/// A document seen at `at_ms`: meta and full snapshot.
#[must_use]
pub fn page(at_ms: i64, url: &str) -> Vec<Value> {
    vec![meta(at_ms, url), snapshot(at_ms + 1)]
}

/// Where the document came from.
#[must_use]
pub fn meta(at_ms: i64, url: &str) -> Value {
    json!({ "type": 4, "data": { "href": url, "width": 1280, "height": 720 }, "timestamp": at_ms })
}

/// The page's full snapshot.
#[must_use]
pub fn snapshot(at_ms: i64) -> Value {
    let element = |tag: &str, attributes: Value, children: Vec<Value>, id: u32| json!({ "type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id });
    let text = json!({ "type": 3, "textContent": "Your basket is empty", "id": TEXT });
    let body = vec![
        element("input", json!({ "type": "search" }), vec![], FIELD),
        element("input", json!({ "type": "password" }), vec![], PASSWORD),
        element("p", json!({}), vec![text], 12),
    ];
    let html = element("html", json!({}), vec![element("body", json!({}), body, 5)], 3);
    json!({
        "type": 2,
        "data": { "node": { "type": 0, "childNodes": [html], "id": 1 }, "initialOffset": { "top": 0, "left": 0 } },
        "timestamp": at_ms,
    })
}

/// Something was typed into `node`.
#[must_use]
pub fn input(at_ms: i64, node: u32, text: &str) -> Value {
    incremental(at_ms, &json!({ "source": 5, "text": text, "isChecked": false, "id": node }))
}

/// The text of the paragraph changed.
#[must_use]
pub fn text(at_ms: i64, text: &str) -> Value {
    let texts = json!([{ "id": TEXT, "value": text }]);
    incremental(at_ms, &json!({ "source": 0, "texts": texts, "attributes": [], "removes": [], "adds": [] }))
}

/// The pointer moved.
#[must_use]
pub fn moved(at_ms: i64, x: i64) -> Value {
    incremental(at_ms, &json!({ "source": 1, "positions": [{ "x": x, "y": 1, "id": 5, "timeOffset": 0 }] }))
}

/// A click on the field.
#[must_use]
pub fn click(at_ms: i64, id: &str) -> Value {
    plugin(at_ms, "sealtape/action@1", &json!({ "id": id, "kind": "click", "node": FIELD }))
}

/// A line of the console.
#[must_use]
pub fn console(at_ms: i64, line: &str) -> Value {
    plugin(at_ms, "sealtape/console@1", &json!({ "level": "log", "args": [line] }))
}

/// A request.
#[must_use]
pub fn request(at_ms: i64, url: &str) -> Value {
    let payload =
        json!({ "id": "r1", "method": "GET", "url": url, "status": 200, "start_ms": at_ms, "end_ms": at_ms + 3 });
    plugin(at_ms, "sealtape/network@1", &payload)
}

/// An error of the page.
#[must_use]
pub fn error(at_ms: i64, message: &str, fingerprint: &str) -> Value {
    let payload = json!({ "kind": "error", "name": "TypeError", "message": message, "fingerprint": fingerprint });
    plugin(at_ms, "sealtape/error@1", &payload)
}

fn incremental(at_ms: i64, data: &Value) -> Value {
    json!({ "type": 3, "data": data, "timestamp": at_ms })
}

fn plugin(at_ms: i64, name: &str, payload: &Value) -> Value {
    json!({ "type": 6, "data": { "plugin": name, "payload": payload }, "timestamp": at_ms })
}

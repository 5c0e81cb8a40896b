//! What the files of a deployment tell: nothing. And what people typed is not even in what members may see.

use std::{
    fs,
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use sealtape_tests::process::{Body, Deployment, Member, Refused, Session};
use serde_json::{Value, json};

use crate::deployment;

/// What the page shows or says: in the replay, and in no file.
const SHOWN: [(&str, &str); 7] = [
    ("page text", "qzpagetextwv"),
    ("URL path", "qzurlpathwv"),
    ("title", "qztitlewv"),
    ("console", "qzconsolewv"),
    ("network path", "qznetworkwv"),
    ("error", "qzerrorwv"),
    ("accessible name", "qznamewv"),
];

/// What the person typed or is: nowhere.
const TYPED: [(&str, &str); 10] = [
    ("password", "qzpasswordwv"),
    ("card", "4539148803436467"),
    ("card in groups", "4539 1488 0343 6467"),
    ("e-mail", "qzmail@wvtyped.example"),
    ("search", "qzsearchwv"),
    ("textarea", "qzareawv"),
    ("editable text", "qzeditablewv"),
    ("fragment", "qzfragmentwv"),
    ("claimed user", "qzuserwv"),
    ("refused body", "qzrefusedwv"),
];

const START: i64 = 1_790_000_000_000;

fn canary(of: &str) -> &'static str {
    let mut all = SHOWN.iter().chain(&TYPED);
    all.find(|(name, _)| *name == of).unwrap_or_else(|| panic!("no canary is called {of}")).1
}

#[tokio::test]
async fn data_folder_tells_nothing() {
    let deployment = deployment().with("LOG__FILTER", "debug");
    let running = deployment.start().await;
    let session = record(&deployment).await;
    let engineer = deployment.member(&deployment.sheet().await.engineer).await;
    let answers = ask_everything(&engineer, &session).await;
    for (name, text) in TYPED {
        let found = answers.iter().find(|(_, answer)| answer.contains(text));
        assert!(found.is_none(), "{name} stands in {found:?}");
    }
    let events = &answers.iter().find(|(path, _)| path.ends_with("/events")).expect("was asked").1;
    for (name, text) in SHOWN {
        assert!(events.contains(text), "{name} was recorded, or this test proves nothing:\n{events}");
    }

    let scanner = Scanner::new();
    // While it runs there are the database's log and shared memory; afterwards everything is in the main file.
    assert_eq!(scanner.findings(&deployment), Vec::<String>::new(), "while running");
    running.stop().await;
    assert_eq!(scanner.findings(&deployment), Vec::<String>::new(), "after the end");

    let (mut blobs, mut names) = (0, Vec::new());
    files(deployment.folder(), &mut |path| {
        names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
        if path.starts_with(deployment.data().join("blobs")) {
            blobs += 1;
            assert!(fs::read(path).expect("reads").starts_with(b"SLTAPE\x00\x01"), "{} is not sealed", path.display());
        }
    });
    assert!(blobs >= 2 && names.iter().any(|name| name == "sealtape.db"), "{names:?}");
    assert!(names.iter().any(|name| name == "server.log"), "{names:?}");
    assert!(deployment.log().contains("POST"), "the log has lines about requests");
}

/// The scanner finds what it looks for, in every form, wherever it stands.
#[test]
fn the_scanner_finds_every_form() {
    let scanner = Scanner::new();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in SHOWN.iter().chain(&TYPED) {
        let forms: [(&str, Vec<u8>); 9] = [
            ("UTF-8", text.as_bytes().to_vec()),
            ("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("hexadecimal", hex::encode(format!("{{\"{text}\"}}")).into_bytes()),
            ("HEXADECIMAL", hex::encode_upper(format!("{{\"{text}\"}}")).into_bytes()),
            ("base64 at 0", STANDARD_NO_PAD.encode(format!("{text}}}")).into_bytes()),
            ("base64 at 1", URL_SAFE_NO_PAD.encode(format!("\"{text}}}")).into_bytes()),
            ("base64 at 2", STANDARD_NO_PAD.encode(format!("{{\"{text}")).into_bytes()),
            ("percent", percent(text, false).into_bytes()),
            ("PERCENT", percent(text, true).into_bytes()),
        ];
        for (form, bytes) in forms {
            let file = folder.path().join("below").join("file");
            fs::create_dir_all(file.parent().expect("a folder")).expect("makes");
            fs::write(&file, [&[0, 0xff, b'x'][..], &bytes, &[b'x', 0]].concat()).expect("writes");
            let found = scanner.findings_in(folder.path());
            assert!(
                found.iter().any(|finding| finding.starts_with(&format!("{name} as "))),
                "{name} as {form}: {found:?}"
            );
        }
    }
    fs::write(folder.path().join("below/file"), "nothing of interest").expect("writes");
    assert_eq!(scanner.findings_in(folder.path()), Vec::<String>::new());
}

/// Calls `each` with every file below `folder`.
pub(crate) fn files(folder: &Path, each: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, each);
        } else {
            each(&path);
        }
    }
}

/// Looks for all canaries in all forms at once.
struct Scanner {
    names: Vec<String>,
    needles: AhoCorasick,
}

impl Scanner {
    fn new() -> Self {
        let (mut names, mut needles) = (Vec::new(), Vec::new());
        for (name, text) in SHOWN.iter().chain(&TYPED) {
            for (form, needle) in forms(text) {
                names.push(format!("{name} as {form}"));
                needles.push(needle);
            }
        }
        Self { names, needles: AhoCorasick::new(needles).expect("few needles") }
    }

    fn findings(&self, deployment: &Deployment) -> Vec<String> {
        self.findings_in(deployment.folder())
    }

    fn findings_in(&self, folder: &Path) -> Vec<String> {
        let mut paths: Vec<PathBuf> = Vec::new();
        files(folder, &mut |path| paths.push(path.to_owned()));
        let mut findings = Vec::new();
        for path in paths {
            let bytes = fs::read(&path).unwrap_or_default();
            let name = path.to_string_lossy();
            for (haystack, place) in [(&*bytes, "in"), (name.as_bytes(), "in the name of")] {
                for found in self.needles.find_overlapping_iter(haystack) {
                    let around = found.start().saturating_sub(80)..(found.end() + 80).min(haystack.len());
                    let around = String::from_utf8_lossy(&haystack[around]).into_owned();
                    findings.push(format!("{} {place} {name}: {around}", self.names[found.pattern().as_usize()]));
                }
            }
        }
        findings
    }
}

/// The forms in which a text can stand in a file without being hidden.
fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = text.as_bytes();
    let mut forms = vec![
        ("UTF-8".to_owned(), bytes.to_vec()),
        ("UTF-16 LE".to_owned(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16 BE".to_owned(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hexadecimal".to_owned(), hex::encode(text).into_bytes()),
        ("HEXADECIMAL".to_owned(), hex::encode_upper(text).into_bytes()),
        ("percent".to_owned(), percent(text, false).into_bytes()),
        ("PERCENT".to_owned(), percent(text, true).into_bytes()),
    ];
    for before in 0..3 {
        let padded = [&vec![0; before][..], bytes].concat();
        for (name, alphabet) in [("base64", STANDARD_NO_PAD), ("base64url", URL_SAFE_NO_PAD)] {
            let encoded = alphabet.encode(&padded);
            // The first and last characters also hold bits of the neighbours.
            let start = (before * 8).div_ceil(6);
            let end = padded.len() * 8 / 6;
            forms.push((format!("{name} at {before}"), encoded.as_bytes()[start..end].to_vec()));
        }
    }
    forms
}

fn percent(text: &str, upper: bool) -> String {
    text.bytes().map(|byte| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
}

/// Everything a member can ask about a session.
async fn ask_everything(member: &Member, session: &Session) -> Vec<(String, String)> {
    let id = &session.id;
    let paths = [
        "/v1/sessions".to_owned(),
        format!("/v1/sessions?url=https://shop.example/{}", canary("URL path")),
        "/v1/sessions?origin=https://shop.example&has_error=true".to_owned(),
        format!("/v1/sessions/{id}"),
        format!("/v1/sessions/{id}/events"),
        format!("/v1/sessions/{id}/viewers"),
        "/v1/me".to_owned(),
        "/v1/projects".to_owned(),
    ];
    let mut answers = Vec::new();
    for path in paths {
        let answer = member.text(&path).await;
        if path.contains("?url=") {
            assert!(answer.contains(id.as_str()), "found by its path: {answer}");
        }
        answers.push((path, answer));
    }
    // While it is live there is no manifest; the refusal is an answer too.
    let path = format!("/v1/sessions/{id}/manifest");
    let refused = member.ask(&path).await.text().await.expect("an answer");
    answers.push((path, refused));
    answers
}

/// Records a visit with a client that masks nothing.
async fn record(deployment: &Deployment) -> Session {
    let agent = deployment.agent().await;
    let session = agent.start(&page_url(), canary("title")).await.expect("starts");
    let events = [snapshot(), typing(), streams()].concat();
    let texts: Vec<String> = events.iter().map(Value::to_string).collect();
    let body = Body::of(texts.iter().map(String::as_str));
    let ack = agent.upload(&session, 0, 0, &body).await.expect("is taken");
    assert!(!ack.snapshot, "every node is known, or masking would prove nothing");
    agent.identify(&session, canary("claimed user"), canary("e-mail")).await.expect("is noted");

    let cut = format!(r#"{{"type":3,"data":{{"source":5,"text":"{}"#, canary("refused body"));
    let refused = agent.upload(&session, 0, 1, &Body::of([cut.as_str()])).await.expect_err("is no JSON");
    let Refused::Problem { status: 400, problem } = refused else { panic!("{refused:?}") };
    assert!(!problem.to_string().contains(canary("refused body")), "{problem}");
    session
}

fn page_url() -> String {
    format!("https://shop.example/{}?q={}#{}", canary("URL path"), canary("search"), canary("fragment"))
}

fn event(kind: u8, at: i64, data: &Value) -> Value {
    json!({ "type": kind, "data": data, "timestamp": START + at })
}

fn element(id: u32, tag: &str, attributes: &Value, children: &[Value]) -> Value {
    json!({ "type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id })
}

fn text(id: u32, content: &str) -> Value {
    json!({ "type": 3, "textContent": content, "id": id })
}

/// A page with a sentence and a form whose fields hold values already.
fn snapshot() -> Vec<Value> {
    let input = |id, kind: &str, autocomplete: &str, value: &str| {
        element(id, "input", &json!({ "type": kind, "autocomplete": autocomplete, "value": value }), &[])
    };
    let form = element(
        10,
        "form",
        &json!({ "action": format!("/search?q={}", canary("search")) }),
        &[
            input(11, "password", "current-password", canary("password")),
            input(12, "text", "cc-number", canary("card in groups")),
            input(13, "email", "email", canary("e-mail")),
            input(14, "search", "off", canary("search")),
            element(15, "textarea", &json!({}), &[text(16, canary("textarea"))]),
            element(17, "div", &json!({ "contenteditable": "true" }), &[text(18, canary("editable text"))]),
            element(19, "button", &json!({ "aria-label": canary("accessible name") }), &[text(20, "Pay")]),
        ],
    );
    // A page that prints back what was typed: patterns are found in text too.
    let echo = format!("{} {} {}", canary("page text"), canary("card"), canary("e-mail"));
    let body = element(5, "body", &json!({}), &[element(6, "p", &json!({}), &[text(7, &echo)]), form]);
    let head = element(4, "head", &json!({}), &[element(8, "title", &json!({}), &[text(9, canary("title"))])]);
    let html = element(3, "html", &json!({}), &[head, body]);
    let node = json!({ "type": 0, "childNodes": [html], "id": 1 });
    vec![
        event(4, 0, &json!({ "href": page_url(), "width": 800, "height": 600 })),
        event(2, 1, &json!({ "node": node, "initialOffset": { "top": 0, "left": 0 } })),
    ]
}

/// What a recorder without masking would send while somebody fills in the form.
fn typing() -> Vec<Value> {
    let fields =
        [(11, "password"), (12, "card"), (12, "card in groups"), (13, "e-mail"), (14, "search"), (15, "textarea")];
    let mut events = Vec::new();
    for (at, (id, name)) in (10..).step_by(10).zip(fields) {
        let value = canary(name);
        events.push(event(3, at, &json!({ "source": 5, "text": value, "isChecked": false, "id": id })));
        let attributes = json!([{ "id": id, "attributes": { "value": value } }]);
        let mutation = json!({ "source": 0, "texts": [], "attributes": attributes, "removes": [], "adds": [] });
        events.push(event(3, at + 1, &mutation));
        let action = json!({ "id": format!("a{at}"), "kind": "input", "node": id, "value_class": value });
        events.push(event(6, at + 2, &json!({ "plugin": "sealtape/action@1", "payload": action })));
    }
    let texts = json!([{ "id": 18, "value": canary("editable text") }]);
    events.push(event(3, 90, &json!({ "source": 0, "texts": texts, "attributes": [], "removes": [], "adds": [] })));
    events
}

/// Navigation, network, console and errors.
fn streams() -> Vec<Value> {
    let plugin = |at, name: &str, payload: &Value| event(6, at, &json!({ "plugin": name, "payload": payload }));
    let request =
        format!("https://api.shop.example/{}?q={}&card={}", canary("network path"), canary("search"), canary("card"));
    let said = format!("{} {} {}", canary("console"), canary("card in groups"), canary("e-mail"));
    let click = json!({ "id": "a200", "kind": "click", "node": 19, "name": canary("accessible name") });
    vec![
        plugin(100, "sealtape/nav@1", &json!({ "kind": "push", "url": page_url(), "title": canary("title") })),
        plugin(
            101,
            "sealtape/network@1",
            &json!({
                "id": "r1", "initiator": "fetch", "method": "POST", "url": request, "status": 500,
                "start_ms": START + 100, "end_ms": START + 101, "request_body": { "q": canary("search") },
            }),
        ),
        plugin(
            102,
            "sealtape/console@1",
            &json!({ "level": "log", "args": [said, format!("password={}", canary("password"))] }),
        ),
        plugin(
            103,
            "sealtape/error@1",
            &json!({ "kind": "error", "message": canary("error"), "stack": format!("at {}", page_url()) }),
        ),
        plugin(104, "sealtape/action@1", &click),
    ]
}

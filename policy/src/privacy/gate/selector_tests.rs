//! What the gate accepts of CSS, how it writes it, and what it matches.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;

use super::Key as _;
use super::selector::{NodeView, Selector};

#[derive(Clone)]
struct Node<'t> {
    tree: &'t [(&'t str, BTreeMap<&'t str, &'t str>)],
    at: usize,
}

impl NodeView for Node<'_> {
    fn tag(&self) -> &str {
        self.tree[self.at].0
    }
    fn attribute(&self, name: &str) -> Option<&str> {
        self.tree[self.at].1.get(name).copied()
    }
    fn parent(&self) -> Option<Self> {
        (self.at > 0).then(|| Self { tree: self.tree, at: self.at - 1 })
    }
}

/// Whether the innermost of nodes below each other is meant. A node is `tag name=value …`.
fn matches(selector: &str, nodes: &[&str]) -> bool {
    let tree: Vec<(&str, BTreeMap<&str, &str>)> = nodes
        .iter()
        .map(|node| {
            let mut words = node.split('|');
            (words.next().unwrap_or_default(), words.filter_map(|word| word.split_once('=')).collect())
        })
        .collect();
    Selector::parse(selector).expect(selector).parsed().matches(&Node { tree: &tree, at: tree.len() - 1 })
}

#[test]
fn selectors_have_one_form() {
    for (written, canonical) in [
        (".b,.a , .b", ".a, .b"),
        ("DIV > .x   span", "div > .x span"),
        ("linearGradient", "linearGradient"),
        ("[DATA-X = 'a\"b' I]", "[data-x=\"a\\\"b\" i]"),
        ("[type=password]", "[type=\"password\" i]"),
        ("*", "*"),
        ("*.a", ".a"),
        (":where(.b,.a):NOT( #c )", ":is(.a, .b):not(#c)"),
        (".sm\\:w-1\\/2", ".sm\\:w-1\\/2"),
        (".\\31 0", ".\\31 0"),
        ("[lang|=en]", "[lang|=\"en\" i]"),
    ] {
        assert_eq!(Selector::parse(written).expect(written).text(), canonical, "{written}");
    }
}

#[test]
fn nodes_are_matched_by_themselves_and_their_ancestors() {
    assert!(matches(".salary", &["html", "td|class=num salary"]));
    assert!(!matches(".salary", &["html", "td|class=salary-x"]));
    assert!(matches("form > label input", &["form", "label", "span", "input"]));
    assert!(!matches("form > input", &["form", "label", "input"]));
    assert!(matches("form > input", &["form", "form", "input"]));
    assert!(matches("a > b c", &["a", "b", "b", "c"]));
    assert!(matches("#x[type^=pass i]:not(.open)", &["input|id=x|type=PASSWORD"]));
    assert!(!matches("#x:not(.open)", &["input|id=x|class=open"]));
    assert!(matches(":is(td, th).n", &["th|class=n"]));
    assert!(matches("[lang|=en]", &["p|lang=en-GB"]) && !matches("[lang|=en]", &["p|lang=enx"]));
    assert!(!matches("[lang^='']", &["p|lang=en"]));
    assert!(matches("DIV", &["div"]) && matches("div", &["DIV"]));
}

/// Shared with `frontend/agent/src/privacy/selector.test.ts`.
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/selectors.vectors.json");

#[derive(Serialize)]
struct Vector {
    selector: &'static str,
    canonical: String,
    /// Which of the chains' innermost nodes are meant.
    meant: Vec<usize>,
}

/// Chains of nodes from the outermost to the innermost, each `tag|name=value|…`, for every part of the language.
const CHAINS: [&[&str]; 16] = [
    &["main", "table", "tr", "td|class=num salary"],
    &["main", "td|class=salary-x"],
    &["form|id=pay", "label", "span", "input|type=PASSWORD|name=pin"],
    &["form", "form|id=pay", "input|type=text|name=iban|class=open"],
    &["div|class=a", "section|class=b", "section|class=b", "p|class=c"],
    &["section|class=b", "div|class=a", "p|class=c"],
    &["p|lang=en-GB"],
    &["p|lang=en"],
    &["p|lang=enx"],
    &["p|data-l="],
    &["p|title=a  b c"],
    &["p|data-x=Ab\"c"],
    &["p|class=sm:w-1/2 10"],
    &["th|class=n", "b"],
    &["article|class=A", "i|class=c\u{e4}"],
    &["ul|class=a c", "li"],
];

const SELECTORS: [&str; 34] = [
    ".salary",
    "TD.num",
    "*",
    "p",
    "#pay input",
    "form > input",
    "form > label input",
    "form form > input",
    "[type=password i]",
    "[type=password]",
    "[TYPE^=pass i]:not(.open)",
    "input:not([name=pin], [name=iban])",
    ".a > .b .c",
    ".a .b > .c",
    ".b .a > .c",
    ".a > .b > .c",
    "[lang|=en]",
    "[data-l]",
    "[lang$='B']",
    "[title*=b]",
    "[lang]",
    "[data-l='']",
    "[title~=b]",
    "[title~='b c']",
    "[data-x='Ab\"c']",
    "[data-x=ab\\\"C I]",
    ".sm\\:w-1\\/2",
    ".\\31 0",
    ":is(td, th).n, :where(td, th) b",
    ":not(p)",
    ":not(:is(p, input))",
    ".a .c, .a.c > li",
    ".c\u{e4}",
    "section .b, #PAY *",
];

#[test]
fn a_page_means_by_a_selector_what_we_do() {
    let vectors: Vec<Vector> = SELECTORS
        .iter()
        .map(|selector| Vector {
            selector,
            canonical: Selector::parse(selector).expect(selector).to_string(),
            meant: (0..CHAINS.len()).filter(|i| matches(selector, CHAINS[*i])).collect(),
        })
        .collect();
    let text = serde_json::to_string_pretty(&serde_json::json!({ "chains": CHAINS, "selectors": vectors }));
    let text = format!("{}\n", text.expect("writes"));
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(VECTORS, &text).expect("writes the vectors");
    }
    let written = std::fs::read_to_string(VECTORS).expect("the vectors are in the tree; UPDATE_VECTORS=1 writes them");
    assert!(written == text, "selectors mean something else now: UPDATE_VECTORS=1 writes the vectors");
}

#[test]
fn what_agent_and_server_cannot_decide_alike_is_refused() {
    let deep = ["a"; 9].join(" ");
    let wide = ["a"; 17].join(",");
    let many = format!("a{}", ".b".repeat(9));
    for text in [
        "",
        " ",
        ",",
        "a,",
        "a >",
        "> a",
        "a + b",
        "a ~ b",
        "a:hover",
        "a::before",
        "a:before",
        ":has(a)",
        ":nth-child(2)",
        ":root",
        "svg|a",
        "*|a",
        "|a",
        "[a|b]",
        "[value]",
        "[VALUE='x']",
        "[srcdoc]",
        "a{}",
        "a;b",
        "a}",
        "#1",
        ".1",
        "a b)",
        "& a",
        "@media",
        "[a=1]",
        "[a=b c]",
        "[a=b s]",
        "a b{",
        ":not()",
        ":is(a",
        ":not(:not(:not(a)))",
        &deep,
        &wide,
        &many,
    ] {
        let refused = Selector::parse(text);
        // CSS closes what is open at the end of the text, and so do browsers.
        assert!(refused.is_err() || text == ":is(a", "{text}: {refused:?}");
    }
}

proptest! {
    /// What the gate prints it reads, and prints the same: stored selectors stay what they were.
    #[test]
    fn canonical_text_is_a_fixed_point(text in "[ a-c.#*>,:\\[\\]=\"'()notis\\\\ä0-1-]{0,24}") {
        if let Ok(selector) = Selector::parse(&text) {
            let again = Selector::parse(selector.text());
            prop_assert_eq!(again.as_ref().map(Selector::text), Ok(selector.text()));
            prop_assert!(!selector.parsed().0.is_empty());
        }
    }
}

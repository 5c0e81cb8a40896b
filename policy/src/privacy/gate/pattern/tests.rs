//! What the gate accepts of patterns, and that both engines find the same.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Pattern, Tree, adversarial_texts, steps};
use crate::privacy::gate::Key as _;

/// Shared with `frontend/agent/src/privacy/pattern.test.ts`.
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/patterns.vectors.json");

/// Patterns as people write them, each part of the portable language at least once.
const ACCEPTED: [&str; 16] = [
    r"EMP-\d{6}",
    r"\bK[0-9]{4,8}\b",
    r"\b\w{1,32}@corp\.example\b",
    r"(?:DE|AT|CH)\d{2}(?: \d{4}){3}",
    r"^\d{3}-\d{2}-\d{4}$",
    r"[^\s,;]{3,20};",
    r"a.c",
    r"x\D{1,3}y|z\W\S",
    r"Kunde(?:nnummer)?:? ?\d{5,}",
    r"[äöüß]{2,6}€",
    r"(ab|cd){2,5}?e",
    r"\u{1F600}{1,9}!",
    r"[\-\]\\^\[]{2}",
    r#""[^"]{0,64}""#,
    r"\bpin +\d{4}",
    r"[\x00-\x1f]",
];

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Vector {
    pattern: String,
    javascript: String,
    texts: Vec<Found>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Found {
    text: String,
    /// Start and end of each match, in UTF-16 code units.
    matches: Vec<(usize, usize)>,
}

/// What Rust finds, counted as JavaScript counts.
fn found(pattern: &Pattern, text: &str) -> Vec<(usize, usize)> {
    let regex = regex::Regex::new(&pattern.portable().rust).expect("the gate compiled it");
    let units = |at: usize| text[..at].encode_utf16().count();
    regex.find_iter(text).map(|hit| (units(hit.start()), units(hit.end()))).collect()
}

/// Lines that show where engines differ: Unicode digits, letters and spaces, ends of lines, pairs of surrogates.
const LINES: [&str; 12] = [
    "",
    "EMP-123456 EMP-12345 xEMP-1234567",
    "K1234 K12345678 äK1234 K1234ä 1K1234",
    "a.b@corp.example aa@corp.examples ü@corp.example",
    "DE89 3704 0044 0532 0130 00",
    "123-45-6789",
    "a\nc a\rc a\u{2028}c a\u{1F600}c a\u{85}c",
    "x१२३y xab1y z\u{a0}b z \u{3000}",
    "Kundennummer: 12345678 Kunde 1234",
    "äöüß€ ÄÖ€ ſK\u{212a}",
    "\u{1F600}\u{1F600}! [^\\]- \"quoted\" \"open",
    "ababcde abe pin  1234 PIN 1234 \u{0} \u{1f}",
];

fn vectors() -> Vec<Vector> {
    let vector = |text: &&str| {
        let pattern = Pattern::parse(text).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        let tree = Tree::parse(text).expect("parses");
        let texts = LINES.iter().map(|line| (*line).to_owned()).chain(adversarial_texts(&tree, 64));
        let texts = texts.map(|text| Found { matches: found(&pattern, &text), text }).collect();
        Vector { pattern: (*text).to_owned(), javascript: pattern.portable().javascript, texts }
    };
    ACCEPTED.iter().map(vector).collect()
}

#[test]
fn attack_38_both_engines_get_patterns_that_find_the_same() {
    let found = vectors();
    let text = format!("{}\n", serde_json::to_string_pretty(&found).expect("writes"));
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(VECTORS, &text).expect("writes the vectors");
    }
    let written = std::fs::read_to_string(VECTORS).expect("the vectors are in the tree; UPDATE_VECTORS=1 writes them");
    assert!(written == text, "patterns mean something else now: UPDATE_VECTORS=1 writes the vectors");
    let hits = found.iter().map(|vector| vector.texts.iter().filter(|text| !text.matches.is_empty()).count());
    assert!(hits.into_iter().all(|hits| hits > 0), "a pattern that finds nothing shows nothing");
}

#[test]
fn attack_38_what_engines_read_differently_or_run_slowly_is_refused() {
    let nested = format!("{}a{}", "(?:".repeat(9), "b)?".repeat(9));
    let long = "a".repeat(513);
    let mut report = String::new();
    for text in [
        "",
        "a*",
        "(?=a)b",
        "(?<!a)b",
        r"(a)\1",
        "(?i)a",
        "(?i:a)",
        r"\p{L}",
        r"\pL",
        r"\Aa",
        r"a\z",
        r"\Ba",
        r"\b{start}a",
        "[[:alpha:]]",
        "[a&&b]",
        "[a[b]]",
        "a{1001}",
        "a{2,1001}",
        "(a+)+b",
        "(?:a*b*)*c",
        "(?:a|ab)+c",
        "(?:a|b?)+c",
        r"\w+@corp",
        r".*x",
        r"\d+\d+x",
        r"\s+$",
        "(?:a{1,100}){1,100}b",
        r"(?:\w{500}){400}",
        "a**",
        "(",
        "[z-a]",
        "a{2,1}",
        r"\w{1,1000}@",
        "(?:a?){30}a{30}",
        r"[^\x00-\x{10FFFF}]",
        &nested,
        &long,
    ] {
        let refused = Pattern::parse(text).expect_err(text);
        let shown = if text.len() > 40 { "(a long one)" } else { text };
        writeln!(report, "{shown}\n    {refused}").expect("writes to a string");
    }
    insta::assert_snapshot!(report);
}

#[test]
fn the_forms_of_both_engines() {
    let lines: Vec<String> = ACCEPTED
        .iter()
        .map(|text| {
            let forms = Pattern::parse(text).expect(text).portable();
            format!("{text}\n    {}\n    {}", forms.rust, forms.javascript)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// A pattern that does not ask for unbounded work, so that most pass.
fn pattern() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "0", "-", "@", "\\d", "\\w", "\\s", "[ab]", "[^a]", ".", "\\b", "ä", "\\D", "\\.",
    ]);
    let repeated = (piece, prop::sample::select(vec!["", "", "", "?", "{2}", "{1,3}", "{0,8}?", "+", "*", "+?"]))
        .prop_map(|(piece, repeat)| if piece == "\\b" { piece.to_owned() } else { format!("{piece}{repeat}") });
    let concat = prop::collection::vec(repeated, 1..5).prop_map(|pieces| pieces.concat());
    let group = (prop::collection::vec(concat.clone(), 1..3), prop::sample::select(vec!["", "?", "{2}", "{1,4}", "+"]))
        .prop_map(|(alternatives, repeat)| format!("({}){repeat}", alternatives.join("|")));
    prop::collection::vec(prop_oneof![concat, group], 1..4).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// What passes costs no more for each character of a text twice as long as any that the gate looked at.
    #[test]
    fn attack_38_what_passes_is_linear(text in pattern()) {
        if Pattern::parse(&text).is_ok() {
            let tree = Tree::parse(&text).expect("parses");
            for text in adversarial_texts(&tree, 4096) {
                prop_assert!(steps(&tree, &text, 300 * 4096).is_some(), "dear on {:?}…", &text[..20.min(text.len())]);
            }
        }
    }

    /// The tree means what was written: for texts of ASCII, Rust reads the pattern as `regex` reads the original.
    #[test]
    fn what_is_printed_is_what_was_written(text in pattern(), line in "[ab0 @.\\-x]{0,40}") {
        if let Ok(pattern) = Pattern::parse(&text) {
            let original = regex::Regex::new(&text).expect("is a regular expression");
            let spans: Vec<_> = original.find_iter(&line).map(|hit| (hit.start(), hit.end())).collect();
            prop_assert_eq!(found(&pattern, &line), spans);
        }
    }

    #[test]
    fn any_text_is_answered(text in "[ab0(){}\\[\\]|*+?\\\\^$.,:=!<>\\-dwsbpxu&~ä]{0,40}") {
        let _ = Pattern::parse(&text);
    }
}

/// `regex` is linear by construction; here it is shown for the form that it gets, on texts far longer than the gate's.
#[test]
fn long_texts_are_read_to_the_end() {
    for text in ACCEPTED {
        let pattern = Pattern::parse(text).expect(text);
        let tree = Tree::parse(text).expect(text);
        let regex = regex::Regex::new(&pattern.portable().rust).expect("the gate compiled it");
        for text in adversarial_texts(&tree, 50_000) {
            let read: usize = regex.find_iter(&text).map(|hit| hit.len()).sum();
            assert!(read <= text.len());
        }
    }
}

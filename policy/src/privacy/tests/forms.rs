//! The published forms: schema, table of settings, YAML.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::generate::document;
use crate::privacy::{Kind, PolicyDocument, schema, settings_table};

/// The schema as it is published. `UPDATE_DOCS=1` writes it, and the table in the documentation.
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/policy.v1.schema.json");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/concepts/policies.md");
const BEGIN: &str = "<!-- settings: written by UPDATE_DOCS=1 cargo test -p policy forms -->\n";
const END: &str = "<!-- end of settings -->";

#[test]
fn the_published_schema_is_that_of_the_code() {
    let text = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(SCHEMA, &text).expect("writes the schema");
    }
    let published = std::fs::read_to_string(SCHEMA).expect("the schema is in the tree");
    assert!(published == text, "the schema changed: run this test with UPDATE_DOCS=1");
}

#[test]
fn the_table_in_the_documentation_is_that_of_the_code() {
    let page = std::fs::read_to_string(PAGE).expect("the page is in the tree");
    let (before, rest) = page.split_once(BEGIN).expect("the table has a beginning");
    let (table, after) = rest.split_once(END).expect("the table has an end");
    let wanted = format!("\n{}\n", settings_table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, format!("{before}{BEGIN}{wanted}{END}{after}")).expect("writes the page");
    } else {
        assert!(table == wanted, "the table of settings changed: run this test with UPDATE_DOCS=1");
    }
}

/// What people copy must be right.
#[test]
fn the_policy_in_the_documentation_is_one() {
    let page = std::fs::read_to_string(PAGE).expect("the page is in the tree");
    let (_, rest) = page.split_once("```yaml\n").expect("the page has a policy");
    let (policy, _) = rest.split_once("```").expect("which has an end");
    let read = PolicyDocument::from_yaml(policy).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(read.redaction.patterns.expect("has patterns").0.len(), 1);
}

#[test]
fn every_setting_has_a_description_that_is_a_sentence() {
    for line in PolicyDocument::describe() {
        assert!(line.about.ends_with('.') && line.about.len() > 8, "{}: {}", line.path, line.about);
    }
}

const WRITTEN: &str = r#"
apiVersion: sealtape.dev/v1   # comments are for people
version: 7
preset: strict
capture:
  console: "off"
  networkBodies: shape
redaction:
  elements:
    - selector: ".salary, #iban"
      action: mask
    - { selector: "[data-x='a b']", action: block }
  detectors: []
optOut:
  consentIn: [DE, fr]
"#;

#[test]
fn yaml_is_read_and_written() {
    let read = PolicyDocument::from_yaml(WRITTEN).expect("reads");
    insta::assert_snapshot!(read.to_yaml());
    assert_eq!(PolicyDocument::from_yaml(&read.to_yaml()).expect("reads what it wrote"), read);
}

#[test]
fn yaml_that_could_be_read_in_two_ways_is_refused_with_its_place() {
    let head = "apiVersion: sealtape.dev/v1\n";
    let deep = format!("{head}capture: {}{}", "[".repeat(20), "]".repeat(20));
    let large = format!("{head}# {}", "x".repeat(300 * 1024));
    let bodies = [
        ("anchor", "capture: &a { dom: true }\n"),
        ("alias", "capture: *a\n"),
        ("tag", "capture: !!map { dom: true }\n"),
        ("own tag", "capture: !x { dom: true }\n"),
        ("twice", "capture: { dom: true, dom: false }\n"),
        ("merge key", "capture: { <<: { dom: true } }\n"),
        ("second document", "---\napiVersion: sealtape.dev/v1\n"),
        ("yes", "capture: { dom: yes }\n"),
        ("bare off", "capture: { console: off }\n"),
        ("octal", "capture: { idleMinutes: 010 }\n"),
        ("sexagesimal", "capture: { idleMinutes: 1:30 }\n"),
        ("hexadecimal", "capture: { idleMinutes: 0x10 }\n"),
        ("name that is a number", "1: 2\n"),
        ("name that is a list", "? [a]\n: 2\n"),
        ("broken", "capture: {\n"),
        ("tab", "capture:\n\tdom: true\n"),
    ];
    let mut report = String::new();
    let texts = bodies.iter().map(|(name, body)| (*name, format!("{head}{body}")));
    for (name, text) in texts.chain([("deep", deep), ("large", large), ("empty", String::new())]) {
        let findings = PolicyDocument::from_yaml(&text).expect_err(name);
        let lines: Vec<String> = findings.all().iter().map(ToString::to_string).collect();
        writeln!(report, "{name}: {}", lines.join("\n    ")).expect("writes to a string");
    }
    insta::assert_snapshot!(report);
}

#[test]
fn json_with_a_name_twice_is_refused() {
    let text = r#"{"apiVersion":"sealtape.dev/v1","capture":{"dom":false,"dom":true}}"#;
    let findings = PolicyDocument::from_json(text).expect_err("twice");
    assert!(findings.all()[0].what.contains("twice"), "{findings:?}");
    let large = format!("{{\"apiVersion\":\"{}\"}}", "x".repeat(300 * 1024));
    assert!(PolicyDocument::from_json(&large).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn documents_survive_json_and_yaml(document in document()) {
        let json = document.canonical_json();
        prop_assert_eq!(&serde_json::from_str::<PolicyDocument>(&json).expect("reads"), &document);
        // What merging survives, reading may refuse: contradictions. Then both forms refuse alike.
        let (from_json, from_yaml) = (PolicyDocument::from_json(&json), PolicyDocument::from_yaml(&document.to_yaml()));
        prop_assert_eq!(&from_json, &from_yaml);
        if let Ok(read) = from_json {
            prop_assert_eq!(read.hash(), document.hash());
        }
    }

    /// No text makes a reader fail in another way than by findings.
    #[test]
    fn any_text_is_answered(text in "[ \\n\\t:\\-\\[\\]{}&*!|>'\"%@a-c0-9#?,]{0,80}") {
        let _ = PolicyDocument::from_yaml(&text);
        let _ = PolicyDocument::from_json(&text);
    }
}

#[test]
fn an_empty_document_of_each_kind_says_what_it_is() {
    for kind in [Kind::Policy, Kind::Guardrail] {
        let empty = PolicyDocument::empty(kind);
        assert_eq!(PolicyDocument::from_yaml(&empty.to_yaml()).expect("reads"), empty);
    }
}

//! The laws of merging. Strictness is judged here by the published schema's `x-strictness`, not by the code under test.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generate::{document, samples};
use crate::privacy::{
    FindingCode, Layer, PolicyDocument, Preset, Reason,
    document::{Rates, Visit},
    merge, schema,
};

fn value(document: &PolicyDocument) -> Value {
    serde_json::to_value(document).expect("writes")
}

/// Every place where `strict` is not at least as strict as `loose`, by the schema.
fn looser(schema: &Value, strict: &Value, loose: &Value, at: &str, out: &mut Vec<String>) {
    let Some(order) = schema.get("x-strictness") else {
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(loose) = loose.get(name) {
                looser(schema, &strict[name], loose, &format!("{at}/{name}"), out);
            }
        }
        return;
    };
    let fine = match order.as_str() {
        None => {
            let rank = |value| order.as_array().expect("is a list of words").iter().position(|word| word == value);
            rank(strict) >= rank(loose)
        }
        Some("lower") => strict.as_u64().is_some_and(|strict| Some(strict) <= loose.as_u64()),
        Some("true") => strict == &json!(true) || loose == &json!(false),
        Some("false") => strict == &json!(false) || loose == &json!(true),
        Some("fewer") => {
            let loose = loose.as_array().expect("a list");
            // Not to say what is permitted permits everything.
            loose.contains(&json!("/**"))
                || strict.as_array().is_some_and(|strict| strict.iter().all(|item| loose.contains(item)))
        }
        Some("union") if schema["items"]["type"] == "object" => {
            let lifts =
                |item: &Value| item["action"] == "allow" || item["action"] == "keep" || item["action"] == "tokenise";
            loose.as_array().expect("a list").iter().all(|item| {
                let key = key(&schema["items"]);
                let same: Vec<&Value> =
                    strict.as_array().into_iter().flatten().filter(|other| other[&key] == item[&key]).collect();
                for other in &same {
                    let mut schema = schema["items"].clone();
                    // Where a token is made and how far it holds means nothing for what is none.
                    if item["action"] != "tokenise" || other["action"] != "tokenise" {
                        schema["properties"]
                            .as_object_mut()
                            .expect("has properties")
                            .retain(|name, _| name != "at" && name != "scope");
                    }
                    looser(&schema, other, item, &format!("{at}[{}]", item[&key]), out);
                }
                // A rule that lifts the default may be taken out; every other one stays.
                !same.is_empty() || lifts(item)
            })
        }
        Some("union") => {
            let strict = strict.as_array().cloned().unwrap_or_default();
            loose.as_array().expect("a list").iter().all(|item| strict.contains(item))
        }
        Some("rates") => {
            let read = |value: &Value| serde_json::from_value::<Rates>(value.clone()).ok();
            let loose = read(loose).expect("rates");
            read(strict).is_some_and(|strict| visits(&mut |visit| strict.of(visit) <= loose.of(visit)))
        }
        Some("set-by-the-highest-layer") => true,
        Some(other) => panic!("nobody knows how to judge {other}: say it here"),
    };
    if !fine {
        out.push(format!("{at}: {strict} is looser than {loose}"));
    }
}

/// The member by which two rules are the same: the one without an order.
fn key(rule: &Value) -> String {
    let mut keys = rule["properties"].as_object().expect("has properties").iter();
    keys.find(|(_, schema)| schema.get("x-strictness").is_none()).expect("a rule has a key").0.clone()
}

/// Every kind of session that the samples can tell apart.
fn visits(test: &mut dyn FnMut(&Visit<'_>) -> bool) -> bool {
    let urls = ["https://shop.example.com/orders/7", "https://other.example/checkout/pay", "https://other.example/"];
    let urls = urls.map(|url| url::Url::parse(url).expect("an address"));
    let traits = [vec![], vec![("plan", "free")], vec![("plan", "enterprise")]];
    let mut all = true;
    for url in &urls {
        for release in [None, Some("v1"), Some("v2")] {
            for traits in &traits {
                all &= test(&Visit { url: Some(url), release, traits });
            }
        }
    }
    all
}

fn assert_not_looser(strict: &PolicyDocument, loose: &PolicyDocument) -> Result<(), TestCaseError> {
    let mut found = Vec::new();
    looser(&schema(), &value(strict), &value(loose), "", &mut found);
    prop_assert!(found.is_empty(), "{found:#?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What the schema describes the reader takes, unless it contradicts itself; and a reader's document is one again.
    #[test]
    fn the_schema_and_the_reader_agree(document in document()) {
        match PolicyDocument::read(&value(&document)) {
            Ok(read) => prop_assert_eq!(read, document),
            Err(findings) => {
                for finding in findings.all() {
                    let code = finding.code;
                    prop_assert!(matches!(code, FindingCode::Contradiction | FindingCode::Duplicate), "{finding}");
                }
            }
        }
    }

    #[test]
    fn joining_a_document_with_itself_changes_nothing(one in document()) {
        prop_assert_eq!(one.strictest(&one), one.normal());
    }

    #[test]
    fn the_order_of_two_documents_does_not_matter(one in document(), other in document()) {
        prop_assert_eq!(one.strictest(&other), other.strictest(&one));
    }

    #[test]
    fn three_documents_can_be_joined_in_any_order(one in document(), two in document(), three in document()) {
        prop_assert_eq!(one.strictest(&two).strictest(&three), one.strictest(&two.strictest(&three)));
    }

    #[test]
    fn a_join_is_never_looser_than_what_was_joined(one in document(), other in document()) {
        let joined = one.strictest(&other);
        assert_not_looser(&joined, &one)?;
        assert_not_looser(&joined, &other)?;
    }

    #[test]
    fn what_holds_is_never_looser_than_any_layer(
        guardrail in document(), policy in document(), page in document(), person in document(),
    ) {
        let layers = [
            (Layer::Guardrail, &guardrail), (Layer::Policy, &policy), (Layer::Page, &page), (Layer::Person, &person),
        ];
        let holds = PolicyDocument::of(&merge(&layers).effective.policy);
        for (layer, said) in layers {
            let mut said = said.clone();
            if layer != Layer::Guardrail {
                said.allowable = crate::privacy::Allowable::default();
            }
            assert_not_looser(&holds, &said)?;
        }
        assert_not_looser(&holds, &crate::privacy::floor_document())?;
    }

    #[test]
    fn how_layers_are_given_does_not_matter(guardrail in document(), policy in document(), page in document()) {
        let (guardrail, policy, page) =
            ((Layer::Guardrail, &guardrail), (Layer::Policy, &policy), (Layer::Page, &page));
        let once = merge(&[guardrail, policy, page]);
        prop_assert_eq!(&merge(&[page, guardrail, policy]).effective, &once.effective);
        prop_assert_eq!(&merge(&[policy, page, policy, guardrail, guardrail]).effective, &once.effective);
        prop_assert_eq!(merge(&[page, policy, guardrail]).conflicts, once.conflicts);
    }

    /// Merging what holds once more changes nothing and finds nothing, but for what was never allowable.
    #[test]
    fn what_holds_holds(guardrail in document(), policy in document()) {
        let once = merge(&[(Layer::Guardrail, &guardrail), (Layer::Policy, &policy)]).effective;
        let mut again = PolicyDocument::of(&once.policy);
        again.allowable = guardrail.allowable.clone();
        let twice = merge(&[(Layer::Guardrail, &again)]);
        prop_assert_eq!(twice.effective.policy.redaction, once.policy.redaction);
        prop_assert_eq!(twice.effective.policy.capture, once.policy.capture);
        prop_assert_eq!(twice.effective.policy.sampling, once.policy.sampling);
        let mut conflicts = twice.conflicts.iter();
        prop_assert!(conflicts.all(|one| one.reason == Reason::BelowLegalMinimum), "{:#?}", twice.conflicts);
    }

    /// A conflict is reported exactly where what a layer says is not what holds, for settings with an order.
    #[test]
    fn whatever_a_layer_wanted_looser_is_reported(guardrail in document(), policy in document()) {
        let merged = merge(&[(Layer::Guardrail, &guardrail), (Layer::Policy, &policy)]);
        let holds = PolicyDocument::of(&merged.effective.policy);
        let mut policy = policy;
        policy.allowable = crate::privacy::Allowable::default();
        let said = value(&policy);
        let mut found = Vec::new();
        // What is said is looser than what holds.
        looser(&schema(), &said, &value(&holds), "", &mut found);
        for one in found {
            let (place, _) = one.split_once(':').expect("names the place");
            let place = place.split('[').next().expect("has a beginning");
            // What is not said is not wanted, and a list that says less than another wants nothing.
            let section = said.pointer(place);
            if section.is_none_or(Value::is_array) {
                continue;
            }
            let reported = merged.conflicts.iter().any(|conflict| conflict.layer == Layer::Policy && conflict.pointer.as_str().starts_with(place));
            prop_assert!(reported, "{one}: {:#?}", merged.conflicts);
        }
    }
}

/// Whoever names a stricter preset must not loosen anything by it.
#[test]
fn presets_are_a_chain() {
    for pair in Preset::ALL.windows(2) {
        let [loose, strict] = [pair[0], pair[1]].map(|preset| PolicyDocument::of(&preset.full()));
        let mut found = Vec::new();
        looser(&schema(), &value(&strict), &value(&loose), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}

/// The generator must reach every setting, or the laws above hold for less than they say.
#[test]
fn every_kind_of_text_has_samples_that_pass_its_gate() {
    fn gates(schema: &Value, out: &mut Vec<String>) {
        match schema {
            Value::Object(members) => {
                out.extend(members.get("x-gate").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|schema| gates(schema, out));
            }
            Value::Array(items) => items.iter().for_each(|schema| gates(schema, out)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gates(&schema(), &mut found);
    found.sort_unstable();
    found.dedup();
    assert!(found.len() >= 10, "{found:?}");
    for gate in found {
        assert!(!samples(&gate).is_empty());
    }
}

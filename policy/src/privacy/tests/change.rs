//! How changes are heard.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generate::document;
use crate::privacy::{Diff, PolicyDocument, Tendency};

fn document_of(sections: &Value) -> PolicyDocument {
    let mut document = sections.clone();
    document["apiVersion"] = json!("sealtape.dev/v1");
    PolicyDocument::read(&document).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn diff(before: &Value, after: &Value) -> Diff {
    Diff::of(None, &document_of(before), &document_of(after))
}

/// One change at a time, and how it is heard: the table that reviewers read.
#[test]
fn what_loosens_and_what_tightens() {
    let field = |rule: Value| json!({ "redaction": { "fields": [rule] } });
    let element = |action: &str| json!({ "redaction": { "elements": [{ "selector": ".a", "action": action }] } });
    let tokens = |at: &str, scope: &str| {
        field(json!({ "path": "state.user.id", "action": "tokenise", "at": at, "scope": scope }))
    };
    let guardrail = |sections: Value| {
        let mut sections = sections;
        sections["kind"] = json!("guardrail");
        sections
    };
    let label = |urls: Value| json!({ "access": { "labels": [{ "label": "billing", "urls": urls }] } });
    let minimum = |days: u32| guardrail(json!({ "retention": { "minimum": { "days": days, "basis": "tax-law" } } }));
    let nothing = json!({});
    let rows: Vec<(&str, Value, Value, Tendency)> = vec![
        ("the same", nothing.clone(), nothing.clone(), Tendency::Neither),
        ("the default, said", nothing.clone(), json!({ "capture": { "dom": true } }), Tendency::Neither),
        ("another version", json!({ "version": 1 }), json!({ "version": 2 }), Tendency::Neither),
        ("a stricter preset", nothing.clone(), json!({ "preset": "strict" }), Tendency::Tightens),
        ("a looser preset", json!({ "preset": "strict" }), nothing.clone(), Tendency::Loosens),
        ("a stream off", nothing.clone(), json!({ "capture": { "dom": false } }), Tendency::Tightens),
        ("a stream on", nothing.clone(), json!({ "capture": { "canvas": true } }), Tendency::Loosens),
        ("bodies by shape", nothing.clone(), json!({ "capture": { "networkBodies": "shape" } }), Tendency::Loosens),
        ("fewer pages", nothing.clone(), json!({ "capture": { "startUrls": ["/shop/**"] } }), Tendency::Tightens),
        (
            "more pages",
            json!({ "capture": { "startUrls": ["/a"] } }),
            json!({ "capture": { "startUrls": ["/a", "/b"] } }),
            Tendency::Loosens,
        ),
        (
            "traces to others",
            nothing.clone(),
            json!({ "capture": { "propagateTo": ["https://a.example"] } }),
            Tendency::Loosens,
        ),
        (
            "fewer sessions",
            nothing.clone(),
            json!({ "sampling": { "sessions": { "per10000": 10 } } }),
            Tendency::Tightens,
        ),
        ("more errors", nothing.clone(), json!({ "sampling": { "errors": { "per10000": 10 } } }), Tendency::Loosens),
        ("a larger budget", nothing.clone(), json!({ "budgets": { "cpuMsPerSecond": 100 } }), Tendency::Neither),
        ("a new mask", nothing.clone(), element("mask"), Tendency::Tightens),
        ("a mask gone", element("mask"), nothing.clone(), Tendency::Loosens),
        ("from mask to block", element("mask"), element("block"), Tendency::Tightens),
        ("from ignore to block", element("ignore"), element("block"), Tendency::Loosens),
        ("something allowed", nothing.clone(), element("allow"), Tendency::Loosens),
        ("no longer allowed", element("allow"), nothing.clone(), Tendency::Tightens),
        ("inputs kept", nothing.clone(), json!({ "redaction": { "inputs": "keep" } }), Tendency::Loosens),
        ("a field kept", nothing.clone(), field(json!({ "path": "state.a", "action": "keep" })), Tendency::Loosens),
        ("tokens by the agent", nothing.clone(), tokens("agent", "session"), Tendency::Loosens),
        ("tokens by the server", tokens("agent", "session"), tokens("server", "session"), Tendency::Loosens),
        ("tokens of the tenant", tokens("agent", "session"), tokens("agent", "tenant"), Tendency::Loosens),
        (
            "tokens masked",
            tokens("server", "tenant"),
            field(json!({ "path": "state.user.id", "action": "mask" })),
            Tendency::Tightens,
        ),
        ("tokens gone", tokens("agent", "session"), nothing.clone(), Tendency::Loosens),
        (
            "a detector off",
            nothing.clone(),
            json!({ "redaction": { "detectors": [{ "detector": "email", "action": "keep" }] } }),
            Tendency::Loosens,
        ),
        (
            "a new pattern",
            nothing.clone(),
            json!({ "redaction": { "patterns": [{ "pattern": "E\\d{6}", "name": "e", "action": "mask" }] } }),
            Tendency::Tightens,
        ),
        (
            "a page without recording",
            nothing.clone(),
            json!({ "redaction": { "urls": [{ "pattern": "/hr/**", "record": false }] } }),
            Tendency::Tightens,
        ),
        (
            "its path shown again",
            json!({ "redaction": { "urls": [{ "pattern": "/a/*", "path": "mask" }] } }),
            json!({ "redaction": { "urls": [{ "pattern": "/a/*" }] } }),
            Tendency::Loosens,
        ),
        ("a signal ignored", nothing.clone(), json!({ "optOut": { "gpc": "ignore" } }), Tendency::Loosens),
        ("consent asked", nothing.clone(), json!({ "optOut": { "consent": "always" } }), Tendency::Tightens),
        ("kept longer", nothing.clone(), json!({ "retention": { "deleteAfterDays": 31 } }), Tendency::Loosens),
        ("kept shorter", nothing.clone(), json!({ "retention": { "deleteAfterDays": 29 } }), Tendency::Tightens),
        ("another class", nothing.clone(), json!({ "retention": { "class": "other" } }), Tendency::Loosens),
        ("a longer minimum", minimum(10), minimum(20), Tendency::Loosens),
        ("a shorter minimum", minimum(20), minimum(10), Tendency::Loosens),
        ("bodies shown to viewers", nothing.clone(), json!({ "viewing": { "bodies": false } }), Tendency::Loosens),
        ("a new label", nothing.clone(), label(json!(["/billing/**"])), Tendency::Loosens),
        ("a label for more", label(json!(["/a"])), label(json!(["/a", "/b"])), Tendency::Loosens),
        (
            "something allowable",
            guardrail(nothing.clone()),
            guardrail(json!({ "allowable": { "elements": [".a"] } })),
            Tendency::Loosens,
        ),
        (
            "no longer allowable",
            guardrail(json!({ "allowable": { "elements": [".a"] } })),
            guardrail(nothing.clone()),
            Tendency::Tightens,
        ),
    ];
    for (name, before, after, heard) in rows {
        let diff = diff(&before, &after);
        assert_eq!(diff.needs_second_person(), heard == Tendency::Loosens, "{name}: {diff:#?}");
        assert_eq!(diff.only_tightens(), heard == Tendency::Tightens, "{name}: {diff:#?}");
    }
}

/// A guardrail bounds: what it does not say, it does not bound, and what it says fills what projects do not say.
#[test]
fn what_loosens_a_guardrail() {
    let nothing = json!({});
    let keep = |days: u32| json!({ "retention": { "deleteAfterDays": days } });
    let start = json!({ "capture": { "startUrls": ["/shop/**"] } });
    let mask = json!({ "redaction": { "elements": [{ "selector": ".a", "action": "mask" }] } });
    let rows: [(&str, &Value, &Value, Tendency); 12] = [
        ("a bound as the default", &nothing, &json!({ "capture": { "canvas": false } }), Tendency::Tightens),
        ("a switch on for whoever is silent", &nothing, &json!({ "capture": { "canvas": true } }), Tendency::Loosens),
        ("a strict bound", &nothing, &keep(20), Tendency::Tightens),
        ("a bound above the default", &nothing, &keep(60), Tendency::Loosens),
        ("a bound above the default gone", &keep(60), &nothing, Tendency::Loosens),
        ("a bound below the default gone", &keep(20), &nothing, Tendency::Loosens),
        ("a lower bound", &keep(60), &keep(50), Tendency::Tightens),
        ("fewer pages", &nothing, &start, Tendency::Tightens),
        ("every page again", &start, &nothing, Tendency::Loosens),
        ("a mask", &nothing, &mask, Tendency::Tightens),
        ("a mask gone", &mask, &nothing, Tendency::Loosens),
        ("no preset any more", &json!({ "preset": "standard" }), &nothing, Tendency::Loosens),
    ];
    for (name, before, after, heard) in rows {
        let of = |sections: &Value| {
            let mut sections = sections.clone();
            sections["kind"] = json!("guardrail");
            document_of(&sections)
        };
        let diff = Diff::of(None, &of(before), &of(after));
        assert_eq!(diff.needs_second_person(), heard == Tendency::Loosens, "{name}: {diff:#?}");
        assert_eq!(diff.only_tightens(), heard == Tendency::Tightens, "{name}: {diff:#?}");
    }
}

#[test]
fn a_policy_is_compared_under_its_guardrail_and_without() {
    let keep = |days: u32| document_of(&json!({ "retention": { "deleteAfterDays": days } }));
    let silent = document_of(&json!({}));
    let guardrail = PolicyDocument { kind: crate::privacy::Kind::Guardrail, ..keep(60) };
    // Over the default this tightens from 40 to 30 days; under the guardrail a silent project has 60.
    assert!(Diff::of(None, &keep(40), &silent).only_tightens());
    assert!(Diff::of(Some(&guardrail), &keep(40), &silent).needs_second_person());
    // Nothing holds otherwise yet, but it would as soon as the guardrail allows more.
    assert!(Diff::of(Some(&guardrail), &keep(60), &keep(90)).needs_second_person());
    assert!(Diff::of(Some(&guardrail), &keep(60), &keep(50)).only_tightens());
}

#[test]
fn a_change_is_shown_where_it_was_written() {
    let before = json!({
        "capture": { "console": "errors" },
        "redaction": { "elements": [{ "selector": ".b", "action": "mask" }, { "selector": ".a", "action": "mask" }] },
    });
    let after = json!({
        "preset": "strict",
        "redaction": { "elements": [{ "selector": ".z", "action": "block" }, { "selector": ".a", "action": "ignore" }] },
        "retention": { "deleteAfterDays": 60 },
    });
    insta::assert_json_snapshot!(diff(&before, &after));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_change_is_no_difference(document in document()) {
        prop_assert_eq!(Diff::of(None, &document, &document.normal()), Diff::default());
    }

    /// What tightens one way loosens the other way, unless nobody can tell.
    #[test]
    fn nothing_tightens_both_ways(one in document(), other in document()) {
        let (there, back) = (Diff::of(None, &one, &other), Diff::of(None, &other, &one));
        prop_assert!(!(there.only_tightens() && back.only_tightens()));
        prop_assert_eq!(there.changes().len(), back.changes().len());
    }
}

//! Whole documents: what is read, every mistake with its place, and what holds of layers.

use serde_json::{Value, json};

use crate::privacy::{
    CaptureRules, Detectors, Effective, FieldAction, Findings, Layer, PolicyDocument, Preset, UrlQuery, merge,
};

fn read(value: &Value) -> Result<PolicyDocument, Findings> {
    PolicyDocument::read(value)
}

fn policy(sections: Value) -> PolicyDocument {
    let mut document = sections;
    document["apiVersion"] = json!("sealtape.dev/v1");
    read(&document).expect("is a document")
}

fn guardrail(sections: Value) -> PolicyDocument {
    let mut document = sections;
    document["kind"] = json!("guardrail");
    policy(document)
}

/// What version 1 of every project captures. A change here changes what is captured without anybody publishing anything.
#[test]
fn the_default_captures_what_it_always_did() {
    let rules = CaptureRules::standard();
    assert_eq!(rules.version, 1);
    assert_eq!((rules.inputs, rules.text), (FieldAction::Mask, FieldAction::Keep));
    assert_eq!(rules.url_query, UrlQuery::Names);
    assert_eq!((rules.network_bodies, rules.state), (FieldAction::Drop, FieldAction::Drop));
    assert!(!rules.canvas && !rules.cross_origin_frames);
    assert_eq!(rules.detectors, Detectors { email: true, iban: true });
    let standard = Effective::standard();
    assert_eq!(rules.hash, standard.hash());
    assert_eq!(CaptureRules::not_obeyed(&standard), Vec::<String>::new());
    insta::assert_snapshot!(format!("{}\n{}", standard.canonical_json(), standard.hash()));
}

#[test]
fn the_other_presets() {
    for preset in [Preset::Strict, Preset::Essential] {
        let document = PolicyDocument { preset: Some(preset), ..PolicyDocument::standard() };
        let holds = document.alone();
        insta::assert_json_snapshot!(format!("preset_{}", preset.word()), holds);
        assert_eq!(CaptureRules::of(&holds).text, FieldAction::Mask);
    }
}

#[test]
fn every_mistake_is_said_with_its_place() {
    let findings = read(&json!({
        "apiVersion": "sealtape.dev/v2",
        "kind": "gardrail",
        "version": 0,
        "preset": "lax",
        "colour": "red",
        "capture": {
            "dom": "yes", "consol": "all", "console": "some", "idleMinutes": 1000, "sessionMinutes": 2.5,
            "networkBodies": "full", "startUrls": ["/a", "/a", "b?c", 7], "propagateTo": ["https://a.example/x"],
        },
        "sampling": { "sessions": { "per10000": 10_001, "rules": [
            { "when": {}, "per10000": 1 },
            { "when": { "release": "v1" }, "per10000": 1 },
            { "when": { "release": "v1" }, "per10000": 2 },
            { "per10000": 3 },
        ] } },
        "budgets": { "cpuMsPerSecond": 0, "shed": ["console", "console"] },
        "redaction": {
            "elements": [
                { "selector": "a + b", "action": "mask" },
                { "selector": ".a", "action": "hide" },
                { "selector": ".b" },
                { "action": "mask" },
                { "selector": ".c, .d", "action": "mask" },
                { "selector": ".d,.c", "action": "block" },
                "x",
            ],
            "fields": [
                { "path": "body.x", "action": "mask" },
                { "path": "response.body.x", "action": "mask", "at": "server" },
            ],
            "detectors": [{ "detector": "phone", "action": "mask" }, { "detector": "faces", "action": "mask" }],
            "patterns": [
                { "pattern": "(a+)+", "name": "x", "action": "mask" },
                { "pattern": "EMP-\\d{6}", "name": "Emp", "action": "mask" },
                { "pattern": "X\\d{6}", "name": "emp", "action": "keep" },
            ],
            "urls": [{ "pattern": "https://a.example" }],
        },
        "optOut": { "consent": "by-region" },
        "retention": { "deleteAfterDays": 0, "minimum": { "days": 10 } },
        "viewing": { "elements": [{ "selector": ".a", "action": "allow" }] },
        "allowable": { "settings": ["urlQuery"] },
    }))
    .expect_err("is full of mistakes");
    let lines: Vec<String> = findings.all().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_is_no_object_at_all() {
    for value in [json!(null), json!([]), json!("x"), json!({})] {
        assert!(read(&value).is_err());
    }
}

#[test]
fn long_lists_and_texts_are_refused() {
    let rule = |i: usize| json!({ "selector": format!(".c{i}"), "action": "mask" });
    let many: Vec<Value> = (0..201).map(rule).collect();
    assert!(read(&json!({ "apiVersion": "sealtape.dev/v1", "redaction": { "elements": many } })).is_err());
    let long = json!({ "selector": format!(".{}", "c".repeat(600)), "action": "mask" });
    assert!(read(&json!({ "apiVersion": "sealtape.dev/v1", "redaction": { "elements": [long] } })).is_err());
}

#[test]
fn layers_and_their_conflicts() {
    let tenant = guardrail(json!({
        "capture": { "console": "errors", "networkBodies": "shape", "startUrls": ["/shop/**", "/checkout/**"] },
        "sampling": { "sessions": { "per10000": 1000 } },
        "budgets": { "cpuMsPerSecond": 20 },
        "redaction": {
            "elements": [{ "selector": ".salary", "action": "block" }],
            "detectors": [{ "detector": "iban", "action": "drop" }],
        },
        "retention": { "deleteAfterDays": 14 },
        "allowable": { "elements": [".greeting"], "settings": ["inputs"] },
    }));
    let project = policy(json!({
        "version": 12,
        "capture": { "console": "all", "networkBodies": "off", "startUrls": ["/shop/**", "/blog/**"], "canvas": true },
        "sampling": { "sessions": { "per10000": 100, "rules": [{ "when": { "release": "v2" }, "per10000": 10_000 }] } },
        "budgets": { "cpuMsPerSecond": 80, "longestBlockMs": 10 },
        "redaction": {
            "inputs": "keep",
            "elements": [
                { "selector": ".name", "action": "mask" },
                { "selector": ".greeting", "action": "allow" },
                { "selector": ".footer", "action": "allow" },
                { "selector": ".salary", "action": "mask" },
                { "selector": "input[type=password i]", "action": "allow" },
            ],
            "fields": [
                { "path": "response.body.token", "action": "keep" },
                { "path": "response.body.name", "action": "keep" },
                { "path": "request.headers.Cookie", "action": "mask" },
            ],
            "detectors": [{ "detector": "email", "action": "keep" }, { "detector": "payment-card", "action": "keep" }],
        },
        "optOut": { "gpc": "ignore", "doNotRecordList": false },
        "retention": { "deleteAfterDays": 90 },
    }));
    let page = policy(json!({ "redaction": { "text": "mask", "inputs": "keep" }, "capture": { "canvas": false } }));
    let merged = merge(&[(Layer::Policy, &project), (Layer::Page, &page), (Layer::Guardrail, &tenant)]);
    insta::assert_json_snapshot!("conflicts", merged.conflicts);
    insta::assert_json_snapshot!("effective", merged.effective);
}

#[test]
fn a_keep_that_the_guardrail_lists_beats_the_default_and_nothing_else() {
    let lists = guardrail(json!({ "allowable": { "settings": ["text"], "detectors": ["email"] } }));
    let keeps = policy(json!({
        "preset": "strict",
        "redaction": { "text": "keep", "detectors": [{ "detector": "email", "action": "keep" }] },
    }));
    let holds = |layers: &[(Layer, &PolicyDocument)]| CaptureRules::of(&merge(layers).effective);
    let rules = holds(&[(Layer::Guardrail, &lists), (Layer::Policy, &keeps)]);
    assert_eq!((rules.text, rules.detectors.email), (FieldAction::Keep, false));
    let rules = holds(&[(Layer::Policy, &keeps)]);
    assert_eq!((rules.text, rules.detectors.email), (FieldAction::Mask, true));
    // What a project itself lists as allowable is not.
    let mut own = keeps.clone();
    own.allowable = lists.allowable.clone();
    assert_eq!(holds(&[(Layer::Policy, &own)]).text, FieldAction::Mask);
    assert!(own.alone().policy.allowable.settings.0.is_empty());
    let masks = policy(json!({ "redaction": { "text": "mask" } }));
    let rules = holds(&[(Layer::Guardrail, &lists), (Layer::Policy, &keeps), (Layer::Page, &masks)]);
    assert_eq!(rules.text, FieldAction::Mask);
}

#[test]
fn to_say_less_in_a_list_that_is_joined_is_no_conflict() {
    let tenant = guardrail(json!({
        "optOut": { "consentIn": ["DE"] },
        "redaction": { "elements": [{ "selector": ".a", "action": "mask" }] },
        "access": { "labels": [{ "label": "billing", "urls": ["/billing/**"] }] },
        "sampling": { "sessions": { "per10000": 1000, "rules": [{ "when": { "release": "v2" }, "per10000": 500 }] } },
    }));
    let project = policy(json!({
        "optOut": { "consentIn": ["FR"] },
        "redaction": { "elements": [{ "selector": ".b", "action": "mask" }] },
        "access": { "labels": [{ "label": "billing", "urls": ["/invoices/**"] }] },
        "sampling": { "sessions": { "per10000": 100 } },
    }));
    let merged = merge(&[(Layer::Guardrail, &tenant), (Layer::Policy, &project)]);
    assert_eq!(merged.conflicts, []);
    assert_eq!(serde_json::to_value(&merged.effective.policy.opt_out.consent_in).expect("writes"), json!(["DE", "FR"]));
}

#[test]
fn a_conflict_names_the_nearest_layer_that_is_stricter() {
    let stream = |console: &str| json!({ "capture": { "console": console } });
    let (tenant, project, page) = (guardrail(stream("errors")), policy(stream("all")), policy(stream("warnings")));
    let merged = merge(&[(Layer::Guardrail, &tenant), (Layer::Policy, &project), (Layer::Page, &page)]);
    let against: Vec<_> = merged.conflicts.iter().map(|conflict| (conflict.layer, conflict.by)).collect();
    assert_eq!(against, [(Layer::Policy, Some(Layer::Guardrail)), (Layer::Page, Some(Layer::Guardrail))]);
}

#[test]
fn the_law_keeps_what_a_project_wants_deleted() {
    let tenant = guardrail(json!({ "retention": { "minimum": { "days": 60, "basis": "tax-law" } } }));
    let project = policy(json!({ "retention": { "deleteAfterDays": 20 } }));
    let merged = merge(&[(Layer::Guardrail, &tenant), (Layer::Policy, &project)]);
    insta::assert_json_snapshot!("below_the_minimum", merged.conflicts);
    assert_eq!(merged.effective.policy.retention.delete_after_days.0, 20);
}

#[test]
fn the_strictest_preset_that_a_layer_names_fills_the_rest() {
    let tenant = guardrail(json!({ "preset": "strict" }));
    let project = policy(json!({ "preset": "standard" }));
    let merged = merge(&[(Layer::Guardrail, &tenant), (Layer::Policy, &project)]);
    assert_eq!(merged.effective.policy.preset, Preset::Strict);
    assert_eq!(CaptureRules::of(&merged.effective).text, FieldAction::Mask);
    assert_eq!(merged.conflicts.len(), 1);
}

#[test]
fn a_hash_names_a_document_and_another_one_what_holds() {
    let one = policy(json!({ "version": 3, "capture": { "canvas": true } }));
    assert_ne!(one.hash(), PolicyDocument { version: Some(4), ..one.clone() }.hash());
    assert_ne!(one.alone().hash(), PolicyDocument::standard().alone().hash());
    // The same thing said in another way is another document, and holds the same.
    let said = policy(json!({ "version": 3, "capture": { "canvas": true, "dom": true } }));
    assert_ne!(one.hash(), said.hash());
    assert_eq!(one.alone().hash(), said.alone().hash());
    let stricter = guardrail(json!({ "capture": { "canvas": false } }));
    assert_ne!(merge(&[(Layer::Guardrail, &stricter), (Layer::Policy, &one)]).effective.hash(), one.alone().hash());
}

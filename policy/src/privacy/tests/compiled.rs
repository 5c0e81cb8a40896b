//! What agent and server get.

use serde_json::{Value, json};

use crate::privacy::{
    CaptureConfig, CaptureRules, Effective, FieldAction, PolicyDocument, UrlQuery, sends_clear_values,
};

fn holds(sections: &Value) -> Effective {
    let mut document = sections.clone();
    document["apiVersion"] = json!("sealtape.dev/v1");
    PolicyDocument::read(&document).unwrap_or_else(|findings| panic!("{findings:#?}")).alone()
}

#[test]
fn the_default_as_an_agent_gets_it() {
    insta::assert_json_snapshot!(CaptureConfig::of(&Effective::standard()));
}

fn everything() -> Effective {
    holds(&json!({
        "version": 9,
        "capture": { "networkBodies": "full", "bodyUrls": ["/api/**"], "networkHeaders": true, "state": "shape", "dom": false },
        "redaction": {
            "elements": [{ "selector": ".salary", "action": "block" }],
            "fields": [
                { "path": "state.user.id", "action": "tokenise" },
                { "path": "response.body.mail", "action": "tokenise", "at": "server" },
                { "path": "request.headers.x-tenant", "action": "drop" },
            ],
            "detectors": [{ "detector": "email", "action": "tokenise" }],
            "patterns": [{ "pattern": "\\bEMP-\\d{6}\\b", "name": "employee", "action": "mask" }],
            "urls": [{ "pattern": "/customers/*", "query": "remove", "path": "mask" }, { "pattern": "/hr/**", "record": false }],
        },
        "viewing": { "console": false },
        "access": { "labels": [{ "label": "billing", "urls": ["/billing/**"] }] },
    }))
}

#[test]
fn a_config_says_what_the_agent_must_do_and_nothing_else() {
    let config = serde_json::to_value(CaptureConfig::of(&everything())).expect("writes");
    insta::assert_json_snapshot!(config["rules"]);
    let names: Vec<&String> = config.as_object().expect("an object").keys().collect();
    assert_eq!(
        names,
        ["budgets", "capture", "form", "min_agent", "opt_out", "policy_hash", "rules", "sampling", "version"]
    );
    assert!(!config.to_string().contains("billing"));
}

#[test]
fn the_second_pass_takes_the_stricter_side_of_what_it_cannot_tell_apart() {
    let holds = everything();
    let rules = CaptureRules::of(&holds);
    assert_eq!((rules.network_bodies, rules.state), (FieldAction::Mask, FieldAction::Mask));
    assert_eq!(rules.url_query, UrlQuery::Remove);
    assert!(rules.detectors.email);
    assert_eq!((rules.version, rules.hash), (9, holds.hash()));
    let places = [
        "/capture/dom",
        "/redaction/detectors",
        "/redaction/elements",
        "/redaction/fields",
        "/redaction/patterns",
        "/redaction/urls",
    ];
    assert_eq!(CaptureRules::not_obeyed(&holds), places);
    assert!(sends_clear_values(&holds) && !sends_clear_values(&Effective::standard()));
}

#[test]
fn headers_and_state_are_one_switch_in_the_second_pass_and_it_takes_the_stricter() {
    for (state, headers, wanted) in [
        ("off", true, FieldAction::Drop),
        ("full", false, FieldAction::Drop),
        ("full", true, FieldAction::Keep),
        ("shape", true, FieldAction::Mask),
    ] {
        let holds = holds(&json!({ "capture": { "state": state, "networkHeaders": headers } }));
        assert_eq!(CaptureRules::of(&holds).state, wanted, "{state} {headers}");
    }
}

//! Documents at random, made from the published schema: a new setting is in them without anybody adding it here.

use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value};

use crate::privacy::{PolicyDocument, schema};

/// A document that says some of everything. Not checked for contradictions, which merging must survive as well.
pub(super) fn document() -> BoxedStrategy<PolicyDocument> {
    let properties = schema()["properties"].as_object().expect("has properties").clone();
    let members: Vec<(String, Value)> = properties
        .into_iter()
        .filter(|(name, _)| !matches!(name.as_str(), "apiVersion" | "kind" | "version"))
        .collect();
    object(members, &[])
        .prop_map(|mut document| {
            document["apiVersion"] = "sealtape.dev/v1".into();
            serde_json::from_value(document).expect("what the schema describes is a document")
        })
        .boxed()
}

fn object(members: Vec<(String, Value)>, required: &[&str]) -> BoxedStrategy<Value> {
    let start = Just(Map::new()).boxed();
    members
        .into_iter()
        .fold(start, |object, (name, schema)| {
            // Half of what may be absent is.
            let some = if required.contains(&name.as_str()) {
                value(&schema).prop_map(Some).boxed()
            } else {
                proptest::option::of(value(&schema)).boxed()
            };
            (object, some)
                .prop_map(move |(mut object, value)| {
                    object.extend(value.map(|value| (name.clone(), value)));
                    object
                })
                .boxed()
        })
        .prop_map(Value::Object)
        .boxed()
}

fn value(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(gate) = schema["x-gate"].as_str() {
        return prop::sample::select(samples(gate)).prop_map(Value::from).boxed();
    }
    if let Some(words) = schema["oneOf"].as_array() {
        let words: Vec<Value> = words.iter().map(|word| word["const"].clone()).collect();
        return prop::sample::select(words).boxed();
    }
    match schema["type"].as_str().expect("has a type") {
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => {
            let limit = |name: &str| schema[name].as_u64().expect("has limits");
            // Few values, so that two documents meet.
            let (least, most) = (limit("minimum"), limit("maximum"));
            prop::sample::select(vec![least, least + 1, u64::midpoint(least, most), most]).prop_map(Value::from).boxed()
        }
        "array" => {
            let items = value(&schema["items"]);
            let unique = schema["uniqueItems"].as_bool().unwrap_or(false);
            vec(items, 0..5)
                .prop_map(move |mut items| {
                    if unique {
                        items.sort_by_key(ToString::to_string);
                        items.dedup();
                    }
                    Value::Array(items)
                })
                .boxed()
        }
        "object" => {
            let members = schema["properties"].as_object().expect("has properties").clone().into_iter().collect();
            let required: Vec<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let rule = object(members, &required);
            let least = usize::try_from(schema["minProperties"].as_u64().unwrap_or(0)).expect("a small number");
            let defaults = defaults(schema);
            rule.prop_map(move |rule| {
                let mut rule = rule;
                let members = rule.as_object_mut().expect("is an object");
                if members.len() < least {
                    members.insert("release".to_owned(), "v1".into());
                }
                for (name, default) in &defaults {
                    members.entry(name.clone()).or_insert_with(|| default.clone());
                }
                rule
            })
            .boxed()
        }
        other => panic!("no documents are made of {other}: say how"),
    }
}

/// What is filled in when a rule is read.
fn defaults(schema: &Value) -> Vec<(String, Value)> {
    let properties = schema["properties"].as_object().expect("has properties");
    properties
        .iter()
        .filter_map(|(name, schema)| schema.get("default").map(|default| (name.clone(), default.clone())))
        .collect()
}

/// Canonical texts that a gate lets through. Few, so that two documents meet.
pub(super) fn samples(gate: &str) -> Vec<&'static str> {
    match gate {
        "Selector" => vec![".salary", "#iban", "form .name, form .street", "input[type=\"password\" i]"],
        "FieldPath" => vec!["request.headers.x-trace", "response.body.user.email", "state.user.password", "console.*"],
        "UrlPattern" => vec!["/**", "/checkout/**", "https://*.example.com/orders/*"],
        "Pattern" => vec!["EMP-\\d{6}", "\\bK[0-9]{4,8}\\b"],
        "Detector" => vec!["email", "iban", "payment-card"],
        "Origin" => vec!["https://api.example.com", "http://localhost:3000"],
        "Country" => vec!["DE", "FR", "EEA"],
        "Word" => vec!["alpha", "beta", "none"],
        "Release" => vec!["v1", "v2"],
        "TraitIs" => vec!["plan=free", "plan=enterprise"],
        "Liftable" => vec!["inputs", "text"],
        other => panic!("nobody knows samples of {other}: add some"),
    }
}

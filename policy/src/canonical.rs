//! One text per document, so that a hash names it.

use serde::Serialize;
use serde_json::Value;

/// The document with sorted names and no white space.
pub(crate) fn canonical_json(document: &impl Serialize) -> String {
    let mut out = String::new();
    // Plain structs of numbers, strings, lists and booleans: turning them into a value cannot fail.
    write(&serde_json::to_value(document).unwrap_or(Value::Null), &mut out);
    out
}

/// Appends `value` in canonical form. Sorting here, not relying on the map type, keeps the hash the same whichever
/// features of `serde_json` other crates switch on.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort_unstable();
            out.push('{');
            for (i, name) in names.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                write(&map[name], out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

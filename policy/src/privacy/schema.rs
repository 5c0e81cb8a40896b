//! The published JSON Schema and the table of settings, both made from the declarations.

use serde_json::{Map, Value, json};

use super::{PolicyDocument, document::own_schemas};

/// The JSON Schema (2020-12) of a document. `x-strictness` of a setting is its order: words from the loosest to the
/// strictest, or which of two values is the stricter.
///
/// It describes the form. What the rule gate refuses inside a text, and settings that contradict each other, only
/// [`PolicyDocument::read`] says.
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    for (name, schema) in own_schemas().into_iter().chain(PolicyDocument::section_schemas()) {
        properties.insert(name.to_owned(), schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://sealtape.dev/schemas/policy.v1.json",
        "title": "Sealtape privacy policy",
        "description": "A layer: every setting may be absent. Of all layers the strictest value holds.",
        "type": "object",
        "properties": properties,
        "required": ["apiVersion"],
        "additionalProperties": false,
    })
}

/// The table of settings, as Markdown.
#[must_use]
pub fn settings_table() -> String {
    let mut out = String::from("| setting | what it says | order, loosest first |\n| --- | --- | --- |\n");
    for line in PolicyDocument::describe() {
        let row = [&*line.path, &*line.about, &*line.strictness.words()].map(|cell| cell.replace('|', "\\|"));
        out.push_str("| `");
        out.push_str(&row[0]);
        out.push_str("` | ");
        out.push_str(&row[1]);
        out.push_str(" | ");
        out.push_str(&row[2]);
        out.push_str(" |\n");
    }
    out
}

//! `allowable`: what projects may lift of the default. Only a guardrail says it.

use super::super::{
    gate::{FieldPath, Refusal, Selector, key},
    macros::section,
    orders::Fewer,
};
use super::redaction::Detector;

key! {
    /// A setting of `redaction` that a project may set to `keep`.
    pub struct Liftable; most 40; liftable
}

fn liftable(text: &str) -> Result<String, Refusal> {
    match text {
        "inputs" | "text" => Ok(text.to_owned()),
        _ => Err(Refusal::new("no project can lift such a setting", "write `inputs` or `text`")),
    }
}

section! {
    /// What projects may lift of the default by `allow` and `keep`. Compared by canonical text: a selector or path that is
    /// not in the list is not allowable, even where it means less than one that is.
    Allowable, FullAllowable {
        /// Selectors that `redaction.elements` may `allow`.
        "elements" => elements: Fewer<Selector>,
        /// Paths that `redaction.fields` may `keep`.
        "fields" => fields: Fewer<FieldPath>,
        /// Detectors that `redaction.detectors` may switch off.
        "detectors" => detectors: Fewer<Detector>,
        /// Settings of `redaction` that may be `keep` where the default is stricter.
        "settings" => settings: Fewer<Liftable>,
    }
}

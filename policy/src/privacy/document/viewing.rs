//! `viewing`: what a viewer without the right to see everything sees masked.

use super::super::{
    ElementAction, FindingCode, Findings, Pointer,
    macros::section,
    orders::{Required, Rules},
};
use super::redaction::{DataAction, ElementRule, FieldRule};

section! {
    /// What a viewer without `session.view-unmasked` sees masked, beyond what was hidden at capture.
    Viewing, FullViewing {
        /// Tokens, which stand for values.
        "tokens" => tokens: Required,
        /// What the console printed.
        "console" => console: Required,
        /// Bodies of requests and answers.
        "bodies" => bodies: Required,
        /// Elements that the page marks by `data-sealtape="sensitive"`.
        "sensitive" => sensitive: Required,
        /// More elements.
        "elements" => elements: Rules<ElementRule>,
        /// More parts of payloads.
        "fields" => fields: Rules<FieldRule>,
    }
}

impl Viewing {
    pub(super) fn check(&self, at: &Pointer, findings: &mut Findings) {
        let mut refuse = |list: &str, i: usize| {
            let what = "when a recording is watched, rules only hide";
            let at = at.member(list).item(i).member("action");
            findings.say(&at, FindingCode::Contradiction, what, "write an action that hides, or remove the rule");
        };
        for (i, rule) in self.elements.iter().flat_map(|list| list.0.iter().enumerate()) {
            if rule.action == ElementAction::Allow {
                refuse("elements", i);
            }
        }
        for (i, rule) in self.fields.iter().flat_map(|list| list.0.iter().enumerate()) {
            if rule.action <= DataAction::Tokenise {
                refuse("fields", i);
            }
        }
    }
}

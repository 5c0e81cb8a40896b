//! Payloads: console lines, and anything whose type the registry does not know.

use policy::privacy::{FieldAction, floor};

use crate::{Rule, detect::Reading, pass::Pass, scan::Kind, url::Fragment};

/// Keys that type nothing.
const NAMED_KEYS: [&str; 22] = [
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "Delete",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "Shift",
    "Control",
    "Alt",
    "Meta",
    "CapsLock",
    "Insert",
    "ContextMenu",
    "Process",
    "Dead",
];

/// Normalised names of members that hold URLs.
const URL_NAMES: [&str; 12] = [
    "url",
    "uri",
    "href",
    "src",
    "referrer",
    "referer",
    "location",
    "link",
    "origin",
    "baseurl",
    "requesturl",
    "documenturl",
];

impl Pass<'_> {
    /// A payload of any shape. `typed`: nothing is known about it, so members named like typed text are masked.
    pub(crate) fn payload(&mut self, at: usize, typed: bool) {
        self.leaf(at, "", typed);
    }

    /// A value under `name` (normalised; array elements have the name of their array).
    fn leaf(&mut self, at: usize, name: &str, typed: bool) {
        match self.view.kind(at) {
            Kind::Object => {
                for (name, value) in self.view.members(at) {
                    let text = self.view.text(name).into_owned();
                    self.name(name);
                    self.member(value, &text, typed);
                }
            }
            Kind::Array => {
                for element in self.view.elements(at) {
                    self.leaf(element, name, typed);
                }
            }
            Kind::Number if typed && floor::is_typed_name(name) => {
                self.hide(at, Rule::Payload);
            }
            Kind::Number => self.number(at),
            Kind::String if typed && floor::is_typed_name(name) => {
                if !is_named_key(&self.view.text(at)) {
                    self.hide(at, Rule::Payload);
                }
            }
            Kind::String if URL_NAMES.contains(&name) => {
                self.url(at, Fragment::Place);
            }
            Kind::String => self.scan(at, Reading::Log),
            Kind::Literal | Kind::Name => {}
        }
    }

    /// A member, by its name as written.
    pub(crate) fn member(&mut self, value: usize, name: &str, typed: bool) {
        if self.view.kind(value) == Kind::Literal {
            return;
        }
        if floor::is_body_name(name) && self.rules.network_bodies > FieldAction::Keep {
            self.drop_value(value, Rule::Body);
        } else if floor::is_state_name(name) && self.rules.state > FieldAction::Keep {
            self.drop_value(value, Rule::State);
        } else if floor::is_secret_name(name) {
            self.drop_value(value, Rule::Secret);
        } else {
            self.leaf(value, &floor::normalise(name), typed);
        }
    }

    /// Takes a value away with all below it, keeping its shape: `{}`, `[]` or the mask.
    fn drop_value(&mut self, at: usize, rule: Rule) {
        let token = self.view.tokens[at];
        let empty = match token.kind {
            Kind::Object => "{}",
            Kind::Array => "[]",
            _ => {
                self.hide(at, rule);
                return;
            }
        };
        if token.next as usize > at + 1 {
            self.edits.set_value(token, empty);
            self.tally.findings.add(rule);
        }
    }

    /// A number that is a card number is one.
    pub(crate) fn number(&mut self, at: usize) {
        let raw = self.view.raw(at);
        if raw.len() < 13 || self.view.kind(at) != Kind::Number {
            return;
        }
        let text = String::from_utf8_lossy(raw);
        if !crate::detect::hits(&text, &[], Reading::Structure, self.rules).is_empty() {
            self.hide(at, Rule::Card);
        }
    }

    /// A console line of rrweb's plugin or of its old log source: `{level, trace, payload}`.
    pub(crate) fn console(&mut self, data: usize) {
        self.tally.facts.console = self.tally.facts.console.saturating_add(1);
        for (name, value) in self.view.members(data) {
            let text = self.view.text(name).into_owned();
            match text.as_str() {
                "level" | "trace" | "payload" => self.logs(value),
                _ => {
                    self.name(name);
                    self.member(value, &text, true);
                }
            }
        }
    }

    /// Every string below is text of a log.
    pub(crate) fn logs(&mut self, at: usize) {
        self.leaf(at, "", false);
    }
}

/// Whether a key's name types nothing (`Enter`, `F5`) or tells nothing (empty).
fn is_named_key(key: &str) -> bool {
    let function =
        key.strip_prefix('F').is_some_and(|n| !n.is_empty() && n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()));
    key.is_empty() || function || NAMED_KEYS.contains(&key)
}

/// As [`is_named_key`], for the registry.
pub(crate) fn types_nothing(key: &str) -> bool {
    is_named_key(key)
}

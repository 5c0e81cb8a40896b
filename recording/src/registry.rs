//! The event types that we define: names, versions, and what each field is.
//!
//! A field's kind says both what is valid and what happens to it, so that a type cannot be added without saying which
//! of its fields are personal. New optional fields are compatible: they are read as unknown payload until they are
//! listed here.

use crate::{Gap, GapReason, Rule, detect::Reading, pass::Pass, payload, scan::Kind, url::Fragment};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// A short machine name: letters, digits, `_ . : / -`.
    Id,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number.
    Number,
    /// Text of the page; personal.
    Text,
    /// Text of a program; personal.
    Log,
    /// A list of such texts.
    Logs,
    /// A URL; personal.
    Url,
    /// A key of the keyboard; personal.
    Key,
    /// The shape of a value (`Aaaa 99`), never the value.
    Shape,
    /// Ranked selectors `{by, value}`; personal.
    Selectors,
    /// A list of machine names.
    Ids,
    /// Anything; personal.
    Any,
}

/// One version of one type.
pub(crate) struct Type {
    /// Name with version.
    pub(crate) name: &'static str,
    fields: &'static [(&'static str, Field, bool)],
}

const ACTIONS: &[&str] = &[
    "click",
    "key",
    "input",
    "drag",
    "drop",
    "select",
    "scroll",
    "navigate",
    "file",
    "dialog-opened",
    "dialog-accepted",
    "dialog-dismissed",
];
const LEVELS: &[&str] = &["log", "info", "warn", "error", "debug", "trace", "assert"];

/// Built-in types. The third part of a field: whether it must be there.
pub(crate) const TYPES: &[Type] = &[
    Type {
        name: "sealtape/action@1",
        fields: &[
            ("id", Field::Id, true),
            ("kind", Field::Word(ACTIONS), true),
            ("node", Field::Number, false),
            ("selectors", Field::Selectors, false),
            ("name", Field::Text, false),
            ("value_class", Field::Shape, false),
            ("before", Field::Id, false),
            ("after", Field::Id, false),
            ("requests", Field::Ids, false),
            ("trace_id", Field::Id, false),
            ("x", Field::Number, false),
            ("y", Field::Number, false),
            ("key", Field::Key, false),
        ],
    },
    Type {
        name: "sealtape/network@1",
        fields: &[
            ("id", Field::Id, true),
            ("initiator", Field::Word(&["fetch", "xhr", "beacon"]), false),
            ("method", Field::Id, true),
            ("url", Field::Url, true),
            ("status", Field::Number, false),
            ("start_ms", Field::Number, true),
            ("end_ms", Field::Number, false),
            ("request_bytes", Field::Number, false),
            ("response_bytes", Field::Number, false),
            ("error", Field::Log, false),
            ("trace_id", Field::Id, false),
            ("action", Field::Id, false),
        ],
    },
    Type {
        name: "sealtape/console@1",
        fields: &[("level", Field::Word(LEVELS), true), ("args", Field::Logs, true), ("trace", Field::Logs, false)],
    },
    Type {
        name: "sealtape/error@1",
        fields: &[
            ("kind", Field::Word(&["error", "rejection", "resource"]), true),
            ("name", Field::Log, false),
            ("message", Field::Log, true),
            ("stack", Field::Log, false),
            ("source", Field::Url, false),
            ("line", Field::Number, false),
            ("col", Field::Number, false),
            ("fingerprint", Field::Id, false),
        ],
    },
    Type {
        name: "sealtape/nav@1",
        fields: &[
            ("kind", Field::Word(&["load", "push", "replace", "pop", "hash", "hide", "show"]), true),
            ("url", Field::Url, true),
            ("title", Field::Text, false),
        ],
    },
    Type {
        name: "sealtape/gap@1",
        fields: &[
            ("from_ms", Field::Number, true),
            ("to_ms", Field::Number, true),
            (
                "reason",
                Field::Word(&[
                    "event-too-large",
                    "session-limit",
                    "upload-refused",
                    "offline-overflow",
                    "shed",
                    "paused",
                ]),
                true,
            ),
            ("detail", Field::Log, false),
        ],
    },
    Type { name: "sealtape/event@1", fields: &[("name", Field::Log, true), ("data", Field::Any, false)] },
];

/// Redacted strings of a payload that facts are made of.
#[derive(Default)]
struct Seen {
    url: String,
    title: Option<String>,
    message: String,
    name: String,
    stack: String,
    detail: Option<String>,
    fingerprint: String,
}

impl Pass<'_> {
    /// A payload of a built-in type: checked against its schema and redacted field by field.
    pub(crate) fn registered(&mut self, kind: &'static Type, at: usize) {
        let view = self.view;
        if view.kind(at) != Kind::Object {
            self.tally.findings.add(Rule::InvalidPayload);
            self.hide_strings(at, Rule::InvalidPayload);
            return;
        }
        let mut valid = kind.fields.iter().all(|(name, _, required)| !required || view.get(at, name).is_some());
        let mut seen = Seen::default();
        for (name, value) in view.members(at) {
            let known = kind.fields.iter().find(|(known, ..)| view.is_name(name, known));
            let Some((known, field, _)) = known else {
                let text = view.text(name).into_owned();
                self.name(name);
                self.member(value, &text, true);
                continue;
            };
            if view.raw(value) == b"null" && view.kind(value) == Kind::Literal {
                continue;
            }
            let node = if kind.name == "sealtape/action@1" { Some(at) } else { None };
            valid &= self.field(*field, value, node);
            self.remember(known, value, &mut seen);
        }
        if !valid {
            self.tally.findings.add(Rule::InvalidPayload);
            self.tally.repaired = true;
        }
        self.facts(kind.name, at, seen);
    }

    /// One field; says whether it is valid. What is not is hidden. `action`: the action that the field belongs to.
    fn field(&mut self, field: Field, at: usize, action: Option<usize>) -> bool {
        let kind = self.view.kind(at);
        let fits = match field {
            Field::Number => kind == Kind::Number,
            Field::Id => kind == Kind::Number || (kind == Kind::String && is_machine_name(self.view.raw(at))),
            Field::Word(words) => kind == Kind::String && words.iter().any(|word| self.view.raw(at) == word.as_bytes()),
            Field::Ids => {
                kind == Kind::Array
                    && self
                        .view
                        .elements(at)
                        .all(|id| self.view.kind(id) == Kind::Number || is_machine_name(self.view.raw(id)))
            }
            Field::Logs | Field::Selectors => kind == Kind::Array,
            Field::Text | Field::Log | Field::Url | Field::Key | Field::Shape => kind == Kind::String,
            Field::Any => true,
        };
        if !fits {
            self.hide(at, Rule::InvalidPayload);
            return false;
        }
        match field {
            Field::Number => self.number(at),
            Field::Word(_) => {}
            Field::Id => self.scan(at, Reading::Page),
            Field::Ids | Field::Log | Field::Logs => self.logs(at),
            Field::Any => self.payload(at, false),
            Field::Url => {
                self.url(at, Fragment::Place);
            }
            Field::Key => {
                if !payload::types_nothing(&self.view.text(at)) {
                    self.hide(at, Rule::Payload);
                }
            }
            Field::Shape => self.shape(at),
            Field::Text => match action.and_then(|action| self.action_rule(action)) {
                Some(rule) => {
                    self.hide(at, rule);
                }
                None => self.scan(at, Reading::Page),
            },
            Field::Selectors => self.selectors(at, action),
        }
        true
    }

    /// Why the text around an action is hidden, by the node that it was done to.
    fn action_rule(&mut self, action: usize) -> Option<Rule> {
        let id = self.view.get(action, "node").and_then(|at| self.view.id(at))?;
        let context = self.state.inside(id);
        let typed = context.typed && self.state.get(id).is_some_and(|node| !node.tag.takes_input());
        self.hidden(context).or(typed.then_some(Rule::TypedText))
    }

    /// `[{by, value}]`: a selector by attribute can quote a value.
    fn selectors(&mut self, at: usize, action: Option<usize>) {
        let view = self.view;
        let rule = action.and_then(|action| self.action_rule(action));
        for selector in view.elements(at) {
            self.hide_others(selector, &["by", "value"]);
            if let Some(by) = view.get(selector, "by").filter(|by| !is_machine_name(view.raw(*by))) {
                self.hide_strings(by, Rule::InvalidPayload);
            }
            let Some(value) = view.get(selector, "value") else { continue };
            let quotes = view.string(value).is_some_and(|text| text.to_ascii_lowercase().contains("[value"));
            let css = view.get(selector, "by").is_some_and(|by| matches!(view.raw(by), b"css" | b"test-id"));
            match rule.filter(|_| !css) {
                Some(rule) => {
                    self.hide(value, rule);
                }
                None if quotes => {
                    self.hide(value, Rule::Input);
                }
                None => {
                    self.read(value, Reading::Page);
                }
            }
        }
    }

    /// Makes sure that a shape is one: letters become `A` or `a`, digits `9`, at most 32 characters.
    fn shape(&mut self, at: usize) {
        let text = self.view.text(at);
        let shape: String = text
            .chars()
            .take(32)
            .map(|c| match c {
                c if c.is_numeric() => '9',
                c if c.is_uppercase() => 'A',
                c if c.is_alphabetic() => 'a',
                c => c,
            })
            .collect();
        if shape != text {
            self.edits.set_text(self.view.tokens[at], &shape);
            self.tally.findings.add(Rule::Input);
        }
    }

    /// Reads a field again, redacted, when a fact is made of it. Nothing is counted twice.
    fn remember(&mut self, name: &str, at: usize, seen: &mut Seen) {
        let Some(text) = self.view.string(at) else { return };
        let mut uncounted = crate::Findings::default();
        let log = |findings: &mut _| crate::detect::clean(&text, Reading::Log, self.rules, findings).into_owned();
        match name {
            "url" => seen.url = crate::url::clean(&text, Fragment::Place, self.rules, &mut uncounted).into_owned(),
            "title" => {
                seen.title = Some(crate::detect::clean(&text, Reading::Page, self.rules, &mut uncounted).into_owned());
            }
            "message" => seen.message = log(&mut uncounted),
            "name" => seen.name = log(&mut uncounted),
            "stack" => seen.stack = log(&mut uncounted),
            "detail" => seen.detail = Some(log(&mut uncounted)),
            "fingerprint" => seen.fingerprint = text.into_owned(),
            _ => {}
        }
    }

    fn facts(&mut self, kind: &str, at: usize, seen: Seen) {
        let facts = &mut self.tally.facts;
        match kind {
            "sealtape/action@1" => facts.actions = facts.actions.saturating_add(1),
            "sealtape/network@1" => facts.requests = facts.requests.saturating_add(1),
            "sealtape/console@1" => facts.console = facts.console.saturating_add(1),
            "sealtape/error@1" => {
                let given = (8..=64).contains(&seen.fingerprint.len())
                    && seen.fingerprint.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                let print = if given { seen.fingerprint } else { fingerprint(&seen.name, &seen.message, &seen.stack) };
                facts.error(print);
            }
            "sealtape/nav@1" if !seen.url.is_empty() => facts.page(self.time_ms, seen.url, seen.title),
            "sealtape/gap@1" => {
                let time =
                    |name: &str| self.view.get(at, name).and_then(|at| self.view.integer(at)).filter(|ms| *ms >= 0);
                let reason = self
                    .view
                    .get(at, "reason")
                    .map_or(GapReason::Other, |at| GapReason::from_name(&self.view.text(at)));
                let from_ms = time("from_ms").unwrap_or(self.time_ms);
                let to_ms = time("to_ms").unwrap_or(self.time_ms).max(from_ms);
                self.tally.gaps.push(Gap { from_ms, to_ms, reason, detail: seen.detail });
            }
            _ => {}
        }
    }
}

/// Names errors that are the same but for their numbers and quoted parts: 16 hexadecimal digits.
pub(crate) fn fingerprint(name: &str, message: &str, stack: &str) -> String {
    use sha2::Digest as _;
    let mut plain = String::new();
    let mut quoted = None;
    for character in message.chars().take(1_000) {
        match (quoted, character) {
            (Some(quote), c) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quoted = Some(character),
            (None, c) if c.is_numeric() => {}
            (None, c) => plain.push(c),
        }
    }
    let frame = stack.lines().find(|line| line.trim_start().starts_with("at ") || line.contains('@')).unwrap_or("");
    let digest = sha2::Sha256::digest(format!("{name}\n{plain}\n{}", frame.trim()));
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

/// Letters, digits and a few signs, at most 128.
fn is_machine_name(raw: &[u8]) -> bool {
    raw.len() <= 128 && raw.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'/' | b'-'))
}

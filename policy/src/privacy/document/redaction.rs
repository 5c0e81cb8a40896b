//! `redaction`: what is hidden beyond the floor.

use super::super::{
    ElementAction, FindingCode, Findings, Pointer, UrlQuery,
    gate::{FieldPath, Pattern, Refusal, Selector, UrlPattern, Word, key},
    macros::{rule, section},
    orders::{Captured, Rules, Set, ordered},
};

ordered! {
    /// What happens to the text of the page.
    pub enum TextAction {
        /// Kept, apart from what floor and detectors take.
        Keep = "keep",
        /// Becomes a mask of fixed length.
        Mask = "mask",
    }
}

ordered! {
    /// What happens to what people type and choose.
    pub enum InputAction {
        /// Kept, apart from what floor and detectors take.
        Keep = "keep",
        /// Becomes a mask of fixed length.
        Mask = "mask",
        /// Not recorded.
        Drop = "drop",
    }
}

ordered! {
    /// What happens to a value.
    pub enum DataAction {
        /// Kept, apart from what the floor takes.
        Keep = "keep",
        /// Becomes a token that is the same for the same value within one session.
        Tokenise = "tokenise",
        /// Becomes a mask of fixed length.
        Mask = "mask",
        /// Removed.
        Drop = "drop",
    }
}

ordered! {
    /// Where a token is made.
    pub enum At {
        /// By the server: the value leaves the page over TLS and is kept in a request's memory only.
        Server = "server",
        /// By the agent, which masks instead.
        Agent = "agent",
    }
}

ordered! {
    /// How far equal values have equal tokens.
    pub enum Scope {
        /// In all of the tenant's sessions of a month.
        Tenant = "tenant",
        /// In one session.
        Session = "session",
    }
}

ordered! {
    /// What happens to the path of an address.
    pub enum PathParts {
        /// It is kept.
        Keep = "keep",
        /// Steps that the pattern's `*` and `**` stand for are masked.
        Mask = "mask",
    }
}

rule! {
    /// What happens to elements. On one element the strictest of all rules that match it holds.
    ElementRule, at most 200, "rule" {
        /// Which elements.
        "selector" => selector: Selector;
        /// What happens to them. `allow` lifts the default, and only where the guardrail lists it.
        "action" => action: ElementAction,
    }
    shows_more |rule| rule.action == ElementAction::Allow;
    only_more |rule| rule.action == ElementAction::Allow;
    ordered true
}

rule! {
    /// What happens to a part of a payload. On one value the strictest of all rules that cover it holds.
    FieldRule, at most 200, "rule" {
        /// Which part.
        "path" => path: FieldPath;
        /// What happens to it. `keep` lifts the default, and only where the guardrail lists it.
        "action" => action: DataAction,
        /// Where `tokenise` works.
        "at" => at: At = At::Agent,
        /// How far its tokens are equal.
        "scope" => scope: Scope = Scope::Session,
    }
    shows_more |rule| rule.action <= DataAction::Tokenise;
    only_more |rule| rule.action == DataAction::Keep;
    ordered true
}

/// Detectors that this version has.
const AVAILABLE: [&str; 3] = ["email", "iban", "payment-card"];

/// Detectors that the format names and that this version does not have.
const NAMED: [&str; 16] = [
    "phone",
    "us-ssn",
    "uk-nino",
    "national-id",
    "ip-address",
    "mac-address",
    "jwt",
    "cloud-key",
    "api-key",
    "pem-block",
    "bearer-token",
    "postal-address",
    "person-name",
    "date-of-birth",
    "crypto-address",
    "coordinates",
];

key! {
    /// One of our detectors, by name.
    pub struct Detector; most 40; detector
}

fn detector(text: &str) -> Result<String, Refusal> {
    if AVAILABLE.contains(&text) {
        return Ok(text.to_owned());
    }
    let list = AVAILABLE.map(|name| format!("`{name}`")).join(", ");
    let mend = format!("use {list}, or a pattern of your own");
    Err(if NAMED.contains(&text) {
        // Refused, not ignored: a policy must not promise what nobody does.
        Refusal::new("this version does not have this detector yet", mend).with_code(FindingCode::NotAvailable)
    } else {
        Refusal::new("there is no such detector", mend).with_code(FindingCode::UnknownWord)
    })
}

rule! {
    /// What happens to what a detector finds in text, attributes, console strings and payloads.
    DetectorRule, at most 50, "rule" {
        /// Which detector.
        "detector" => detector: Detector;
        /// What happens to what it finds. `keep` switches it off, and only where the guardrail lists it.
        "action" => action: DataAction,
    }
    shows_more |rule| rule.action <= DataAction::Tokenise;
    only_more |rule| rule.action == DataAction::Keep;
    ordered true
}

rule! {
    /// A pattern of the tenant's own and what happens to what it finds.
    PatternRule, at most 100, "pattern" {
        /// A regular expression of the portable part.
        "pattern" => pattern: Pattern;
        /// What it is called in findings and counts.
        "name" => name: Set<Word, true>,
        /// What happens to what it finds.
        "action" => action: DataAction,
    }
    shows_more |rule| rule.action <= DataAction::Tokenise;
    only_more |_| false;
    ordered true
}

rule! {
    /// What happens on pages and to addresses.
    UrlRule, at most 200, "rule" {
        /// Which addresses.
        "pattern" => pattern: UrlPattern;
        /// What is left of their query and fragment.
        "query" => query: UrlQuery = UrlQuery::Names,
        /// What is left of their path.
        "path" => path: PathParts = PathParts::Keep,
        /// Whether anything is recorded on these pages.
        "record" => record: Captured = Captured(true),
    }
    shows_more |_| false;
    only_more |_| false;
    ordered true
}

section! {
    /// What is hidden beyond the floor.
    Redaction, FullRedaction {
        /// Text of the page.
        "text" => text: TextAction,
        /// What people type and choose.
        "inputs" => inputs: InputAction,
        /// Query and fragment of page, link, referrer and request addresses.
        "urlQuery" => url_query: UrlQuery,
        /// Rules by CSS selector.
        "elements" => elements: Rules<ElementRule>,
        /// Rules by path into network, console, state and custom payloads.
        "fields" => fields: Rules<FieldRule>,
        /// Rules by detector.
        "detectors" => detectors: Rules<DetectorRule>,
        /// Detectors of the tenant's own.
        "patterns" => patterns: Rules<PatternRule>,
        /// Rules by address.
        "urls" => urls: Rules<UrlRule>,
    }
}

impl Redaction {
    pub(super) fn check(&self, at: &Pointer, findings: &mut Findings) {
        check_tokens(self.fields.as_ref(), &at.member("fields"), findings);
        for (i, rule) in self.patterns.iter().flat_map(|list| list.0.iter().enumerate()) {
            if rule.action == DataAction::Keep {
                let mend = "write `mask` or `drop`, or remove the pattern";
                let what = "a pattern that keeps what it finds does nothing";
                findings.say(&at.member("patterns").item(i).member("action"), FindingCode::Contradiction, what, mend);
            }
        }
    }
}

/// Where and how far a token holds means nothing for a value that is no token.
fn check_tokens(fields: Option<&Rules<FieldRule>>, at: &Pointer, findings: &mut Findings) {
    for (i, rule) in fields.iter().flat_map(|list| list.0.iter().enumerate()) {
        let loosened = rule.at == At::Server || rule.scope == Scope::Tenant;
        if loosened && rule.action != DataAction::Tokenise {
            let what = "`at` and `scope` are about tokens, and this rule makes none";
            findings.say(&at.item(i), FindingCode::Contradiction, what, "remove them, or write `tokenise`");
        }
    }
}

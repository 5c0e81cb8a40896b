//! How often each rule of the second pass changed something.

use serde::{Deserialize, Serialize};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why something was changed, dropped or counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }
        impl Rule {
            /// Every rule, in the order of its counter.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// The published name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

rules! {
    /// A value of an input that the floor protects.
    FloorInput = "floor-input";
    /// A value of any other input.
    Input = "input";
    /// Text that a person typed into the page itself (`contenteditable`, `textarea`).
    TypedText = "typed-text";
    /// Something about a node that the tab does not know.
    UnknownNode = "unknown-node";
    /// What the page asked to hide by `data-sealtape`.
    PageRule = "page-rule";
    /// All text, in a policy that masks it.
    Text = "text";
    /// A query, fragment or user info of a URL.
    Url = "url";
    /// An e-mail address.
    Email = "email";
    /// A payment card number.
    Card = "card";
    /// A bank account number.
    Iban = "iban";
    /// A field, parameter or assignment named like a secret.
    Secret = "secret";
    /// Headers, storage and state.
    State = "state";
    /// A message body.
    Body = "body";
    /// Typed keys or text in a payload that we do not know.
    Payload = "payload";
    /// `srcdoc`, a comment, a canvas picture: content that has no other form to be checked in.
    Opaque = "opaque";
    /// A canvas event, dropped.
    Canvas = "canvas";
    /// Content of a frame of another origin.
    CrossOriginFrame = "cross-origin-frame";
    /// An event type that the registry does not know; kept, with its text checked.
    UnknownType = "unknown-type";
    /// A payload of a known type that breaks its schema.
    InvalidPayload = "invalid-payload";
    /// A time that ran back or ahead beyond the tolerance and was clamped.
    TimeClamped = "time-clamped";
    /// A node that an event names and that the tab does not know (nothing was hidden for it).
    UnknownReference = "unknown-reference";
}

/// Counters, one a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Findings(Vec<u32>);

impl Findings {
    /// How often `rule` struck.
    #[must_use]
    pub fn count(&self, rule: Rule) -> u32 {
        self.0.get(rule as usize).copied().unwrap_or(0)
    }

    /// The rules that struck, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Rule, u32)> + '_ {
        Rule::ALL.iter().map(|rule| (*rule, self.count(*rule))).filter(|(_, count)| *count > 0)
    }

    /// Counts `rule` once.
    pub(crate) fn add(&mut self, rule: Rule) {
        if self.0.is_empty() {
            self.0.resize(Rule::ALL.len(), 0);
        }
        if let Some(count) = self.0.get_mut(rule as usize) {
            *count = count.saturating_add(1);
        }
    }
}

//! The rule gate: selectors, patterns, addresses and paths that people write are parsed, capped and brought into one
//! canonical text before anything may rely on them.
//!
//! **Design.** A type here cannot hold what the gate refuses: [`Key::parse`] is the only way to make one, also when a
//! stored document is read. What is refused is refused with the reason and what to write instead; an agent that meets a
//! rule which it cannot parse masks everything, so nothing may reach it that was not parsed here.

mod path;
pub mod pattern;
pub mod selector;
#[cfg(test)]
mod selector_tests;
mod url;
mod words;

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use path::FieldPath;
pub use pattern::Pattern;
pub use selector::Selector;
pub use url::UrlPattern;
pub use words::{Country, Origin, Release, TraitIs, Word};

use super::{FindingCode, Findings, Pointer};

/// Why the gate refuses something, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {mend}")]
pub struct Refusal {
    /// What kind of mistake it is.
    pub code: FindingCode,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { code: FindingCode::Refused, what: what.into(), mend: mend.into() }
    }

    /// As another kind of mistake.
    #[must_use]
    pub(crate) fn with_code(self, code: FindingCode) -> Self {
        Self { code, ..self }
    }

    /// Longer than it may be.
    pub(crate) fn too_long(most: usize) -> Self {
        Self::new(format!("this is longer than {most} bytes"), "shorten it, or write several rules")
    }
}

/// Text that the gate let through, in its canonical form.
pub trait Key: Clone + PartialEq + Ord + fmt::Debug + Serialize + DeserializeOwned {
    /// The canonical text that stands for everything, where there is one.
    const EVERYTHING: Option<&'static str> = None;

    /// Through the gate.
    fn parse(text: &str) -> Result<Self, Refusal>;
    /// The canonical text: two keys of one text are the same.
    fn text(&self) -> &str;
    /// The JSON Schema of what may be written; `x-gate` names the kind, for the rest only the gate can say.
    fn schema() -> Value;
}

/// Reads a key that somebody wrote.
pub(crate) fn read_key<T: Key>(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<T> {
    let Some(text) = value.as_str() else {
        findings.wrong_type(at, "a text");
        return None;
    };
    match T::parse(text) {
        Ok(key) => Some(key),
        Err(refusal) => {
            findings.say(at, refusal.code, refusal.what, refusal.mend);
            None
        }
    }
}

/// Declares a newtype of canonical text whose only maker is its `Key::parse`.
macro_rules! key {
    ($(#[doc = $doc:literal])+ pub struct $name:ident; most $most:expr; $parse:path $(; everything $everything:literal)?) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $crate::privacy::gate::Key for $name {
            $( const EVERYTHING: Option<&'static str> = Some($everything); )?

            fn parse(text: &str) -> Result<Self, $crate::privacy::gate::Refusal> {
                if text.len() > $most {
                    return Err($crate::privacy::gate::Refusal::too_long($most));
                }
                $parse(text).map(Self)
            }
            fn text(&self) -> &str {
                &self.0
            }
            fn schema() -> serde_json::Value {
                let gate = stringify!($name);
                serde_json::json!({ "type": "string", "minLength": 1, "maxLength": $most, "x-gate": gate })
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::privacy::gate::Refusal;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                <Self as $crate::privacy::gate::Key>::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use key;

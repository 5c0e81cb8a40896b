//! Short words that a tenant chooses and that decisions compare.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

/// Longest word, in characters.
const LONGEST: usize = 40;

/// The text is no such word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 40 lower-case letters, digits or - _ . : / and begin and end with a letter or digit")]
pub struct ParseWordError;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseWordError;
            fn from_str(s: &str) -> Result<Self, ParseWordError> {
                if is_word(s) { Ok(Self(s.to_owned())) } else { Err(ParseWordError) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}

words! {
    /// What a session is marked with, such as `payment` or `team:checkout`.
    Label;
    /// Where a project runs, such as `production`.
    Environment;
}

/// ASCII only: two words that look alike are the same word.
fn is_word(text: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.:/".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_spelling() {
        for word in ["payment", "team:checkout", "a", "eu-west.1", "x/y", &"a".repeat(40)] {
            assert_eq!(word.parse::<Label>().map(|label| label.to_string()).as_deref(), Ok(word));
        }
        for bad in ["", "Payment", " a", "a ", "-a", "a-", "pаyment", "a\u{301}", "*", "a b", "a%", &"a".repeat(41)] {
            assert!(bad.parse::<Environment>().is_err(), "{bad:?}");
        }
        assert!(serde_json::from_str::<Label>("\"Payment\"").is_err());
    }
}

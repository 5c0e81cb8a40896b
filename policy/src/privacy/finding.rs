//! What is wrong with a document: all of it, each with its place and how to mend it.

use std::fmt;

use serde::Serialize;

/// A JSON pointer (RFC 6901) into the document that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The member `name` of the object at this place.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self(format!("{}/{}", self.0, name.replace('~', "~0").replace('/', "~1")))
    }

    /// The item `index` of the list at this place.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of mistake a [`Finding`] is. The words are published: clients switch on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// The text is no JSON, or no YAML that may be read.
    Unreadable,
    /// The document or a list is larger than it may be.
    TooLarge,
    /// A member that the format does not know.
    UnknownMember,
    /// A member that must be there is not.
    Missing,
    /// Another JSON type is expected.
    WrongType,
    /// A word that the setting does not have.
    UnknownWord,
    /// A number outside its limits.
    OutOfRange,
    /// Two rules for the same thing in one list.
    Duplicate,
    /// A selector, pattern or path that the rule gate refuses.
    Refused,
    /// Settings that do not fit together.
    Contradiction,
    /// What this version cannot do yet; refused, so that nobody relies on it.
    NotAvailable,
}

/// One mistake: where, what, and how to mend it. Of the document it holds the names of members in
/// the pointer, and no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub pointer: Pointer,
    /// What kind.
    pub code: FindingCode,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do about it, in a sentence.
    pub mend: String,
}

/// Every mistake of one document, in its own order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
#[error("the document has {} mistakes", .0.len())]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn say(&mut self, pointer: &Pointer, code: FindingCode, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { pointer: pointer.clone(), code, what: what.into(), mend: mend.into() });
    }

    /// Another JSON type is expected.
    pub(crate) fn wrong_type(&mut self, pointer: &Pointer, expected: &str) {
        self.say(pointer, FindingCode::WrongType, "another type of value is expected", format!("write {expected}"));
    }

    /// One mistake alone.
    #[must_use]
    pub fn one(pointer: &Pointer, code: FindingCode, what: impl Into<String>, mend: impl Into<String>) -> Self {
        let mut findings = Self::default();
        findings.say(pointer, code, what, mend);
        findings
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = serde_json::to_value(self.code).unwrap_or_default();
        let place = if self.pointer.as_str().is_empty() { "(document)" } else { self.pointer.as_str() };
        write!(f, "{place} [{}]: {}; {}", code.as_str().unwrap_or_default(), self.what, self.mend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_what_rfc_6901_escapes() {
        assert_eq!(Pointer::root().member("a/b~c").item(3).as_str(), "/a~1b~0c/3");
        assert_eq!(Pointer::root().as_str(), "");
    }
}

//! The typed form of a policy that redaction obeys.

use serde::{Deserialize, Serialize};

use super::{PolicyHash, orders::ordered};

/// What stands where something was hidden: always four blocks, so that it tells nothing about the length.
pub const MASK: &str = "\u{2587}\u{2587}\u{2587}\u{2587}";

/// The attribute by which a page asks for less: `mask`, `block` or `ignore`; any other value counts as `mask`.
pub const PAGE_ATTRIBUTE: &str = "data-sealtape";

ordered! {
    /// What happens to an element.
    pub enum ElementAction {
        /// Kept, apart from what floor and detectors take.
        Allow = "allow",
        /// Text and values become a mask of fixed length.
        Mask = "mask",
        /// Only the box is kept: masked, and nothing that draws its content.
        Block = "block",
        /// As `block`, and what is done to it is not recorded.
        Ignore = "ignore",
    }
}

#[expect(clippy::derivable_impls, reason = "the words of an order and their attributes are the macro's")]
impl Default for ElementAction {
    fn default() -> Self {
        Self::Allow
    }
}

impl ElementAction {
    /// Of two rules on one element, the stricter.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        self.max(other)
    }

    /// What a page asks for by [`PAGE_ATTRIBUTE`]. A value that we do not know is read as `mask`: a typing mistake in
    /// a page must not show more.
    #[must_use]
    pub fn from_page(value: &str) -> Self {
        match value.trim() {
            "block" => Self::Block,
            "ignore" => Self::Ignore,
            _ => Self::Mask,
        }
    }
}

/// What happens to a field of a payload, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldAction {
    /// Kept, apart from what floor and detectors take.
    Keep,
    /// Becomes [`MASK`].
    Mask,
    /// Removed with everything below it.
    Drop,
}

ordered! {
    /// What is left of the query and the fragment of a URL.
    pub enum UrlQuery {
        /// Names of parameters stay, values and fragment go.
        Names = "names",
        /// The whole query and the fragment go.
        Remove = "remove",
    }
}

/// Which detectors read text that no other rule hides. Payment cards are floor: there is no switch for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detectors {
    /// E-mail addresses.
    pub email: bool,
    /// International bank account numbers (mod 97).
    pub iban: bool,
}

/// The rules of one policy version, ready for `recording::rewrite`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureRules {
    /// Version of the policy that segments are stamped with.
    pub version: u32,
    /// Hash of the policy that segments are stamped with.
    pub hash: PolicyHash,
    /// What people type and choose.
    pub inputs: FieldAction,
    /// Text of the page.
    pub text: FieldAction,
    /// Queries and fragments of every URL.
    pub url_query: UrlQuery,
    /// Bodies of network messages.
    pub network_bodies: FieldAction,
    /// Headers of network messages, storage and application state.
    pub state: FieldAction,
    /// Whether canvas content is kept.
    pub canvas: bool,
    /// Whether documents of frames from other origins are kept.
    pub cross_origin_frames: bool,
    /// Pattern detectors for text.
    pub detectors: Detectors,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_rule_wins_whatever_the_order() {
        use ElementAction::{Allow, Block, Ignore, Mask};
        assert_eq!(Allow.strictest(Mask), Mask);
        assert_eq!(Block.strictest(Mask), Block);
        assert_eq!(Block.strictest(Ignore), Ignore);
        assert!(FieldAction::Keep < FieldAction::Mask && FieldAction::Mask < FieldAction::Drop);
    }

    #[test]
    fn a_page_that_mistypes_still_masks() {
        assert_eq!(ElementAction::from_page("blok"), ElementAction::Mask);
        assert_eq!(ElementAction::from_page(""), ElementAction::Mask);
        assert_eq!(ElementAction::from_page(" block "), ElementAction::Block);
    }
}

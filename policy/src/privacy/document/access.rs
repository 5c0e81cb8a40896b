//! `access`: labels that the server computes, by which conditions and approval rules go.

use super::super::{
    gate::{TraitIs, UrlPattern, Word},
    macros::{rule, section},
    orders::{Rules, Union},
};

rule! {
    /// A label and what gives it. Labels are only ever added; a page that no rule knows is `unclassified`, which has the
    /// strictest approval rule, so that a new rule can also make a session easier to watch.
    LabelRule, at most 100, "rule" {
        /// The label.
        "label" => label: Word;
        /// Pages that give it.
        "urls" => urls: Union<UrlPattern> = Union(Vec::new()),
        /// Verified traits that give it.
        "traits" => traits: Union<TraitIs> = Union(Vec::new()),
    }
    shows_more |_| true;
    only_more |_| false;
    ordered false
}

section! {
    /// Labels that the server gives to sessions, from every page event and from verified traits.
    Access, FullAccess {
        /// Labels and what gives them.
        "labels" => labels: Rules<LabelRule>,
    }
}

//! `sampling`: how many sessions are recorded.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{
    FindingCode, Findings, Pointer,
    gate::{Key, Release, TraitIs, UrlPattern, read_key},
    macros::{described, members, needed, property, section},
    orders::Lower,
    setting::{Setting, Strictness, Tendency},
};

/// The most rules that one rate may have.
const MOST_RULES: usize = 100;

/// Sessions in 10 000.
pub(crate) type Per10000 = Lower<0, 10_000>;

/// Which sessions a rule is about: those that meet everything that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The address on which the session begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<UrlPattern>,
    /// The release of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// A verified trait of the visitor.
    #[serde(rename = "trait", default, skip_serializing_if = "Option::is_none")]
    pub trait_is: Option<TraitIs>,
}

/// A rate for some sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRule {
    /// Which ones.
    pub when: When,
    /// Of them, how many in 10 000.
    #[serde(rename = "per10000")]
    pub rate: Per10000,
}

/// A rate for all sessions, with rules for some. Of the rules that are about a session the lowest rate holds, and may
/// be higher than the rate of the others.
///
/// Layers: for every session the lowest of what each layer alone would give. So a rule that another layer does not have
/// is bounded by the other layer's rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Sessions in 10 000 that no rule is about.
    #[serde(rename = "per10000")]
    pub otherwise: Per10000,
    /// Rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RateRule>,
}

/// What of a session decides its rate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Visit<'v> {
    /// The address on which it begins.
    pub url: Option<&'v url::Url>,
    /// The release of the application.
    pub release: Option<&'v str>,
    /// Verified traits: name and value.
    pub traits: &'v [(&'v str, &'v str)],
}

impl When {
    /// Whether the rule is about this session.
    #[must_use]
    pub fn holds(&self, visit: &Visit<'_>) -> bool {
        let has =
            |wanted: &TraitIs| visit.traits.iter().any(|(name, value)| wanted.text() == format!("{name}={value}"));
        self.url.as_ref().is_none_or(|pattern| visit.url.is_some_and(|url| pattern.matches(url)))
            && self.release.as_ref().is_none_or(|release| visit.release == Some(release.text()))
            && self.trait_is.as_ref().is_none_or(has)
    }
}

impl Rates {
    /// The same rate for everybody.
    #[must_use]
    pub const fn all(per_10000: u32) -> Self {
        Self { otherwise: Lower(per_10000), rules: Vec::new() }
    }

    /// Sessions in 10 000 of this kind.
    #[must_use]
    pub fn of(&self, visit: &Visit<'_>) -> u32 {
        let lowest = self.rules.iter().filter(|rule| rule.when.holds(visit)).map(|rule| rule.rate).min();
        lowest.unwrap_or(self.otherwise).0
    }

    fn of_when(&self, when: &When) -> Option<Per10000> {
        self.rules.iter().filter(|rule| rule.when == *when).map(|rule| rule.rate).min()
    }

    /// Whether for every session that could be, the rate is no higher than in `other`; may say no when it is.
    fn nowhere_above(&self, other: &Self) -> bool {
        self.otherwise <= other.otherwise
            && self.rules.iter().all(|rule| rule.rate <= other.of_when(&rule.when).unwrap_or(other.otherwise))
            // A session that only `other` has a rule for gets our rate for the others, or that of any of our rules.
            && other.rules.iter().filter(|rule| self.of_when(&rule.when).is_none()).all(|gone| {
                self.otherwise <= gone.rate && self.rules.iter().all(|rule| rule.rate <= gone.rate)
            })
    }
}

impl Setting for Rates {
    fn strictness() -> Strictness {
        Strictness::Rates
    }
    fn schema() -> Value {
        let when = |schema, doc| described(schema, &[doc]);
        json!({
            "type": "object",
            "properties": {
                "per10000": property(Per10000::schema(), &["Sessions in 10 000 that no rule is about."], Strictness::Lower),
                "rules": {
                    "type": "array",
                    "maxItems": MOST_RULES,
                    "description": "Rates for some sessions; of several that are about one, the lowest holds.",
                    "items": {
                        "type": "object",
                        "properties": {
                            "when": {
                                "type": "object",
                                "minProperties": 1,
                                "properties": {
                                    "url": when(UrlPattern::schema(), "The address on which the session begins."),
                                    "release": when(Release::schema(), "The release of the application."),
                                    "trait": when(TraitIs::schema(), "A verified trait: `name=value`."),
                                },
                                "additionalProperties": false,
                            },
                            "per10000": described(Per10000::schema(), &["Of them, how many in 10 000."]),
                        },
                        "required": ["when", "per10000"],
                        "additionalProperties": false,
                    },
                },
            },
            "required": ["per10000"],
            "additionalProperties": false,
        })
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let found = members(value, at, &["per10000", "rules"], findings)?;
        let otherwise = needed(found, "per10000", at, findings)
            .and_then(|rate| Lower::read(rate, &at.member("per10000"), findings));
        let rules = match found.get("rules") {
            None => Some(Vec::new()),
            Some(rules) => read_rules(rules, &at.member("rules"), findings),
        };
        Some(Self { otherwise: otherwise?, rules: rules? })
    }
    fn strictest(&self, other: &Self) -> Self {
        let mut whens: Vec<&When> = self.rules.iter().chain(&other.rules).map(|rule| &rule.when).collect();
        whens.sort_unstable();
        whens.dedup();
        let rule = |when: &When| {
            let rate = match (self.of_when(when), other.of_when(when)) {
                (Some(one), Some(other)) => one.min(other),
                (Some(one), None) => one.min(other.otherwise),
                (None, rate) => rate.unwrap_or(other.otherwise).min(self.otherwise),
            };
            RateRule { when: when.clone(), rate }
        };
        Self { otherwise: self.otherwise.min(other.otherwise), rules: whens.into_iter().map(rule).collect() }
    }
    fn normal(&self) -> Self {
        self.strictest(self)
    }
    fn wants_less(&self, held: &Self) -> bool {
        !self.nowhere_above(held)
    }
    fn tendency(before: &Self, after: &Self) -> Tendency {
        if before.normal() == after.normal() {
            Tendency::Neither
        } else if after.nowhere_above(before) {
            Tendency::Tightens
        } else {
            Tendency::Loosens
        }
    }
}

fn read_rules(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Vec<RateRule>> {
    let Some(items) = value.as_array() else {
        findings.wrong_type(at, "a list");
        return None;
    };
    if items.len() > MOST_RULES {
        findings.say(at, FindingCode::TooLarge, format!("the list has more than {MOST_RULES} items"), "shorten it");
        return None;
    }
    let mut read: Vec<RateRule> = Vec::with_capacity(items.len());
    let mut whole = true;
    for (i, item) in items.iter().enumerate() {
        let at = at.item(i);
        match read_rule(item, &at, findings) {
            Some(rule) if read.iter().any(|other| other.when == rule.when) => {
                findings.say(
                    &at,
                    FindingCode::Duplicate,
                    "the list has a rate for this already",
                    "keep one of the two",
                );
                whole = false;
            }
            Some(rule) => read.push(rule),
            None => whole = false,
        }
    }
    whole.then_some(read)
}

fn read_rule(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<RateRule> {
    let found = members(value, at, &["when", "per10000"], findings)?;
    let rate =
        needed(found, "per10000", at, findings).and_then(|rate| Lower::read(rate, &at.member("per10000"), findings));
    let at = at.member("when");
    let when = needed(found, "when", &at, findings)
        .and_then(|when| members(when, &at, &["url", "release", "trait"], findings))?;
    let before = findings.all().len();
    let read = When {
        url: when.get("url").and_then(|url| read_key(url, &at.member("url"), findings)),
        release: when.get("release").and_then(|release| read_key(release, &at.member("release"), findings)),
        trait_is: when.get("trait").and_then(|is| read_key(is, &at.member("trait"), findings)),
    };
    if findings.all().len() > before {
        return None;
    }
    if read == When::default() {
        let mend = "say `url`, `release` or `trait`";
        findings.say(&at, FindingCode::Missing, "the rule does not say which sessions it is about", mend);
        return None;
    }
    Some(RateRule { when: read, rate: rate? })
}

section! {
    /// How many sessions are recorded. The choice is by the session's id, so that it is the same everywhere.
    Sampling, FullSampling {
        /// Of all sessions, how many are recorded.
        "sessions" => sessions: Rates,
        /// Of those that are not, how many are recorded from an error on, with what `capture.bufferUntilErrorSeconds` kept.
        "errors" => errors: Rates,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(otherwise: u32, rules: &[(&str, u32)]) -> Rates {
        let rule = |(release, rate): &(&str, u32)| RateRule {
            when: When { release: Some(Release::parse(release).expect("a release")), ..When::default() },
            rate: Lower(*rate),
        };
        Rates { otherwise: Lower(otherwise), rules: rules.iter().map(rule).collect() }
    }

    #[test]
    fn a_rule_of_one_layer_is_bounded_by_the_other_layer() {
        let project = rates(1000, &[("v2", 10_000)]);
        assert_eq!(project.of(&Visit { release: Some("v2"), ..Visit::default() }), 10_000);
        let both = rates(500, &[]).strictest(&project);
        assert_eq!(both, rates(500, &[("v2", 500)]));
    }

    #[test]
    fn the_lowest_of_the_rules_about_a_session_holds() {
        let mut some = rates(0, &[("v2", 5000)]);
        let url = UrlPattern::parse("/checkout/**").expect("a pattern");
        some.rules.push(RateRule { when: When { url: Some(url), ..When::default() }, rate: Lower(700) });
        let address = url::Url::parse("https://a.example/checkout/pay").expect("an address");
        assert_eq!(some.of(&Visit { url: Some(&address), release: Some("v2"), traits: &[] }), 700);
        assert_eq!(some.of(&Visit { url: Some(&address), ..Visit::default() }), 700);
        assert_eq!(some.of(&Visit { release: Some("v1"), ..Visit::default() }), 0);
    }

    #[test]
    fn steps_between_rates_are_heard() {
        let heard = |before, after| Rates::tendency(&before, &after);
        assert_eq!(heard(rates(100, &[]), rates(100, &[])), Tendency::Neither);
        assert_eq!(heard(rates(100, &[]), rates(99, &[])), Tendency::Tightens);
        assert_eq!(heard(rates(100, &[]), rates(100, &[("v2", 5)])), Tendency::Tightens);
        assert_eq!(heard(rates(100, &[]), rates(100, &[("v2", 500)])), Tendency::Loosens);
        assert_eq!(heard(rates(100, &[("v2", 500)]), rates(100, &[])), Tendency::Tightens);
        assert_eq!(heard(rates(100, &[("v2", 5)]), rates(100, &[])), Tendency::Loosens);
        // The new rule is low, but on a session that both were about the old one was lower.
        assert_eq!(heard(rates(100, &[("v2", 5)]), rates(5, &[("v3", 50)])), Tendency::Loosens);
    }
}

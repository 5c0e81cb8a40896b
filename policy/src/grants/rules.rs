//! A tenant's approval rules: how many people, of which roles, for which sessions.

use std::collections::BTreeSet;

use domain::{ProjectId, Sensitivity};
use serde::{Deserialize, Serialize};

use super::{Need, Needs, Verb};

/// Most rules of one tenant.
const RULES: usize = 50;
/// Most labels of one rule.
const LABELS: usize = 50;
/// Most approvals that a rule can ask for: more would lock everybody out.
const APPROVALS: u8 = 5;

/// What the rules of a session look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuledSession {
    /// Its project.
    pub project: ProjectId,
    /// Its labels.
    pub labels: BTreeSet<String>,
    /// How closely it is kept.
    pub sensitivity: Sensitivity,
}

/// More than the base asks for, for some sessions. What is empty or absent does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Sessions with any of these labels.
    #[serde(default)]
    pub labels: BTreeSet<String>,
    /// Sessions of this sensitivity.
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
    /// Sessions of this project.
    #[serde(default)]
    pub project: Option<ProjectId>,
    /// Requests for any of these verbs.
    #[serde(default)]
    pub verbs: BTreeSet<Verb>,
    /// How many different people must approve.
    pub approvals: u8,
    /// In one of these roles each; anybody who may review when empty.
    #[serde(default)]
    pub reviewers: BTreeSet<String>,
}

/// The approval rules of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// Whether a tenant without two eligible people must wait until it has them, instead of 24 hours (solo mode).
    pub strict: bool,
    /// How many different people must approve any request.
    pub approvals: u8,
    /// In one of these roles each; anybody who may review when empty.
    pub reviewers: BTreeSet<String>,
    /// What is asked for beyond that.
    pub rules: Vec<ApprovalRule>,
}

/// A document that cannot be the rules of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct RulesError {
    /// RFC 6901 pointer to what is wrong.
    pub pointer: String,
    /// What would be right.
    pub detail: String,
}

impl Default for AccessRules {
    /// One approval of anybody who may review; two people where there are two, 24 hours where there are not.
    fn default() -> Self {
        Self { strict: false, approvals: 1, reviewers: BTreeSet::new(), rules: Vec::new() }
    }
}

impl ApprovalRule {
    fn concerns(&self, session: &RuledSession, verb: Verb) -> bool {
        (self.labels.is_empty() || !self.labels.is_disjoint(&session.labels))
            && self.sensitivity.is_none_or(|wanted| wanted == session.sensitivity)
            && self.project.is_none_or(|wanted| wanted == session.project)
            && (self.verbs.is_empty() || self.verbs.contains(&verb))
    }

    fn need(&self) -> Need {
        Need { approvals: self.approvals, reviewers: self.reviewers.clone() }
    }

    /// Whether this rule asks for at least as much, of at least the same requests, as `other`.
    fn covers(&self, other: &Self) -> bool {
        let narrows = |own: bool, same: bool| !own || same;
        narrows(!self.labels.is_empty(), !other.labels.is_empty() && other.labels.is_subset(&self.labels))
            && narrows(self.sensitivity.is_some(), self.sensitivity == other.sensitivity)
            && narrows(self.project.is_some(), self.project == other.project)
            && narrows(!self.verbs.is_empty(), !other.verbs.is_empty() && other.verbs.is_subset(&self.verbs))
            && self.approvals >= other.approvals
            && (other.reviewers.is_empty()
                || (!self.reviewers.is_empty() && self.reviewers.is_subset(&other.reviewers)))
    }
}

impl AccessRules {
    /// What a request for `verb` on these sessions needs: the base, and every rule that concerns any of them.
    #[must_use]
    pub fn needs(&self, sessions: &[RuledSession], verb: Verb) -> Needs {
        let special = self.rules.iter().filter(|rule| sessions.iter().any(|session| rule.concerns(session, verb)));
        Needs::new(std::iter::once(self.base().need()).chain(special.map(ApprovalRule::need)))
    }

    /// Whether some request needs less under these rules than under `old`, or solo mode comes back.
    ///
    /// It may say yes to a rewriting that changes nothing; it never says no to one that loosens.
    #[must_use]
    pub fn are_looser_than(&self, old: &Self) -> bool {
        let ours: Vec<ApprovalRule> = self.all();
        (old.strict && !self.strict) || old.all().iter().any(|rule| !ours.iter().any(|own| own.covers(rule)))
    }

    /// Whether these can be somebody's rules. `may_review` tells whether a role may review at all: asking for approvals of
    /// one that may not would be asking for the impossible.
    ///
    /// # Errors
    /// [`RulesError`] naming the first member that will not do.
    pub fn check(&self, may_review: impl Fn(&str) -> bool) -> Result<(), RulesError> {
        let refuse = |pointer: String, detail: String| Err(RulesError { pointer, detail });
        if self.rules.len() > RULES {
            return refuse("/rules".to_owned(), format!("must be at most {RULES}"));
        }
        for (place, rule) in std::iter::once((String::new(), self.base()))
            .chain(self.rules.iter().enumerate().map(|(i, rule)| (format!("/rules/{i}"), rule.clone())))
        {
            if !(1..=APPROVALS).contains(&rule.approvals) {
                return refuse(format!("{place}/approvals"), format!("must be a number from 1 to {APPROVALS}"));
            }
            if !rule.reviewers.iter().all(|role| may_review(role)) {
                let detail = "must be roles that may review access requests".to_owned();
                return refuse(format!("{place}/reviewers"), detail);
            }
            if rule.labels.len() > LABELS || rule.labels.iter().any(|label| !is_label(label)) {
                let detail = format!("must be at most {LABELS} labels: 1 to 64 of a-z, 0-9 and . _ : -");
                return refuse(format!("{place}/labels"), detail);
            }
        }
        Ok(())
    }

    fn base(&self) -> ApprovalRule {
        ApprovalRule {
            labels: BTreeSet::new(),
            sensitivity: None,
            project: None,
            verbs: BTreeSet::new(),
            approvals: self.approvals,
            reviewers: self.reviewers.clone(),
        }
    }

    fn all(&self) -> Vec<ApprovalRule> {
        std::iter::once(self.base()).chain(self.rules.iter().cloned()).collect()
    }
}

fn is_label(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._:-".contains(&b))
}

#[cfg(test)]
mod tests {
    use domain::MemberId;
    use proptest::prelude::*;

    use super::*;
    use crate::grants::Reviewer;

    const ROLES: [&str; 3] = ["owner", "admin", "privacy-officer"];
    const WORDS: [&str; 3] = ["checkout", "health", "internal"];

    fn project(n: u8) -> ProjectId {
        format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id")
    }

    fn some_of(words: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
        prop::collection::btree_set(prop::sample::select(words).prop_map(str::to_owned), 0..3)
    }

    fn sensitivity() -> impl Strategy<Value = Sensitivity> {
        prop_oneof![Just(Sensitivity::Normal), Just(Sensitivity::Restricted)]
    }

    fn verb() -> impl Strategy<Value = Verb> {
        prop_oneof![Just(Verb::View), Just(Verb::ViewUnmasked), Just(Verb::Export)]
    }

    prop_compose! {
        fn rule()(
            labels in some_of(&WORDS), sensitivity in prop::option::of(sensitivity()),
            project in prop::option::of((0..2_u8).prop_map(project)), verbs in prop::collection::btree_set(verb(), 0..3),
            approvals in 1..4_u8, reviewers in some_of(&ROLES),
        ) -> ApprovalRule {
            ApprovalRule { labels, sensitivity, project, verbs, approvals, reviewers }
        }
    }

    prop_compose! {
        fn rules()(strict: bool, approvals in 1..3_u8, reviewers in some_of(&ROLES), rules in prop::collection::vec(rule(), 0..3))
            -> AccessRules {
            AccessRules { strict, approvals, reviewers, rules }
        }
    }

    prop_compose! {
        fn session()(labels in some_of(&WORDS), sensitivity in sensitivity(), n in 0..2_u8) -> RuledSession {
            RuledSession { project: project(n), labels, sensitivity }
        }
    }

    fn reviewers() -> impl Strategy<Value = Vec<Reviewer>> {
        prop::collection::vec((1..6_u8, some_of(&ROLES), any::<bool>()), 0..6).prop_map(|people| {
            let member = |n: u8| -> MemberId { format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id") };
            people.into_iter().map(|(n, roles, may_review)| Reviewer { member: member(n), roles, may_review }).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Rules that are not looser let nothing through that the old ones would have stopped.
        #[test]
        fn what_is_not_looser_lets_no_more_through(
            old in rules(), change in rules(), keep: bool, sessions in prop::collection::vec(session(), 1..4), verb in verb(),
            people in reviewers(),
        ) {
            // Two unrelated documents are rarely comparable: half the time the new one keeps the old rules and adds some.
            let new = if keep {
                AccessRules { rules: old.rules.iter().chain(&change.rules).cloned().collect(), approvals: change.approvals, ..old.clone() }
            } else {
                change
            };
            let requester: MemberId = "0190f3a1-0000-7000-8000-000000000001".parse().expect("an id");
            let met = |rules: &AccessRules| rules.needs(&sessions, verb).are_met_by(requester, &people);
            if !new.are_looser_than(&old) {
                prop_assert!(!met(&new) || met(&old));
                prop_assert!(new.strict || !old.strict);
            }
            prop_assert!(!old.are_looser_than(&old));
        }

        /// One session more never needs less.
        #[test]
        fn more_sessions_need_no_less(rules in rules(), sessions in prop::collection::vec(session(), 1..4), verb in verb(), people in reviewers()) {
            let requester: MemberId = "0190f3a1-0000-7000-8000-000000000001".parse().expect("an id");
            let met = |some: &[RuledSession]| rules.needs(some, verb).are_met_by(requester, &people);
            prop_assert!(!met(&sessions) || met(&sessions[1..]));
        }
    }

    fn restricted(approvals: u8, reviewers: &[&str]) -> ApprovalRule {
        ApprovalRule {
            labels: BTreeSet::new(),
            sensitivity: Some(Sensitivity::Restricted),
            project: None,
            verbs: BTreeSet::new(),
            approvals,
            reviewers: reviewers.iter().map(|role| (*role).to_owned()).collect(),
        }
    }

    fn with(rules: Vec<ApprovalRule>) -> AccessRules {
        AccessRules { rules, ..AccessRules::default() }
    }

    #[test]
    fn looser_is_fewer_people_of_more_roles_for_fewer_sessions() {
        let old = with(vec![restricted(2, &["owner", "admin"])]);
        for (looser, why) in [
            (with(vec![]), "the rule is gone"),
            (with(vec![restricted(1, &["owner", "admin"])]), "fewer people"),
            (with(vec![restricted(2, &[])]), "any role"),
            (with(vec![restricted(2, &["owner", "security"])]), "another role"),
            (with(vec![ApprovalRule { verbs: [Verb::View].into(), ..restricted(2, &["owner"]) }]), "fewer verbs"),
            (
                with(vec![ApprovalRule { labels: ["health".to_owned()].into(), ..restricted(2, &["owner"]) }]),
                "fewer labels",
            ),
        ] {
            assert!(looser.are_looser_than(&old), "{why}");
        }
        for (tighter, why) in [
            (with(vec![restricted(3, &["owner"])]), "more people of fewer roles"),
            (with(vec![ApprovalRule { sensitivity: None, ..restricted(2, &["owner", "admin"]) }]), "more sessions"),
            (AccessRules { strict: true, ..old.clone() }, "no solo mode"),
            (AccessRules { approvals: 2, ..old.clone() }, "more for everything"),
        ] {
            assert!(!tighter.are_looser_than(&old), "{why}");
        }
        let strict = AccessRules { strict: true, ..AccessRules::default() };
        assert!(AccessRules::default().are_looser_than(&strict), "solo mode comes back");
    }

    #[test]
    fn rules_that_nobody_can_meet_are_refused() {
        let reviews = |role: &str| matches!(role, "owner" | "admin");
        assert_eq!(AccessRules::default().check(reviews), Ok(()));
        assert_eq!(with(vec![restricted(2, &["owner"])]).check(reviews), Ok(()));
        let pointer = |rules: AccessRules| rules.check(reviews).expect_err("is refused").pointer;
        assert_eq!(pointer(AccessRules { approvals: 0, ..AccessRules::default() }), "/approvals");
        assert_eq!(pointer(with(vec![restricted(6, &[])])), "/rules/0/approvals");
        assert_eq!(pointer(with(vec![restricted(1, &["viewer"])])), "/rules/0/reviewers");
        assert_eq!(pointer(with(vec![restricted(1, &[]); 51])), "/rules");
        let odd = ApprovalRule { labels: ["Not A Label".to_owned()].into(), ..restricted(1, &[]) };
        assert_eq!(pointer(with(vec![restricted(1, &[]), odd])), "/rules/1/labels");
    }

    #[test]
    fn the_document_refuses_what_it_does_not_know() {
        let json = serde_json::to_string(&with(vec![restricted(2, &["owner"])])).expect("serialises");
        assert_eq!(serde_json::from_str::<AccessRules>(&json).expect("reads"), with(vec![restricted(2, &["owner"])]));
        assert!(serde_json::from_str::<AccessRules>(&json.replacen('{', r#"{"x":1,"#, 1)).is_err());
    }
}

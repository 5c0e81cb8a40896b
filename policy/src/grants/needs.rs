//! What a request needs before anybody may use it.

use std::collections::BTreeSet;

use domain::MemberId;
use serde::{Deserialize, Serialize};

use super::Reviewer;

/// So many approvals, from people in one of these roles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// How many different people.
    pub approvals: u8,
    /// One of these roles each; anybody who may review when empty.
    pub reviewers: BTreeSet<String>,
}

/// All that must be met. It is never empty: nothing opens without anybody's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Needs(BTreeSet<Need>);

impl Needs {
    /// These needs; one approval of anybody when there are none, and never fewer than one.
    #[must_use]
    pub fn new(needs: impl IntoIterator<Item = Need>) -> Self {
        let mut all: BTreeSet<Need> =
            needs.into_iter().map(|need| Need { approvals: need.approvals.max(1), ..need }).collect();
        if all.is_empty() {
            all.insert(Need { approvals: 1, reviewers: BTreeSet::new() });
        }
        Self(all)
    }

    /// The needs, each once.
    pub fn iter(&self) -> impl Iterator<Item = &Need> {
        self.0.iter()
    }

    /// Whether these approvals suffice. Only people who may review now count, each once, and the requester never.
    #[must_use]
    pub fn are_met_by(&self, requester: MemberId, approvers: &[Reviewer]) -> bool {
        self.0.iter().all(|need| {
            let people: BTreeSet<MemberId> = approvers
                .iter()
                .filter(|person| person.may_review && person.member != requester)
                .filter(|person| need.reviewers.is_empty() || !need.reviewers.is_disjoint(&person.roles))
                .map(|person| person.member)
                .collect();
            people.len() >= usize::from(need.approvals)
        })
    }
}

impl<'de> Deserialize<'de> for Needs {
    /// Through [`Needs::new`]: a stored list that lost its members still asks for somebody.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(BTreeSet::<Need>::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u128, roles: &[&str], may_review: bool) -> Reviewer {
        Reviewer { member: id(n), roles: roles.iter().map(|role| (*role).to_owned()).collect(), may_review }
    }

    fn id(n: u128) -> MemberId {
        format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id")
    }

    fn need(approvals: u8, reviewers: &[&str]) -> Need {
        Need { approvals, reviewers: reviewers.iter().map(|role| (*role).to_owned()).collect() }
    }

    #[test]
    fn each_person_counts_once_and_the_requester_never() {
        let requester = id(9);
        let two = Needs::new([need(2, &[])]);
        let (one, other) = (person(1, &["admin"], true), person(2, &["owner"], true));
        assert!(two.are_met_by(requester, &[one.clone(), other.clone()]));
        assert!(!two.are_met_by(requester, &[one.clone(), one.clone()]), "the same person twice");
        assert!(!two.are_met_by(requester, &[one.clone(), person(9, &["owner"], true)]), "the requester");
        assert!(!two.are_met_by(requester, &[one, person(3, &["owner"], false)]), "somebody who may not review");
        assert!(!two.are_met_by(requester, &[]));
    }

    #[test]
    fn every_need_must_be_met_and_one_person_may_meet_several() {
        let requester = id(9);
        let needs = Needs::new([need(1, &["privacy-officer"]), need(2, &[])]);
        let officer = person(1, &["privacy-officer"], true);
        let (admin, owner) = (person(2, &["admin"], true), person(3, &["owner"], true));
        assert!(needs.are_met_by(requester, &[officer.clone(), admin.clone()]));
        assert!(!needs.are_met_by(requester, &[admin, owner]), "no officer");
        assert!(!needs.are_met_by(requester, &[officer]), "one only");
    }

    #[test]
    fn nothing_opens_without_anybody() {
        let requester = id(9);
        for needs in [Needs::new([]), Needs::new([need(0, &[])]), serde_json::from_str("[]").expect("reads")] {
            assert!(!needs.are_met_by(requester, &[]));
            assert!(needs.are_met_by(requester, &[person(1, &[], true)]));
        }
    }
}

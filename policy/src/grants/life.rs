//! One request through its whole life, as pure steps.
//!
//! `app` reads a request and what bears on it under a row lock, makes a [`Life`] of it, takes one step, and writes what came
//! of it. Nothing else decides.

use std::{collections::BTreeSet, time::Duration};

use domain::{MemberId, Timestamp};

use super::{EndReason, GrantState, Kind, Needs};

/// Bounds of a request.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// Most sessions of one request.
    pub const SESSIONS: usize = 50;
    /// The usual time that a grant holds …
    pub const USUAL: Duration = Duration::from_secs(3_600);
    /// … the longest, …
    pub const LONGEST: Duration = Duration::from_secs(8 * 3_600);
    /// … and the shortest.
    pub const SHORTEST: Duration = Duration::from_secs(5 * 60);
    /// How long a request waits for a decision.
    pub const PENDING: Duration = Duration::from_secs(3_600);
}

/// Somebody who votes or voted, with their rights as they stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub member: MemberId,
    /// Names of their roles.
    pub roles: BTreeSet<String>,
    /// Whether they may review requests.
    pub may_review: bool,
}

/// One request, as far as its rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// How it came to be.
    pub kind: Kind,
    /// Who asked.
    pub requester: MemberId,
    /// Where it stands.
    pub state: GrantState,
    /// Until when a decision counts.
    pub decide_by: Timestamp,
    /// How long the grant shall hold.
    pub duration: Duration,
    /// Until when it holds, once approved.
    pub expires_at: Option<Timestamp>,
}

/// What a step makes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A vote was added, and more are needed.
    Waits,
    /// Enough approvals: it may be used until then.
    Approved {
        /// The end.
        until: Timestamp,
    },
    /// It is in use.
    Active,
    /// It is over.
    Over {
        /// Where it stands now.
        state: GrantState,
        /// Why.
        reason: EndReason,
    },
}

/// A step that is not allowed. Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The present state does not allow the step.
    #[error("it is {0}")]
    State(GrantState),
    /// Its time is over, and the job that says so has not come by yet.
    #[error("its time is over")]
    TimeOver,
    /// Nobody decides on their own request.
    #[error("nobody decides on their own request")]
    Own,
    /// Somebody else's request.
    #[error("only the requester may do this")]
    NotOwn,
    /// The voter may not review.
    #[error("the voter may not review requests")]
    NotReviewer,
    /// The voter approved before.
    #[error("the voter has approved already")]
    Twice,
    /// Approvals that it stood on count no more.
    #[error("an approver may no longer approve")]
    ApprovalVoid,
}

impl Life {
    /// `voter` says yes. `earlier` are those who did before, `needs` what the rules ask for now.
    ///
    /// # Errors
    /// [`Refusal`] when this vote does not count.
    pub fn approve(
        &self,
        voter: &Reviewer,
        earlier: &[Reviewer],
        needs: &Needs,
        now: Timestamp,
    ) -> Result<Turn, Refusal> {
        self.may_be_decided_by(voter, now)?;
        if earlier.iter().any(|person| person.member == voter.member) {
            return Err(Refusal::Twice);
        }
        let mut all = earlier.to_vec();
        all.push(voter.clone());
        if !needs.are_met_by(self.requester, &all) {
            return Ok(Turn::Waits);
        }
        self.state.approved().map_err(|illegal| Refusal::State(illegal.from))?;
        Ok(Turn::Approved { until: now.plus(self.duration.min(Limits::LONGEST)) })
    }

    /// `voter` says no. One no is enough.
    ///
    /// # Errors
    /// [`Refusal`] when this vote does not count.
    pub fn deny(&self, voter: &Reviewer, now: Timestamp) -> Result<Turn, Refusal> {
        self.may_be_decided_by(voter, now)?;
        self.end(EndReason::Denied)
    }

    /// `member` takes the request back, or gives the grant up.
    ///
    /// # Errors
    /// [`Refusal`] when it is over or not theirs.
    pub fn withdraw(&self, member: MemberId) -> Result<Turn, Refusal> {
        if member != self.requester {
            return Err(Refusal::NotOwn);
        }
        self.end(if self.state == GrantState::Pending { EndReason::Withdrawn } else { EndReason::GivenUp })
    }

    /// Somebody who may revoke does.
    ///
    /// # Errors
    /// [`Refusal`] when there is nothing in force.
    pub fn revoke(&self) -> Result<Turn, Refusal> {
        self.end(EndReason::Revoked)
    }

    /// `member` opens a session under it. `approvers` are those who approved, `needs` what was asked for then.
    ///
    /// # Errors
    /// [`Refusal`] when it does not hold, or holds no more.
    pub fn use_now(
        &self,
        member: MemberId,
        approvers: &[Reviewer],
        needs: &Needs,
        now: Timestamp,
    ) -> Result<Turn, Refusal> {
        if member != self.requester {
            return Err(Refusal::NotOwn);
        }
        self.state.used().map_err(|illegal| Refusal::State(illegal.from))?;
        if self.expires_at.is_none_or(|until| now >= until) {
            return Err(Refusal::TimeOver);
        }
        if self.stands_on(approvers, needs) { Ok(Turn::Active) } else { Err(Refusal::ApprovalVoid) }
    }

    /// What time and lost rights make of it, when anything.
    #[must_use]
    pub fn pass(&self, approvers: &[Reviewer], needs: &Needs, now: Timestamp) -> Option<Turn> {
        let over = |until: Option<Timestamp>| until.is_none_or(|until| now >= until);
        let reason = match self.state {
            GrantState::Pending if over(Some(self.decide_by)) => EndReason::NotDecided,
            GrantState::Approved if over(self.expires_at) => EndReason::NotUsed,
            GrantState::Active if over(self.expires_at) => EndReason::TimeOver,
            GrantState::Approved | GrantState::Active if !self.stands_on(approvers, needs) => EndReason::ApprovalVoid,
            _ => return None,
        };
        self.end(reason).ok()
    }

    /// Whether the approvals still carry it. Broken glass stands on none.
    fn stands_on(&self, approvers: &[Reviewer], needs: &Needs) -> bool {
        self.kind == Kind::BreakGlass || needs.are_met_by(self.requester, approvers)
    }

    fn may_be_decided_by(&self, voter: &Reviewer, now: Timestamp) -> Result<(), Refusal> {
        if voter.member == self.requester {
            return Err(Refusal::Own);
        }
        if !voter.may_review {
            return Err(Refusal::NotReviewer);
        }
        if self.state != GrantState::Pending {
            return Err(Refusal::State(self.state));
        }
        if now >= self.decide_by { Err(Refusal::TimeOver) } else { Ok(()) }
    }

    fn end(&self, reason: EndReason) -> Result<Turn, Refusal> {
        let state = self.state.ended(reason).map_err(|illegal| Refusal::State(illegal.from))?;
        Ok(Turn::Over { state, reason })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::grants::Need;

    const PEOPLE: u8 = 5;
    const ROLES: [&str; 3] = ["owner", "admin", "privacy-officer"];

    fn id(n: u8) -> MemberId {
        format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id")
    }

    /// What may happen around a request.
    #[derive(Debug, Clone)]
    enum Happens {
        Approve(u8),
        Deny(u8),
        Withdraw(u8),
        Revoke,
        Use(u8),
        Pass(u32),
        /// Somebody's rights change.
        Rights(u8, bool, u8),
        /// The rules change.
        Needs(Vec<(u8, u8)>),
    }

    fn happens() -> impl Strategy<Value = Happens> {
        let who = 0..PEOPLE;
        prop_oneof![
            6 => who.clone().prop_map(Happens::Approve),
            1 => who.clone().prop_map(Happens::Deny),
            1 => who.clone().prop_map(Happens::Withdraw),
            1 => Just(Happens::Revoke),
            5 => who.clone().prop_map(Happens::Use),
            2 => (0..2_000_u32).prop_map(Happens::Pass),
            3 => (who, any::<bool>(), 0..8_u8).prop_map(|(who, may, roles)| Happens::Rights(who, may, roles)),
            1 => prop::collection::vec((0..4_u8, 0..8_u8), 0..3).prop_map(Happens::Needs),
        ]
    }

    fn roles(bits: u8) -> BTreeSet<String> {
        (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| ROLES[bit].to_owned()).collect()
    }

    fn needs_of(list: &[(u8, u8)]) -> Needs {
        Needs::new(list.iter().map(|(approvals, bits)| Need { approvals: *approvals, reviewers: roles(*bits) }))
    }

    /// The request with everything that lies around it, told apart from the machine: who voted, and who may vote now.
    struct World {
        life: Life,
        people: BTreeMap<u8, Reviewer>,
        needs: Needs,
        pinned: Needs,
        votes: Vec<u8>,
        now: Timestamp,
    }

    impl World {
        fn new() -> Self {
            let now = Timestamp::from_millis(0);
            let life = Life {
                kind: Kind::Request,
                requester: id(0),
                state: GrantState::Pending,
                decide_by: now.plus(Limits::PENDING),
                duration: Limits::USUAL,
                expires_at: None,
            };
            let reviewer = |n| Reviewer { member: id(n), roles: roles(n), may_review: true };
            let people = (0..PEOPLE).map(|n| (n, reviewer(n))).collect();
            Self { life, people, needs: needs_of(&[]), pinned: needs_of(&[]), votes: Vec::new(), now }
        }

        fn voters(&self) -> Vec<Reviewer> {
            self.votes.iter().map(|n| self.people[n].clone()).collect()
        }

        /// One event; whether the request was used.
        fn step(&mut self, event: &Happens) -> bool {
            let (life, now) = (&self.life, self.now);
            let mut vote = None;
            let turn = match event {
                Happens::Approve(n) => {
                    vote = Some(*n);
                    life.approve(&self.people[n], &self.voters(), &self.needs, now)
                }
                Happens::Deny(n) => life.deny(&self.people[n], now),
                Happens::Withdraw(n) => life.withdraw(id(*n)),
                Happens::Revoke => life.revoke(),
                Happens::Use(n) => life.use_now(id(*n), &self.voters(), &self.pinned, now),
                Happens::Pass(seconds) => {
                    self.now = now.plus(Duration::from_secs(u64::from(*seconds)));
                    match life.pass(&self.voters(), &self.pinned, self.now) {
                        Some(turn) => Ok(turn),
                        None => return false,
                    }
                }
                Happens::Rights(n, may_review, bits) => {
                    self.people.insert(*n, Reviewer { member: id(*n), roles: roles(*bits), may_review: *may_review });
                    return false;
                }
                Happens::Needs(list) => {
                    self.needs = needs_of(list);
                    return false;
                }
            };
            let Ok(turn) = turn else { return false };
            self.votes.extend(vote);
            match turn {
                Turn::Waits => {}
                Turn::Approved { until } => {
                    self.life.state = GrantState::Approved;
                    self.life.expires_at = Some(until);
                    self.pinned = self.needs.clone();
                }
                Turn::Active => self.life.state = GrantState::Active,
                Turn::Over { state, .. } => self.life.state = state,
            }
            matches!(turn, Turn::Active)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Attack 50: whatever happens in whatever order, a request is used only by its requester, within its time, and while
        /// enough different people other than the requester, who may still review, have approved it.
        #[test]
        fn attack_50_nothing_is_used_without_the_approvals_that_its_rule_asks_for(events in prop::collection::vec(happens(), 0..40)) {
            let mut world = World::new();
            let mut over = false;
            for event in &events {
                let used = world.step(event);
                prop_assert!(!(over && (used || !world.life.state.is_over())), "what is over came back: {event:?}");
                over = world.life.state.is_over();
                if !used {
                    continue;
                }
                prop_assert!(matches!(event, Happens::Use(0)), "used by somebody else");
                prop_assert!(world.life.expires_at.is_some_and(|until| world.now < until), "used after its time");
                // Counted again, in other words than the machine's own.
                for need in world.pinned.iter() {
                    let mut people: Vec<u8> = world.votes.iter().copied().filter(|n| {
                        let person = &world.people[n];
                        *n != 0 && person.may_review && (need.reviewers.is_empty() || need.reviewers.iter().any(|r| person.roles.contains(r)))
                    }).collect();
                    people.sort_unstable();
                    people.dedup();
                    prop_assert!(people.len() >= usize::from(need.approvals) && !people.is_empty(), "{need:?} by {people:?}");
                }
            }
        }
    }

    fn reviewer(n: u8) -> Reviewer {
        Reviewer { member: id(n), roles: BTreeSet::new(), may_review: true }
    }

    #[test]
    fn nobody_decides_on_their_own_request() {
        let World { life, needs, now, .. } = World::new();
        assert_eq!(life.approve(&reviewer(0), &[], &needs, now), Err(Refusal::Own));
        assert_eq!(life.deny(&reviewer(0), now), Err(Refusal::Own));
        assert_eq!(life.withdraw(id(1)), Err(Refusal::NotOwn));
        let two = needs_of(&[(2, 0)]);
        assert_eq!(life.approve(&reviewer(1), &[], &two, now), Ok(Turn::Waits));
        assert_eq!(life.approve(&reviewer(1), &[reviewer(1)], &two, now), Err(Refusal::Twice));
    }

    #[test]
    fn times_are_kept_to_the_microsecond() {
        let World { mut life, needs, now, .. } = World::new();
        let last = Timestamp::from_micros(life.decide_by.as_micros() - 1);
        assert!(life.approve(&reviewer(1), &[], &needs, last).is_ok());
        assert_eq!(life.approve(&reviewer(1), &[], &needs, life.decide_by), Err(Refusal::TimeOver));
        assert_eq!(life.pass(&[], &needs, last), None);
        let lapsed = Turn::Over { state: GrantState::Lapsed, reason: EndReason::NotDecided };
        assert_eq!(life.pass(&[], &needs, life.decide_by), Some(lapsed));
        // A duration from elsewhere is held to the longest.
        life.duration = Duration::from_secs(1_000_000);
        assert_eq!(
            life.approve(&reviewer(1), &[], &needs, now),
            Ok(Turn::Approved { until: now.plus(Limits::LONGEST) })
        );
        life.state = GrantState::Approved;
        life.expires_at = Some(now.plus(Limits::USUAL));
        let end = now.plus(Limits::USUAL);
        assert_eq!(life.use_now(id(0), &[reviewer(1)], &needs, end), Err(Refusal::TimeOver));
        let unused = Turn::Over { state: GrantState::Lapsed, reason: EndReason::NotUsed };
        assert_eq!(life.pass(&[reviewer(1)], &needs, end), Some(unused));
    }

    #[test]
    fn an_approver_who_lost_the_right_takes_the_grant_along() {
        let World { mut life, needs, now, .. } = World::new();
        life.state = GrantState::Active;
        life.expires_at = Some(now.plus(Limits::USUAL));
        let mut approver = reviewer(1);
        assert_eq!(life.use_now(id(0), std::slice::from_ref(&approver), &needs, now), Ok(Turn::Active));
        approver.may_review = false;
        assert_eq!(life.use_now(id(0), std::slice::from_ref(&approver), &needs, now), Err(Refusal::ApprovalVoid));
        let void = Turn::Over { state: GrantState::Revoked, reason: EndReason::ApprovalVoid };
        assert_eq!(life.pass(&[approver], &needs, now), Some(void));
        life.kind = Kind::BreakGlass;
        assert_eq!(life.use_now(id(0), &[], &needs, now), Ok(Turn::Active), "broken glass stands on no approval");
    }
}

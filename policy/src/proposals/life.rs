//! One proposal through its life, as pure steps.

use std::{fmt, str::FromStr, time::Duration};

use domain::{MemberId, Timestamp, UnknownName};
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator as _};

use super::ChangeHash;
use crate::grants::words;

/// How long a proposal waits for its second person.
pub const TIME_TO_DECIDE: Duration = Duration::from_secs(24 * 3_600);
/// How long a proposal in solo mode waits to be stopped.
pub const SOLO_DELAY: Duration = Duration::from_secs(24 * 3_600);
/// After its delay, how long a proposal in solo mode may still be carried out: a service that was down for longer does not
/// wake up and do what everybody has forgotten.
const SOLO_GRACE: Duration = Duration::from_secs(24 * 3_600);

words! {
    /// Where a proposal stands. Only an open one leads on.
    ProposalState {
        /// Waits for its second person, or in solo mode for its day.
        Open = "open",
        /// Was carried out.
        Executed = "executed",
        /// A second person said no.
        Rejected = "rejected",
        /// Taken back, or stopped in solo mode.
        Cancelled = "cancelled",
        /// Nobody decided in time.
        Expired = "expired",
        /// What it was to change is no longer as it was when it was proposed.
        Void = "void",
    }
}

/// A proposal, as far as its rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposed.
    pub proposer: MemberId,
    /// Where it stands.
    pub state: ProposalState,
    /// The exact change.
    pub hash: ChangeHash,
    /// In solo mode: when it is carried out unless somebody stops it.
    pub execute_after: Option<Timestamp>,
    /// Until when it may be decided or carried out.
    pub expires_at: Timestamp,
}

/// What is to be done with a proposal now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Carry it out: its day in solo mode is over.
    Execute,
    /// End it.
    Expire,
}

/// A step that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was decided before.
    #[error("it is {0}")]
    State(ProposalState),
    /// Its time is over.
    #[error("its time is over")]
    TimeOver,
    /// The voter saw another change than the one that is stored.
    #[error("the change is not the one that was shown")]
    OtherChange,
    /// Only the proposer takes a proposal back.
    #[error("only the proposer may take it back")]
    NotOwn,
    /// The proposer takes back and does not reject.
    #[error("the proposer may take it back")]
    Own,
}

impl Proposal {
    /// A new proposal. `solo` when nobody could approve it.
    #[must_use]
    pub fn open(proposer: MemberId, hash: ChangeHash, solo: bool, now: Timestamp) -> Self {
        let execute_after = solo.then(|| now.plus(SOLO_DELAY));
        let expires_at = execute_after.map_or_else(|| now.plus(TIME_TO_DECIDE), |after| after.plus(SOLO_GRACE));
        Self { proposer, state: ProposalState::Open, hash, execute_after, expires_at }
    }

    /// Whether it waits a day instead of for a second person.
    #[must_use]
    pub const fn is_solo(&self) -> bool {
        self.execute_after.is_some()
    }

    /// An eligible `voter` approves the change they saw as `seen`. Afterwards it is carried out.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn approve(&self, voter: MemberId, seen: ChangeHash, now: Timestamp) -> Result<(), Refusal> {
        self.open_at(now)?;
        if voter == self.proposer {
            return Err(Refusal::Own);
        }
        if seen == self.hash { Ok(()) } else { Err(Refusal::OtherChange) }
    }

    /// Somebody else who may vote says no.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn reject(&self, voter: MemberId, now: Timestamp) -> Result<ProposalState, Refusal> {
        self.open_at(now)?;
        if voter == self.proposer { Err(Refusal::Own) } else { Ok(ProposalState::Rejected) }
    }

    /// The proposer takes it back; in solo mode any member stops it.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn cancel(&self, member: MemberId, now: Timestamp) -> Result<ProposalState, Refusal> {
        self.open_at(now)?;
        if member == self.proposer || self.is_solo() { Ok(ProposalState::Cancelled) } else { Err(Refusal::NotOwn) }
    }

    /// What time asks for. `still_solo`: there is still nobody who could approve it, and the rules still allow solo mode.
    #[must_use]
    pub fn due(&self, still_solo: bool, now: Timestamp) -> Option<Due> {
        if self.state != ProposalState::Open {
            return None;
        }
        if now >= self.expires_at {
            return Some(Due::Expire);
        }
        let waited = self.execute_after.is_some_and(|after| now >= after);
        (waited && still_solo).then_some(Due::Execute)
    }

    fn open_at(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.state != ProposalState::Open {
            return Err(Refusal::State(self.state));
        }
        if now >= self.expires_at { Err(Refusal::TimeOver) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u8) -> MemberId {
        format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id")
    }

    #[derive(Debug, Clone)]
    enum Happens {
        Approve(u8, bool),
        Reject(u8),
        Cancel(u8),
        Pass(u32, bool),
    }

    fn happens() -> impl Strategy<Value = Happens> {
        prop_oneof![
            2 => (0..3_u8, any::<bool>()).prop_map(|(who, right)| Happens::Approve(who, right)),
            1 => (0..3_u8).prop_map(Happens::Reject),
            1 => (0..3_u8).prop_map(Happens::Cancel),
            3 => (0..60_000_u32, any::<bool>()).prop_map(|(seconds, solo)| Happens::Pass(seconds, solo)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whatever happens: it is carried out at most once, by a second person's vote for exactly this change or, in solo
        /// mode, after a whole day in which nobody stopped it; and never once it was decided otherwise or its time was over.
        #[test]
        fn nothing_is_carried_out_by_one_person_at_once(solo: bool, events in prop::collection::vec(happens(), 0..20)) {
            let (right, wrong) = (ChangeHash::of("a"), ChangeHash::of("b"));
            let start = Timestamp::from_millis(0);
            let mut now = start;
            let mut proposal = Proposal::open(id(0), right, solo, now);
            for event in events {
                let before = proposal.state;
                match event {
                    Happens::Approve(who, sees_it) => {
                        if proposal.approve(id(who), if sees_it { right } else { wrong }, now).is_ok() {
                            prop_assert!(who != 0 && sees_it);
                            prop_assert!(now < proposal.expires_at);
                            proposal.state = ProposalState::Executed;
                        }
                    }
                    Happens::Reject(who) => {
                        if let Ok(state) = proposal.reject(id(who), now) {
                            prop_assert!(who != 0);
                            proposal.state = state;
                        }
                    }
                    Happens::Cancel(who) => {
                        if let Ok(state) = proposal.cancel(id(who), now) {
                            prop_assert!(who == 0 || solo);
                            proposal.state = state;
                        }
                    }
                    Happens::Pass(seconds, still_solo) => {
                        now = now.plus(Duration::from_secs(u64::from(seconds)));
                        match proposal.due(still_solo, now) {
                            Some(Due::Execute) => {
                                prop_assert!(solo && still_solo && now >= start.plus(SOLO_DELAY) && now < proposal.expires_at);
                                proposal.state = ProposalState::Executed;
                            }
                            Some(Due::Expire) => {
                                prop_assert!(now >= proposal.expires_at);
                                proposal.state = ProposalState::Expired;
                            }
                            None => {}
                        }
                    }
                }
                prop_assert!(before == ProposalState::Open || before == proposal.state, "what was decided stays so");
            }
        }
    }

    #[test]
    fn names_round_trip() {
        for state in ProposalState::iter() {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
    }

    #[test]
    fn a_day_is_a_day() {
        let now = Timestamp::from_millis(0);
        let open = Proposal::open(id(0), ChangeHash::of("a"), false, now);
        let solo = Proposal::open(id(0), ChangeHash::of("a"), true, now);
        let day = now.plus(Duration::from_secs(24 * 3_600));
        let before = Timestamp::from_micros(day.as_micros() - 1);
        assert_eq!((open.due(true, before), open.due(true, day)), (None, Some(Due::Expire)));
        assert_eq!((solo.due(true, before), solo.due(true, day)), (None, Some(Due::Execute)));
        assert_eq!(solo.due(false, day), None, "somebody could approve it by now");
        assert_eq!(open.approve(id(1), ChangeHash::of("a"), day), Err(Refusal::TimeOver));
    }
}

//! Who may approve somebody's proposal.

use std::time::Duration;

use domain::{MemberId, Timestamp};

/// How long somebody must have held the role that lets them vote.
pub const IN_ROLE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// How long inviting, promoting or resetting somebody binds them to who did it.
pub const INFLUENCE: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How long ago the second factor may have been shown.
pub const FRESH: Duration = Duration::from_secs(10 * 60);

/// Somebody who might approve, as they stand now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub member: MemberId,
    /// Whether they may sign in.
    pub active: bool,
    /// Since when they have, without a break, a role that lets them vote; `None` without one.
    pub votes_since: Option<Timestamp>,
    /// Whether they have a second factor of their own.
    pub has_factor: bool,
    /// When the proposer last invited, promoted or reset them.
    pub influenced_at: Option<Timestamp>,
}

/// Why somebody may not approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ineligible {
    /// They proposed it.
    #[error("nobody approves their own proposal")]
    Proposer,
    /// They gain by it.
    #[error("nobody approves what they gain by")]
    Beneficiary,
    /// They may not sign in, or no role of theirs lets them vote.
    #[error("no role of yours lets you vote")]
    NoVote,
    /// They have no second factor.
    #[error("approving takes a second factor of your own")]
    NoFactor,
    /// They have not had their role for long enough.
    #[error("approving takes seven days in the role that lets you vote")]
    NewInRole,
    /// They owe the proposer their place.
    #[error("whom the proposer invited, promoted or reset within thirty days does not approve their proposals")]
    Influenced,
    /// They have not proved lately who they are.
    #[error("show your second factor again: it must be less than ten minutes ago")]
    NotFresh,
}

/// Whether `candidate` may approve what `proposer` proposed. Whether they proved lately who they are is [`fresh_enough`]:
/// anybody can mend that, so it does not decide about solo mode.
///
/// # Errors
/// The first [`Ineligible`] that applies.
pub fn eligible(
    candidate: &Candidate,
    proposer: MemberId,
    beneficiary: Option<MemberId>,
    now: Timestamp,
) -> Result<(), Ineligible> {
    if candidate.member == proposer {
        return Err(Ineligible::Proposer);
    }
    if beneficiary == Some(candidate.member) {
        return Err(Ineligible::Beneficiary);
    }
    let Some(since) = candidate.votes_since.filter(|_| candidate.active) else { return Err(Ineligible::NoVote) };
    if !candidate.has_factor {
        return Err(Ineligible::NoFactor);
    }
    if now < since.plus(IN_ROLE) {
        return Err(Ineligible::NewInRole);
    }
    if candidate.influenced_at.is_some_and(|at| now < at.plus(INFLUENCE)) {
        return Err(Ineligible::Influenced);
    }
    Ok(())
}

/// Whether a second factor was shown lately enough for a vote. A time that lies ahead proves nothing.
///
/// # Errors
/// [`Ineligible::NotFresh`].
pub fn fresh_enough(mfa_at: Option<Timestamp>, now: Timestamp) -> Result<(), Ineligible> {
    if mfa_at.is_some_and(|at| at <= now && now < at.plus(FRESH)) { Ok(()) } else { Err(Ineligible::NotFresh) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> MemberId {
        format!("0190f3a1-0000-7000-8000-{n:012x}").parse().expect("an id")
    }

    #[test]
    fn every_condition_stops_it_alone() {
        let now = Timestamp::from_millis(1_790_000_000_000);
        let just = |duration: Duration| Timestamp::from_micros(now.minus(duration).as_micros() + 1);
        let good = Candidate {
            member: id(2),
            active: true,
            votes_since: Some(now.minus(IN_ROLE)),
            has_factor: true,
            influenced_at: None,
        };
        let ask = |candidate: Candidate| eligible(&candidate, id(1), Some(id(3)), now);
        assert_eq!(ask(good), Ok(()));
        assert_eq!(ask(Candidate { influenced_at: Some(now.minus(INFLUENCE)), ..good }), Ok(()), "long ago");
        for (candidate, why) in [
            (Candidate { member: id(1), ..good }, Ineligible::Proposer),
            (Candidate { member: id(3), ..good }, Ineligible::Beneficiary),
            (Candidate { active: false, ..good }, Ineligible::NoVote),
            (Candidate { votes_since: None, ..good }, Ineligible::NoVote),
            (Candidate { has_factor: false, ..good }, Ineligible::NoFactor),
            (Candidate { votes_since: Some(just(IN_ROLE)), ..good }, Ineligible::NewInRole),
            (Candidate { influenced_at: Some(just(INFLUENCE)), ..good }, Ineligible::Influenced),
            (Candidate { influenced_at: Some(now.plus(IN_ROLE)), ..good }, Ineligible::Influenced),
        ] {
            assert_eq!(ask(candidate), Err(why), "{candidate:?}");
        }
        assert_eq!(fresh_enough(Some(now), now), Ok(()));
        for stale in [None, Some(now.minus(FRESH)), Some(now.plus(FRESH))] {
            assert_eq!(fresh_enough(stale, now), Err(Ineligible::NotFresh), "{stale:?}");
        }
    }
}

//! Breaking glass: opening sessions at once, told to everybody who watches over access, reviewed afterwards.

use std::time::Duration;

use domain::Timestamp;

/// The longest that broken glass stays open.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);
/// Most sessions of one use.
pub const SESSIONS: usize = 20;
/// Most uses of one tenant …
pub const USES: u64 = 3;
/// … in this time.
pub const WINDOW: Duration = Duration::from_secs(24 * 3_600);
/// A use is to be reviewed within this time.
pub const REVIEW_WITHIN: Duration = Duration::from_secs(72 * 3_600);
/// How long ago the second factor may have been shown.
pub const FRESH: Duration = Duration::from_secs(10 * 60);

/// What bears on a use, as it stands in the transaction that would record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// When the second factor was last shown in this sign-in.
    pub mfa_at: Option<Timestamp>,
    /// Sessions asked for.
    pub sessions: usize,
    /// How long it shall stay open.
    pub duration: Duration,
    /// Whether any of them is restricted.
    pub restricted: bool,
    /// Uses of the tenant within [`WINDOW`].
    pub uses: u64,
    /// Whether a use by somebody of this role is past its review.
    pub role_owes_review: bool,
    /// Whether one of these sessions was opened by this member in a use that is still open or not reviewed.
    pub again: bool,
}

/// Why glass cannot be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The second factor was not shown lately.
    #[error("the second factor must have been shown within the last ten minutes")]
    NotFresh,
    /// None, or too many.
    #[error("1 to {SESSIONS} sessions")]
    Sessions,
    /// Too long.
    #[error("at most one hour")]
    TooLong,
    /// Restricted sessions are never opened this way.
    #[error("restricted sessions are never opened by breaking glass")]
    Restricted,
    /// The tenant's uses are spent.
    #[error("the tenant's uses of a day are spent")]
    Spent,
    /// A use by this role waits for its review for too long.
    #[error("a use by this role was not reviewed in time")]
    ReviewOwed,
    /// It is not a way to renew what ended.
    #[error("a session is not opened a second time before the first was reviewed")]
    NotRenewable,
}

/// Whether glass may be broken now.
///
/// # Errors
/// The first [`Refusal`] that applies.
pub fn may_break(facts: &Facts, now: Timestamp) -> Result<(), Refusal> {
    if facts.mfa_at.is_none_or(|at| at > now || at < now.minus(FRESH)) {
        return Err(Refusal::NotFresh);
    }
    if facts.sessions == 0 || facts.sessions > SESSIONS {
        return Err(Refusal::Sessions);
    }
    if facts.duration.is_zero() || facts.duration > LONGEST {
        return Err(Refusal::TooLong);
    }
    if facts.restricted {
        return Err(Refusal::Restricted);
    }
    if facts.role_owes_review {
        return Err(Refusal::ReviewOwed);
    }
    if facts.again {
        return Err(Refusal::NotRenewable);
    }
    if facts.uses >= USES { Err(Refusal::Spent) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_stops_it_alone() {
        let now = Timestamp::from_millis(1_000_000_000);
        let good = Facts { mfa_at: Some(now), sessions: 1, duration: LONGEST, ..Facts::default() };
        assert_eq!(may_break(&good, now), Ok(()));
        assert_eq!(
            may_break(&Facts { mfa_at: Some(now.minus(FRESH)), sessions: SESSIONS, uses: 2, ..good }, now),
            Ok(())
        );
        let future = now.plus(Duration::from_secs(1));
        let stale = Timestamp::from_micros(now.minus(FRESH).as_micros() - 1);
        for (facts, refusal) in [
            (Facts { mfa_at: None, ..good }, Refusal::NotFresh),
            (Facts { mfa_at: Some(stale), ..good }, Refusal::NotFresh),
            (Facts { mfa_at: Some(future), ..good }, Refusal::NotFresh),
            (Facts { sessions: 0, ..good }, Refusal::Sessions),
            (Facts { sessions: 21, ..good }, Refusal::Sessions),
            (Facts { duration: LONGEST + Duration::from_secs(1), ..good }, Refusal::TooLong),
            (Facts { duration: Duration::ZERO, ..good }, Refusal::TooLong),
            (Facts { restricted: true, ..good }, Refusal::Restricted),
            (Facts { uses: 3, ..good }, Refusal::Spent),
            (Facts { role_owes_review: true, ..good }, Refusal::ReviewOwed),
            (Facts { again: true, ..good }, Refusal::NotRenewable),
        ] {
            assert_eq!(may_break(&facts, now), Err(refusal), "{facts:?}");
        }
    }
}

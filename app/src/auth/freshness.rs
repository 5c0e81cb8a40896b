//! How lately the holder of a sign-in has proved who they are.

use std::time::Duration;

use domain::Timestamp;
use store::LoginRow;

/// When the holder of a login last proved who they are. Use cases that a stolen token must not reach ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// By anything: the password, or a second factor.
    pub authenticated_at: Timestamp,
    /// By a second factor; none when this login never saw one.
    pub mfa_at: Option<Timestamp>,
}

impl Freshness {
    /// What a sign-in says.
    pub(crate) fn of(login: &LoginRow) -> Self {
        Self { authenticated_at: login.authenticated_at.unwrap_or(login.created_at), mfa_at: login.mfa_at }
    }

    /// Whether any proof was given within this time.
    #[must_use]
    pub fn authenticated_within(&self, within: Duration, now: Timestamp) -> bool {
        is_within(self.authenticated_at, within, now)
    }

    /// Whether a second factor was proved within this time.
    #[must_use]
    pub fn mfa_within(&self, within: Duration, now: Timestamp) -> bool {
        self.mfa_at.is_some_and(|at| is_within(at, within, now))
    }
}

/// A time that lies ahead is no proof: a clock was set back, and how long ago it really was is not known.
fn is_within(at: Timestamp, within: Duration, now: Timestamp) -> bool {
    at <= now && now < at.plus(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_ages_and_one_from_the_future_counts_for_nothing() {
        let (at, minute) = (Timestamp::from_millis(1_000_000), Duration::from_secs(60));
        let fresh = Freshness { authenticated_at: at, mfa_at: Some(at) };
        let just_before = Timestamp::from_micros(at.plus(minute).as_micros() - 1);
        for (now, holds) in
            [(at, true), (just_before, true), (at.plus(minute), false), (Timestamp::from_millis(999_999), false)]
        {
            assert_eq!(fresh.authenticated_within(minute, now), holds, "{now:?}");
            assert_eq!(fresh.mfa_within(minute, now), holds, "{now:?}");
        }
        assert!(!Freshness { mfa_at: None, ..fresh }.mfa_within(minute, at));
    }
}

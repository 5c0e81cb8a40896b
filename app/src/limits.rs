//! Limits of rate: how often somebody may ask for something, and how much of that is left.
//!
//! Each limit has a name that callers see in `RateLimit` headers. What admits a request hands out an [`Allowance`], so
//! that answers, refusals included, say when trying again makes sense.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::keyed::DefaultKeyedStateStore,
};

use crate::AppError;

/// After so many requests, keys that have their whole quota again are forgotten: whoever invents keys fills no memory.
const FORGET_EVERY: u32 = 1_024;

/// What is left of a limit after one request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The limit's published name.
    pub limit: &'static str,
    /// Requests per window.
    pub quota: u32,
    /// The window.
    pub window: Duration,
    /// Requests that would be admitted right now.
    pub remaining: u32,
    /// When the whole quota is there again, if nothing more is asked until then.
    pub reset: Duration,
}

impl Allowance {
    /// Of two limits that both count, the one that will refuse first.
    #[must_use]
    pub const fn tighter(self, other: Self) -> Self {
        if other.remaining < self.remaining { other } else { self }
    }
}

/// One limit, counted per key in this process.
pub(crate) struct RateLimit<K: Hash + Eq + Clone> {
    name: &'static str,
    detail: &'static str,
    quota: Quota,
    window: Duration,
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> RateLimit<K> {
    /// `count` requests a minute; zero counts as one, a limit that refuses everything would be a switch.
    pub(crate) fn per_minute(name: &'static str, count: u32, detail: &'static str) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Self::new(name, detail, quota, Duration::from_secs(60))
    }

    /// `count` requests a second.
    pub(crate) fn per_second(name: &'static str, count: u32, detail: &'static str) -> Self {
        let quota = Quota::per_second(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Self::new(name, detail, quota, Duration::from_secs(1))
    }

    fn new(name: &'static str, detail: &'static str, quota: Quota, window: Duration) -> Self {
        let limiter = RateLimiter::keyed(quota).with_middleware();
        Self { name, detail, quota, window, limiter, asked: AtomicU32::new(0) }
    }

    /// Counts one request of `key`.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when the quota is used up; the request then does not count.
    pub(crate) fn admit(&self, key: &K) -> Result<Allowance, AppError> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(key) {
            Ok(state) => Ok(self.allowance(&state)),
            Err(refused) => {
                let retry_after = refused.wait_time_from(DefaultClock::default().now());
                Err(AppError::TooMany {
                    retry_after,
                    detail: self.detail,
                    allowance: Some(Allowance { remaining: 0, reset: self.refill(self.burst()), ..self.empty() }),
                })
            }
        }
    }

    fn allowance(&self, state: &StateSnapshot) -> Allowance {
        let remaining = state.remaining_burst_capacity();
        Allowance { remaining, reset: self.refill(self.burst().saturating_sub(remaining)), ..self.empty() }
    }

    const fn empty(&self) -> Allowance {
        Allowance { limit: self.name, quota: self.burst(), window: self.window, remaining: 0, reset: Duration::ZERO }
    }

    const fn burst(&self) -> u32 {
        self.quota.burst_size().get()
    }

    /// How long it takes until `used` requests are there again.
    fn refill(&self, used: u32) -> Duration {
        self.quota.replenish_interval().saturating_mul(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_shrinks_to_a_refusal_and_keys_are_apart() {
        let limit = RateLimit::per_minute("starts", 3, "too many starts");
        let first = limit.admit(&1).expect("is admitted");
        assert_eq!((first.limit, first.quota, first.window.as_secs()), ("starts", 3, 60));
        assert_eq!((first.remaining, first.reset.as_secs()), (2, 20));
        limit.admit(&1).expect("is admitted");
        assert_eq!(limit.admit(&1).expect("is admitted").remaining, 0);
        let Err(AppError::TooMany { retry_after, allowance, .. }) = limit.admit(&1) else { panic!("was admitted") };
        assert!(retry_after <= Duration::from_secs(20) && retry_after > Duration::from_secs(15), "{retry_after:?}");
        assert_eq!(allowance.map(|left| (left.remaining, left.reset.as_secs())), Some((0, 60)));
        assert_eq!(limit.admit(&2).expect("another key").remaining, 2);
    }

    #[test]
    fn keys_with_their_whole_quota_are_forgotten() {
        // A refill of a nanosecond: every key is whole again by the time it is looked at.
        let limit = RateLimit::per_second("segments", 1_000_000_000, "too many");
        for key in 0..FORGET_EVERY * 8 {
            limit.admit(&key).expect("is admitted");
        }
        assert!(limit.limiter.len() <= FORGET_EVERY as usize * 2, "{} keys are kept", limit.limiter.len());
    }

    #[test]
    fn the_tighter_of_two_limits_is_told() {
        let (wide, narrow) = (RateLimit::per_minute("a", 9, ""), RateLimit::per_minute("b", 2, ""));
        let (wide, narrow) = (wide.admit(&0).expect("ok"), narrow.admit(&0).expect("ok"));
        assert_eq!(wide.tighter(narrow), narrow);
        assert_eq!(narrow.tighter(wide), narrow);
    }
}

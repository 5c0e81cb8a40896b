//! Pauses between tries.

use std::time::Duration;

use domain::Entropy;

/// How long to wait after a failure: twice as long each time, never longer than a bound, and not at the same moment as
/// everything else that failed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The pause after the first failure.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
}

impl Backoff {
    /// From five seconds to ten minutes.
    pub const USUAL: Self = Self { first: Duration::from_secs(5), longest: Duration::from_secs(600) };

    /// The pause after `failures` failures: somewhere in the upper half of what is due, so that jobs that failed together
    /// do not come back together.
    #[must_use]
    pub fn pause(&self, failures: u32, entropy: &dyn Entropy) -> Duration {
        let doubled = 1_u32
            .checked_shl(failures.saturating_sub(1))
            .map_or(Duration::MAX, |times| self.first.saturating_mul(times));
        let whole = doubled.min(self.longest);
        let mut random = [0; 4];
        entropy.fill(&mut random);
        let part = f64::from(u32::from_be_bytes(random)) / f64::from(u32::MAX);
        whole.mul_f64(0.5 + part / 2.0).min(whole)
    }
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_pause_doubles_up_to_its_bound_and_is_never_shorter_than_half(
            first in 1_u64..60_000, longest in 1_u64..3_600_000, failures in 1_u32..200, seed: u64,
        ) {
            let backoff = Backoff { first: Duration::from_millis(first), longest: Duration::from_millis(longest) };
            let whole = (u128::from(first) << failures.min(80).saturating_sub(1)).min(u128::from(longest));
            let pause = backoff.pause(failures, &SeededEntropy::new(seed)).as_millis();
            prop_assert!(pause <= whole, "{pause} of {whole}");
            prop_assert!(pause + 1 >= whole / 2, "{pause} of {whole}");
        }
    }

    #[test]
    fn jobs_that_failed_together_come_back_apart() {
        let entropy = SeededEntropy::new(1);
        let pauses: std::collections::BTreeSet<_> =
            (0..100).map(|_| Backoff::USUAL.pause(5, &entropy).as_micros()).collect();
        assert!(pauses.len() > 95, "{}", pauses.len());
        let spread = pauses.last().expect("some") - pauses.first().expect("some");
        assert!(spread > Backoff::USUAL.pause(5, &entropy).as_micros() / 3, "{spread}");
    }
}

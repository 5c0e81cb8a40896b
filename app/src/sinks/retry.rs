//! How long a sink is left alone after it did not answer.

use std::time::Duration;

use domain::Entropy;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// Pauses after each failure. Together they are more than a day, also when each is as short as it can be.
const PAUSES: [u64; 8] = [5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 12 * HOUR];
/// What a receiver asks for with `Retry-After` counts within these bounds.
const LEAST: u64 = 5;
const MOST: u64 = 6 * HOUR;

/// So often something is tried that need not arrive: a test, or what had arrived before. The log itself is tried for ever.
pub(super) const TRIES: u32 = 8;

/// The pause after `failures` failures: in the upper quarter of what is due, so that what failed together does not come back
/// together; or what the receiver asked for.
pub(super) fn pause(failures: u32, asked: Option<u64>, entropy: &dyn Entropy) -> Duration {
    if let Some(asked) = asked {
        return Duration::from_secs(asked.clamp(LEAST, MOST));
    }
    let at = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let mut random = [0; 4];
    entropy.fill(&mut random);
    let part = f64::from(u32::from_be_bytes(random)) / f64::from(u32::MAX);
    Duration::from_secs(PAUSES[at]).mul_f64(0.75 + part / 4.0)
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_grow_and_last_for_a_day_and_more(seed: u64) {
            let entropy = SeededEntropy::new(seed);
            let pauses: Vec<_> = (1..=TRIES).map(|failures| pause(failures, None, &entropy)).collect();
            prop_assert!(pauses.iter().sum::<Duration>() >= Duration::from_secs(24 * HOUR));
            prop_assert!(pauses[..7].is_sorted(), "{pauses:?}");
            prop_assert!(pauses[0] <= Duration::from_secs(5));
            let later = pause(100, None, &entropy);
            prop_assert!((Duration::from_secs(9 * HOUR)..=Duration::from_secs(12 * HOUR)).contains(&later));
        }

        #[test]
        fn what_a_receiver_asks_for_counts_within_bounds(asked: u64, failures in 1_u32..20) {
            let pause = pause(failures, Some(asked), &SeededEntropy::new(1)).as_secs();
            prop_assert!((LEAST..=MOST).contains(&pause));
            prop_assert!(pause == asked || !(LEAST..=MOST).contains(&asked));
        }
    }
}

//! The one source of randomness: the operating system's in production, seeded in tests.

use std::sync::{Mutex, PoisonError};

use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};

/// Fills buffers with random bytes fit for keys.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Overwrites all of `buffer`.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// When the operating system has no randomness to give: going on would make guessable keys.
    fn fill(&self, buffer: &mut [u8]) {
        rand::TryRngCore::unwrap_err(rand::rngs::OsRng).fill_bytes(buffer);
    }
}

/// A repeatable stream for tests; never for keys that guard anything.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
    }
}

//! Passwords: argon2id (RFC 9106) on a bounded pool, with the same work for accounts that do not exist; and which ones
//! will do (NIST SP 800-63B §5.1.1.2: long enough, not a well-known one, no rules of composition).

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use domain::{Entropy, Secret};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::{AppError, settings::PasswordCost};

/// Shortest password, in characters.
const LEAST_CHARS: usize = 12;
/// Longest, in bytes: there is no reason to hash more.
const MOST_BYTES: usize = 512;
/// Well-known ones, lower case, one a line.
const COMMON: &str = include_str!("common.txt");

/// Whether a new password will do; `pointer` names it in the problem.
///
/// # Errors
/// [`AppError::Invalid`] saying what would.
pub(crate) fn checked_password(pointer: &str, password: &Secret<String>, email: &str) -> Result<(), AppError> {
    let text = password.expose();
    if text.chars().count() < LEAST_CHARS || text.len() > MOST_BYTES {
        let detail = format!("must have at least {LEAST_CHARS} characters, and at most {MOST_BYTES} bytes");
        return Err(AppError::invalid(pointer, detail));
    }
    let plain = Zeroizing::new(text.to_lowercase());
    let first = plain.chars().next();
    let known = COMMON.lines().any(|line| line == *plain) || plain.chars().all(|c| Some(c) == first);
    if known || *plain == vault::blind::normalise(email) {
        return Err(AppError::invalid(pointer, "is one of the first that somebody would try; choose another"));
    }
    Ok(())
}

/// Hashes and checks passwords. At most `at_once` computations run; each takes 64 MiB by default.
pub(crate) struct Passwords {
    cost: PasswordCost,
    permits: Semaphore,
    /// The hash of no one's password: checked when the account does not exist, so that the time tells nothing.
    nobody: String,
    /// Hashes computed so far: what a caller's wait is made of.
    work: AtomicU64,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost, entropy: &dyn Entropy) -> Result<Self, AppError> {
        let mut filler = [0_u8; 32];
        entropy.fill(&mut filler);
        let nobody = hash(cost, &filler, entropy)?;
        Ok(Self { cost, permits: Semaphore::new(cost.at_once.max(1)), nobody, work: AtomicU64::new(0) })
    }

    /// Hashes computed so far.
    pub(crate) fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }

    /// The PHC string of `password` under a fresh salt.
    pub(crate) async fn hash(&self, password: &Secret<String>, entropy: &dyn Entropy) -> Result<String, AppError> {
        self.work.fetch_add(1, Ordering::Relaxed);
        let _permit = self.permits.acquire().await.map_err(AppError::internal)?;
        let mut salt = [0_u8; 16];
        entropy.fill(&mut salt);
        let (cost, password) = (self.cost, password.clone());
        tokio::task::spawn_blocking(move || hash_with_salt(cost, password.expose().as_bytes(), &salt))
            .await
            .map_err(AppError::internal)?
    }

    /// Whether `password` is the one behind `stored`; with no account the work is done all the same and the answer is no.
    pub(crate) async fn verify(&self, password: &Secret<String>, stored: Option<&str>) -> Result<bool, AppError> {
        self.work.fetch_add(1, Ordering::Relaxed);
        let _permit = self.permits.acquire().await.map_err(AppError::internal)?;
        let known = stored.is_some();
        let (phc, password) = (stored.unwrap_or(&self.nobody).to_owned(), password.clone());
        let matches = tokio::task::spawn_blocking(move || {
            PasswordHash::new(&phc)
                .is_ok_and(|parsed| Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok())
        })
        .await
        .map_err(AppError::internal)?;
        Ok(matches && known)
    }

    /// Whether `stored` was made at another cost than today's, so that a sign-in should replace it.
    pub(crate) fn is_dated(&self, stored: &str) -> bool {
        let now = format!("m={},t={},p={}", self.cost.memory_kib, self.cost.passes, self.cost.lanes);
        !stored.split('$').any(|part| part == now)
    }
}

fn hash(cost: PasswordCost, password: &[u8], entropy: &dyn Entropy) -> Result<String, AppError> {
    let mut salt = [0_u8; 16];
    entropy.fill(&mut salt);
    hash_with_salt(cost, password, &salt)
}

fn hash_with_salt(cost: PasswordCost, password: &[u8], salt: &[u8; 16]) -> Result<String, AppError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(AppError::internal)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let phc: argon2::password_hash::phc::PasswordHash =
        argon2.hash_password_with_salt(password, salt).map_err(AppError::internal)?;
    Ok(phc.to_string())
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;

    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1, at_once: 1 };

    #[test]
    fn a_password_is_long_and_not_well_known_and_that_is_all() {
        let check = |text: &str| {
            checked_password("/password", &Secret::new(text.to_owned()), "Ada.Lovelace@example.com").is_ok()
        };
        assert!(check("correct horse 1"), "no rules of composition");
        assert!(check("ねこがすきですほんとうに"), "characters are counted, not bytes");
        assert!(check("aaaaaaaaaaab"));
        for bad in [
            "",
            "elevenchars",
            "Password1234",
            "QWERTYUIOP123",
            "correcthorsebatterystaple",
            "aaaaaaaaaaaaaaaa",
            "ada.lovelace@example.com",
            &"x9".repeat(300),
        ] {
            assert!(!check(bad), "{bad:?}");
        }
        let mut lines: Vec<_> = COMMON.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(
            lines.iter().all(|line| line.len() >= LEAST_CHARS && *line == line.to_lowercase()),
            "would never match"
        );
        let all = lines.len();
        lines.sort_unstable();
        lines.dedup();
        assert!(lines.len() == all && all > 150, "{all}");
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let entropy = SeededEntropy::new(1);
        let passwords = Passwords::new(CHEAP, &entropy).expect("cost is valid");
        let right = Secret::new("correct horse".to_owned());
        let stored = passwords.hash(&right, &entropy).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(passwords.verify(&right, Some(&stored)).await.expect("runs"));
        assert!(!passwords.verify(&Secret::new("wrong".to_owned()), Some(&stored)).await.expect("runs"));
        assert!(!passwords.verify(&right, None).await.expect("runs"), "nobody has a password");
        assert!(!passwords.is_dated(&stored));
        assert!(Passwords::new(PasswordCost { passes: 2, ..CHEAP }, &entropy).expect("valid").is_dated(&stored));
    }
}

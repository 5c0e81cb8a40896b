//! Codes of authenticator apps (RFC 6238): SHA-1, six digits, half a minute. Apps that are asked for anything else make codes
//! by these all the same, so there is nothing to choose.

use domain::{Entropy, Secret, Timestamp};
use totp_rs::{Builder, Totp, TotpError};
use unicode_normalization::UnicodeNormalization as _;

use super::TotpEnrolment;
use crate::AppError;

/// Bytes of a secret: as many as the hash has (RFC 4226 §4).
const SECRET: usize = 20;
/// Digits of a code.
const DIGITS: usize = 6;
/// What authenticator apps show above the code.
const ISSUER: &str = "Sealtape";

/// A fresh secret.
pub(super) fn mint(entropy: &dyn Entropy) -> Secret<Vec<u8>> {
    let mut secret = vec![0_u8; SECRET];
    entropy.fill(&mut secret);
    Secret::new(secret)
}

/// The step whose code this is: the present one, the one before or the one after.
pub(super) fn step(secret: &[u8], typed: &str, now: Timestamp) -> Option<u64> {
    let code = normal(typed)?;
    let seconds = u64::try_from(now.as_secs()).ok()?;
    rules(secret).build().ok()?.check(code.expose(), seconds)
}

/// What the app of this member must be told.
pub(super) fn enrolment(secret: &Secret<Vec<u8>>, email: &str) -> Result<TotpEnrolment, AppError> {
    let refused = |error: TotpError| AppError::internal(format!("no address for an authenticator app: {error}"));
    // The colon parts issuer and account in what the app reads; an address may hold one in quotes.
    let account = email.replace(':', " ");
    let totp: Totp =
        rules(secret.expose()).with_issuer(Some(ISSUER)).with_account_name(account).build().map_err(refused)?;
    let uri = Secret::new(totp.to_url().map_err(refused)?);
    Ok(TotpEnrolment { uri, secret: Secret::new(totp.secret().to_base32()) })
}

fn rules(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret)
}

/// The six digits of what somebody typed: spaces and hyphens between them do not count, full-width and other digits are put
/// right.
fn normal(typed: &str) -> Option<Secret<String>> {
    let mut code = String::with_capacity(DIGITS);
    for character in typed.nfkc().take(4 * DIGITS) {
        if character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}' | '\u{feff}') {
            continue;
        }
        if !character.is_ascii_digit() || code.len() == DIGITS {
            return None;
        }
        code.push(character);
    }
    (code.len() == DIGITS).then(|| Secret::new(code))
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;
    use proptest::prelude::*;

    use super::*;

    /// RFC 6238, appendix B; the last six of its eight digits.
    const RFC: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_published_vectors() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let want = u64::try_from(seconds / 30).expect("positive");
            assert_eq!(step(RFC, code, at(seconds)), Some(want), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after_its_own() {
        let (code, own) = ("005924", 1_234_567_890 / 30);
        let around = |steps: i64| step(RFC, code, at(1_234_567_890 + 30 * steps));
        assert_eq!(around(-2), None);
        for steps in -1..=1 {
            assert_eq!(around(steps), Some(own), "the step is the code's own, wherever the clock stands");
        }
        assert_eq!(around(2), None);
        assert_eq!(step(RFC, code, at(-1)), None, "before the epoch");
        assert_eq!(step(&RFC[..4], code, at(1_234_567_890)), None, "a secret too short to be one of ours");
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in [
            "005924",
            " 005 924\n",
            "005\u{a0}924",
            "005\u{3000}924",
            "\u{ff10}\u{ff10}\u{ff15}\u{ff19}\u{ff12}\u{ff14}",
            "0-0-5-9-2-4",
            "005\u{2013}924",
            "\u{200b}005924",
        ] {
            assert!(step(RFC, typed, at(1_234_567_890)).is_some(), "{typed:?}");
        }
        for typed in ["", "00592", "0059244", "00592a", "005,924", "५", "00592\u{0664}", "+05924", "0x5924"] {
            assert_eq!(step(RFC, typed, at(1_234_567_890)), None, "{typed:?}");
        }
        assert_eq!(normal(&" ".repeat(1_000_000)).map(drop), None);
    }

    #[test]
    fn an_app_is_told_the_secret_once_in_two_forms() {
        let secret = mint(&SeededEntropy::new(1));
        let told = enrolment(&secret, "\"a:da\"@example.test").expect("has an address");
        let uri = told.uri.expose();
        assert!(uri.starts_with("otpauth://totp/Sealtape:"), "{uri}");
        assert!(uri.contains(&format!("secret={}", told.secret.expose())), "{uri}");
        assert!(uri.contains("issuer=Sealtape"), "{uri}");
        assert_eq!(told.secret.expose().len(), 32, "20 bytes in base32 without padding");
    }

    proptest! {
        #[test]
        fn a_code_is_accepted_in_its_own_step_and_spent_steps_grow(seed: u64, seconds in 60_i64..4_000_000_000) {
            let secret = mint(&SeededEntropy::new(seed));
            let totp = rules(secret.expose()).build().expect("a totp");
            let unsigned = u64::try_from(seconds).expect("positive");
            let code = totp.generate(unsigned).to_string();
            let accepted = step(secret.expose(), &code, at(seconds)).expect("is right");
            // Six digits can be another step's by chance; the step found is never outside the window.
            prop_assert!(accepted.abs_diff(unsigned / 30) <= 1);
            prop_assert_eq!(step(secret.expose(), &code.chars().rev().collect::<String>(), at(seconds)).is_some()
                , code.chars().rev().eq(code.chars())
                || (0..3).any(|n| totp.generate(unsigned + 30 * n - 30).to_string() == code.chars().rev().collect::<String>()));
        }
    }
}

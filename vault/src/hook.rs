//! Signatures over what is sent to webhooks: Standard Webhooks (<https://www.standardwebhooks.com>), `v1`, HMAC-SHA256.
//!
//! What is signed is `id.timestamp.body`: none of the three can be exchanged, and a receiver that looks at the timestamp and
//! remembers ids takes nothing twice.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Secret;
use ring::hmac;
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";

/// The secret that a receiver shares with us.
pub struct HookSecret(Zeroizing<Vec<u8>>);

impl HookSecret {
    /// From 256 random bits.
    #[must_use]
    pub fn from_bits(bits: [u8; 32]) -> Self {
        Self(Zeroizing::new(bits.to_vec()))
    }

    /// From its printed form, with 24 to 64 bytes in it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?);
        (24..=64).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// As its owner copies it.
    #[must_use]
    pub fn printed(&self) -> Secret<String> {
        Secret::new(format!("{PREFIX}{}", STANDARD.encode(&*self.0)))
    }

    /// One signature, as it stands in `webhook-signature`; several are joined by spaces.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn attack_36_the_published_vector() {
        let secret = HookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn attack_36_id_time_and_body_are_all_signed() {
        let secret = HookSecret::from_bits([7; 32]);
        let base = secret.sign("msg_a", 1, b"{}");
        for other in [
            secret.sign("msg_b", 1, b"{}"),
            secret.sign("msg_a", 2, b"{}"),
            secret.sign("msg_a", 1, b"{ }"),
            HookSecret::from_bits([8; 32]).sign("msg_a", 1, b"{}"),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn a_secret_is_read_as_it_is_printed() {
        let secret = HookSecret::from_bits([7; 32]);
        let again = HookSecret::parse(secret.printed().expose()).expect("reads");
        assert_eq!(secret.sign("a", 1, b""), again.sign("a", 1, b""));
        let short = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==";
        for wrong in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!", short] {
            assert!(HookSecret::parse(wrong).is_none(), "{wrong}");
        }
    }
}

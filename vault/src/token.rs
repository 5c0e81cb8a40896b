//! Ed25519 signatures (RFC 8032) for access and session tokens, and the public half as a JWK (RFC 8037).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::Serialize;

use crate::{Key32, chain::sha256};

/// The signature is not this key's over these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A signing key. Keep the seed wrapped; make this when it is needed.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The key pair of a 32-byte seed ([`Key32::generate`] makes one).
    ///
    /// # Panics
    /// Never: every 32 bytes are a seed.
    #[must_use]
    pub fn from_seed(seed: &Key32) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("every 32 bytes are an Ed25519 seed"))
    }
    /// Signs `message`; deterministic.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut output = [0; 64];
        output.copy_from_slice(self.0.sign(message).as_ref());
        output
    }
    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        let mut output = [0; 32];
        output.copy_from_slice(self.0.public_key().as_ref());
        output
    }
}

/// Checks a signature.
///
/// # Errors
/// [`BadSignature`], also for a signature or key of the wrong length.
pub fn verify(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    UnparsedPublicKey::new(&signature::ED25519, public_key).verify(message, signature).map_err(|_| BadSignature)
}

/// A public key as JWKS list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// Key type, `OKP`.
    pub kty: &'static str,
    /// Curve, `Ed25519`.
    pub crv: &'static str,
    /// Algorithm, `EdDSA`.
    pub alg: &'static str,
    /// Use, `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Key id: [`thumbprint`].
    pub kid: String,
    /// The public key, base64url.
    pub x: String,
}

impl Jwk {
    /// The JWK of a public key.
    #[must_use]
    pub fn new(public_key: &[u8; 32]) -> Self {
        let kid = thumbprint(public_key);
        Self { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", kid, x: URL_SAFE_NO_PAD.encode(public_key) }
    }
}

/// The JWK thumbprint (RFC 7638, RFC 8037 appendix A.3), which we use as key id.
#[must_use]
pub fn thumbprint(public_key: &[u8; 32]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public_key);
    URL_SAFE_NO_PAD.encode(sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> SigningKey {
        SigningKey::from_seed(&Key32::from_slice(&hex::decode(hex).expect("hex")).expect("32 bytes"))
    }

    #[test]
    fn rfc_8032_test_2() {
        let key = key("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        assert_eq!(hex::encode(key.public_key()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = key.sign(&[0x72]);
        assert_eq!(
            hex::encode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert_eq!(verify(&key.public_key(), &[0x72], &signature), Ok(()));
        assert_eq!(verify(&key.public_key(), &[0x73], &signature), Err(BadSignature));
        assert_eq!(verify(&key.public_key(), &[0x72], &signature[..63]), Err(BadSignature));
        assert_eq!(verify(&[0; 31], &[0x72], &signature), Err(BadSignature));
    }

    #[test]
    fn rfc_8037_thumbprint() {
        let key = key("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let jwk = Jwk::new(&key.public_key());
        assert_eq!(jwk.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(jwk.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}

//! Compact JWS, read strictly: one algorithm, one form of header, keys that the reader brought.

use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// A public Ed25519 key, and how a document names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: [u8; 32],
    id: String,
}

impl PublicKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, id: thumbprint(&key) }
    }

    /// `kid`: the key's JWK thumbprint (RFC 7638, RFC 8037 appendix A.3).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for PublicKey {
    type Err = JwsError;

    /// Reads the key as `x` of its JWK has it: 32 bytes in base64url.
    fn from_str(text: &str) -> Result<Self, JwsError> {
        let key = URL_SAFE_NO_PAD.decode(text).ok().and_then(|key| key.try_into().ok());
        key.map(Self::new).ok_or(JwsError::Key)
    }
}

/// Why a document is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not a key.
    #[error("not a public key: 32 bytes in base64url, as `x` of its JWK has them")]
    Key,
    /// Not a document of ours.
    #[error("not a signed document: header, payload and signature in base64url with dots between them")]
    Malformed,
    /// A header that says more or other than it must.
    #[error("the header is not exactly alg EdDSA, kid and typ {0}")]
    Header(&'static str),
    /// Signed by a key that the reader did not bring.
    #[error("signed by the key {0}, which is none of those to be believed")]
    UnknownKey(String),
    /// Changed, or not signed by the key that it names.
    #[error("the signature does not hold: it was changed, or the key that it names did not sign it")]
    Signature,
    /// Signed, and yet not what its type says.
    #[error("signed, but not of the form that its type has: {0}")]
    Payload(String),
}

/// The header. `crit`, `jku`, `jwk` and the like are unknown members: a document that has any is none of ours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// Checks the signature of a document of type `typ` against `keys`, and reads what it says.
///
/// # Errors
/// [`JwsError`]; nothing of it is to be believed then.
pub fn open<T: DeserializeOwned>(document: &str, typ: &'static str, keys: &[PublicKey]) -> Result<T, JwsError> {
    let (signed, signature) = document.rsplit_once('.').ok_or(JwsError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Malformed);
    let (header, payload, signature) = (bytes(header)?, bytes(payload)?, bytes(signature)?);
    let Header { alg, kid, typ: said } = serde_json::from_slice(&header).map_err(|_| JwsError::Header(typ))?;
    if alg != "EdDSA" || said != typ {
        return Err(JwsError::Header(typ));
    }
    let Some(key) = keys.iter().find(|key| key.id == kid) else { return Err(JwsError::UnknownKey(kid)) };
    let public = UnparsedPublicKey::new(&ED25519, key.key);
    public.verify(signed.as_bytes(), &signature).map_err(|_| JwsError::Signature)?;
    serde_json::from_slice(&payload).map_err(|error| JwsError::Payload(error.to_string()))
}

fn thumbprint(key: &[u8; 32]) -> String {
    let x = URL_SAFE_NO_PAD.encode(key);
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

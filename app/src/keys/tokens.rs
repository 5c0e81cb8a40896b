//! Our JWTs: access tokens of members, session and resume tokens of agents.
//!
//! All are `EdDSA` over Ed25519 (RFC 8037). A verifier looks the `kid` up in its own map of (purpose, public key) and pins
//! the algorithm; `jku`, `x5u`, `jwk` and `crit` in a header are refused, whatever they say. Times are checked against
//! our [`Clock`], with no leeway: issuer and verifier are the same deployment.

use std::{collections::BTreeMap, sync::Once};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{AgentKeyId, Clock, LoginId, MemberId, ProjectId, SessionId, TenantId, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::ErrorKind,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use vault::{Key32, token};

use crate::AppError;

/// What a signing key is for. A token of one purpose never verifies as another: key and `typ` both differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Purpose {
    /// Access tokens of members (`at+jwt`, RFC 9068).
    Access,
    /// Session tokens: the right to append to one session.
    Session,
    /// Resume tokens: the right to ask for a new session token.
    Resume,
    /// Capture configs, which agents and outsiders verify ([`signed::config`]).
    Config,
}

impl Purpose {
    pub(crate) const ALL: [Self; 4] = [Self::Access, Self::Session, Self::Resume, Self::Config];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Session => "session",
            Self::Resume => "resume",
            Self::Config => "capture-config",
        }
    }

    /// Whether somebody outside the deployment verifies what this key signs. Our own tokens are verified by us alone:
    /// publishing their keys would help nobody and show when they change.
    const fn is_published(self) -> bool {
        match self {
            Self::Access | Self::Session | Self::Resume => false,
            Self::Config => true,
        }
    }

    const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Session => "sealtape-session+jwt",
            Self::Resume => "sealtape-resume+jwt",
            Self::Config => signed::config::TYPE,
        }
    }
}

/// Claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessClaims {
    pub iss: String,
    pub aud: String,
    pub sub: MemberId,
    pub tenant: TenantId,
    pub login: LoginId,
    pub epoch: i64,
    pub jti: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

/// Claims of a session or resume token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionClaims {
    pub iss: String,
    pub aud: String,
    pub sub: SessionId,
    pub tenant: TenantId,
    pub project: ProjectId,
    pub key: AgentKeyId,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

/// Members that every token has and that are checked in one place.
pub(crate) trait Claims: Serialize + DeserializeOwned {
    fn frame(&self) -> Frame<'_>;
}

/// Issuer, audience and times of a token.
pub(crate) struct Frame<'a> {
    iss: &'a str,
    aud: &'a str,
    nbf: i64,
    exp: i64,
}

impl Claims for AccessClaims {
    fn frame(&self) -> Frame<'_> {
        Frame { iss: &self.iss, aud: &self.aud, nbf: self.nbf, exp: self.exp }
    }
}

impl Claims for SessionClaims {
    fn frame(&self) -> Frame<'_> {
        Frame { iss: &self.iss, aud: &self.aud, nbf: self.nbf, exp: self.exp }
    }
}

/// Why a token is not accepted. Neither variant says more to the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadToken {
    /// It is one of ours and its time is over.
    Expired,
    /// Anything else.
    Invalid,
}

impl BadToken {
    pub(crate) const fn into_error(self) -> AppError {
        match self {
            Self::Expired => AppError::Unauthenticated {
                code: "token-expired",
                detail: "the token has expired; renew it or sign in again",
            },
            Self::Invalid => AppError::Unauthenticated {
                code: "unauthenticated",
                detail: "a valid credential is required in the Authorization header",
            },
        }
    }
}

struct SigningKey {
    purpose: Purpose,
    version: u32,
    seed: Key32,
    public: [u8; 32],
}

/// Signs and verifies all of our tokens.
pub(crate) struct Tokens {
    issuer: String,
    keys: BTreeMap<String, SigningKey>,
}

impl Tokens {
    /// `keys` are (purpose, version, seed); the highest version of a purpose signs, all of them verify.
    pub(crate) fn new(issuer: String, keys: Vec<(Purpose, u32, Key32)>) -> Self {
        install_provider();
        let mut map = BTreeMap::new();
        for (purpose, version, seed) in keys {
            let public = token::SigningKey::from_seed(&seed).public_key();
            // Whoever is outside knows a key by itself; we know ours by their names.
            let kid = if purpose.is_published() {
                token::thumbprint(&public)
            } else {
                format!("{}-{version:05}", purpose.name())
            };
            map.insert(kid, SigningKey { purpose, version, seed, public });
        }
        Self { issuer, keys: map }
    }

    /// The issuer and audience that our tokens name.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Signs `claims` with the newest key of `purpose`.
    pub(crate) fn sign<C: Claims>(&self, purpose: Purpose, claims: &C) -> Result<String, AppError> {
        self.sign_document(purpose, claims)
    }

    /// Signs what somebody outside reads.
    pub(crate) fn sign_document(&self, purpose: Purpose, payload: &impl Serialize) -> Result<String, AppError> {
        let own = self.keys.iter().filter(|(_, key)| key.purpose == purpose);
        let (kid, key) = own.max_by_key(|(_, key)| key.version).ok_or(AppError::KEY_MISSING)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(purpose.typ().to_owned());
        header.kid = Some(kid.clone());
        // The provider below takes the bare seed where other providers take DER.
        let seed = EncodingKey::from_ed_der(key.seed.expose());
        jsonwebtoken::encode(&header, payload, &seed).map_err(AppError::internal)
    }

    /// Checks signature, purpose, issuer, audience and times.
    pub(crate) fn verify<C: Claims>(&self, purpose: Purpose, token: &str, clock: &dyn Clock) -> Result<C, BadToken> {
        // Our longest token is under 1 KiB; nothing longer is worth parsing.
        if token.len() > 2_048 {
            return Err(BadToken::Invalid);
        }
        let kid = strict_header(token, purpose)?;
        let key = self.keys.get(&kid).filter(|key| key.purpose == purpose).ok_or(BadToken::Invalid)?;
        let mut rules = jsonwebtoken::Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        rules.validate_exp = false; // checked below, against our clock
        rules.validate_nbf = false;
        rules.validate_aud = false;
        let claims: C = jsonwebtoken::decode(token, &DecodingKey::from_ed_der(&key.public), &rules)
            .map_err(|_| BadToken::Invalid)?
            .claims;
        let (frame, now) = (claims.frame(), clock.now().as_secs());
        if frame.iss != self.issuer || frame.aud != self.issuer || frame.nbf > now {
            return Err(BadToken::Invalid);
        }
        if frame.exp <= now { Err(BadToken::Expired) } else { Ok(claims) }
    }

    /// The JWK set of the published keys (RFC 8037), with use and purpose.
    pub(crate) fn jwks(&self) -> serde_json::Value {
        let keys: Vec<_> = self
            .keys
            .iter()
            .filter(|(_, key)| key.purpose.is_published())
            .map(|(kid, key)| {
                serde_json::json!({
                    "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                    "kid": kid, "x": URL_SAFE_NO_PAD.encode(key.public), "purpose": key.purpose.name(),
                })
            })
            .collect();
        serde_json::json!({ "keys": keys })
    }
}

/// The header members our tokens have; any other member makes the token invalid.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

fn strict_header(token: &str, purpose: Purpose) -> Result<String, BadToken> {
    let encoded = token.split('.').next().unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| BadToken::Invalid)?;
    let header: StrictHeader = serde_json::from_slice(&json).map_err(|_| BadToken::Invalid)?;
    if header.alg == "EdDSA" && header.typ == purpose.typ() { Ok(header.kid) } else { Err(BadToken::Invalid) }
}

/// Seconds of validity as the pair (now, end), for building claims.
pub(crate) fn validity(now: Timestamp, seconds: u64) -> (i64, i64) {
    let start = now.as_secs();
    (start, start.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)))
}

/// jsonwebtoken asks one process-wide provider; ours does Ed25519 with `vault::token` and nothing else.
fn install_provider() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| match algorithm {
            Algorithm::EdDSA => Ok(Box::new(Ed25519Signer(key.as_bytes().to_vec().into()))),
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        },
        verifier_factory: |algorithm, key| match algorithm {
            Algorithm::EdDSA => Ok(Box::new(Ed25519Verifier(key.try_get_as_bytes()?.to_vec()))),
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    static ONCE: Once = Once::new();
    // A second installation in one process (many tests) is the same provider: nothing to do.
    ONCE.call_once(|| {
        let _ = PROVIDER.install_default();
    });
}

struct Ed25519Signer(zeroize::Zeroizing<Vec<u8>>);
struct Ed25519Verifier(Vec<u8>);

impl signature::Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let seed: [u8; 32] = self.0.as_slice().try_into().map_err(|_| signature::Error::new())?;
        Ok(token::SigningKey::from_seed(&Key32::from_bytes(seed)).sign(message).to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl signature::Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), signature::Error> {
        token::verify(&self.0, message, given).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::ManualClock;

    use super::*;

    fn tokens() -> Tokens {
        let keys = Purpose::ALL
            .into_iter()
            .map(|purpose| (purpose, 1, Key32::from_bytes([u8::try_from(purpose.name().len()).expect("short"); 32])));
        Tokens::new("http://console.test".into(), keys.collect())
    }

    fn claims(now: i64) -> SessionClaims {
        let id = |n: u128| uuid::Uuid::from_u128(n);
        SessionClaims {
            iss: "http://console.test".into(),
            aud: "http://console.test".into(),
            sub: SessionId::from_uuid(id(1)),
            tenant: TenantId::from_uuid(id(2)),
            project: ProjectId::from_uuid(id(3)),
            key: AgentKeyId::from_uuid(id(4)),
            iat: now,
            nbf: now,
            exp: now + 60,
        }
    }

    fn forge(header: &str, payload: &impl Serialize, seed: [u8; 32]) -> String {
        let body = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(payload).expect("serialises"))
        );
        let signature = token::SigningKey::from_seed(&Key32::from_bytes(seed)).sign(body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn a_token_verifies_until_it_expires() {
        let (tokens, clock) = (tokens(), ManualClock::new(Timestamp::from_millis(1_000_000)));
        let token = tokens.sign(Purpose::Session, &claims(1_000)).expect("signs");
        assert!(tokens.verify::<SessionClaims>(Purpose::Session, &token, &clock).is_ok());
        clock.advance(Duration::from_secs(60));
        assert_eq!(tokens.verify::<SessionClaims>(Purpose::Session, &token, &clock).err(), Some(BadToken::Expired));
    }

    #[test]
    fn no_key_of_our_own_tokens_is_published() {
        let keys = tokens().jwks()["keys"].clone();
        let purposes: Vec<_> = keys.as_array().expect("a list").iter().map(|key| key["purpose"].clone()).collect();
        assert_eq!(purposes, ["capture-config"]);
        let key: signed::jws::PublicKey = keys[0]["x"].as_str().expect("text").parse().expect("a key");
        assert_eq!(keys[0]["kid"], key.id());
    }

    /// Refused for its header alone: the claims are good and the signature is right.
    fn refuse_headers(headers: &[&str]) {
        let (tokens, clock) = (tokens(), ManualClock::new(Timestamp::from_millis(1_000_000)));
        let verify = |token: &str| tokens.verify::<SessionClaims>(Purpose::Session, token, &clock).err();
        let good = r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001"}"#;
        assert_eq!(verify(&forge(good, &claims(1_000), [7; 32])), None, "the forge itself works");
        for header in headers {
            assert_eq!(verify(&forge(header, &claims(1_000), [7; 32])), Some(BadToken::Invalid), "{header}");
        }
    }

    #[test]
    fn attack_11_other_algorithms_types_issuers_audiences_and_times_are_refused() {
        refuse_headers(&[
            r#"{"alg":"none","typ":"sealtape-session+jwt","kid":"session-00001"}"#,
            r#"{"alg":"None","typ":"sealtape-session+jwt","kid":"session-00001"}"#,
            r#"{"alg":"HS256","typ":"sealtape-session+jwt","kid":"session-00001"}"#,
            r#"{"alg":"RS256","typ":"sealtape-session+jwt","kid":"session-00001"}"#,
            r#"{"alg":"EdDSA","typ":"at+jwt","kid":"session-00001"}"#,
            r#"{"alg":"EdDSA","typ":"JWT","kid":"session-00001"}"#,
            r#"{"alg":"EdDSA","kid":"session-00001"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001","crit":["b64"],"b64":false}"#,
        ]);
        let (tokens, clock) = (tokens(), ManualClock::new(Timestamp::from_millis(1_000_000)));
        let verify = |token: &str| tokens.verify::<SessionClaims>(Purpose::Session, token, &clock).err();
        let good = r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001"}"#;
        assert_eq!(verify(&forge(good, &claims(1_000), [8; 32])), Some(BadToken::Invalid), "another key");
        assert_eq!(verify(&forge(good, &claims(2_000), [7; 32])), Some(BadToken::Invalid), "not yet valid");
        let whole = serde_json::to_value(claims(1_000)).expect("serialises");
        for claim in ["iss", "aud", "nbf", "exp", "iat", "tenant", "sub"] {
            let mut without = whole.clone();
            without.as_object_mut().expect("an object").remove(claim);
            assert_eq!(verify(&forge(good, &without, [7; 32])), Some(BadToken::Invalid), "without {claim}");
        }
        for (claim, value) in [("iss", "http://other.test"), ("aud", "http://other.test"), ("role", "owner")] {
            let mut other = whole.clone();
            other[claim] = value.into();
            assert_eq!(verify(&forge(good, &other, [7; 32])), Some(BadToken::Invalid), "{claim} {value}");
        }
        assert_eq!(verify(&"a.".repeat(5_000)), Some(BadToken::Invalid), "too long");
        let unsigned = forge(r#"{"alg":"none","typ":"sealtape-session+jwt","kid":"session-00001"}"#, &whole, [7; 32]);
        let unsigned = format!("{}.", unsigned.rsplit_once('.').expect("has a signature").0);
        assert_eq!(verify(&unsigned), Some(BadToken::Invalid), "no signature");
    }

    #[test]
    fn attack_12_a_key_is_looked_up_in_our_own_list_only() {
        refuse_headers(&[
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"access-00001"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00002"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"../../etc/passwd"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"' OR 1=1 --"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"https://evil.test/key"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":""}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001","jku":"https://evil.test"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001","x5u":"https://evil.test"}"#,
            r#"{"alg":"EdDSA","typ":"sealtape-session+jwt","kid":"session-00001","jwk":{"kty":"OKP","crv":"Ed25519","x":""}}"#,
        ]);
    }
}

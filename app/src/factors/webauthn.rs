//! Security keys and passkeys (WebAuthn Level 2): the questions they are asked and the checks of what they answer.
//!
//! The checks are those of `webauthn-rs`; here is only how we ask. The relying party is the console's host; the origin must be
//! the console's to the port; the key must have verified who holds it; attestation is not asked for, since we would trust
//! nobody by it. What a key was asked stays here, sealed in its challenge, and is never taken from the answer.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{MemberId, Personal};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, WebauthnError},
};

use crate::AppError;

/// The console as security keys know it.
pub(crate) struct RelyingParty(Webauthn);

/// Whom a new key is for; browsers and keys show it.
pub(super) struct Person {
    pub(super) id: MemberId,
    pub(super) email: Personal<String>,
    pub(super) name: Personal<String>,
}

/// A key that was registered.
pub(super) struct Registered {
    pub(super) credential: Vec<u8>,
    pub(super) hash: [u8; 32],
    pub(super) counter: u64,
}

/// A key that signed.
pub(super) struct Used {
    pub(super) credential: Vec<u8>,
    pub(super) counter: u64,
}

/// What a key answered to a registration; all members base64url.
#[derive(Debug)]
pub struct Attestation {
    /// The credential's id.
    pub id: String,
    /// What it made.
    pub response: AttestationResponse,
}

/// What a key made.
#[derive(Debug)]
pub struct AttestationResponse {
    /// What the browser says it asked.
    pub client_data_json: String,
    /// The credential and its flags.
    pub attestation_object: String,
    /// How the key can be reached.
    pub transports: Vec<String>,
}

/// What a key answered to a question; all members base64url.
#[derive(Debug)]
pub struct Assertion {
    /// The credential's id.
    pub id: String,
    /// What it signed.
    pub response: AssertionResponse,
}

/// What a key signed.
#[derive(Debug)]
pub struct AssertionResponse {
    /// What the browser says it asked.
    pub client_data_json: String,
    /// The flags and the signature count.
    pub authenticator_data: String,
    /// The signature.
    pub signature: String,
    /// Who the key thinks it is.
    pub user_handle: Option<String>,
}

impl Attestation {
    /// See [`Assertion::credential_hash`].
    pub(super) fn credential_hash(&self) -> Option<[u8; 32]> {
        hash_of(&self.id)
    }
}

impl Assertion {
    /// SHA-256 of the credential's id, as factors are found by; none when it is no base64url.
    pub(super) fn credential_hash(&self) -> Option<[u8; 32]> {
        hash_of(&self.id)
    }
}

fn hash_of(id: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(id).ok().map(|id| Sha256::digest(id).into())
}

impl RelyingParty {
    /// The console at this origin; none when it has no name: browsers refuse to let keys sign for an address.
    pub(crate) fn new(console: &Url) -> Result<Option<Self>, AppError> {
        let Some(host) = console.domain() else { return Ok(None) };
        let origin = Url::parse(&console.origin().ascii_serialization()).map_err(AppError::internal)?;
        let party = WebauthnBuilder::new(host, &origin).and_then(|builder| builder.rp_name("Sealtape").build());
        party.map(|party| Some(Self(party))).map_err(AppError::internal)
    }

    /// Options for `navigator.credentials.create`, and what to keep until the answer comes.
    pub(super) fn ask_registration(&self, who: &Person, known: &[Vec<u8>]) -> Result<(Value, Vec<u8>), AppError> {
        let exclude = known.iter().map(|key| read::<Passkey>(key).map(|key| key.cred_id().clone()));
        let exclude = exclude.collect::<Result<Vec<_>, _>>()?;
        let (email, name) = (who.email.expose(), who.name.expose());
        let (options, state) =
            self.0.start_passkey_registration(who.id.uuid(), email, name, Some(exclude)).map_err(AppError::internal)?;
        Ok((serde_json::to_value(options).map_err(AppError::internal)?, write(&state)?))
    }

    /// The credential that the answer registers; none when it does not answer what was asked, or is registered already.
    pub(super) fn check_registration(
        &self,
        asked: &[u8],
        answer: &Attestation,
    ) -> Result<Option<Registered>, AppError> {
        let state: PasskeyRegistration = read(asked)?;
        let given = json!({
            "id": answer.id, "rawId": answer.id, "type": "public-key",
            "response": {
                "clientDataJSON": answer.response.client_data_json,
                "attestationObject": answer.response.attestation_object,
                "transports": answer.response.transports,
            },
            "extensions": {},
        });
        let Ok(given) = serde_json::from_value(given) else { return Ok(None) };
        let answered = self.0.finish_passkey_registration(&given, &state).inspect_err(refused);
        let Ok(key) = answered else { return Ok(None) };
        let hash = Sha256::digest(key.cred_id()).into();
        // What the key has counted so far is inside the credential, and is compared there; our own count begins at 0.
        Ok(Some(Registered { credential: write(&key)?, hash, counter: 0 }))
    }

    /// Options for `navigator.credentials.get`, and what to keep until the answer comes.
    pub(super) fn ask_assertion(&self, credentials: &[Vec<u8>]) -> Result<(Value, Vec<u8>), AppError> {
        let keys = credentials.iter().map(|key| read::<Passkey>(key)).collect::<Result<Vec<_>, _>>()?;
        let (options, state) = self.0.start_passkey_authentication(&keys).map_err(AppError::internal)?;
        Ok((serde_json::to_value(options).map_err(AppError::internal)?, write(&state)?))
    }

    /// What the credential is after the answer; none when it does not answer what was asked.
    pub(super) fn check_assertion(
        &self,
        asked: &[u8],
        stored: &[u8],
        answer: &Assertion,
    ) -> Result<Option<Used>, AppError> {
        let state: PasskeyAuthentication = read(asked)?;
        let given = json!({
            "id": answer.id, "rawId": answer.id, "type": "public-key",
            "response": {
                "clientDataJSON": answer.response.client_data_json,
                "authenticatorData": answer.response.authenticator_data,
                "signature": answer.response.signature,
                "userHandle": answer.response.user_handle,
            },
            "extensions": {},
        });
        let Ok(given) = serde_json::from_value(given) else { return Ok(None) };
        let answered = self.0.finish_passkey_authentication(&given, &state).inspect_err(refused);
        let Ok(result) = answered else { return Ok(None) };
        let mut key: Passkey = read(stored)?;
        // None: the state of the challenge let another credential sign than the row that it was found by.
        if key.update_credential(&result).is_none() || !result.user_verified() {
            return Ok(None);
        }
        Ok(Some(Used { credential: write(&key)?, counter: u64::from(result.counter()) }))
    }
}

/// Every reason to refuse an answer is the same to who sent it.
fn refused(error: &WebauthnError) {
    tracing::debug!(%error, "a security key's answer was refused");
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    serde_json::from_slice(bytes).map_err(AppError::internal)
}

fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value).map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(console: &str) -> Option<RelyingParty> {
        RelyingParty::new(&Url::parse(console).expect("a url")).expect("a party")
    }

    #[test]
    fn a_console_with_a_name_is_a_relying_party_and_an_address_is_none() {
        for console in ["http://localhost:8080", "https://console.example.com", "https://sealtape.example:8443/"] {
            assert!(party(console).is_some(), "{console}");
        }
        for console in ["http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(party(console).is_none(), "{console}");
        }
    }

    #[test]
    fn a_key_is_asked_to_verify_its_holder_for_this_host_and_never_for_an_attestation() {
        let party = party("https://console.example.com:8443").expect("has a name");
        let who = Person {
            id: MemberId::from_uuid(uuid::Uuid::from_u128(7)),
            email: Personal::new("ada@example.com".into()),
            name: Personal::new("Ada".into()),
        };
        let (options, state) = party.ask_registration(&who, &[]).expect("asks");
        let key = &options["publicKey"];
        assert_eq!(key["rp"]["id"], "console.example.com");
        assert_eq!(key["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(key["attestation"], "none");
        assert_eq!(key["user"]["name"], "ada@example.com");
        let (again, other) = party.ask_registration(&who, &[]).expect("asks");
        assert_ne!(again["publicKey"]["challenge"], key["challenge"]);
        assert_ne!(state, other);
        let rubbish = Attestation {
            id: "AAAA".into(),
            response: AttestationResponse {
                client_data_json: "e30".into(),
                attestation_object: "oA".into(),
                transports: vec!["usb".into(), "from-the-future".into()],
            },
        };
        assert!(matches!(party.check_registration(&state, &rubbish), Ok(None)));
    }
}

//! One's own second factors, and what they look like on the wire.

pub(crate) mod key_challenge;
pub(crate) mod key_register;
pub(crate) mod key_remove;
pub(crate) mod key_rename;
pub(crate) mod recovery_codes;
pub(crate) mod totp_begin;
pub(crate) mod totp_confirm;
pub(crate) mod totp_remove;
pub(crate) mod view;

use app::factors::{
    Assertion, AssertionResponse, Attestation, AttestationResponse, Challenge, Method, SecurityKeyView as KeyOfApp,
};
use domain::{FactorId, Personal, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A challenge: to be sent back with the proof that answers it, once, within its time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChallengeView {
    /// Names the challenge; opaque.
    challenge: String,
    /// Seconds until it ends.
    expires_in: u64,
    /// Answers it takes before it ends; a wrong one is one less.
    tries: u32,
    /// Members of the answer that will do: `totp`, `webauthn`, `recovery_code`.
    #[schema(value_type = Vec<String>, example = json!(["totp", "webauthn", "recovery_code"]))]
    methods: Vec<&'static str>,
    /// Options for `navigator.credentials.get` or `create`, in the JSON form of WebAuthn Level 3
    /// (`PublicKeyCredential.parseRequestOptionsFromJSON` and `parseCreationOptionsFromJSON` read `publicKey`).
    #[schema(value_type = Option<Object>)]
    webauthn: Option<serde_json::Value>,
}

impl From<Challenge> for ChallengeView {
    fn from(challenge: Challenge) -> Self {
        Self {
            challenge: challenge.challenge.expose().clone(),
            expires_in: challenge.expires_in,
            tries: challenge.tries,
            methods: challenge.methods.into_iter().map(Method::as_str).collect(),
            webauthn: challenge.webauthn,
        }
    }
}

/// What a security key answered to `navigator.credentials.get`, as `PublicKeyCredential.toJSON` writes it. Members that are
/// not listed here are the browser's and are not looked at.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AssertionCredential {
    /// The credential's id, base64url.
    id: String,
    /// What it signed.
    response: AssertionAnswer,
}

/// What a security key signed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssertionAnswer {
    /// base64url.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// base64url.
    authenticator_data: String,
    /// base64url.
    signature: String,
    /// base64url.
    user_handle: Option<String>,
}

impl From<AssertionCredential> for Assertion {
    fn from(credential: AssertionCredential) -> Self {
        let AssertionCredential { id, response } = credential;
        let response = AssertionResponse {
            client_data_json: response.client_data_json,
            authenticator_data: response.authenticator_data,
            signature: response.signature,
            user_handle: response.user_handle,
        };
        Self { id, response }
    }
}

/// What a security key answered to `navigator.credentials.create`, as `PublicKeyCredential.toJSON` writes it. Members that
/// are not listed here are the browser's and are not looked at.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AttestationCredential {
    /// The credential's id, base64url.
    id: String,
    /// What it made.
    response: AttestationAnswer,
}

/// What a security key made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttestationAnswer {
    /// base64url.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// base64url.
    attestation_object: String,
    /// How the key can be reached: `usb`, `nfc`, `ble`, `internal`, `hybrid`.
    #[serde(default)]
    transports: Vec<String>,
}

impl From<AttestationCredential> for Attestation {
    fn from(credential: AttestationCredential) -> Self {
        let AttestationCredential { id, response } = credential;
        let response = AttestationResponse {
            client_data_json: response.client_data_json,
            attestation_object: response.attestation_object,
            transports: response.transports,
        };
        Self { id, response }
    }
}

/// A registered security key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecurityKeyView {
    #[schema(value_type = Uuid)]
    id: FactorId,
    /// What the member calls it.
    #[schema(value_type = String)]
    name: Personal<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last proved the member.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<KeyOfApp> for SecurityKeyView {
    fn from(key: KeyOfApp) -> Self {
        Self { id: key.id, name: key.name, created_at: key.created_at, last_used_at: key.last_used_at }
    }
}

//! A security key in software: what a browser and a key answer together (WebAuthn Level 2, attestation "none"). Written
//! against the specification and not with the library that the server checks answers with.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// One key with one credential.
pub struct SecurityKey {
    pair: EcdsaKeyPair,
    credential: Vec<u8>,
    /// The origin that the browser reports.
    pub origin: String,
    /// The relying party whose hash the key signs; the one it was asked for when none.
    pub rp_id: Option<String>,
    /// Whether the key says that it verified its holder.
    pub verifies: bool,
    /// What it counts up to next; a key that does not count stays at 0.
    pub counter: u32,
}

impl SecurityKey {
    /// A fresh key in a browser that shows this origin.
    ///
    /// # Panics
    /// When the machine has no randomness.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).expect("reads");
        let credential = Sha256::digest(pair.public_key().as_ref()).to_vec();
        Self { pair, credential, origin: origin.to_owned(), rp_id: None, verifies: true, counter: 1 }
    }

    /// The answer to `options.publicKey` of a registration, as `PublicKeyCredential.toJSON` writes it.
    ///
    /// # Panics
    /// When the options lack what every browser needs.
    #[must_use]
    pub fn register(&mut self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        let client = self.client_data("webauthn.create", asked);
        let mut data = self.authenticator_data(asked["rp"]["id"].as_str().expect("a relying party"), true);
        data.extend_from_slice(&[0; 16]); // the model: not told
        data.extend_from_slice(&u16::try_from(self.credential.len()).expect("short").to_be_bytes());
        data.extend_from_slice(&self.credential);
        data.extend_from_slice(&self.cose_key());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3];
        cbor_text(&mut object, "fmt");
        cbor_text(&mut object, "none");
        cbor_text(&mut object, "attStmt");
        object.push(0xa0);
        cbor_text(&mut object, "authData");
        cbor_bytes(&mut object, &data);
        json!({
            "id": encode(&self.credential), "rawId": encode(&self.credential), "type": "public-key",
            "authenticatorAttachment": "cross-platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client.as_bytes()), "attestationObject": encode(&object),
                "transports": ["usb"], "publicKeyAlgorithm": -7, "authenticatorData": encode(&data),
            },
        })
    }

    /// The answer to `options.publicKey` of a sign-in.
    ///
    /// # Panics
    /// When the options lack what every browser needs.
    #[must_use]
    pub fn sign(&mut self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        let client = self.client_data("webauthn.get", asked);
        let data = self.authenticator_data(asked["rpId"].as_str().expect("a relying party"), false);
        let mut signed = data.clone();
        signed.extend_from_slice(&Sha256::digest(&client));
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("signs");
        json!({
            "id": encode(&self.credential), "rawId": encode(&self.credential), "type": "public-key",
            "authenticatorAttachment": "cross-platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client.as_bytes()), "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()), "userHandle": null,
            },
        })
    }

    /// Whether the options of a question name this key.
    #[must_use]
    pub fn is_named_in(&self, credentials: &Value) -> bool {
        credentials.as_array().is_some_and(|named| named.iter().any(|one| one["id"] == encode(&self.credential)))
    }

    fn client_data(&self, kind: &str, asked: &Value) -> String {
        let challenge = asked["challenge"].as_str().expect("a challenge");
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string()
    }

    /// Hash of the relying party, flags, count.
    fn authenticator_data(&mut self, asked: &str, attested: bool) -> Vec<u8> {
        let party = self.rp_id.clone().unwrap_or_else(|| asked.to_owned());
        let mut data = Sha256::digest(party).to_vec();
        data.push(0x01 | if self.verifies { 0x04 } else { 0 } | if attested { 0x40 } else { 0 });
        data.extend_from_slice(&self.counter.to_be_bytes());
        if self.counter > 0 {
            self.counter += 1;
        }
        data
    }

    /// The public key as COSE writes it: EC2, ES256, P-256, x, y.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
        cbor_bytes(&mut key, &point[1..33]);
        key.push(0x22);
        cbor_bytes(&mut key, &point[33..65]);
        key
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn cbor_text(out: &mut Vec<u8>, text: &str) {
    out.push(0x60 + u8::try_from(text.len()).expect("shorter than 24"));
    out.extend_from_slice(text.as_bytes());
}

fn cbor_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    match u8::try_from(bytes.len()) {
        Ok(length) if length < 24 => out.push(0x40 + length),
        Ok(length) => out.extend_from_slice(&[0x58, length]),
        Err(_) => {
            out.push(0x59);
            out.extend_from_slice(&u16::try_from(bytes.len()).expect("short").to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

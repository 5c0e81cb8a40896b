//! Members with second factors, and what they hold in their hands.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{Personal, Secret};
use policy::access::Role;
use serde_json::{Value, json};
use totp_rs::{Builder, Totp};

use super::{Answer, Client, Member, SecurityKey, Tenant, TestApp};

/// An authenticator app that knows one secret.
pub struct AuthenticatorApp(Totp);

impl AuthenticatorApp {
    /// The app after the QR code was read.
    ///
    /// # Panics
    /// When the address is not one that apps read.
    #[must_use]
    pub fn reads(uri: &str) -> Self {
        let url = url::Url::parse(uri).expect("an address");
        assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
        let secret = url.query_pairs().find(|(name, _)| name == "secret").expect("a secret").1.into_owned();
        let secret = totp_rs::Secret::try_from_base32(secret).expect("base32");
        Self(Builder::new().with_secret(secret).build().expect("a totp"))
    }

    /// The code of `steps` half minutes from now.
    #[must_use]
    pub fn code(&self, app: &TestApp, steps: i64) -> String {
        let at = app.now_ms() / 1_000 + 30 * steps;
        self.0.generate(u64::try_from(at).expect("after the epoch")).to_string()
    }
}

/// A member who is signed in and has second factors.
pub struct Guarded {
    /// Who.
    pub member: Member,
    /// Signed in, a moment ago proved by a factor.
    pub client: Client,
    /// Their authenticator app.
    pub totp: AuthenticatorApp,
    /// Their security key.
    pub key: SecurityKey,
    /// That key's id.
    pub key_id: String,
    /// Their recovery codes.
    pub codes: Vec<String>,
}

impl TestApp {
    /// A member nobody else knows of, in a tenant of this test.
    ///
    /// # Panics
    /// When the member cannot be made.
    pub async fn fresh_member(&self, tenant: &Tenant, role: Role) -> Member {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let email = format!("{role}-{number}@{}.example", tenant.slug);
        let password = format!("correct horse {role} {number}");
        let new = app::tenants::NewMember {
            name: Personal::new(format!("{role} {number} of {}", tenant.slug)),
            email: Personal::new(email.clone()),
            password: Secret::new(password.clone()),
            role,
        };
        let id = self.app().tenants().member_create(tenant.id, new).await.expect("makes a member").to_string();
        Member { id, email, password }
    }

    /// The answer to a member's password.
    pub async fn sign_in(&self, member: &Member) -> Answer {
        let body = json!({ "email": member.email, "password": member.password });
        self.anonymous().post("/v1/auth/login", &body).await
    }

    /// A member without a second factor, signed in.
    pub async fn signed_in(&self, member: &Member) -> Client {
        self.bearer(&self.sign_in(member).await.is(200))
    }

    /// A client with the access token of an answer.
    ///
    /// # Panics
    /// When the answer has none.
    #[must_use]
    pub fn bearer(&self, answer: &Answer) -> Client {
        self.client(answer.json()["access_token"].as_str().expect("a token"))
    }

    /// The challenge that a member with a second factor gets for their password.
    ///
    /// # Panics
    /// When they are not asked for one.
    pub async fn challenge(&self, member: &Member) -> Value {
        let answer = self.sign_in(member).await.is(200);
        assert_eq!(answer.header("set-cookie"), "", "nothing is given before the second factor");
        let challenge = answer.json();
        assert_eq!(challenge["mfa_required"], true, "{challenge}");
        assert!(challenge.get("access_token").is_none());
        challenge
    }

    /// The answer to a challenge of a sign-in; `proof` is a member of the body and its value.
    pub async fn answer(&self, challenge: &Value, proof: (&str, Value)) -> Answer {
        let body = json!({ "challenge": challenge["challenge"], proof.0: proof.1 });
        self.anonymous().post("/v1/auth/mfa", &body).await
    }

    /// Enrols an authenticator app.
    ///
    /// # Panics
    /// When it is not accepted.
    pub async fn enrol_totp(&self, client: &Client) -> AuthenticatorApp {
        let begun = client.post("/v1/me/mfa/totp", &json!({})).await.is(201).json();
        let totp = AuthenticatorApp::reads(begun["uri"].as_str().expect("an address"));
        // The step before this one: the present code stays good for what the test is about.
        client.put("/v1/me/mfa/totp", &json!({ "code": totp.code(self, -1) })).await.is(204);
        totp
    }

    /// Registers a security key; its id.
    ///
    /// # Panics
    /// When it is not accepted.
    pub async fn enrol_key(&self, client: &Client, key: &mut SecurityKey, name: &str) -> String {
        let asked = client.post("/v1/me/mfa/webauthn/challenge", &json!({})).await.is(201).json();
        let body =
            json!({ "challenge": asked["challenge"], "name": name, "credential": key.register(&asked["webauthn"]) });
        let made = client.post("/v1/me/mfa/webauthn", &body).await.is(201).json();
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Recovery codes of a client who has a factor.
    ///
    /// # Panics
    /// When none are made.
    pub async fn recovery_codes(&self, client: &Client) -> Vec<String> {
        let made = client.post("/v1/me/mfa/recovery-codes", &json!({})).await.is(201).json();
        serde_json::from_value(made["codes"].clone()).expect("codes")
    }

    /// A fresh member with an authenticator app, a security key and recovery codes.
    ///
    /// # Panics
    /// When one of them is not accepted.
    pub async fn guarded(&self, tenant: &Tenant, role: Role) -> Guarded {
        let member = self.fresh_member(tenant, role).await;
        let client = self.signed_in(&member).await;
        let totp = self.enrol_totp(&client).await;
        let mut key = SecurityKey::new(self.console_origin());
        let key_id = self.enrol_key(&client, &mut key, "blue key").await;
        let codes = self.recovery_codes(&client).await;
        Guarded { member, client, totp, key, key_id, codes }
    }
}

//! Second factors: enrolling, signing in with them, proving oneself again, and losing them.

use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, AuthenticatorApp, Client, SecurityKey, TestApp};
use serde_json::{Value, json};

async fn overview(client: &Client) -> Value {
    client.get("/v1/me/mfa").await.is(200).json()
}

/// The sign-in of this answer, so many seconds later: renewed by its cookie, as a browser does it.
async fn later(app: &TestApp, signed_in: &Answer, seconds: u64) -> Answer {
    app.pass(seconds);
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
    let request = app.anonymous().request(Method::POST, "/v1/auth/refresh");
    Answer::of(request.header("origin", app.console_origin()).header("cookie", cookie)).await.is(200)
}

async fn step_up(client: &Client, body: Value) -> Answer {
    client.post("/v1/auth/step-up", &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authenticator_app_is_enrolled_and_then_asked_for() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Engineer).await;
    let client = app.signed_in(&member).await;
    let before = overview(&client).await;
    assert_eq!(before["totp"], Value::Null);
    assert_eq!(before["security_keys"], json!([]));
    assert_eq!(before["recovery_codes"], Value::Null);
    assert_eq!(before["webauthn_available"], true);
    assert_eq!(before["mfa_at"], Value::Null, "a password is no second factor");

    let confirm = |code: String| {
        let client = client.clone();
        async move { client.put("/v1/me/mfa/totp", &json!({ "code": code })).await }
    };
    assert_eq!(confirm("123456".into()).await.is(409).code(), "enrolment-not-begun");
    let dropped = client.post("/v1/me/mfa/totp", &json!({})).await.is(201).json();
    let begun = client.post("/v1/me/mfa/totp", &json!({})).await.is(201).json();
    assert_ne!(dropped["secret"], begun["secret"]);
    let totp = AuthenticatorApp::reads(begun["uri"].as_str().unwrap());
    let stale = AuthenticatorApp::reads(dropped["uri"].as_str().unwrap());
    assert_eq!(confirm(stale.code(&app, 0)).await.is(403).code(), "factor-wrong", "the secret begun first is dropped");
    // Begun is not enrolled: the password alone still signs in.
    app.sign_in(&member).await.is(200).json()["access_token"].as_str().unwrap();

    confirm(totp.code(&app, -1)).await.is(204);
    assert_eq!(confirm(totp.code(&app, 0)).await.is(409).code(), "enrolment-not-begun");
    assert_eq!(client.post("/v1/me/mfa/totp", &json!({})).await.is(409).code(), "factor-exists");
    let after = overview(&client).await;
    assert!(after["totp"]["confirmed_at"].is_string(), "{after}");
    assert!(after["mfa_at"].is_string(), "the first code proved the member");

    let challenge = app.challenge(&member).await;
    assert_eq!(challenge["methods"], json!(["totp"]));
    assert_eq!(challenge["expires_in"], 300);
    assert_eq!(challenge["tries"], 5);
    let signed_in = app.answer(&challenge, ("totp", totp.code(&app, 0).into())).await.is(200);
    let set = signed_in.header("set-cookie");
    for word in ["__Host-sealtape-refresh=", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=43200"] {
        assert!(set.contains(word), "{word} in {set}");
    }
    let me = app.bearer(&signed_in).get("/v1/me").await.is(200).json();
    assert_eq!(me["email"], member.email.as_str());
    assert!(overview(&app.bearer(&signed_in)).await["mfa_at"].is_string());
    let leaves = app.leaves(app.ours.id).await;
    let leaf = leaves.iter().find(|leaf| leaf["rule"] == "access@4/password/totp").unwrap();
    assert_eq!(leaf["act"], "login.create");
    assert_eq!(leaf["req"], signed_in.header("request-id"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recovery_codes_stand_in_once_each() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Support).await;
    let client = app.signed_in(&member).await;
    assert_eq!(client.post("/v1/me/mfa/recovery-codes", &json!({})).await.is(409).code(), "no-factor");
    app.enrol_totp(&client).await;
    let old = app.recovery_codes(&client).await;
    let codes = app.recovery_codes(&client).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(overview(&client).await["recovery_codes"]["left"], 10);

    let challenge = app.challenge(&member).await;
    assert_eq!(challenge["methods"], json!(["totp", "recovery_code"]));
    let with = |challenge: Value, code: String| {
        let app = &app;
        async move { app.answer(&challenge, ("recovery_code", code.into())).await }
    };
    assert_eq!(with(challenge.clone(), old[0].clone()).await.is(403).code(), "factor-wrong", "a new set ends the old");
    let typed = codes[0].to_lowercase().replace('-', " ");
    let signed_in = with(challenge, typed).await.is(200);
    let acts = app.acts(app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "recovery-code.use").count(), 1);
    assert_eq!(overview(&app.bearer(&signed_in)).await["recovery_codes"]["left"], 9);
    let challenge = app.challenge(&member).await;
    assert_eq!(with(challenge.clone(), codes[0].clone()).await.is(403).code(), "factor-wrong", "each once");
    with(challenge, codes[1].clone()).await.is(200);

    // Without a factor there is nothing to stand in for.
    client.delete("/v1/me/mfa/totp").await.is(204);
    assert_eq!(overview(&client).await["recovery_codes"], Value::Null);
    app.bearer(&app.sign_in(&member).await.is(200)).get("/v1/me").await.is(200);
    app.pass(601);
    let client = app.signed_in(&member).await;
    app.enrol_totp(&client).await;
    let challenge = app.challenge(&member).await;
    assert_eq!(challenge["methods"], json!(["totp"]), "codes of a factor that is gone stay gone");
    with(challenge, codes[2].clone()).await.is(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_matters_asks_for_a_fresh_proof() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Viewer).await;
    let refused = |client: Client| async move {
        let answer = client.post("/v1/me/mfa/totp", &json!({})).await.is(403);
        assert_eq!(answer.code(), "step-up-required");
        answer.problem()["step_up"].clone()
    };
    let signed_in = app.sign_in(&member).await.is(200);
    let renewed = later(&app, &signed_in, 600).await;
    let client = app.bearer(&renewed);
    assert_eq!(
        refused(client.clone()).await,
        json!({ "needs": "password", "within_seconds": 600 }),
        "renewing proves nobody"
    );
    assert_eq!(step_up(&client, json!({ "password": "wrong wrong wrong" })).await.is(403).code(), "password-wrong");
    assert_eq!(step_up(&client, json!({ "totp": "123456" })).await.is(403).code(), "factor-wrong");
    let fresh = step_up(&client, json!({ "password": member.password })).await.is(200).json();
    assert!(fresh["authenticated_at"].is_string());
    assert_eq!(fresh["mfa_at"], Value::Null);
    let totp = app.enrol_totp(&client).await;

    // With a factor the password is not enough, and a stale factor neither.
    let none = client.post("/v1/auth/step-up/challenge", &json!({})).await.is(201).json();
    assert_eq!(none["methods"], json!(["totp"]));
    let again = step_up(&client, json!({ "password": member.password })).await.is(403);
    assert_eq!(again.problem()["step_up"]["needs"], "factor");
    let renewed = later(&app, &renewed, 600).await;
    let client = app.bearer(&renewed);
    let answer = client.delete("/v1/me/mfa/totp").await.is(403);
    assert_eq!(answer.problem()["step_up"], json!({ "needs": "factor", "within_seconds": 600 }));
    assert!(overview(&client).await["totp"].is_object(), "it is still there");
    let code = totp.code(&app, 0);
    let fresh = step_up(&client, json!({ "totp": code })).await.is(200).json();
    assert_eq!(fresh["mfa_at"], fresh["authenticated_at"]);
    assert_eq!(step_up(&client, json!({ "totp": code })).await.is(403).code(), "factor-wrong", "a code once");
    for body in [json!({}), json!({ "totp": "1", "password": "2" }), json!({ "totp": "1", "recovery_code": "2" })] {
        assert_eq!(step_up(&client, body).await.is(422).code(), "invalid-input");
    }
    client.delete("/v1/me/mfa/totp").await.is(204);
    client.delete("/v1/me/mfa/totp").await.is(404);
    app.sign_in(&member).await.is(200).json()["access_token"].as_str().unwrap();
}

/// A proof given in one process is known in the others at once: what asks for it reads the sign-in itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_counts_in_every_process() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let member = app.fresh_member(&app.ours, Role::Viewer).await;
    let signed_in = app.sign_in(&member).await.is(200);
    let (here, there) = (app.bearer(&signed_in), elsewhere.bearer(&signed_in));
    app.enrol_totp(&here).await;
    there.delete("/v1/me/mfa/totp").await.is(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_security_key_is_registered_named_used_and_removed() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Security).await;
    let client = app.signed_in(&member).await;
    let mut key = SecurityKey::new(app.console_origin());
    let id = app.enrol_key(&client, &mut key, "  blue key\u{a0}").await;
    let path = format!("/v1/me/mfa/webauthn/{id}");
    let listed = overview(&client).await;
    assert_eq!(listed["security_keys"][0]["id"], id.as_str());
    assert_eq!(listed["security_keys"][0]["name"], "blue key");
    assert_eq!(listed["security_keys"][0]["last_used_at"], Value::Null);
    let renamed = client.patch(&path, &json!({ "name": "red key" })).await.is(200).json();
    assert_eq!(renamed["name"], "red key");
    for name in ["", "  ", "a\u{7}", &"x".repeat(61)] {
        assert_eq!(client.patch(&path, &json!({ "name": name })).await.is(422).code(), "invalid-input", "{name:?}");
    }
    let asked = client.post("/v1/me/mfa/webauthn/challenge", &json!({})).await.is(201).json();
    assert!(
        key.is_named_in(&asked["webauthn"]["publicKey"]["excludeCredentials"]),
        "a key is registered once: {asked}"
    );
    let twice =
        json!({ "challenge": asked["challenge"], "name": "again", "credential": key.register(&asked["webauthn"]) });
    assert_eq!(client.post("/v1/me/mfa/webauthn", &twice).await.is(409).code(), "factor-exists");

    let challenge = app.challenge(&member).await;
    assert_eq!(challenge["methods"], json!(["webauthn"]));
    assert!(key.is_named_in(&challenge["webauthn"]["publicKey"]["allowCredentials"]));
    let signed_in = app.answer(&challenge, ("webauthn", key.sign(&challenge["webauthn"]))).await.is(200);
    let client = app.bearer(&signed_in);
    assert!(overview(&client).await["security_keys"][0]["last_used_at"].is_string());

    let asked = client.post("/v1/auth/step-up/challenge", &json!({})).await.is(201).json();
    let signed = key.sign(&asked["webauthn"]);
    assert_eq!(
        step_up(&client, json!({ "webauthn": signed })).await.is(403).code(),
        "factor-wrong",
        "without its question"
    );
    let body = json!({ "challenge": asked["challenge"], "webauthn": signed });
    let proved = step_up(&client, body.clone()).await.is(200).json();
    assert!(proved["mfa_at"].is_string());
    assert_eq!(step_up(&client, body).await.is(403).code(), "challenge-ended");

    // A key that does not count, as passkeys do not.
    let mut passkey = SecurityKey::new(app.console_origin());
    passkey.counter = 0;
    app.enrol_key(&client, &mut passkey, "laptop").await;
    for _ in 0..2 {
        let challenge = app.challenge(&member).await;
        app.answer(&challenge, ("webauthn", passkey.sign(&challenge["webauthn"]))).await.is(200);
    }
    client.delete(&path).await.is(204);
    client.delete(&path).await.is(404);
    let challenge = app.challenge(&member).await;
    assert!(!key.is_named_in(&challenge["webauthn"]["publicKey"]["allowCredentials"]));
    let refused = app.answer(&challenge, ("webauthn", key.sign(&challenge["webauthn"]))).await.is(403);
    assert_eq!(refused.code(), "factor-wrong", "a removed key signs nobody in");
    app.answer(&challenge, ("webauthn", passkey.sign(&challenge["webauthn"]))).await.is(200);
}

/// A name, and what it does to a key.
type Change = (&'static str, fn(&mut SecurityKey));

/// What a key must not be accepted with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_security_key_is_held_to_what_it_was_asked() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Security).await;
    let client = app.signed_in(&member).await;
    let register = |body: Value| {
        let client = client.clone();
        async move { client.post("/v1/me/mfa/webauthn", &body).await }
    };
    let change: [Change; 4] = [
        ("another origin", |key| key.origin = "http://console.test.evil.example".to_owned()),
        ("another port", |key| key.origin = "http://console.test:8080".to_owned()),
        ("another relying party", |key| key.rp_id = Some("evil.example".to_owned())),
        ("a holder who was not verified", |key| key.verifies = false),
    ];
    for (name, change) in &change {
        let mut key = SecurityKey::new(app.console_origin());
        change(&mut key);
        let asked = client.post("/v1/me/mfa/webauthn/challenge", &json!({})).await.is(201).json();
        let body =
            json!({ "challenge": asked["challenge"], "name": "k", "credential": key.register(&asked["webauthn"]) });
        assert_eq!(register(body).await.is(403).code(), "factor-wrong", "{name}");
    }
    assert_eq!(overview(&client).await["security_keys"], json!([]));

    let mut key = SecurityKey::new(app.console_origin());
    app.enrol_key(&client, &mut key, "key").await;
    for (name, change) in &change {
        let (origin, counter) = (key.origin.clone(), key.counter);
        change(&mut key);
        let challenge = app.challenge(&member).await;
        let refused = app.answer(&challenge, ("webauthn", key.sign(&challenge["webauthn"]))).await.is(403);
        assert_eq!(refused.code(), "factor-wrong", "{name}");
        (key.origin, key.rp_id, key.verifies, key.counter) = (origin, None, true, counter);
    }
    // An answer to one question is none to another, and a copy of a key that counts behind is noticed.
    let (one, two) = (app.challenge(&member).await, app.challenge(&member).await);
    let refused = app.answer(&two, ("webauthn", key.sign(&one["webauthn"]))).await.is(403);
    assert_eq!(refused.code(), "factor-wrong");
    app.answer(&two, ("webauthn", key.sign(&two["webauthn"]))).await.is(200);
    key.counter = 2;
    let refused = app.answer(&one, ("webauthn", key.sign(&one["webauthn"]))).await.is(403);
    assert_eq!(refused.code(), "factor-wrong", "the count did not grow");
    for rubbish in [json!({ "id": "", "response": { "clientDataJSON": "", "authenticatorData": "", "signature": "" } })]
    {
        assert_eq!(app.answer(&one, ("webauthn", rubbish)).await.is(403).code(), "factor-wrong");
    }
    app.answer(&one, ("webauthn", json!({ "id": 7 }))).await.is(400);
}

/// A factor belongs to one person: colleagues and other tenants do not see it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_s_key_is_not_found() {
    let app = TestApp::new().await;
    let (one, two) = (app.guarded(&app.ours, Role::Engineer).await, app.guarded(&app.ours, Role::Owner).await);
    let theirs = app.guarded(&app.theirs, Role::Engineer).await;
    for id in [&two.key_id, &theirs.key_id] {
        let path = format!("/v1/me/mfa/webauthn/{id}");
        one.client.patch(&path, &json!({ "name": "mine" })).await.is(404);
        one.client.delete(&path).await.is(404);
    }
    assert_eq!(overview(&two.client).await["security_keys"][0]["name"], "blue key");
    // Nor does their code, key or recovery code prove anybody else.
    let mut two = two;
    let challenge = app.challenge(&one.member).await;
    for proof in [
        ("totp", Value::from(two.totp.code(&app, 0))),
        ("recovery_code", Value::from(two.codes[0].clone())),
        ("webauthn", two.key.sign(&challenge["webauthn"])),
    ] {
        assert_eq!(app.answer(&challenge, proof).await.is(403).code(), "factor-wrong");
    }
    app.answer(&challenge, ("totp", one.totp.code(&app, 0).into())).await.is(200);
}

/// Whoever takes the disk gets no secret, no code and no name of a key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_factor_is_stored_in_clear() {
    let app = TestApp::new().await;
    let member = app.fresh_member(&app.ours, Role::Owner).await;
    let client = app.signed_in(&member).await;
    let begun = client.post("/v1/me/mfa/totp", &json!({})).await.is(201).json();
    let totp = AuthenticatorApp::reads(begun["uri"].as_str().unwrap());
    client.put("/v1/me/mfa/totp", &json!({ "code": totp.code(&app, -1) })).await.is(204);
    let codes = app.recovery_codes(&client).await;
    let mut key = SecurityKey::new(app.console_origin());
    app.enrol_key(&client, &mut key, "CANARY key ring").await;
    let challenge = app.challenge(&member).await;
    let secret = begun["secret"].as_str().unwrap();
    let plain = totp_rs::Secret::try_from_base32(secret).unwrap();
    let hex = hex::encode(plain.as_ref());
    let dump = app.dump().await;
    let holds = |needle: &[u8]| dump.iter().any(|page| page.windows(needle.len()).any(|window| window == needle));
    assert!(holds(b"engineer"), "the dump can be read");
    for (what, needle) in [
        ("the secret", plain.as_ref()),
        ("the secret in base32", secret.as_bytes()),
        ("the secret in digits", hex.as_bytes()),
        ("a recovery code", codes[0].as_bytes()),
        ("the same without hyphens", codes[0].replace('-', "").as_bytes()),
        ("the key's name", b"CANARY"),
        ("the challenge", challenge["challenge"].as_str().unwrap().as_bytes()),
        ("the question", challenge["webauthn"]["publicKey"]["challenge"].as_str().unwrap().as_bytes()),
    ] {
        assert!(!holds(needle), "{what} is in the database");
    }
}

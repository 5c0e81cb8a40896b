//! Members for operations on one's own second factors: what a role's member enrols would be asked for in every other test
//! that signs that member in, so each role has a twin with factors and one without.

use std::collections::BTreeMap;

use policy::access::Role;
use reqwest::{Method, RequestBuilder};
use sealtape_tests::acceptance::{AuthenticatorApp, Client, Guarded, SecurityKey, TestApp};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    cases::{Case, Ids},
    stories::Rows,
};

/// Our twins of every role.
pub(crate) struct Twins {
    /// With factors.
    pub(crate) guarded: BTreeMap<Role, Guarded>,
    /// Signed in by the password, with nothing else.
    bare: BTreeMap<Role, (Client, String)>,
    /// Who completes sign-ins: a security key can be asked as often as there are callers.
    signer: Mutex<Guarded>,
}

impl Rows {
    /// The twins, made now when they are not there yet.
    pub(crate) async fn twins(&self, app: &TestApp) -> &Twins {
        let make = || async {
            let (mut guarded, mut bare) = (BTreeMap::new(), BTreeMap::new());
            for role in Role::of_members() {
                guarded.insert(role, app.guarded(&app.ours, role).await);
                let member = app.fresh_member(&app.ours, role).await;
                let client = app.signed_in(&member).await;
                // Tries are counted whatever comes of them: the count is there before a test looks at what is stored.
                client.post("/v1/auth/step-up", &json!({ "password": member.password })).await.is(200);
                bare.insert(role, (client, member.password));
            }
            let signer = Mutex::new(app.guarded(&app.ours, Role::Viewer).await);
            Twins { guarded, bare, signer }
        };
        self.twins.get_or_init(make).await
    }
}

/// The request of an operation on one's own factors, by the caller's twin; none for other operations.
pub(crate) async fn request(
    case: &Case,
    app: &TestApp,
    caller: &Client,
    own: &Rows,
    ids: &Ids,
) -> Option<RequestBuilder> {
    let method: Method = case.method.parse().unwrap();
    if case.operation == "auth_mfa" {
        let mut signer = own.twins(app).await.signer.lock().await;
        let challenge = app.challenge(&signer.member).await;
        let answer = signer.key.sign(&challenge["webauthn"]);
        let body = json!({ "challenge": challenge["challenge"], "webauthn": answer });
        return Some(caller.request(method, case.url).json(&body));
    }
    if !case.url.starts_with("/v1/me/mfa") && !case.url.starts_with("/v1/auth/step-up") {
        return None;
    }
    let Some(role) = role_of(caller).await else {
        return Some(caller.request(method, &ids.fill(case.url)));
    };
    let twins = own.twins(app).await;
    let (guarded, (bare, password)) = (&twins.guarded[&role], &twins.bare[&role]);
    let at_home = ids.factor == own.factor;
    let url = if at_home { case.url.replace("{factor}", &guarded.key_id) } else { ids.fill(case.url) };
    let by = |client: &Client| client.request(method.clone(), &url);
    Some(match case.operation {
        "auth_step_up" => by(bare).json(&json!({ "password": password })),
        "totp_begin" => by(bare),
        "totp_confirm" => {
            let begun = bare.post("/v1/me/mfa/totp", &json!({})).await.is(201).json();
            let totp = AuthenticatorApp::reads(begun["uri"].as_str().unwrap());
            by(bare).json(&json!({ "code": totp.code(app, 0) }))
        }
        "security_key_register" => {
            let asked = guarded.client.post("/v1/me/mfa/webauthn/challenge", &json!({})).await.is(201).json();
            let credential: Value = SecurityKey::new(app.console_origin()).register(&asked["webauthn"]);
            let body = json!({ "challenge": asked["challenge"], "name": "second", "credential": credential });
            by(&guarded.client).json(&body)
        }
        "security_key_rename" => by(&guarded.client).json(&json!({ "name": "another name" })),
        _ => by(&guarded.client),
    })
}

/// The role of the caller, when it is a member of ours, and not a key of theirs.
pub(crate) async fn role_of(caller: &Client) -> Option<Role> {
    if caller.token().starts_with("st_") {
        return None;
    }
    let me = caller.get("/v1/me").await;
    if me.status != 200 || me.json()["tenant"]["slug"] != "ours" {
        return None;
    }
    me.json()["roles"][0].as_str()?.parse().ok()
}

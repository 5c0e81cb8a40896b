//! The signed capture config, as an agent fetches it and as an outsider checks it.

use domain::{ProjectId, Timestamp};
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp};
use serde_json::{Value, json};
use signed::{
    config::{CaptureBundle, ConfigError},
    jws::PublicKey,
};

const PATH: &str = "/v1/agent/config";
const HALF_A_DAY: u64 = 12 * 3_600;

async fn ask(agent: &Client, known: Option<&str>) -> Answer {
    let request = agent.request(Method::GET, PATH).header("origin", "https://shop.example");
    Answer::of(match known {
        Some(known) => request.header("if-none-match", known),
        None => request,
    })
    .await
}

/// The keys that are published for configs.
async fn keys(app: &TestApp) -> Vec<PublicKey> {
    let set = app.anonymous().get("/.well-known/sealtape/keys.json").await.is(200).json();
    let keys = set["keys"].as_array().unwrap().iter().filter(|key| key["purpose"] == "capture-config");
    keys.map(|key| key["x"].as_str().unwrap().parse().unwrap()).collect()
}

fn project(app: &TestApp) -> ProjectId {
    app.ours.project.parse().unwrap()
}

async fn check(app: &TestApp, document: &str) -> Result<CaptureBundle, ConfigError> {
    CaptureBundle::check(document, &keys(app).await, Some(project(app)), Timestamp::from_millis(app.now_ms()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_gets_what_it_is_to_capture_by_and_can_check_it() {
    let app = TestApp::new().await;
    let agent = app.ours.agent(&app).client;
    let answer = ask(&agent, None).await.is(200);
    assert_eq!(answer.header("content-type"), "application/jose");
    assert_eq!(answer.header("cache-control"), "private, max-age=30");
    assert!(answer.header("access-control-expose-headers").contains("etag"));
    assert_eq!(answer.header("sealtape-time"), app.now_ms().to_string());
    let document = answer.text();
    let bundle = check(&app, &document).await.expect("holds");
    assert_eq!((bundle.tenant, bundle.version), (app.ours.id, 1));
    assert_eq!(bundle.expires_at - bundle.issued_at, 2 * HALF_A_DAY);
    assert_eq!(bundle.rules["rules"]["inputs"], "mask");

    // The session that follows is stamped with it, and a member sees the same in clear.
    let started = app.ours.agent(&app).start().await;
    let owner = app.as_role(Role::Owner).await;
    let session = owner.get(&format!("/v1/sessions/{}", started.id)).await.is(200).json();
    assert_eq!(session["policy_hash"], bundle.policy_hash, "{session}");
    let shown = owner.get(&format!("/v1/projects/{}/capture-config", app.ours.project)).await.is(200).json();
    assert_eq!(shown["signed"], document);
    assert_eq!(shown["config"]["policy_hash"], bundle.policy_hash);
    let clear: Value = serde_json::to_value(&bundle.rules).unwrap();
    for (name, value) in clear.as_object().unwrap() {
        assert_eq!(shown["config"][name], *value, "{name}");
    }

    let other = check(&app, &ask(&app.theirs.agent(&app).client, None).await.is(200).text()).await;
    assert!(matches!(other, Err(ConfigError::Project(_))), "{other:?}");
}

/// What an agent has already is not sent again, until another half-day has begun; every process gives the same bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_config_is_signed_once_in_half_a_day() {
    let app = TestApp::new().await;
    let agent = app.ours.agent(&app).client;
    let first = ask(&agent, None).await.is(200);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "a strong one: {tag}");
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let again = ask(&agent, Some(&known)).await;
        assert_eq!((again.status, again.text().as_str(), again.header("etag")), (304, "", tag.as_str()));
    }
    assert_eq!(ask(&agent, Some("\"other\"")).await.is(200).text(), first.text());
    let second = app.another().await;
    let elsewhere = ask(&second.ours.agent(&second).client, Some(&tag)).await;
    assert_eq!(elsewhere.status, 304, "another process gives the same");

    app.pass(HALF_A_DAY);
    let renewed = ask(&agent, Some(&tag)).await.is(200);
    let (old, new) = (check(&app, &first.text()).await.unwrap(), check(&app, &renewed.text()).await.unwrap());
    assert_eq!(new.issued_at - old.issued_at, HALF_A_DAY);
    assert_eq!((new.version, &new.rules), (old.version, &old.rules));
    app.pass(HALF_A_DAY + 400);
    assert!(matches!(check(&app, &first.text()).await, Err(ConfigError::Expired(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_config_is_for_a_good_key_and_not_while_capture_is_stopped() {
    let app = TestApp::new().await;
    let agent = app.ours.agent(&app).client;
    let owner = app.as_role(Role::Owner).await;
    let known = ask(&agent, None).await.is(200).header("etag").to_owned();
    owner.post("/v1/kill-switch", &json!({ "on": true, "reason": "an incident" })).await.is(204);
    let refused = ask(&agent, Some(&known)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "not-recorded"), "not 304: it is to stop");
    owner.get(&format!("/v1/projects/{}/capture-config", app.ours.project)).await.is(200);
    owner.post("/v1/kill-switch", &json!({ "on": false })).await.is(204);
    assert_eq!(ask(&agent, Some(&known)).await.status, 304);
    let elsewhere = agent.request(Method::GET, PATH).header("origin", "https://evil.example");
    assert_eq!(Answer::of(elsewhere).await.code(), "origin-not-allowed");
    assert_eq!(ask(&owner, None).await.status, 401);
}

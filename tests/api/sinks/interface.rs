//! Making, changing and removing receivers: what is refused leaves nothing, and secrets are told once.

use policy::access::Role;
use sealtape_tests::acceptance::{Answer, TestApp};
use serde_json::json;

use super::{Outside, webhook};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_leaves_no_trace() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let before = app.trace().await;
    let good = json!({ "name": "SIEM", "kind": "webhook", "url": "https://hooks.test/in" });
    let with = |name: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let long = "a".repeat(81);
    for (body, pointer) in [
        (with("name", json!("")), "/name"),
        (with("name", json!(long)), "/name"),
        (with("name", json!("a\nb")), "/name"),
        (with("url", json!("http://hooks.test/")), "/url"),
        (with("url", json!("https://name:word@hooks.test/")), "/url"),
        (with("url", json!("https://hooks.test:22/")), "/url"),
        (with("url", json!("https://127.0.0.1/")), "/url"),
        (with("url", json!("syslog+tls://hooks.test")), "/url"),
        (with("acts", json!([])), "/acts"),
        (with("acts", json!(["session.view", "*"])), "/acts/1"),
        (with("acts", json!(vec!["session.view"; 65])), "/acts"),
    ] {
        let refused = owner.post("/v1/webhooks", &body).await.is(422);
        let problem = refused.problem();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
        assert!(!refused.text().contains("hooks.test"), "nothing of what was sent is quoted");
    }
    for body in [with("kind", json!("file")), with("projects", json!([])), json!({ "name": "SIEM" })] {
        let refused = owner.post("/v1/webhooks", &body).await;
        assert!(matches!(refused.status, 400 | 422), "{}", refused.text());
    }
    assert_eq!(app.trace().await, before);

    for n in 0..10 {
        owner.post("/v1/webhooks", &with("name", json!(format!("SIEM {n}")))).await.is(201);
    }
    let full = app.trace().await;
    assert_eq!(owner.post("/v1/webhooks", &good).await.is(409).code(), "webhook-limit");
    assert_eq!(app.trace().await, full);
    let first = owner.get("/v1/webhooks?limit=7").await.is(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = owner.get(&format!("/v1/webhooks?limit=7&cursor={cursor}")).await.is(200).json();
    assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (7, 3));
    assert_eq!((&first["items"][0]["name"], &rest["next_cursor"]), (&json!("SIEM 9"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_told_once_and_kept_sealed_like_the_address() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let body = json!({ "name": "SIEM", "kind": "webhook", "url": "https://hooks.test/T0p/s3cret-path", "acts": ["b.c", "a.b", "b.c"] });
    let send = || {
        Answer::of(owner.request(reqwest::Method::POST, "/v1/webhooks").header("idempotency-key", "one").json(&body))
    };
    let made = send().await.is(201);
    assert_eq!(send().await.is(201).text(), made.text(), "sent again, it makes nothing and says the same");
    let made = made.json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap().to_owned());
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    assert_eq!((&made["acts"], &made["state"]), (&json!(["a.b", "b.c"]), &json!("active")));
    let url = format!("/v1/webhooks/{id}");
    let auditor = app.as_role(Role::Auditor).await;
    let seen = auditor.get(&url).await.is(200);
    assert_eq!(seen.json()["url"], "https://hooks.test/T0p/s3cret-path");
    let listed = auditor.get("/v1/webhooks").await.is(200);
    assert_eq!(listed.json()["items"], json!([seen.json()]));
    let next = owner.post(&format!("{url}/secret"), &json!({})).await.is(200).json();
    assert_ne!(next["secret"], secret.as_str());
    for answer in [seen, listed] {
        assert!(!answer.text().contains("whsec_"), "{}", answer.text());
    }
    let decoded = |secret: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(&secret[6..]).unwrap()
    };
    let needles =
        [decoded(&secret), decoded(next["secret"].as_str().unwrap()), secret[6..].into(), b"s3cret-path".to_vec()];
    for bytes in app.dump().await {
        for needle in &needles {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "kept in clear");
        }
    }
    super::deafen(&app, id).await;
    owner.delete(&url).await.is(204);
    owner.get(&url).await.is(404);
    assert_eq!(app.number("SELECT count(*) FROM sink_delivery").await, 0);
}

/// For a day both secrets sign; then the old one is worth nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_36_a_replaced_secret_signs_for_a_day_beside_its_successor() {
    let outside = Outside::new().await;
    let rotate = format!("/v1/webhooks/{}/secret", outside.webhook);
    let next = outside.owner.post(&rotate, &json!({})).await.is(200).json();
    assert_eq!(next["previous_until"], crate::stories::in_seconds(&outside.app, 86_400));
    let next = next["secret"].as_str().unwrap();
    outside.grow(1).await;
    outside.deliver().await;
    let message = outside.hook.take().remove(0);
    assert_eq!(message.header("webhook-signature").split(' ').count(), 2);
    assert!(Outside::is_signed(&message, &outside.secret) && Outside::is_signed(&message, next));
    outside.app.pass(86_400);
    outside.grow(1).await;
    outside.deliver().await;
    let message = outside.hook.take().remove(0);
    assert_eq!(message.header("webhook-signature").split(' ').count(), 1);
    assert!(Outside::is_signed(&message, next) && !Outside::is_signed(&message, &outside.secret));
}

/// Another address from now on; what waited goes there at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_address_gets_what_waited() {
    let outside = Outside::new().await;
    let owner = &outside.owner;
    let (lost, _) = webhook(owner, "https://nobody.test:8443/").await;
    outside.grow(3).await;
    outside.deliver().await;
    drop(outside.hook.take());
    let url = format!("/v1/webhooks/{lost}");
    let deliveries = owner.get(&format!("{url}/deliveries")).await.is(200).json();
    assert_eq!(deliveries["items"][0]["last_problem"], "address-refused");
    owner.patch(&url, &json!({ "url": "https://10.0.0.1/" })).await.is(422);
    owner.patch(&url, &json!({ "url": outside.hook.url("hooks.test", "/found") })).await.is(200);
    outside.deliver().await;
    let found: Vec<_> = outside.hook.take().into_iter().filter(|message| message.path == "/found").collect();
    assert_eq!(found[0].header("webhook-id"), format!("msg_{}", deliveries["items"][0]["id"].as_str().unwrap()));
}

/// What waits outside is part of how the log is, for those who may know of receivers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_health_of_the_log_counts_receivers_that_fail() {
    let outside = Outside::new().await;
    let (app, owner) = (&outside.app, &outside.owner);
    let (_, key) = crate::stories::new_api_key(app, owner, &["audit.read"]).await;
    let (_, wide) = crate::stories::new_api_key(app, owner, &["audit.read", "webhook.list"]).await;
    let failing = |by: sealtape_tests::acceptance::Client| async move {
        by.get("/v1/audit/health").await.is(200).json().get("sinks_failing").cloned()
    };
    assert_eq!(failing(owner.clone()).await, Some(json!({ "count": 0, "since": null })));
    webhook(owner, "https://nobody.test:8443/").await;
    webhook(owner, "https://nowhere.test:8443/").await;
    outside.grow(1).await;
    let since = crate::stories::in_seconds(app, 0);
    outside.deliver().await;
    app.pass(1);
    let both = json!({ "count": 2, "since": since });
    assert_eq!(failing(app.as_role(Role::Auditor).await).await, Some(both.clone()));
    assert_eq!(failing(app.client(&wide)).await, Some(both));
    assert_eq!(failing(app.client(&key)).await, None, "who may not see receivers is not told of them");
    let theirs = app.member(&app.theirs, Role::Owner).await;
    assert_eq!(failing(theirs).await, Some(json!({ "count": 0, "since": null })));
    // One that is paused is no alarm: somebody said so.
    let failing_ones = app.ids("SELECT id FROM sink WHERE failing_since IS NOT NULL").await;
    owner.patch(&format!("/v1/webhooks/{}", failing_ones[0]), &json!({ "state": "paused" })).await.is(200);
    assert_eq!(failing(app.as_role(Role::Auditor).await).await.unwrap()["count"], 1);
}

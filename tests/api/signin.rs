//! Signing in, staying signed in, and being out.

use std::collections::BTreeSet;

use futures::future::join_all;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp, until};
use serde_json::json;

/// Signs our viewer in; the refresh cookie.
pub(crate) async fn cookie(app: &TestApp) -> String {
    cookie_of(&login(app, Role::Viewer).await)
}

pub(crate) async fn login(app: &TestApp, role: Role) -> Answer {
    let member = &app.ours.members[&role];
    let body = json!({ "email": member.email, "password": member.password });
    app.anonymous().post("/v1/auth/login", &body).await.is(200)
}

/// `name=value` of the cookie that an answer sets.
pub(crate) fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

pub(crate) async fn with_cookie(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let request = app.anonymous().request(Method::POST, path);
    Answer::of(request.header("origin", app.console_origin()).header("cookie", cookie)).await
}

pub(crate) async fn refresh(app: &TestApp, cookie: &str) -> Answer {
    with_cookie(app, "/v1/auth/refresh", cookie).await
}

/// The client of a sign-in that was renewed for so many seconds.
pub(crate) async fn renewed_for(app: &TestApp, signed_in: &Answer, seconds: u64) -> Client {
    let (mut left, mut cookie, mut client) = (seconds, cookie_of(signed_in), app.bearer(signed_in));
    while left > 0 {
        let pause = left.min(200);
        app.pass(pause);
        let renewed = refresh(app, &cookie).await.is(200);
        (left, cookie, client) = (left - pause, cookie_of(&renewed), app.bearer(&renewed));
    }
    client
}

pub(crate) fn bearer(app: &TestApp, answer: &Answer) -> Client {
    app.client(answer.json()["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_signs_in_and_is_known() {
    let app = TestApp::new().await;
    let answer = login(&app, Role::PrivacyOfficer).await;
    assert_eq!(answer.json()["expires_in"], 300);
    let set = answer.header("set-cookie");
    for word in ["__Host-sealtape-refresh=", "HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=43200"] {
        assert!(set.contains(word), "{word} in {set}");
    }
    assert!(!set.contains("Domain"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let me = bearer(&app, &answer).get("/v1/me").await.is(200).json();
    assert_eq!(me["roles"], json!(["privacy-officer"]));
    assert_eq!(me["email"], "privacy-officer@ours.example");
    assert_eq!(me["tenant"]["slug"], "ours");
    let actions = bearer(&app, &answer).get("/v1/me/permissions").await.is(200).json();
    assert!(actions["actions"].as_array().unwrap().contains(&json!("session.view")));
    assert!(!actions["actions"].as_array().unwrap().contains(&json!("project.create")));
}

/// Threat 15: a wrong password and an unknown address cannot be told apart by what is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_every_failed_sign_in_is_answered_alike() {
    let app = TestApp::new().await;
    let known = &app.ours.members[&Role::Owner];
    let other = &app.theirs.members[&Role::Owner];
    let tries = [
        json!({ "email": known.email, "password": "wrong wrong wrong" }),
        json!({ "email": "nobody@ours.example", "password": "wrong wrong wrong" }),
        json!({ "email": known.email, "password": known.password, "tenant": "theirs" }),
        json!({ "email": known.email, "password": known.password, "tenant": "no-such" }),
        json!({ "email": known.email, "password": other.password }),
        json!({ "email": "", "password": "" }),
    ];
    let mut seen = BTreeSet::new();
    for body in &tries {
        let answer = app.anonymous().post("/v1/auth/login", body).await.is(401);
        assert_eq!(answer.header("set-cookie"), "");
        seen.insert(answer.problem().to_string());
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(
        app.number("SELECT count(*) FROM login").await,
        2,
        "only the owners who made the projects are signed in"
    );
    let right = json!({ "email": known.email.to_uppercase(), "password": known.password, "tenant": "ours" });
    app.anonymous().post("/v1/auth/login", &right).await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_sign_in_attempts_are_limited() {
    let app = TestApp::with(|settings| settings.limits.logins_per_minute = 6).await;
    let body = json!({ "email": "nobody@ours.example", "password": "wrong wrong wrong" });
    let mut last = app.anonymous().post("/v1/auth/login", &body).await;
    // The sign-ins that made the tenants came from this network too; a wrong password counts like a right one.
    assert_eq!(last.header("ratelimit"), "\"password\";r=3;t=30");
    for _ in 0..6 {
        last = app.anonymous().post("/v1/auth/login", &body).await;
    }
    assert_eq!(last.status, 429, "{}", last.text());
    let wait: u32 = last.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait), "six a minute: one every ten seconds, not {wait}");
    assert_eq!(last.header("ratelimit-policy"), "\"password\";q=6;w=60");
    assert_eq!(last.header("ratelimit"), "\"password\";r=0;t=60");
    assert_eq!(last.code(), "too-many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_ends_after_five_minutes() {
    let app = TestApp::new().await;
    let client = bearer(&app, &login(&app, Role::Viewer).await);
    app.pass(299);
    client.get("/v1/me").await.is(200);
    app.pass(1);
    assert_eq!(client.get("/v1/me").await.is(401).code(), "token-expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_a_refresh_rotates_and_its_reuse_ends_the_sign_in() {
    let app = TestApp::new().await;
    let first = cookie(&app).await;
    let renewed = refresh(&app, &first).await.is(200);
    let second = cookie_of(&renewed);
    assert_ne!(first, second);
    bearer(&app, &renewed).get("/v1/me").await.is(200);

    // Two tabs of one browser: the same successor, and nobody is thrown out.
    app.pass(9);
    assert_eq!(cookie_of(&refresh(&app, &first).await.is(200)), second);
    // A thief, later: the whole family ends, the rightful holder's part of it too.
    app.pass(2);
    let reused = refresh(&app, &first).await.is(401);
    assert_eq!(reused.code(), "signed-out");
    assert_eq!(refresh(&app, &second).await.is(401).code(), "signed-out");
    bearer(&app, &renewed).get("/v1/me").await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_fifty_parallel_refreshes_get_one_successor() {
    let app = TestApp::new().await;
    let first = cookie(&app).await;
    let answers = join_all((0..50).map(|_| refresh(&app, &first))).await;
    let successors: BTreeSet<String> = answers.into_iter().map(|answer| cookie_of(&answer.is(200))).collect();
    assert_eq!(successors.len(), 1);
    refresh(&app, successors.first().unwrap()).await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_ends_when_idle_and_after_twelve_hours() {
    let app = TestApp::new().await;
    let idle = cookie(&app).await;
    app.pass(30 * 60);
    assert_eq!(refresh(&app, &idle).await.is(401).code(), "signed-out");

    let mut current = cookie(&app).await;
    for _ in 0..24 {
        app.pass(29 * 60);
        current = cookie_of(&refresh(&app, &current).await.is(200));
    }
    app.pass(29 * 60);
    assert_eq!(refresh(&app, &current).await.is(401).code(), "signed-out", "12 hours are over");
}

/// Threat 13: what ends a sign-in ends its access tokens, in every process, within five seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_signing_out_ends_access_everywhere() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let answer = login(&app, Role::Engineer).await;
    let (here, there) = (bearer(&app, &answer), bearer(&elsewhere, &answer));
    here.get("/v1/me").await.is(200);
    there.get("/v1/me").await.is(200);

    let out = with_cookie(&app, "/v1/auth/logout", &cookie_of(&answer)).await.is(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(here.get("/v1/me").await.is(401).code(), "token-expired");
    let started = tokio::time::Instant::now();
    until("the other process knows", || async { (there.get("/v1/me").await.status == 401).then_some(()) }).await;
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    refresh(&app, &cookie_of(&answer)).await.is(401);
    with_cookie(&app, "/v1/auth/logout", "__Host-sealtape-refresh=unknown").await.is(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_member_is_out() {
    let app = TestApp::new().await;
    let answer = login(&app, Role::Engineer).await;
    let client = bearer(&app, &answer);
    client.get("/v1/me").await.is(200);
    let member = app.id(&app.ours.members[&Role::Engineer].id);
    app.tamper(&[&format!("UPDATE member SET state = 'disabled', authz_epoch = authz_epoch + 1 WHERE id = {member}")])
        .await;
    until("access ended", || async { (client.get("/v1/me").await.status == 401).then_some(()) }).await;
    refresh(&app, &cookie_of(&answer)).await.is(401);
    let engineer = &app.ours.members[&Role::Engineer];
    let body = json!({ "email": engineer.email, "password": engineer.password });
    assert_eq!(app.anonymous().post("/v1/auth/login", &body).await.is(401).code(), "login-failed");
}

/// A role taken away cuts a stream that is under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_a_live_stream_ends_with_the_right_to_it() {
    let app = TestApp::new().await;
    let answer = login(&app, Role::Engineer).await;
    let request = bearer(&app, &answer).request(Method::GET, "/v1/sessions/live");
    let mut stream = request.send().await.unwrap();
    assert_eq!(&stream.chunk().await.unwrap().unwrap()[..], b": connected\n\n");
    with_cookie(&app, "/v1/auth/logout", &cookie_of(&answer)).await.is(204);
    let cut = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while let Ok(Some(_)) = stream.chunk().await {}
    });
    cut.await.expect("the stream ends by itself");
}

/// Threat 45: the cookie works for the console's own pages only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_45_another_origin_cannot_use_the_cookie() {
    let app = TestApp::new().await;
    let cookie = cookie(&app).await;
    for path in ["/v1/auth/refresh", "/v1/auth/logout"] {
        for origin in [None, Some("https://evil.example"), Some("null"), Some("http://console.test.evil.example")] {
            let mut request = app.anonymous().request(Method::POST, path).header("cookie", &cookie);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let answer = Answer::of(request).await.is(403);
            assert_eq!(answer.code(), "origin-refused");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    let login = app.anonymous().request(Method::POST, "/v1/auth/login").header("origin", "https://evil.example");
    Answer::of(login.json(&json!({ "email": "a@b.c", "password": "x" }))).await.is(403);
    refresh(&app, &cookie).await.is(200);
}

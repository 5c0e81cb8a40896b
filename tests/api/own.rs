//! One's own sign-ins and password, and where a refresh token may be used.

use futures::future::join_all;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp, until};
use serde_json::{Value, json};

use crate::signin::{bearer, cookie_of, login, refresh};

const NEW: &str = "correct horse battery 9";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const NEWER_FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

/// A process behind a proxy on this machine.
async fn behind_a_proxy() -> TestApp {
    TestApp::with(|settings| settings.trusted_proxies = "127.0.0.0/8".parse().unwrap()).await
}

/// Signs our engineer in from somewhere.
async fn login_from(app: &TestApp, address: &str, agent: &str) -> Answer {
    let member = &app.ours.members[&Role::Engineer];
    let request = app.anonymous().request(Method::POST, "/v1/auth/login");
    let request = request.header("x-forwarded-for", address).header("user-agent", agent);
    Answer::of(request.json(&json!({ "email": member.email, "password": member.password }))).await
}

async fn refresh_from(app: &TestApp, cookie: &str, address: &str, agent: &str) -> Answer {
    let request = app.anonymous().request(Method::POST, "/v1/auth/refresh").header("origin", app.console_origin());
    Answer::of(request.header("cookie", cookie).header("x-forwarded-for", address).header("user-agent", agent)).await
}

async fn sign_ins(client: &Client) -> Vec<Value> {
    client.get("/v1/auth/sessions").await.is(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_sees_and_ends_their_own_sign_ins() {
    let app = behind_a_proxy().await;
    let elsewhere = app.another().await;
    let old = login_from(&app, "198.51.100.9", CHROME).await.is(200);
    app.pass(60);
    let here = bearer(&app, &login_from(&app, "2001:db8:1:2::3", FIREFOX).await.is(200));
    let listed = sign_ins(&here).await;
    let shown = |n: usize, name: &str| listed[n][name].clone();
    assert_eq!(listed.len(), 2);
    assert_eq!((shown(0, "network"), shown(0, "browser")), (json!("2001:db8:1::/48"), json!("Firefox")));
    assert_eq!((shown(1, "network"), shown(1, "browser")), (json!("198.51.100.0/24"), json!("Chrome")));
    assert_eq!((shown(0, "this"), shown(1, "this")), (json!(true), json!(false)));

    let there = bearer(&elsewhere, &old);
    there.get("/v1/me").await.is(200);
    let path = format!("/v1/auth/sessions/{}", listed[1]["id"].as_str().unwrap());
    // Somebody else's is not there, in the same tenant too.
    app.as_role(Role::Owner).await.delete(&path).await.is(404);
    here.delete(&path).await.is(204);
    here.delete(&path).await.is(204);
    assert_eq!(sign_ins(&here).await.len(), 1);
    until("the other process knows", || async { (there.get("/v1/me").await.status == 401).then_some(()) }).await;
    refresh_from(&app, &cookie_of(&old), "198.51.100.9", CHROME).await.is(401);
    for dump in app.dump().await {
        for word in ["198.51.100", "2001:db8"] {
            assert!(!dump.windows(word.len()).any(|window| window == word.as_bytes()), "{word} is stored in clear");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_a_refresh_token_carried_elsewhere_ends_the_sign_in() {
    let app = behind_a_proxy().await;
    let from = |address: &'static str, agent: &'static str| (address, agent);
    for (address, agent) in [from("203.0.114.7", FIREFOX), from("203.0.113.7", CHROME), from("203.0.113.7", "curl/8")] {
        let signed_in = login_from(&app, "203.0.113.7", FIREFOX).await.is(200);
        // Another address of the network and a newer version of the browser are the same place.
        let renewed = refresh_from(&app, &cookie_of(&signed_in), "203.0.113.99", NEWER_FIREFOX).await.is(200);
        let stolen = refresh_from(&app, &cookie_of(&renewed), address, agent).await.is(401);
        assert_eq!(stolen.code(), "signed-out", "{address} {agent}");
        assert_eq!(stolen.header("set-cookie"), "");
        refresh_from(&app, &cookie_of(&renewed), "203.0.113.7", FIREFOX).await.is(401);
        bearer(&app, &renewed).get("/v1/me").await.is(401);
    }
    let leaves = app.leaves(app.ours.id).await;
    let reused = leaves.iter().filter(|leaf| leaf["act"] == "login.refresh" && leaf["out"] == "deny").count();
    assert_eq!(reused, 3, "each is on record");
}

/// Fifty at once, among them a thief from elsewhere: nobody goes on after the thief was seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_14_fifty_parallel_refreshes_with_a_thief_among_them() {
    let app = behind_a_proxy().await;
    let elsewhere = app.another().await;
    let cookie = cookie_of(&login_from(&app, "203.0.113.7", FIREFOX).await.is(200));
    let answers = join_all((0..50).map(|n| {
        let process = if n % 2 == 0 { &app } else { &elsewhere };
        let address = if n == 25 { "198.51.100.1" } else { "203.0.113.7" };
        refresh_from(process, &cookie, address, FIREFOX)
    }))
    .await;
    assert_eq!(answers[25].status, 401);
    let successors: std::collections::BTreeSet<String> =
        answers.iter().filter(|answer| answer.status == 200).map(cookie_of).collect();
    assert!(successors.len() <= 1, "{successors:?}");
    for successor in successors {
        refresh_from(&app, &successor, "203.0.113.7", FIREFOX).await.is(401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_ends_the_other_sign_ins() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let member = app.ours.members[&Role::Engineer].clone();
    let other = login(&app, Role::Engineer).await;
    let signed_in = login(&app, Role::Engineer).await;
    let here = bearer(&app, &signed_in);
    let there = bearer(&elsewhere, &other);
    there.get("/v1/me").await.is(200);
    let change = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
    let before = app.trace().await;
    for (body, pointer) in [
        (change("wrong", NEW), "/old_password"),
        (change(&member.password, "short"), "/new_password"),
        (change(&member.password, "Password12345"), "/new_password"),
        (change(&member.password, &member.email), "/new_password"),
        (change(&member.password, &member.password), "/new_password"),
    ] {
        let refused = here.post("/v1/auth/password/change", &body).await.is(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    assert_eq!(app.trace().await, before);
    here.post("/v1/auth/password/change", &change(&member.password, NEW)).await.is(204);
    here.get("/v1/me").await.is(200);
    refresh(&app, &cookie_of(&signed_in)).await.is(200);
    until("the other process knows", || async { (there.get("/v1/me").await.status == 401).then_some(()) }).await;
    refresh(&app, &cookie_of(&other)).await.is(401);
    let body = |password: &str| json!({ "email": member.email, "password": password });
    app.anonymous().post("/v1/auth/login", &body(&member.password)).await.is(401);
    app.anonymous().post("/v1/auth/login", &body(NEW)).await.is(200);
    assert!(app.acts(app.ours.id).await.contains(&"password.change".to_owned()));
}

/// A stolen access token is no way to guess the password faster than at the door.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_guessing_the_old_password_counts_like_signing_in() {
    let app = TestApp::with(|settings| settings.limits.account_logins_per_minute = 5).await;
    let here = bearer(&app, &login(&app, Role::Engineer).await);
    let guess = json!({ "old_password": "wrong", "new_password": NEW });
    for _ in 0..4 {
        here.post("/v1/auth/password/change", &guess).await.is(422);
    }
    assert_eq!(here.post("/v1/auth/password/change", &guess).await.is(429).code(), "too-many");
    let member = &app.ours.members[&Role::Engineer];
    let right = json!({ "email": member.email, "password": member.password });
    app.anonymous().post("/v1/auth/login", &right).await.is(429);
    app.pass(12);
    app.anonymous().post("/v1/auth/login", &right).await.is(200);
}

/// One count for all processes, that a restart does not forget and no header escapes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_attempts_are_counted_together() {
    let app = TestApp::with(|settings| {
        settings.limits.logins_per_minute = 12;
        settings.trusted_proxies = "127.0.0.1".parse().unwrap();
    })
    .await;
    let elsewhere = app.another().await;
    let guess = |process: &TestApp, n: usize, forwarded: &'static str| {
        let request = process.anonymous().request(Method::POST, "/v1/auth/login").header("x-forwarded-for", forwarded);
        Answer::of(request.json(&json!({ "email": format!("n{n}@ours.example"), "password": "wrong" })))
    };
    let answers =
        join_all((0..50).map(|n| guess(if n % 2 == 0 { &app } else { &elsewhere }, n, "1.2.3.4, 203.0.113.7")));
    let admitted = answers.await.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(admitted, 12, "two processes count as one");
    let restarted = app.another().await;
    // What a client writes itself stands to the left and is not believed.
    for forwarded in ["203.0.113.7", "5.6.7.8, 203.0.113.7", "9.9.9.9,8.8.8.8, 203.0.113.7"] {
        assert_eq!(guess(&restarted, 99, forwarded).await.status, 429, "{forwarded}");
    }
    assert_eq!(guess(&restarted, 99, "203.0.113.8").await.status, 401, "another network has its own count");
    app.pass(5);
    assert_eq!(guess(&app, 99, "203.0.113.7").await.status, 401);
    assert_eq!(guess(&app, 99, "203.0.113.7").await.status, 429);
    let kept = app.texts("SELECT kind FROM attempt").await;
    assert!(kept.len() > 12, "{}", kept.len());
    for dump in app.dump().await {
        assert!(!dump.windows(10).any(|window| window == b"203.0.113."), "an address of a machine is stored");
    }
}

/// An account is protected from everywhere together; whoever does not exist is limited alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_an_account_has_its_own_limit() {
    let app = TestApp::with(|settings| {
        settings.limits.account_logins_per_minute = 4;
        settings.trusted_proxies = "127.0.0.1".parse().unwrap();
    })
    .await;
    let known = app.ours.members[&Role::Viewer].email.clone();
    let mut seen = Vec::new();
    for email in [known.as_str(), "nobody@ours.example"] {
        let mut statuses = Vec::new();
        for n in 0..6 {
            let request = app.anonymous().request(Method::POST, "/v1/auth/login");
            let request = request.header("x-forwarded-for", format!("203.0.{n}.7"));
            let answer = Answer::of(request.json(&json!({ "email": email, "password": "wrong" }))).await;
            statuses.push((answer.status, answer.header("ratelimit").to_owned()));
        }
        assert_eq!(statuses.iter().filter(|(status, _)| *status == 401).count(), 4, "{statuses:?}");
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1], "known and unknown are told alike");
}

/// Every way to fail at the door costs one password hash: what differs cannot be timed. Counted, not timed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_every_failed_sign_in_costs_the_same_work() {
    let app = TestApp::new().await;
    let gone = app.ours.new_member(&app, "gone", Role::Viewer).await;
    app.as_role(Role::Owner).await.post(&format!("/v1/members/{}/disable", gone.id), &json!({})).await.is(204);
    for tenant in [&app.ours, &app.theirs] {
        tenant.new_member_as(&app, "both@both.example", NEW, Role::Viewer).await;
    }
    let known = app.ours.members[&Role::Viewer].clone();
    let tries = [
        ("unknown", json!({ "email": "nobody@ours.example", "password": NEW })),
        ("wrong password", json!({ "email": known.email, "password": NEW })),
        ("another tenant", json!({ "email": known.email, "password": known.password, "tenant": "theirs" })),
        ("no such tenant", json!({ "email": known.email, "password": known.password, "tenant": "none" })),
        ("disabled", json!({ "email": gone.email, "password": gone.password })),
        ("in several", json!({ "email": "both@both.example", "password": NEW })),
        ("no address", json!({ "email": "", "password": "" })),
    ];
    let work = || app.app().auth().password_work();
    for round in 0..20 {
        for (name, body) in &tries {
            let before = work();
            app.anonymous().post("/v1/auth/login", body).await.is(401);
            assert_eq!(work() - before, 1, "{name}, round {round}");
        }
    }
}

/// Inventing addresses fills no table: what is back to nothing is removed on the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_15_invented_addresses_fill_no_table() {
    let app = TestApp::with(|settings| settings.limits.account_logins_per_minute = 10).await;
    for n in 0..600 {
        app.pass(10);
        let address = format!("n{n}@ours.example");
        let guess = json!({ "email": address, "password": "wrong" });
        app.anonymous().post("/v1/auth/login", &guess).await.is(401);
    }
    let kept = app.number("SELECT count(*) FROM attempt").await;
    assert!(kept < 300, "{kept} counts are kept");
}

//! API keys: what they open, and what they must not.

use futures::future::join_all;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, TestApp, until};
use serde_json::{Value, json};

use crate::{
    signin::{bearer, login},
    stories::{self, in_seconds, new_api_key},
};

fn body(app: &TestApp, change: &Value) -> Value {
    let mut body = json!({ "name": "report", "scopes": ["session.list"], "expires_at": in_seconds(app, 86_400) });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

async fn make(app: &TestApp, by: &Client, change: Value) -> Answer {
    by.post("/v1/api-keys", &body(app, &change)).await
}

fn key_of(app: &TestApp, made: &Answer) -> Client {
    app.client(made.json()["key"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_shown_once_and_works_until_it_ends() {
    let app = TestApp::new().await;
    let engineer = app.as_role(Role::Engineer).await;
    let made = make(&app, &engineer, json!({ "scopes": ["session.list", "me.read"] })).await.is(201);
    let text = made.json()["key"].as_str().unwrap().to_owned();
    let (prefix, id) = (text.split('_').nth(1).unwrap(), text.split('_').nth(2).unwrap());
    assert_eq!((prefix, id), ("api", made.json()["id"].as_str().unwrap().replace('-', "").as_str()));
    let key = app.client(&text);
    key.get("/v1/sessions").await.is(200);
    assert_eq!(key.get("/v1/me").await.is(200).json()["id"], app.ours.members[&Role::Engineer].id.as_str());

    let listed = engineer.get("/v1/api-keys").await.is(200);
    assert!(!listed.text().contains(&text[40..80]), "the secret is in no list");
    let item = listed.json()["items"][0].clone();
    assert_eq!((&item["name"], &item["revoked_at"]), (&json!("report"), &Value::Null));
    assert_eq!(item["last_used_at"], "2026-11-22T00:00:00.000000Z", "to the hour");
    app.pass(3_700);
    let engineer = app.as_role(Role::Engineer).await;
    key.get("/v1/sessions").await.is(200);
    until("the hour is noted", || async {
        key.get("/v1/sessions").await.is(200);
        let item = engineer.get("/v1/api-keys").await.is(200).json()["items"][0].clone();
        (item["last_used_at"] == "2026-11-22T01:00:00.000000Z").then_some(())
    })
    .await;
    app.pass(86_400 - 3_700);
    assert_eq!(key.get("/v1/sessions").await.is(401).code(), "token-expired");
}

/// Threat 19.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_19_a_key_is_nowhere_in_the_database_and_is_not_guessed() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let (_, key) = new_api_key(&app, &owner, &["session.list"]).await;
    for dump in app.dump().await {
        for part in [key.as_bytes(), &key.as_bytes()[40..104]] {
            assert!(!dump.windows(part.len()).any(|window| window == part), "the key is stored");
        }
    }
    let other = |from: usize, to: &str| format!("{}{to}{}", &key[..from], &key[from + to.len()..]);
    for bad in [
        key[..key.len() - 1].to_owned(),
        format!("{key}0"),
        other(50, if &key[50..51] == "0" { "1" } else { "0" }),
        key.to_uppercase(),
        key.replacen("st_api_", "st_agent_", 1),
        "st_api_".to_owned(),
    ] {
        assert_eq!(app.client(&bad).get("/v1/sessions").await.is(401).code(), "unauthenticated", "{bad}");
    }
    // A key opens what it is for, and is no agent's credential and no refresh cookie.
    app.client(&key).post("/v1/agent/sessions", &json!({})).await.is(401);
    let cookie = format!("__Host-sealtape-refresh={key}");
    let refresh = app.anonymous().request(Method::POST, "/v1/auth/refresh").header("origin", app.console_origin());
    Answer::of(refresh.header("cookie", cookie)).await.is(401);
    app.client(&app.ours.agent_key).get("/v1/sessions").await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_19_scopes_and_the_members_roles_both_count_at_every_use() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let member = app.ours.new_member(&app, "someone", Role::Admin).await;
    let sign_in = json!({ "email": member.email, "password": member.password });
    let as_member = bearer(&app, &app.anonymous().post("/v1/auth/login", &sign_in).await.is(200));
    let (_, key) = new_api_key(&app, &as_member, &["session.list", "project.create", "member.list"]).await;
    let (here, there) = (app.client(&key), elsewhere.client(&key));
    for key in [&here, &there] {
        key.get("/v1/members").await.is(200);
        key.get("/v1/projects").await.is(403);
        key.get("/v1/me").await.is(403);
    }
    // The member becomes a viewer: the key keeps what a viewer may.
    let bindings = owner.get(&format!("/v1/role-bindings?member={}", member.id)).await.is(200).json();
    let admin = bindings["items"][0]["id"].as_str().unwrap();
    owner.post("/v1/role-bindings", &json!({ "member_id": member.id, "role": "viewer" })).await.is(201);
    owner.delete(&format!("/v1/role-bindings/{admin}")).await.is(204);
    let started = tokio::time::Instant::now();
    for key in [&here, &there] {
        until("the role is gone", || async { (key.get("/v1/members").await.status == 403).then_some(()) }).await;
        key.post("/v1/projects", &json!({ "name": "x" })).await.is(403);
        key.get("/v1/sessions").await.is(200);
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_19_a_revoked_key_is_out_everywhere() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let engineer = app.as_role(Role::Engineer).await;
    let (id, key) = new_api_key(&app, &engineer, &["session.list"]).await;
    let there = elsewhere.client(&key);
    there.get("/v1/sessions").await.is(200);
    let mut stream = there.request(Method::GET, "/v1/sessions/live").send().await.unwrap();
    assert_eq!(&stream.chunk().await.unwrap().unwrap()[..], b": connected\n\n");
    // Security may revoke anybody's; an engineer their own.
    let path = format!("/v1/api-keys/{id}");
    let (owners, _) = new_api_key(&app, &app.as_role(Role::Owner).await, &["session.list"]).await;
    engineer.delete(&format!("/v1/api-keys/{owners}")).await.is(404);
    assert_eq!(engineer.get("/v1/api-keys").await.is(200).json()["items"].as_array().unwrap().len(), 1, "one's own");
    app.as_role(Role::Security).await.delete(&path).await.is(204);
    engineer.delete(&path).await.is(204);
    until("the other process knows", || async { (there.get("/v1/sessions").await.status == 401).then_some(()) }).await;
    let cut = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while let Ok(Some(_)) = stream.chunk().await {}
    });
    cut.await.expect("a live stream of the key ends too");
    let leaves = app.leaves(app.ours.id).await;
    let revoked = leaves.iter().filter(|leaf| leaf["act"] == "api-key.revoke" && leaf["out"] == "allow");
    assert_eq!(revoked.count(), 1, "the second time changed nothing");
}

/// A client makes no client with more than it has itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_20_nobody_makes_a_key_that_may_more_than_they_may() {
    let app = TestApp::new().await;
    let (owner, engineer) = (app.as_role(Role::Owner).await, app.as_role(Role::Engineer).await);
    for scope in ["member.list", "member.manage", "project.create", "api-key.create-x"] {
        let refused = make(&app, &engineer, json!({ "scopes": ["session.list", scope] })).await;
        assert!(matches!(refused.status, 403 | 422), "{scope}: {}", refused.text());
    }
    for scope in ["me.manage", "session.seal-x", "*", "", "Session.list", "session.list "] {
        assert_eq!(make(&app, &owner, json!({ "scopes": [scope] })).await.is(422).code(), "invalid-input", "{scope}");
    }
    assert_eq!(make(&app, &owner, json!({ "scopes": ["session.record"] })).await.is(403).code(), "scope-not-yours");
    make(&app, &owner, json!({ "scopes": [] })).await.is(422);

    let parent = json!({ "scopes": ["session.list", "api-key.create"], "networks": ["127.0.0.0/8"],
        "expires_at": in_seconds(&app, 3_600) });
    let parent = key_of(&app, &make(&app, &owner, parent).await.is(201));
    let child = |change: Value| {
        let mut all = json!({ "networks": ["127.0.0.0/16"], "expires_at": in_seconds(&app, 3_600) });
        all.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        all
    };
    for more in [
        json!({ "scopes": ["session.list", "session.view"] }),
        json!({ "expires_at": in_seconds(&app, 3_601) }),
        json!({ "networks": [] }),
        json!({ "networks": ["127.0.0.0/7"] }),
        json!({ "networks": ["127.0.0.0/16", "10.0.0.0/8"] }),
    ] {
        assert_eq!(make(&app, &parent, child(more.clone())).await.is(403).code(), "scope-not-yours", "{more}");
    }
    let made = make(&app, &parent, child(json!({ "scopes": ["session.list", "api-key.create"] }))).await.is(201);
    key_of(&app, &made).get("/v1/sessions").await.is(200);
    // And never the person's own affairs.
    for (method, path) in [
        (Method::GET, "/v1/auth/sessions"),
        (Method::POST, "/v1/auth/password/change"),
        (Method::POST, "/v1/auth/switch"),
        (Method::GET, "/v1/me/tenants"),
    ] {
        Answer::of(parent.request(method, path).json(&json!({}))).await.is(403);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_19_a_key_of_a_project_reaches_only_that_project() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let owner = app.as_role(Role::Owner).await;
    let second = app.ours.new_project(&owner, "second").await;
    let scopes = [
        "session.list",
        "session.view",
        "session.viewers",
        "session.manifest",
        "project.list",
        "agent-key.list",
        "agent-key.create",
        "agent-key.revoke",
    ];
    let bound = |project: &str| json!({ "scopes": scopes, "project_id": project });
    make(&app, &owner, bound(&theirs.project)).await.is(404);
    let refused = make(&app, &owner, json!({ "scopes": ["member.list"], "project_id": second })).await;
    assert_eq!(refused.is(422).code(), "invalid-input", "a tenant's affairs are no project's");
    let inside = key_of(&app, &make(&app, &owner, bound(&own.project)).await.is(201));
    let outside = key_of(&app, &make(&app, &owner, bound(&second)).await.is(201));
    let session = |tail: &str| format!("/v1/sessions/{}{tail}", own.closed);
    for path in [
        session(""),
        session("/events"),
        session("/viewers"),
        session("/manifest"),
        format!("/v1/projects/{}", own.project),
        format!("/v1/projects/{}/agent-keys", own.project),
    ] {
        inside.get(&path).await.is(200);
        let refused = outside.get(&path).await.is(404);
        let nowhere = outside.get(&path.replace(&own.closed, &second).replace(&own.project, &own.closed)).await.is(404);
        assert_eq!(refused.problem(), nowhere.problem(), "{path}");
    }
    let count = |list: &Answer| list.json()["items"].as_array().unwrap().len();
    assert_eq!(count(&inside.get("/v1/sessions").await.is(200)), 2);
    assert_eq!(count(&outside.get("/v1/sessions").await.is(200)), 0);
    assert_eq!(count(&outside.get(&format!("/v1/sessions?project={}", own.project)).await.is(200)), 0);
    for key in [&inside, &outside] {
        assert_eq!(count(&key.get("/v1/projects").await.is(200)), 1, "its own");
    }
    let origins = json!({ "origins": ["https://shop.example"] });
    outside.post(&format!("/v1/projects/{}/agent-keys", own.project), &origins).await.is(404);
    outside.delete(&format!("/v1/projects/{}/agent-keys/{}", own.project, own.key)).await.is(404);
    outside.post(&format!("/v1/projects/{second}/agent-keys"), &origins).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_19_a_key_is_good_from_its_networks_and_in_its_tenant_only() {
    let app = TestApp::with(|settings| settings.trusted_proxies = "127.0.0.1".parse().unwrap()).await;
    let owner = app.as_role(Role::Owner).await;
    let made = make(&app, &owner, json!({ "networks": ["203.0.113.77/24", "2001:db8::/32"] })).await.is(201);
    assert_eq!(made.json()["networks"], json!(["203.0.113.0/24", "2001:db8::/32"]));
    let key = key_of(&app, &made);
    let from =
        |address: &'static str| Answer::of(key.request(Method::GET, "/v1/sessions").header("x-forwarded-for", address));
    for address in ["203.0.113.1", "::ffff:203.0.113.1", "2001:db8:ffff::1"] {
        from(address).await.is(200);
    }
    for address in ["203.0.114.1", "198.51.100.1, 198.51.100.2", "203.0.113.1, 198.51.100.2", "2001:db9::1"] {
        assert_eq!(from(address).await.is(403).code(), "network-not-allowed", "{address}");
    }
    for bad in [json!(["all"]), json!(["203.0.113.0/33"]), json!([""])] {
        make(&app, &owner, json!({ "networks": bad })).await.is(422);
    }
    for expires in [in_seconds(&app, 0), in_seconds(&app, 367 * 86_400)] {
        make(&app, &owner, json!({ "expires_at": expires })).await.is(422);
    }
    // Another tenant's rows are not there for it; another tenant cannot revoke it.
    let recording = app.theirs.agent(&app).start().await;
    let (id, unbound) = new_api_key(&app, &owner, &["session.view", "session.list"]).await;
    app.client(&unbound).get(&format!("/v1/sessions/{}", recording.id)).await.is(404);
    app.member(&app.theirs, Role::Owner).await.delete(&format!("/v1/api-keys/{id}")).await.is(404);
    app.client(&unbound).get("/v1/sessions").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_has_a_bounded_number_of_keys() {
    let app = TestApp::new().await;
    let engineer = bearer(&app, &login(&app, Role::Engineer).await);
    for _ in 0..50 {
        make(&app, &engineer, json!({})).await.is(201);
    }
    assert_eq!(make(&app, &engineer, json!({})).await.is(409).code(), "api-key-limit");
    let first = engineer.get("/v1/api-keys?limit=1").await.is(200).json();
    let path = format!("/v1/api-keys/{}", first["items"][0]["id"].as_str().unwrap());
    let revoked = join_all((0..10).map(|_| engineer.delete(&path))).await;
    assert!(revoked.iter().all(|answer| answer.status == 204));
    make(&app, &engineer, json!({})).await.is(201);
}

/// Of a key's end its member is told two weeks and three days before, once each, and nobody else is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_told_of_keys_that_end_soon() {
    const DAY: u64 = 86_400;
    let app = TestApp::new().await;
    let (member, other) =
        (app.fresh_member(&app.ours, Role::Engineer).await, app.fresh_member(&app.ours, Role::Engineer).await);
    let make = async |whose: &sealtape_tests::acceptance::Member, days: u64| {
        let body = json!({ "name": "test", "scopes": ["session.list"], "expires_at": in_seconds(&app, days * DAY) });
        app.signed_in(whose).await.post("/v1/api-keys", &body).await.is(201).json()["id"].as_str().unwrap().to_owned()
    };
    let told = async |whose: &sealtape_tests::acceptance::Member| {
        app.work_on_jobs().await;
        let inbox = app.signed_in(whose).await.get("/v1/me/notices?limit=100").await.is(200).json();
        let items = inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "key-expiring");
        items.map(|item| item["about"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let key = make(&member, 30).await;
    make(&member, 2).await;
    let revoked = make(&other, 30).await;
    app.signed_in(&other).await.delete(&format!("/v1/api-keys/{revoked}")).await.is(204);
    assert!(told(&member).await.is_empty());
    app.pass(16 * DAY);
    let elsewhere = app.another().await;
    futures::future::join_all([app.work_on_jobs(), elsewhere.work_on_jobs()]).await;
    assert_eq!(told(&member).await, [key.as_str()]);
    app.pass(DAY);
    assert_eq!(told(&member).await.len(), 1, "not each day");
    app.pass(10 * DAY);
    assert_eq!(told(&member).await, [key.as_str(), key.as_str()]);
    app.pass(3_600);
    assert_eq!(told(&member).await.len(), 2);
    assert!(told(&other).await.is_empty(), "theirs was revoked");
    let acts = app.acts(app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "api-key.remind").count(), 2);
    // A key that nobody could be reminded of in time gives one notice.
    let late = make(&other, 30).await;
    app.pass(28 * DAY);
    assert_eq!(told(&other).await, [late]);
}

//! Members: invited, accepted, given and taken roles, disabled; and what must not work.

use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{Answer, Client, Member, TestApp, until};
use serde_json::{Value, json};

use crate::{
    signin::{bearer, cookie_of, refresh},
    stories::{self, invite, new_api_key, token_of},
};

const PASSWORD: &str = "correct horse battery 9";

pub(crate) async fn accept(app: &TestApp, token: &str) -> Answer {
    let body = json!({ "token": token, "name": "New Member", "password": PASSWORD });
    app.anonymous().post("/v1/invitations/accept", &body).await
}

async fn look(app: &TestApp, token: &str) -> Answer {
    app.anonymous().post("/v1/invitations/look", &json!({ "token": token })).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous().post("/v1/auth/login", &json!({ "email": email, "password": password })).await
}

async fn as_member(app: &TestApp, member: &Member) -> Client {
    bearer(app, &sign_in(app, &member.email, &member.password).await.is(200))
}

async fn give(by: &Client, member: &str, role: &str) -> Answer {
    by.post("/v1/role-bindings", &json!({ "member_id": member, "role": role })).await
}

async fn binding_of(by: &Client, member: &str, role: &str) -> String {
    let list = by.get(&format!("/v1/role-bindings?member={member}")).await.is(200).json();
    let binding = list["items"].as_array().unwrap().iter().find(|binding| binding["role"] == role).unwrap();
    binding["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_person_becomes_a_member() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let body = json!({ "email": " New@ours.example ", "roles": ["engineer", "auditor"] });
    let made = owner.post("/v1/invitations", &body).await.is(201).json();
    let token = token_of(&made);
    let seen = look(&app, &token).await.is(200).json();
    assert_eq!(seen["tenant"], "ours");
    assert_eq!(seen["email"], "New@ours.example");
    let listed = owner.get("/v1/invitations").await.is(200).json();
    assert_eq!(listed["items"][0]["email"], "New@ours.example");
    assert_eq!(listed["items"][0]["invited_by"], app.ours.members[&Role::Owner].id.as_str());

    accept(&app, &token).await.is(204);
    let me =
        bearer(&app, &sign_in(&app, "new@ours.example", PASSWORD).await.is(200)).get("/v1/me").await.is(200).json();
    assert_eq!((&me["name"], &me["roles"]), (&json!("New Member"), &json!(["engineer", "auditor"])));
    assert_eq!(owner.get("/v1/invitations").await.is(200).json()["items"], json!([]));
    let members = owner.get("/v1/members").await.is(200).json();
    let new = members["items"].as_array().unwrap().iter().find(|member| member["name"] == "New Member").unwrap();
    assert_eq!(new["email"], "New@ours.example");
    assert_eq!(owner.get(&format!("/v1/members/{}", new["id"].as_str().unwrap())).await.is(200).json(), *new);
    // Good once, and the address is taken now.
    assert_eq!(accept(&app, &token).await.is(410).code(), "link-not-good");
    assert_eq!(owner.post("/v1/invitations", &body).await.is(409).code(), "already-member");
    let leaf = app.leaves(app.ours.id).await.into_iter().find(|leaf| leaf["act"] == "invitation.accept").unwrap();
    assert_eq!((&leaf["actor"]["id"], &leaf["rule"]), (&new["id"], &json!("access@4/invitation-token")));
    for dump in app.dump().await {
        for secret in [token.as_bytes(), b"new@ours.example", b"New@ours.example", b"New Member"] {
            assert!(!dump.windows(secret.len()).any(|window| window == secret), "stored in clear");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_ends_by_time_by_a_newer_one_and_by_withdrawal() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let (id, first) = invite(&owner, "one@ours.example", "viewer").await;
    assert_eq!(
        owner
            .post("/v1/invitations", &json!({ "email": "ONE@ours.example", "roles": ["viewer"] }))
            .await
            .is(409)
            .code(),
        "already-invited"
    );
    let again = owner.post(&format!("/v1/invitations/{id}/resend"), &json!({})).await.is(200).json();
    let second = token_of(&again);
    assert_ne!(first, second);
    let mut seen = std::collections::BTreeSet::new();
    seen.insert(accept(&app, &first).await.is(410).problem().to_string());
    app.pass(72 * 3_600);
    seen.insert(accept(&app, &second).await.is(410).problem().to_string());
    let owner = app.as_role(Role::Owner).await;
    let third = token_of(&owner.post(&format!("/v1/invitations/{id}/resend"), &json!({})).await.is(200).json());
    owner.delete(&format!("/v1/invitations/{id}")).await.is(204);
    for token in [third.as_str(), "", "x", &"x".repeat(5_000)] {
        seen.insert(accept(&app, token).await.is(410).problem().to_string());
        seen.insert(look(&app, token).await.is(410).problem().to_string());
    }
    assert_eq!(seen.len(), 1, "no reason is told: {seen:?}");
    // The address is gone with the invitation, and can be invited again.
    let shredded = "SELECT count(*) FROM person_key WHERE wrapped IS NULL AND state = 'shredded'";
    assert_eq!(app.number(shredded).await, 1);
    owner.post(&format!("/v1/invitations/{id}/resend"), &json!({})).await.is(404);
    let (_, token) = invite(&owner, "one@ours.example", "viewer").await;
    accept(&app, &token).await.is(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_who_accept_at_once_are_one_member() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let (id, token) = invite(&owner, "one@ours.example", "viewer").await;
    let members = app.number("SELECT count(*) FROM member").await;
    let mut answers = join_all((0..49).map(|n| accept(if n % 2 == 0 { &app } else { &elsewhere }, &token))).await;
    answers.push(owner.delete(&format!("/v1/invitations/{id}")).await);
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
    assert_eq!(app.number("SELECT count(*) FROM member").await, members + 1);
}

/// An invitation gives what its author could still give when it is accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_06_a_link_of_somebody_who_lost_the_right_is_dead() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let admin = app.ours.new_member(&app, "second-admin", Role::Admin).await;
    let as_admin = as_member(&app, &admin).await;
    let (_, first) = invite(&as_admin, "one@ours.example", "engineer").await;
    let (_, second) = invite(&as_admin, "two@ours.example", "engineer").await;
    let binding = binding_of(&owner, &admin.id, "admin").await;
    give(&owner, &admin.id, "engineer").await.is(201);
    owner.delete(&format!("/v1/role-bindings/{binding}")).await.is(204);
    accept(&app, &first).await.is(410);
    give(&owner, &admin.id, "admin").await.is(201);
    accept(&app, &first).await.is(204);
    owner.post(&format!("/v1/members/{}/disable", admin.id), &json!({})).await.is(204);
    accept(&app, &second).await.is(410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_06_nobody_gives_themselves_or_others_more_than_they_may() {
    let app = TestApp::new().await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    let viewer = app.ours.new_member(&app, "someone", Role::Viewer).await;
    for role in ["owner", "privacy-officer"] {
        assert_eq!(give(&admin, &viewer.id, role).await.is(403).code(), "guarded-role");
        let body = json!({ "email": "x@ours.example", "roles": ["viewer", role] });
        assert_eq!(admin.post("/v1/invitations", &body).await.is(403).code(), "guarded-role");
    }
    let me = |role: Role| app.ours.members[&role].id.clone();
    assert_eq!(give(&admin, &me(Role::Admin), "engineer").await.is(409).code(), "own-account");
    assert_eq!(give(&owner, &me(Role::Owner), "admin").await.is(409).code(), "own-account");
    let path = |member: &str| format!("/v1/members/{member}/disable");
    for role in [Role::Owner, Role::PrivacyOfficer] {
        assert_eq!(admin.post(&path(&me(role)), &json!({})).await.is(403).code(), "guarded-role", "{role}");
    }
    let binding = binding_of(&owner, &me(Role::PrivacyOfficer), "privacy-officer").await;
    assert_eq!(admin.delete(&format!("/v1/role-bindings/{binding}")).await.is(403).code(), "guarded-role");
    assert_eq!(owner.post(&path(&me(Role::Owner)), &json!({})).await.is(409).code(), "own-account");
    // An owner may, with somebody else; nobody is invited to such a role.
    let waits = give(&owner, &viewer.id, "owner").await.is(202).json();
    assert_eq!((&waits["state"], &waits["change"]["member"]), (&json!("open"), &json!(viewer.id)));
    assert_eq!(give(&owner, &viewer.id, "owner").await.is(409).code(), "already-proposed");
    for role in ["owner", "privacy-officer"] {
        let body = json!({ "email": "boss@ours.example", "roles": ["viewer", role] });
        assert_eq!(owner.post("/v1/invitations", &body).await.is(409).code(), "takes-two-people");
    }
    assert_eq!(give(&owner, &me(Role::PrivacyOfficer), "privacy-officer").await.is(409).code(), "role-held");
}

/// Names are not ids: what looks like a role, or a word of the policy, is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_07_reserved_names_are_no_roles() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let viewer = app.ours.new_member(&app, "someone", Role::Viewer).await;
    for role in
        ["Owner", "root", "*", "+", "admin ", "оwner", "agent", "session", "worker", "probe-allow-all", "", "a\0b"]
    {
        assert_eq!(give(&owner, &viewer.id, role).await.is(422).code(), "invalid-input", "{role}");
        let body = json!({ "email": "x@ours.example", "roles": [role] });
        assert_eq!(owner.post("/v1/invitations", &body).await.is(422).code(), "invalid-input", "{role}");
    }
    // A person may be called what they like: a name decides nothing.
    let (_, token) = invite(&owner, "root@ours.example", "viewer").await;
    let body = json!({ "token": token, "name": "owner", "password": PASSWORD });
    app.anonymous().post("/v1/invitations/accept", &body).await.is(204);
    let named = bearer(&app, &sign_in(&app, "root@ours.example", PASSWORD).await.is(200));
    named.get("/v1/members").await.is(403);
}

/// What a verb does not take cannot be assigned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_04_members_cannot_be_assigned_what_no_verb_takes() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let viewer = app.ours.new_member(&app, "someone", Role::Viewer).await;
    let (_, token) = invite(&owner, "one@ours.example", "viewer").await;
    let before = app.trace().await;
    let bodies = [
        ("/v1/invitations", json!({ "email": "x@ours.example", "roles": ["viewer"] })),
        ("/v1/invitations/accept", json!({ "token": token, "name": "N", "password": PASSWORD })),
        ("/v1/role-bindings", json!({ "member_id": viewer.id, "role": "engineer" })),
        (
            "/v1/api-keys",
            json!({ "name": "k", "scopes": ["session.list"], "expires_at": stories::in_seconds(&app, 60) }),
        ),
        ("/v1/auth/password/change", json!({ "old_password": "x", "new_password": PASSWORD })),
        ("/v1/auth/switch", json!({ "tenant": "theirs" })),
        ("/v1/auth/login", json!({ "email": viewer.email, "password": viewer.password })),
        ("/v1/setup", json!({})),
    ];
    for (path, body) in bodies {
        for (name, value) in [
            ("tenant_id", json!(app.theirs.id.to_string())),
            ("id", json!(viewer.id)),
            ("state", json!("active")),
            ("invited_by", json!(viewer.id)),
            ("member", json!(viewer.id)),
            ("roles_extra", json!(["owner"])),
        ] {
            let mut body = body.clone();
            body[name] = value;
            assert_eq!(owner.post(path, &body).await.is(400).code(), "malformed", "{path} {name}");
        }
    }
    assert_eq!(app.trace().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_owner_stays() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let first = app.ours.members[&Role::Owner].id.clone();
    let second = app.ours.new_member(&app, "second", Role::Owner).await;
    let as_second = as_member(&elsewhere, &second).await;
    // Each would disable the other, fifty times at once, through two processes.
    let tries = join_all((0..50).map(|n| {
        let (by, whom) = if n % 2 == 0 { (&owner, &second.id) } else { (&as_second, &first) };
        async move { by.post(&format!("/v1/members/{whom}/disable"), &json!({})).await }
    }))
    .await;
    let active = "SELECT count(*) FROM member m JOIN role_binding b ON b.tenant_id = m.tenant_id AND b.member_id = m.id
                  WHERE b.role = 'owner' AND m.state = 'active' AND m.tenant_id = ";
    let active = format!("{active}{}", app.id(&app.ours.id.to_string()));
    let codes: Vec<String> = tries.iter().map(|answer| format!("{} {}", answer.status, answer.text())).collect();
    assert_eq!(app.number(&active).await, 1, "{codes:#?}");
    assert!(tries.iter().any(|answer| answer.status == 204));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_owners_cannot_take_the_role_from_each_other() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let first = app.ours.members[&Role::Owner].id.clone();
    let second = app.ours.new_member(&app, "second", Role::Owner).await;
    let as_second = as_member(&elsewhere, &second).await;
    let (one, two) = (binding_of(&owner, &first, "owner").await, binding_of(&owner, &second.id, "owner").await);
    join_all((0..50).map(|n| {
        let (by, binding) = if n % 2 == 0 { (&owner, &two) } else { (&as_second, &one) };
        async move { by.delete(&format!("/v1/role-bindings/{binding}")).await }
    }))
    .await;
    let left = format!(
        "SELECT count(*) FROM role_binding WHERE role = 'owner' AND tenant_id = {}",
        app.id(&app.ours.id.to_string())
    );
    assert_eq!(app.number(&left).await, 1);
}

/// Threat 13: in every process, within five seconds, for every kind of credential.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_a_disabled_member_is_out_everywhere() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let member = app.ours.new_member(&app, "someone", Role::Engineer).await;
    let signed_in = sign_in(&app, &member.email, &member.password).await.is(200);
    let (_, key) = new_api_key(&app, &bearer(&app, &signed_in), &["me.read", "session.list"]).await;
    let there = [bearer(&elsewhere, &signed_in), elsewhere.client(&key)];
    for client in &there {
        client.get("/v1/me").await.is(200);
    }
    let path = format!("/v1/members/{}", member.id);
    owner.post(&format!("{path}/disable"), &json!({})).await.is(204);
    assert_eq!(owner.get(&path).await.is(200).json()["active"], false);
    let started = tokio::time::Instant::now();
    for client in &there {
        until("the other process knows", || async { (client.get("/v1/me").await.status == 401).then_some(()) }).await;
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    refresh(&app, &cookie_of(&signed_in)).await.is(401);
    assert_eq!(sign_in(&app, &member.email, &member.password).await.is(401).code(), "login-failed");

    // Enabled again, they sign in anew; what was ended stays ended, the key is theirs again.
    owner.post(&format!("{path}/enable"), &json!({})).await.is(204);
    refresh(&app, &cookie_of(&signed_in)).await.is(401);
    sign_in(&app, &member.email, &member.password).await.is(200);
    until("the key is good again", || async { (there[1].get("/v1/me").await.status == 200).then_some(()) }).await;
}

/// Threat 13: a role taken away is gone within five seconds, and one given is there with the next refresh.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_13_a_role_change_reaches_live_tokens() {
    let app = TestApp::new().await;
    let elsewhere = app.another().await;
    let owner = app.as_role(Role::Owner).await;
    let member = app.ours.new_member(&app, "someone", Role::Admin).await;
    let signed_in = sign_in(&app, &member.email, &member.password).await.is(200);
    let there = bearer(&elsewhere, &signed_in);
    there.get("/v1/members").await.is(200);
    let binding = binding_of(&owner, &member.id, "admin").await;
    give(&owner, &member.id, "viewer").await.is(201);
    owner.delete(&format!("/v1/role-bindings/{binding}")).await.is(204);
    let started = tokio::time::Instant::now();
    until("the other process knows", || async {
        let answer = there.get("/v1/members").await;
        (answer.status == 401 && answer.code() == "token-expired").then_some(())
    })
    .await;
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    let renewed = bearer(&elsewhere, &refresh(&elsewhere, &cookie_of(&signed_in)).await.is(200));
    renewed.get("/v1/members").await.is(403);
    assert_eq!(renewed.get("/v1/me").await.is(200).json()["roles"], json!(["viewer"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_members_have_pages_and_end_at_the_tenant() {
    let app = TestApp::new().await;
    let auditor = app.as_role(Role::Auditor).await;
    let mut seen: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = auditor.get(&format!("/v1/members?limit=3{cursor}")).await.is(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), app.ours.members.len());
    assert!(seen.iter().all(|member| member["email"].as_str().unwrap().ends_with("@ours.example")));
    let bindings = auditor.get("/v1/role-bindings?limit=200").await.is(200).json();
    assert_eq!(bindings["items"].as_array().unwrap().len(), app.ours.members.len());
    let theirs = app.theirs.members[&Role::Owner].id.clone();
    let none = auditor.get(&format!("/v1/role-bindings?member={theirs}")).await.is(200).json();
    assert_eq!(none["items"], json!([]));
    let foreign = app.member(&app.theirs, Role::Auditor).await;
    let cursor = auditor.get("/v1/members?limit=3").await.is(200).json()["next_cursor"].as_str().unwrap().to_owned();
    foreign.get(&format!("/v1/members?limit=3&cursor={cursor}")).await.is(422);
}

//! Case 65: whoever can write to the database and has no key of the tenant gives nobody anything, and is put on record.

use policy::access::Role;
use sealtape_tests::acceptance::{TestApp, until};
use serde_json::{Value, json};

use crate::{
    members, reset,
    roles::{give, role, somebody},
    signin::{cookie_of, refresh, with_cookie},
    stories,
};

/// Case 65: whoever can write to the database and has no key of the tenant's cannot give a role.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_binding_that_was_not_ours_gives_nothing_and_is_put_on_record() {
    let app = TestApp::new().await;
    let admin = app.as_role(Role::Admin).await;
    app.expect_damage();
    let (member, _) = somebody(&app).await;
    let of = app.id(&member.id);
    // Inserted, without a MAC and with somebody else's.
    let insert = format!(
        "INSERT INTO role_binding (tenant_id, id, member_id, role, created_at, condition, mac)
         SELECT tenant_id, {}, {of}, 'owner', created_at, NULL, mac FROM role_binding WHERE role = 'owner' AND tenant_id = {} LIMIT 1",
        app.id("0190f3a1-0000-7000-8000-00000000aaaa"),
        app.id(&app.ours.id.to_string()),
    );
    app.tamper(&[&insert]).await;
    let climber = app.signed_in(&member).await;
    climber.get("/v1/members").await.is(403);
    assert_eq!(climber.get("/v1/me/permissions").await.status, 403, "nothing at all, not even one's own account");

    // Edited: the role, and the condition.
    let (second, _) = somebody(&app).await;
    let binding = give(&admin, &second.id, "engineer", json!({ "environments": ["staging"] })).await;
    app.tamper(&[&format!("UPDATE role_binding SET condition = NULL WHERE id = {}", app.id(&binding))]).await;
    app.signed_in(&second).await.get("/v1/sessions").await.is(403);
    let told = admin.get(&format!("/v1/members/{}/permissions", second.id)).await.is(200).json();
    assert!(told["permissions"].as_array().unwrap().iter().all(|p| p["allowed"] == false));
    until("both are on record", || async {
        let leaves = app.leaves(app.ours.id).await;
        (leaves.iter().filter(|leaf| leaf["act"] == "integrity.fail").count() >= 2).then_some(())
    })
    .await;
}

/// Case 65, for what a role says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_role_that_was_not_ours_gives_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let admin = app.as_role(Role::Admin).await;
    let made = admin.post("/v1/roles", &role("looker", &["session.list", "session.view", "member.list"])).await.is(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let (member, _) = somebody(&app).await;
    give(&admin, &member.id, &id, Value::Null).await;
    app.signed_in(&member).await.get("/v1/sessions").await.is(200);
    let more = "[\"session.list\",\"session.view\",\"session.view-restricted\",\"member.manage\"]";
    app.tamper(&[&format!("UPDATE custom_role SET actions = '{more}' WHERE id = {}", app.id(&id))]).await;
    let client = app.signed_in(&member).await;
    for path in ["/v1/sessions", "/v1/members", "/v1/me"] {
        client.get(path).await.is(403);
    }
    assert_eq!(admin.get(&format!("/v1/roles/{id}")).await.is(200).json()["sound"], false);
    // Writing it again makes it ours again.
    let change = json!({ "revision": 1, "name": "looker", "actions": ["session.list", "session.view"], "denies": [],
        "unmasked": false });
    admin.put(&format!("/v1/roles/{id}"), &change).await.is(200);
    app.signed_in(&member).await.get("/v1/sessions").await.is(200);
}

/// Case 65, for approvals: a vote that nobody cast counts for nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_an_approval_that_nobody_gave_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = crate::grants::restricted(&app).await.id;
    let engineer = app.as_role(Role::Engineer).await;
    let request = crate::grants::ask(&engineer, &session).await;
    crate::grants::approve_as(&app.as_role(Role::Admin).await, &request).await.is(200);
    engineer.watch(&session, "").await;
    // The same vote, of somebody else.
    let owner = app.id(&app.ours.members[&Role::Owner].id);
    app.tamper(&[&format!("UPDATE access_grant_vote SET member_id = {owner} WHERE grant_id = {}", app.id(&request))])
        .await;
    assert_eq!(engineer.get(&format!("/v1/sessions/{session}/events")).await.is(403).code(), "access-required");
    on_record(&app, "grant").await;
}

/// Case 65, for agent keys: for another project, for more origins, or awake again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_an_agent_key_that_was_edited_starts_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let owner = app.as_role(Role::Owner).await;
    let other = app.ours.new_project(&owner, "other").await;
    for change in [format!("project_id = {}", app.id(&other)), "origins = '[\"https://evil.example\"]'".to_owned()] {
        let (id, key) = app.ours.new_agent_key(&owner, &app.ours.project).await;
        let agent = app.agent().with_key(&key);
        agent.start().await;
        app.tamper(&[&format!("UPDATE agent_key SET {change} WHERE id = {}", app.id(&id))]).await;
        assert_eq!(agent.ask(&agent.greeting()).await.is(401).code(), "unknown-agent-key", "{change}");
    }
    on_record(&app, "agent-key").await;
    let (id, _) = app.ours.new_agent_key(&owner, &app.ours.project).await;
    owner.delete(&format!("/v1/projects/{}/agent-keys/{id}", app.ours.project)).await.is(204);
    let mac = format!("SELECT count(*) FROM agent_key WHERE id = {} AND revoked_at IS NOT NULL", app.id(&id));
    assert_eq!(app.number(&mac).await, 1);
}

/// Case 65, for API keys: for more, for longer, or for another member.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_an_api_key_that_was_edited_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let owner = app.as_role(Role::Owner).await;
    let admin = app.id(&app.ours.members[&Role::Admin].id);
    for change in [
        "scopes = '[\"project.list\",\"session.list\"]'".to_owned(),
        format!("member_id = {admin}"),
        "expires_at = expires_at + 1".to_owned(),
    ] {
        let (id, key) = stories::new_api_key(&app, &owner, &["project.list"]).await;
        app.tamper(&[&format!("UPDATE api_key SET {change} WHERE id = {}", app.id(&id))]).await;
        app.client(&key).get("/v1/projects").await.is(401);
    }
    let (_, key) = stories::new_api_key(&app, &owner, &["project.list"]).await;
    app.client(&key).get("/v1/projects").await.is(200);
    on_record(&app, "api-key").await;
}

async fn on_record(app: &TestApp, kind: &str) {
    until("it is on record", || async {
        let leaves = app.leaves(app.ours.id).await;
        leaves.iter().find(|leaf| leaf["act"] == "integrity.fail" && leaf["obj"]["k"] == kind).map(|_| ())
    })
    .await;
}

/// Case 65, for passwords: one that was not set here opens no account, neither somebody's own nor a disabled one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_password_that_was_not_set_here_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let (thief, victim) = (&app.ours.members[&Role::Viewer], &app.ours.members[&Role::Owner]);
    let signed_in = app.as_role(Role::Owner).await;
    signed_in.get("/v1/me").await.is(200);
    let thiefs = app.id(&thief.id);
    let [hash, mac] =
        ["password_hash", "mac"].map(|column| format!("SELECT m.{column} FROM member m WHERE m.id = {thiefs}"));
    let victims = app.id(&victim.id);
    app.tamper(&[&format!("UPDATE member SET password_hash = ({hash}), mac = ({mac}) WHERE id = {victims}")]).await;
    let fresh = app.another().await;
    let body = json!({ "email": victim.email, "password": thief.password });
    assert_eq!(fresh.anonymous().post("/v1/auth/login", &body).await.is(401).code(), "login-failed");
    on_record(&app, "member").await;

    let disabled = &app.ours.members[&Role::Support];
    app.as_role(Role::Admin).await.post(&format!("/v1/members/{}/disable", disabled.id), &json!({})).await.is(204);
    app.tamper(&[&format!("UPDATE member SET state = 'active' WHERE id = {}", app.id(&disabled.id))]).await;
    let body = json!({ "email": disabled.email, "password": disabled.password });
    assert_eq!(app.another().await.anonymous().post("/v1/auth/login", &body).await.is(401).code(), "login-failed");
}

/// Case 65, for sign-ins: one is nobody else's, lasts no longer, is not woken, and says no later proof than was given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_sign_in_that_was_edited_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let viewer = &app.ours.members[&Role::Viewer];
    let owner = app.id(&app.ours.members[&Role::Owner].id);
    let later = (app.now_ms() + 1) * 1_000;
    for edit in [
        format!("member_id = {owner}"),
        format!("mfa_at = {later}"),
        format!("authenticated_at = {later}"),
        format!("expires_at = expires_at + {later}"),
        "place_mac = NULL".to_owned(),
    ] {
        let signed_in = app.sign_in(viewer).await.is(200);
        let (cookie, client) = (cookie_of(&signed_in), app.bearer(&signed_in));
        let sign_ins = client.get("/v1/auth/sessions").await.is(200).json();
        let this = sign_ins["items"].as_array().unwrap().iter().find(|login| login["this"] == true).unwrap();
        let id = app.id(this["id"].as_str().unwrap());
        app.tamper(&[&format!("UPDATE login SET {edit} WHERE id = {id}")]).await;
        // Another process: it has no memory of the sign-in that was.
        let fresh = app.another().await;
        assert_eq!(fresh.client(client.token()).get("/v1/me").await.is(401).code(), "token-expired", "{edit}");
        assert_eq!(refresh(&fresh, &cookie).await.is(401).code(), "signed-out", "{edit}");
    }
    on_record(&app, "login").await;

    let ended = cookie_of(&app.sign_in(viewer).await.is(200));
    with_cookie(&app, "/v1/auth/logout", &ended).await.is(204);
    app.tamper(&["UPDATE login SET revoked_at = NULL WHERE revoked_at IS NOT NULL"]).await;
    assert_eq!(refresh(&app.another().await, &ended).await.is(401).code(), "signed-out");
}

/// Case 65, for links: one that somebody may use makes them nobody else, and nothing more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_link_that_was_edited_makes_nobody_an_owner() {
    let app = TestApp::new().await;
    app.expect_damage();
    let owner = app.as_role(Role::Owner).await;
    let body = json!({ "email": "new@ours.example", "roles": ["viewer"] });
    let made = owner.post("/v1/invitations", &body).await.is(201).json();
    let token = stories::token_of(&made);
    let id = app.id(made["id"].as_str().unwrap());
    app.tamper(&[&format!("UPDATE invitation SET roles = replace(roles, 'viewer', 'owner') WHERE id = {id}")]).await;
    assert_eq!(members::accept(&app, &token).await.is(410).code(), "link-not-good");
    on_record(&app, "invitation").await;
    let resent = format!("/v1/invitations/{}/resend", made["id"].as_str().unwrap());
    assert_eq!(owner.post(&resent, &json!({})).await.status, 404, "nor is it made ours by sending it again");

    let (thief, victim) = (&app.ours.members[&Role::Viewer], &app.ours.members[&Role::Owner]);
    let token = reset::token(&app, &thief.email).await;
    app.tamper(&[&format!("UPDATE password_reset SET member_id = {}", app.id(&victim.id))]).await;
    let body = json!({ "token": token, "new_password": "a horse of the thief's" });
    assert_eq!(app.anonymous().post("/v1/auth/password/reset", &body).await.is(410).code(), "link-not-good");
    on_record(&app, "member").await;
    app.sign_in(victim).await.is(200);
}

/// Case 65, for grants: a request that nobody approved opens nothing, whatever its row says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_grant_that_nobody_gave_opens_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = crate::grants::restricted(&app).await.id;
    let engineer = app.as_role(Role::Engineer).await;
    let request = app.id(&crate::grants::ask(&engineer, &session).await);
    app.tamper(&[&format!(
        "UPDATE access_grant SET state = 'approved', needs = '[]', approved_at = created_at,
         expires_at = created_at + 1800000000 WHERE id = {request}"
    )])
    .await;
    assert_eq!(engineer.get(&format!("/v1/sessions/{session}/events")).await.is(403).code(), "access-required");
    on_record(&app, "grant").await;
}

/// Case 65, for the rules of approvals: by rules that nobody set nothing is decided.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_rules_that_nobody_set_decide_nothing() {
    let app = TestApp::new().await;
    app.expect_damage();
    crate::grants::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    let session = crate::grants::restricted(&app).await.id;
    let request = crate::grants::ask(&app.as_role(Role::Engineer).await, &session).await;
    let admin = app.as_role(Role::Admin).await;
    let seen = crate::grants::seen(&app, &request).await;
    app.tamper(&["UPDATE access_rules SET document = replace(document, '\"approvals\":2', '\"approvals\":1')"]).await;
    let approved = admin.post(&format!("/v1/access-requests/{request}/approve"), &json!({ "seen": seen })).await;
    assert_eq!(approved.is(503).code(), "unavailable");
    on_record(&app, "tenant").await;
    assert_eq!(crate::grants::votes(&app, &request).await, 0);
}

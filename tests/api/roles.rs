//! A tenant's own roles, conditions on who holds which role, and what all of it comes to for somebody.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, Member, TestApp};
use serde_json::{Value, json};

use crate::{cases::Ids, stories, stories::Rows};

/// Names of the actions that let somebody find and watch sessions.
const WATCH: [&str; 2] = ["session.list", "session.view"];

/// A role to be.
pub(crate) fn role(name: &str, actions: &[&str]) -> Value {
    json!({ "name": name, "actions": actions, "denies": [], "unmasked": false })
}

/// Gives a member a role, for some sessions; the binding's id.
pub(crate) async fn give(by: &Client, member: &str, role: &str, condition: Value) -> String {
    let body = json!({ "member_id": member, "role": role, "condition": condition });
    let made = by.post("/v1/role-bindings", &body).await.is(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// The ids for a call that changes a role: at home one of its own.
pub(crate) async fn ready(operation: &str, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> Ids {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    if !matches!(operation, "role_update" | "role_delete") || caller.token().is_empty() || ids.role != own.role {
        return ids.clone();
    }
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let owner = app.as_role(Role::Owner).await;
    let made = owner.post("/v1/roles", &role(&format!("ready-{number}"), &WATCH)).await;
    if made.status != 201 {
        return ids.clone();
    }
    Ids { role: made.json()["id"].as_str().unwrap().to_owned(), ..ids.clone() }
}

/// Somebody without any role but the one that is given.
pub(crate) async fn somebody(app: &TestApp) -> (Member, Client) {
    let member = app.fresh_member(&app.ours, Role::Viewer).await;
    app.tamper(&[&format!("DELETE FROM role_binding WHERE member_id = {}", app.id(&member.id))]).await;
    let client = app.signed_in(&member).await;
    (member, client)
}

async fn listed(client: &Client) -> Vec<String> {
    let answer = client.get("/v1/sessions").await;
    if answer.status == 403 {
        return Vec::new();
    }
    let mut ids: Vec<String> = answer.is(200).json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

/// Whoever has a role of the tenant's own only is not shown as somebody without one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_roles_are_named_where_people_are() {
    let app = TestApp::new().await;
    let admin = app.as_role(Role::Admin).await;
    let made = admin.post("/v1/roles", &role("looker", &["me.read", "session.list"])).await.is(201).json();
    let (member, _) = somebody(&app).await;
    let id = made["id"].as_str().unwrap();
    give(&admin, &member.id, id, Value::Null).await;
    give(&admin, &member.id, id, json!({ "environments": ["staging"] })).await;
    let me = app.signed_in(&member).await.get("/v1/me").await.is(200).json();
    assert_eq!((&me["roles"], &me["own_roles"]), (&json!([]), &json!(["looker"])));
    let found = admin.get(&format!("/v1/members/{}", member.id)).await.is(200).json();
    let listed = admin.get("/v1/members?limit=100").await.is(200).json();
    let listed = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == member.id.as_str()).unwrap();
    assert_eq!((&found["own_roles"], &listed["own_roles"]), (&json!(["looker"]), &json!(["looker"])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_made_given_changed_and_removed() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    let made = admin.post("/v1/roles", &role("triage", &WATCH)).await.is(201).json();
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["revision"], &made["sound"], &made["unmasked"]), (&1.into(), &true.into(), &false.into()));
    assert_eq!(owner.get("/v1/roles").await.is(200).json()["items"], json!([made]));
    assert_eq!(owner.get(&format!("/v1/roles/{id}")).await.is(200).json(), made);

    let (member, client) = somebody(&app).await;
    client.get("/v1/sessions").await.is(403);
    let binding = give(&admin, &member.id, id, Value::Null).await;
    let client_lists = listed(&app.signed_in(&member).await).await;
    assert_eq!(client_lists, std::slice::from_ref(&session));
    let client = app.signed_in(&member).await;
    assert_eq!(
        client.watch(&session, "").await[0]["head"]["masked"],
        true,
        "a role of one's own masks unless it says not"
    );
    assert_eq!(admin.delete(&format!("/v1/roles/{id}")).await.is(409).code(), "role-in-use");

    let change =
        json!({ "revision": 1, "name": "triage", "actions": ["session.list"], "denies": [], "unmasked": false });
    admin.put(&format!("/v1/roles/{id}"), &change).await.is(200);
    assert_eq!(admin.put(&format!("/v1/roles/{id}"), &change).await.is(409).code(), "role-changed");
    let client = app.signed_in(&member).await;
    assert!(listed(&client).await.is_empty(), "what cannot be opened is not listed");
    assert_eq!(client.get(&format!("/v1/sessions/{session}")).await.status, 403);

    admin.delete(&format!("/v1/role-bindings/{binding}")).await.is(204);
    admin.delete(&format!("/v1/roles/{id}")).await.is(204);
    assert_eq!(owner.get("/v1/roles").await.is(200).json()["items"], json!([]));
    let acts = app.acts(app.ours.id).await;
    for act in ["role.create", "role.update", "role.delete"] {
        assert!(acts.iter().any(|a| a == act), "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_no_more_than_its_maker() {
    let app = TestApp::new().await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    for (client, actions, unmasked) in [
        (&admin, &["session.view-restricted"][..], false),
        (&owner, &["session.view-unmasked"], false),
        (&owner, &["session.export"], false),
    ] {
        let body = json!({ "name": "more", "actions": actions, "unmasked": unmasked });
        assert_eq!(client.post("/v1/roles", &body).await.is(403).code(), "more-than-yours", "{actions:?}");
    }
    for (body, pointer) in [
        (role("owner", &WATCH), "/name"),
        (role("Triage", &WATCH), "/name"),
        (role("*", &WATCH), "/name"),
        (role("none", &[]), "/actions"),
        (role("odd", &["session.everything"]), "/actions/0"),
        (role("odd", &["*"]), "/actions/0"),
        (role("internal", &["session.seal"]), "/actions"),
    ] {
        let refused = admin.post("/v1/roles", &body).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], pointer, "{body}");
    }
    admin.post("/v1/roles", &role("twice", &WATCH)).await.is(201);
    assert_eq!(admin.post("/v1/roles", &role("twice", &WATCH)).await.is(409).code(), "name-taken");
    // Another tenant has names of its own.
    app.member(&app.theirs, Role::Owner).await.post("/v1/roles", &role("twice", &WATCH)).await.is(201);
}

/// Each kind of condition, at work on lists and on single sessions alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditions_say_for_which_sessions_a_role_is_held() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    let admin = app.as_role(Role::Admin).await;
    let (plain, labelled) = (app.agent().start().await, app.agent().start().await);
    for recording in [&plain, &labelled] {
        recording.record(0, 0, &stories::first(&app)).await;
    }
    owner.post(&format!("/v1/sessions/{}/labels", labelled.id), &json!({ "label": "payment" })).await.is(201);
    let project = format!("/v1/projects/{}", app.ours.project);
    owner.patch(&project, &json!({ "environment": "staging" })).await.is(200);
    let staged = app.agent().start().await;
    staged.record(0, 0, &stories::first(&app)).await;
    let all = [&plain.id, &labelled.id, &staged.id];
    let (ours, other) = (app.ours.project.clone(), app.ours.new_project(&owner, "other").await);
    let table = [
        (json!({ "projects": [ours] }), vec![&plain.id, &labelled.id, &staged.id]),
        (json!({ "projects": [other] }), vec![]),
        (json!({ "labels": { "any": ["payment", "nothing"] } }), vec![&labelled.id]),
        (json!({ "labels": { "none": ["payment"] } }), vec![&plain.id, &staged.id]),
        (json!({ "sensitivity": "normal" }), vec![&plain.id, &labelled.id, &staged.id]),
        (json!({ "sensitivity": "restricted" }), vec![]),
        (json!({ "environments": ["staging"] }), vec![&staged.id]),
        (json!({ "own": true }), vec![]),
        (json!({ "started": { "last_hours": 1 } }), vec![&plain.id, &labelled.id, &staged.id]),
        (json!({ "started": { "before": "2001-01-01T00:00:00Z" } }), vec![]),
        (json!({ "environments": ["staging"], "labels": { "any": ["payment"] } }), vec![]),
    ];
    for (condition, open) in table {
        let (member, _) = somebody(&app).await;
        give(&admin, &member.id, "engineer", condition.clone()).await;
        let client = app.signed_in(&member).await;
        let mut open: Vec<String> = open.into_iter().cloned().collect();
        open.sort();
        assert_eq!(listed(&client).await, open, "{condition}");
        for session in all {
            let status = client.get(&format!("/v1/sessions/{session}")).await.status;
            assert_eq!(status == 200, open.contains(session), "{condition} {session}: {status}");
        }
        let counted = client.get(&project).await.is(200).json()["sessions_total"].clone();
        assert_eq!(counted, open.len(), "{condition}");
        assert_eq!(client.get("/v1/members").await.status, 403, "a part of a tenant is not the tenant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_for_some_panes_shows_these() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (member, _) = somebody(&app).await;
    give(&app.as_role(Role::Admin).await, &member.id, "engineer", json!({ "panes": ["console", "network"] })).await;
    let client = app.signed_in(&member).await;
    let head = client.watch(&session, "").await[0]["head"].clone();
    assert_eq!(head["panes"], json!(["console", "network"]));
    assert_eq!(client.get(&format!("/v1/sessions/{session}/events?panes=dom")).await.status, 403);
    let shown = client.get("/v1/sessions").await.is(200).text();
    assert!(!shown.contains("/cart"), "no page, no address of it: {shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_condition_is_refused() {
    let app = TestApp::new().await;
    let admin = app.as_role(Role::Admin).await;
    let (member, _) = somebody(&app).await;
    for (condition, pointer) in [
        (json!({ "projects": [] }), "/condition/projects"),
        (json!({ "labels": {} }), "/condition/labels"),
        (json!({ "started": {} }), "/condition/started"),
        (json!({ "panes": [] }), "/condition/panes"),
        (json!({}), "/condition"),
    ] {
        let body = json!({ "member_id": member.id, "role": "engineer", "condition": condition });
        let refused = admin.post("/v1/role-bindings", &body).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], pointer, "{body}");
    }
    for condition in
        [json!([]), json!({ "labels": [] }), json!({ "project": [] }), json!("all"), json!({ "own": "yes" })]
    {
        let body = json!({ "member_id": member.id, "role": "engineer", "condition": condition });
        let refused = admin.post("/v1/role-bindings", &body).await;
        assert!(matches!(refused.status, 400 | 422), "{body}: {}", refused.text());
    }
}

/// The answer names the role, the binding and the condition that count, and says why what is held does not count.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn permissions_say_why() {
    let app = TestApp::new().await;
    let admin = app.as_role(Role::Admin).await;
    let (member, _) = somebody(&app).await;
    let none = admin.get(&format!("/v1/members/{}/permissions", member.id)).await.is(200).json();
    assert!(none["permissions"].as_array().unwrap().iter().all(|p| p["allowed"] == false));

    let condition = json!({ "environments": ["staging"] });
    let binding = give(&admin, &member.id, "engineer", condition.clone()).await;
    let told = admin.get(&format!("/v1/members/{}/permissions", member.id)).await.is(200).json();
    let of =
        |action: &str| told["permissions"].as_array().unwrap().iter().find(|p| p["action"] == action).unwrap().clone();
    let reason = json!({
        "role": "engineer", "name": "engineer", "binding_id": binding, "condition": condition, "masked": false,
        "counts": true,
    });
    assert_eq!(
        of("session.view"),
        json!({ "action": "session.view", "allowed": true, "given_by": [reason], "taken_by": [] })
    );
    let keys = of("api-key.create");
    assert_eq!((&keys["allowed"], &keys["given_by"][0]["counts"]), (&false.into(), &false.into()), "about the tenant");
    assert_eq!(of("member.manage")["given_by"], json!([]));

    let mine = app.signed_in(&member).await.get("/v1/me/permissions").await.is(200).json();
    assert_eq!(mine["why"], told["permissions"], "who asks for themselves is told the same");
    let allowed: Vec<&Value> =
        mine["why"].as_array().unwrap().iter().filter(|p| p["allowed"] == true).map(|p| &p["action"]).collect();
    assert_eq!(json!(allowed), mine["actions"]);

    let matrix = admin.get("/v1/roles/matrix").await.is(200).json();
    let engineer = matrix["roles"].as_array().unwrap().iter().find(|role| role["role"] == "engineer").unwrap();
    let held = engineer["held"].as_array().unwrap();
    assert!(held.contains(&json!({ "condition": condition, "members": 1 })), "{held:?}");
}

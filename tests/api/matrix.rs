//! Operation × caller × tenant (threats 1 to 3, 5 and 6): everybody tries everything, on their own rows, on another tenant's,
//! and on rows that do not exist.

use policy::access::{Action, Authorizer, NOT_FOR_KEYS, Role, RoleSet};
use sealtape_tests::acceptance::{Answer, Client, TestApp};

use crate::{
    cases::{CASES, Case, Ids, Who},
    stories::{self, Rows},
};

/// Somebody who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Nobody,
    Garbage,
    WrongScheme,
    OtherTenantsId,
    Member(Role),
    /// An API key of the owner with every scope that a key can have.
    ApiKey,
    AgentKey,
    SessionToken,
}

impl Caller {
    fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Nobody,
            Self::Garbage,
            Self::WrongScheme,
            Self::OtherTenantsId,
            Self::AgentKey,
            Self::SessionToken,
            Self::ApiKey,
        ];
        all.extend(Role::of_members().map(Self::Member));
        all
    }

    async fn client(self, app: &TestApp, own: &Rows, keys: &str) -> Client {
        match self {
            Self::Nobody => app.anonymous(),
            Self::Garbage => app.client("abc.def.ghi"),
            Self::WrongScheme => {
                let owner = app.as_role(Role::Owner).await;
                app.anonymous().with_credential(Some(format!("Basic {}", owner.token())))
            }
            // A tenant is never named by the caller: its id is no credential.
            Self::OtherTenantsId => app.client(&app.theirs.id.to_string()),
            Self::Member(role) => app.as_role(role).await,
            Self::ApiKey => app.client(keys),
            Self::AgentKey => app.client(&app.ours.agent_key),
            Self::SessionToken => own.live.client.clone(),
        }
    }

    /// Whether the kind of credential is the one that the operation asks for, and whether it suffices.
    fn may(self, who: Who, policy: &Authorizer) -> Option<bool> {
        match (who, self) {
            (Who::Member(action), Self::Member(role)) => {
                let roles: RoleSet = [role].into_iter().collect();
                Some(policy.allows(roles, action))
            }
            (Who::Either(first, second), Self::Member(role)) => {
                let roles: RoleSet = [role].into_iter().collect();
                Some(policy.allows(roles, first) || policy.allows(roles, second))
            }
            (Who::Member(action), Self::ApiKey) => {
                let owner: RoleSet = [Role::Owner].into_iter().collect();
                Some(policy.allows(owner, action) && !NOT_FOR_KEYS.contains(&action))
            }
            // The key has every scope of an owner.
            (Who::Anyone(_), _)
            | (Who::Either(..), Self::ApiKey)
            | (Who::AgentKey, Self::AgentKey)
            | (Who::SessionToken | Who::SessionTokenInBody, Self::SessionToken) => Some(true),
            _ => None,
        }
    }
}

/// The status of a call at home.
fn want(case: &Case, caller: Caller, policy: &Authorizer) -> u16 {
    match caller.may(case.who, policy) {
        Some(_) if case.by_a_person && matches!(caller, Caller::ApiKey) => 403,
        None => 401,
        Some(false) => 403,
        Some(true) => case.ok,
    }
}

async fn ask(case: &Case, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> Answer {
    let request = case.request(app, caller, own, ids).await;
    if case.is_endless() { Answer::begin(request).await } else { Answer::of(request).await }
}

/// What an answer is to somebody who compares two of them.
fn seen(answer: &Answer) -> (u16, Vec<String>, String) {
    let own_id = answer.header("request-id").to_owned();
    // Whether the connection is kept depends on how much of the request was on its way, and on nothing that is stored.
    let names = answer.headers.keys().filter(|name| *name != "connection");
    let mut names: Vec<String> = names.map(ToString::to_string).collect();
    names.sort();
    (answer.status, names, answer.text().replace(&own_id, "[request id]"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_01_everybody_tries_everything() {
    let app = TestApp::new().await;
    let policy = Authorizer::builtin().await.unwrap();
    let (own, theirs) = stories::both(&app).await;
    let (at_home, abroad) = (Ids::of(&own), Ids::of(&theirs));
    let owner = app.as_role(Role::Owner).await;
    let scopes: Vec<&str> = policy
        .holdings([Role::Owner].into_iter().collect())
        .actions()
        .filter(|action| !NOT_FOR_KEYS.contains(action))
        .map(Action::as_str)
        .collect();
    let (_, key) = stories::new_api_key(&app, &owner, &scopes).await;
    let mut foreign = 0;
    for case in CASES {
        for caller in Caller::all() {
            let client = caller.client(&app, &own, &key).await;
            let label = format!("{} as {caller:?}", case.operation);
            let want = want(case, caller, &policy);
            let answer = ask(case, &app, &client, &own, &at_home).await;
            assert_eq!(answer.status, want, "{label}: {}", answer.text());
            if want == 401 || want == 403 {
                answer.problem();
            }
            if !case.names_a_row {
                continue;
            }
            // Only now does a 404 mean anything: the same caller was answered at home.
            let want = if want == case.ok { 404 } else { want };
            let there = ask(case, &app, &client, &own, &abroad).await;
            let nowhere = ask(case, &app, &client, &own, &Ids::random(7)).await;
            // What takes a person's fresh proof may say first that there is no such row.
            let refused_first = case.by_a_person && want == 403 && there.status == 404;
            assert!(there.status == want || refused_first, "{label}, another tenant's row: {}", there.text());
            assert_eq!(seen(&there), seen(&nowhere), "{label}: another tenant's row is not told from none");
            foreign += u32::from(want == 404);
        }
    }
    assert!(foreign > 50, "{foreign} foreign rows were asked for");
}

/// The matrix is worth something only if it turns red. Each way in which a handler or the policy can be wrong, against what
/// the matrix wants; `role_action_table` in `policy` and the test beside the cases stand for the rest.
#[tokio::test]
async fn a_broken_handler_or_policy_turns_the_matrix_red() {
    let policy = Authorizer::builtin().await.unwrap();
    let red = |case: &Case, answers: &dyn Fn(Caller) -> u16| {
        Caller::all().into_iter().any(|caller| answers(caller) != want(case, caller, &policy))
    };
    let holders =
        |action| -> Vec<Role> { Role::of_members().filter(|role| policy.answers(*role).allows(action)).collect() };
    let (mut wrong, mut open, mut widened) = (0, 0, 0);
    for case in CASES {
        assert!(!red(case, &|caller| want(case, caller, &policy)), "{}: as it is, it is green", case.operation);
        if matches!(case.who, Who::Anyone(_)) {
            continue;
        }
        // A handler that asks nobody for anything.
        assert!(red(case, &|_| case.ok), "{}: without a permission", case.operation);
        open += 1;
        let Who::Member(action) = case.who else { continue };
        // A handler that asks for another permission, which other roles have.
        for other in Action::of_people().filter(|other| holders(*other) != holders(action)) {
            let broken = Case { who: Who::Member(other), ..*case };
            assert!(red(case, &|caller| want(&broken, caller, &policy)), "{} asking for {other}", case.operation);
            wrong += 1;
        }
        // A policy that gives one role more.
        for role in Role::of_members().filter(|role| !policy.answers(*role).allows(action)) {
            let more = |caller| if caller == Caller::Member(role) { case.ok } else { want(case, caller, &policy) };
            assert!(red(case, &more), "{} for {role} too", case.operation);
            widened += 1;
        }
    }
    assert!(wrong > 500 && open > 40 && widened > 100, "{wrong} {open} {widened}");
}

/// Threat 2: two ids of an address must belong together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_02_ids_of_one_address_belong_together() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    let owner = app.as_role(Role::Owner).await;
    let second = app.ours.new_project(&owner, "second").await;
    for (project, key) in
        [(&own.project, &theirs.key), (&theirs.project, &own.key), (&second, &own.key), (&own.project, &own.closed)]
    {
        owner.delete(&format!("/v1/projects/{project}/agent-keys/{key}")).await.is(404);
    }
    let listed = owner.get(&format!("/v1/projects/{}/agent-keys", own.project)).await.is(200).json();
    let key = listed["items"].as_array().unwrap().iter().find(|key| key["id"] == own.key.as_str()).unwrap();
    assert!(key["revoked_at"].is_null(), "nobody revoked it");

    // A session token is for its own session, and a tab for the session that opened it.
    for session in [&own.closed, &theirs.live.id] {
        let path = format!("/v1/agent/sessions/{session}/tabs");
        own.live.client.post(&path, &serde_json::json!({})).await.is(404);
    }
    // A resume token renews its own session only, with its own tenant's key only.
    app.agent().renew(&own.closed, &own.live.resume).await.is(404);
    app.agent().renew(&theirs.live.id, &theirs.live.resume).await.is(404);
    app.theirs.agent(&app).renew(&own.live.id, &own.live.resume).await.is(404);
    app.agent().renew(&own.live.id, &own.live.resume).await.is(200);
}

/// Threat 5: lists hold what can be opened, all of it and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_lists_end_at_the_tenant() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    for role in [Role::Owner, Role::Engineer, Role::Support, Role::Viewer] {
        let member = app.as_role(role).await;
        let sessions = member.get("/v1/sessions").await.is(200).json();
        let mut ids: Vec<&str> =
            sessions["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        let mut want = [own.closed.as_str(), own.live.id.as_str()];
        want.sort_unstable();
        assert_eq!(ids, want, "{role}");
        for id in ids {
            member.get(&format!("/v1/sessions/{id}")).await.is(200);
        }
        let theirs_only = member.get(&format!("/v1/sessions?project={}", theirs.project)).await.is(200).json();
        assert_eq!(theirs_only, serde_json::json!({ "items": [], "next_cursor": null }));
        let projects = member.get("/v1/projects").await.is(200).json();
        let ids: Vec<&str> = projects["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [own.project.as_str(), own.quiet.as_str()]);
        assert_eq!(projects["items"][0]["sessions_total"], 2, "counts end at the tenant too");
    }
}

/// Asks for a target exactly as it is written: client libraries tidy addresses before they send them.
async fn as_written(app: &TestApp, token: &str, target: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    let head = format!(
        "GET {target} HTTP/1.1\r\nhost: console.test\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Threat 6: another spelling of an address is another address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_06_other_spellings_reach_nothing() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    let viewer = app.as_role(Role::Viewer).await;
    let right = as_written(&app, viewer.token(), "/v1/sessions").await;
    assert!(right.starts_with("HTTP/1.1 200") && right.contains(&own.closed), "{right}");
    for path in [
        "/v1/sessions/",
        "/v1//sessions",
        "/V1/sessions",
        "/v1/sessions/../sessions",
        "/v1/me/../sessions",
        "/v1/./sessions",
        "/v1/%2e%2e/v1/sessions",
        "/v1/%2573essions",
        "/v1%2fsessions",
        "/v1/sessions;x",
        "/v1\\sessions",
        &format!("/v1/sessions/{}", own.closed.to_uppercase()),
        &format!("/v1/sessions/{{{}}}", own.closed),
        &format!("/v1/sessions/{}%00", own.closed),
        &format!("/v1/sessions/{}/events/", own.closed),
    ] {
        let answer = as_written(&app, viewer.token(), path).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(matches!(status, "400" | "404"), "{path}: {answer}");
        assert!(!answer.contains(&own.closed), "{path}");
    }
    for override_header in ["x-http-method-override", "x-method-override", "x-http-method"] {
        let request = viewer.request(reqwest::Method::GET, "/v1/projects").header(override_header, "POST");
        Answer::of(request).await.is(200);
    }
    viewer.post("/v1/sessions", &serde_json::json!({})).await.is(405);
    // Threat 3: a tenant named in a header or parameter counts for nothing, or is refused.
    let named = viewer.request(reqwest::Method::GET, "/v1/me").header("x-tenant-id", app.theirs.id.to_string());
    assert_eq!(Answer::of(named).await.is(200).json()["tenant"]["slug"], "ours");
    viewer.get(&format!("/v1/sessions?tenant_id={}", app.theirs.id)).await.is(400);
}

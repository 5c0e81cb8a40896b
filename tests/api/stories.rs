//! Sessions to look at: what several tests begin with.

use sealtape_tests::acceptance::{Client, Recording, Segment, Tenant, TestApp, events};
use serde_json::{Value, json};
use store::LeafFilter;

use crate::twins::Twins;

/// A page of the shop.
pub(crate) const PAGE: &str = "https://shop.example/cart";

/// A tenant's rows that operations name.
pub(crate) struct Rows {
    /// The project.
    pub(crate) project: String,
    /// A project that nobody records in.
    pub(crate) quiet: String,
    /// An agent key of the first one that nobody uses.
    pub(crate) key: String,
    /// A closed session with a manifest.
    pub(crate) closed: String,
    /// A live session with one segment.
    pub(crate) live: Recording,
    /// That segment.
    pub(crate) segment: Segment,
    /// A security key of some member.
    pub(crate) factor: String,
    /// Members for operations on one's own factors, made when the first of these is asked for.
    pub(crate) twins: tokio::sync::OnceCell<Twins>,
    /// An access request of the engineer for the closed session.
    pub(crate) request: String,
    /// The owner's.
    pub(crate) owners_request: String,
    /// A grant of the engineer's that nobody used.
    pub(crate) granted: String,
    /// A label of the closed session.
    pub(crate) label: String,
    /// A role of the tenant's own.
    pub(crate) role: String,
    /// A viewer whom nobody else counts on.
    pub(crate) member: String,
    /// Their binding to that role.
    pub(crate) binding: String,
    /// An invitation that waits.
    pub(crate) invitation: String,
    /// Its token.
    pub(crate) token: String,
    /// An API key of the owner.
    pub(crate) api_key: String,
    /// A sign-in of the owner.
    pub(crate) login: String,
    /// Glass that was broken, not open any more and not reviewed.
    pub(crate) broken: String,
    /// The owner's proposal, in solo mode.
    pub(crate) proposal: String,
    /// The engineer's grant to take the closed session out.
    pub(crate) export_grant: String,
    /// What the engineer took out with it.
    pub(crate) export: String,
    /// A webhook of the owner's that nobody answers.
    pub(crate) webhook: String,
    /// A test on its way there.
    pub(crate) delivery: String,
    /// A part of the first tile of the audit log, as wide as no other tenant's is.
    pub(crate) tile: String,
    /// An event of the audit log.
    pub(crate) event: String,
    /// Who is recorded in the live session.
    pub(crate) subject: String,
    /// An event of the audit log that tells more: a sign-in.
    pub(crate) detailed: String,
    /// An export of the audit log that can be downloaded.
    pub(crate) audit_export: String,
}

/// Makes the rows of both tenants.
pub(crate) async fn both(app: &TestApp) -> (Rows, Rows) {
    // On the heap: every test that begins with them would hold their making.
    Box::pin(both_tenants(app)).await
}

async fn both_tenants(app: &TestApp) -> (Rows, Rows) {
    let (ours, theirs) = (closed(app, &app.ours).await, closed(app, &app.theirs).await);
    app.pass(61);
    assert_eq!(app.finish_due().await.closed, 2);
    let (mut ours, mut theirs) = (rows(app, &app.ours, ours).await, rows(app, &app.theirs, theirs).await);
    // Theirs is longer: what only it has names nothing in ours.
    let store = app.store().await;
    crate::ledger::add(app, &store, app.theirs.id, 100).await;
    // Once more: what was signed is in the deployment's log then.
    crate::ledger::sign(app).await;
    crate::ledger::sign(app).await;
    for (tenant, rows) in [(&app.ours, &mut ours), (&app.theirs, &mut theirs)] {
        let read = store.tenant_read(tenant.id).await.unwrap();
        rows.tile = format!("000.p/{}", read.audit_checkpoint_newest().await.unwrap().unwrap().size);
        rows.event = read.audit_leaf_list(LeafFilter::default(), None, 1).await.unwrap()[0].id.to_string();
        let live = read.session_find(rows.live.id.parse().unwrap()).await.unwrap().unwrap();
        let sign_in = LeafFilter { act: Some("login.create".to_owned()), ..LeafFilter::default() };
        rows.detailed = read.audit_leaf_list(sign_in, None, 1).await.unwrap()[0].id.to_string();
        rows.subject = live.subject_id.unwrap().to_string();
        drop(read);
        rows.audit_export = crate::audit_exports::planted(app, &store, tenant).await;
    }
    (ours, theirs)
}

async fn closed(app: &TestApp, tenant: &Tenant) -> String {
    let recording = tenant.agent(app).start().await;
    recording.record(0, 0, &first(app)).await;
    recording.finish(1).await;
    recording.id
}

async fn rows(app: &TestApp, tenant: &Tenant, closed: String) -> Rows {
    let owner = app.member(tenant, policy::access::Role::Owner).await;
    let live = tenant.agent(app).start().await;
    let segment = Segment::of(0, 0, &first(app));
    live.send(sealtape_tests::acceptance::Form::Put, &segment).await.is(200);
    live.tell("identify", &json!({ "user_id": "u-1" })).await.is(204);
    let (key, _) = tenant.new_agent_key(&owner, &tenant.project).await;
    let factor = app.guarded(tenant, policy::access::Role::Viewer).await.key_id;
    let twins = tokio::sync::OnceCell::new();
    let engineer = app.member(tenant, policy::access::Role::Engineer).await;
    let request = crate::grants::ask(&engineer, &closed).await;
    let owners_request = crate::grants::ask(&owner, &closed).await;
    let granted = crate::grants::ask(&engineer, &closed).await;
    let admin = app.member(tenant, policy::access::Role::Admin).await;
    crate::grants::approve_as(&admin, &granted).await.is(200);
    let path = format!("/v1/sessions/{closed}/labels");
    let made = owner.post(&path, &serde_json::json!({ "label": "payment" })).await.is(201).json();
    let label = made["id"].as_str().unwrap().to_owned();
    let member = tenant.new_member(app, "rows", policy::access::Role::Viewer).await.id;
    let bindings = owner.get(&format!("/v1/role-bindings?member={member}")).await.is(200).json();
    let made_role = owner.post("/v1/roles", &crate::roles::role("own-role", &["session.list"])).await.is(201).json();
    let (invitation, token) = invite(&owner, "waits@rows.example", "viewer").await;
    let api_key = new_api_key(app, &owner, &["session.list"]).await.0;
    let logins = owner.get("/v1/auth/sessions").await.is(200).json();
    let first = |list: &Value| list["items"][0]["id"].as_str().unwrap().to_owned();
    let broken = crate::grants::break_glass::broken(app, tenant, &closed).await;
    let proposal = crate::grants::proposals::role_for_somebody(app, tenant).await;
    let export_grant = crate::exports::grant(&engineer, &admin, &closed).await;
    let export = crate::exports::take(&engineer, &closed).await.0;
    let quiet = owner.post("/v1/projects", &json!({ "name": "quiet" })).await.is(201).json();
    let webhook = crate::sinks::webhook(&owner, "https://hooks.test/in").await.0;
    Rows {
        project: tenant.project.clone(),
        quiet: quiet["id"].as_str().unwrap().to_owned(),
        key,
        closed,
        live,
        segment,
        factor,
        twins,
        request,
        owners_request,
        granted,
        label,
        role: crate::grants::id(&made_role),
        member,
        binding: first(&bindings),
        invitation,
        token,
        api_key,
        login: first(&logins),
        broken,
        proposal,
        export_grant,
        export,
        delivery: crate::sinks::test(&owner, &webhook).await,
        webhook,
        tile: String::new(),
        event: String::new(),
        subject: String::new(),
        detailed: String::new(),
        audit_export: String::new(),
    }
}

/// Invites an address; the invitation and the token of its link.
pub(crate) async fn invite(by: &Client, email: &str, role: &str) -> (String, String) {
    let made = by.post("/v1/invitations", &json!({ "email": email, "roles": [role] })).await.is(201).json();
    (made["id"].as_str().unwrap().to_owned(), token_of(&made))
}

/// The token of an invitation's link.
pub(crate) fn token_of(invitation: &Value) -> String {
    invitation["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

/// Makes an API key good for a day; its id and the key.
pub(crate) async fn new_api_key(app: &TestApp, by: &Client, scopes: &[&str]) -> (String, String) {
    let body = json!({ "name": "test", "scopes": scopes, "expires_at": in_seconds(app, 86_400) });
    let made = by.post("/v1/api-keys", &body).await.is(201).json();
    (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
}

/// So many seconds from now, as the interface writes times.
pub(crate) fn in_seconds(app: &TestApp, seconds: u64) -> String {
    use domain::Clock as _;
    app.clock.now().plus(std::time::Duration::from_secs(seconds)).to_string()
}

/// The first events of a visit, now.
pub(crate) fn first(app: &TestApp) -> Vec<Value> {
    events::page(app.now_ms(), PAGE)
}

/// A closed session of two tabs with all kinds of events; its id and the bodies that were sent, by tab.
pub(crate) async fn visit(app: &TestApp) -> (String, [Vec<Vec<Value>>; 2]) {
    let recording = app.agent().start().await;
    let at = app.now_ms();
    let tab0 = vec![
        events::page(at, PAGE),
        vec![events::click(at + 100, "a1"), events::console(at + 150, "hello"), events::text(at + 150, "One item")],
        vec![events::snapshot(at + 1_000), events::request(at + 1_100, "https://shop.example/api/items?id=7")],
        vec![events::moved(at + 2_000, 5), events::error(at + 2_100, "no such item", "0123456789abcdef")],
    ];
    let tab1 = vec![
        events::page(at + 120, "https://shop.example/help"),
        vec![events::console(at + 150, "second tab"), events::moved(at + 1_500, 6)],
    ];
    let opened = recording.tell("tabs", &serde_json::json!({})).await.is(201).json();
    assert_eq!(opened["tab"], 1);
    for (tab, bodies) in [(0_u16, &tab0), (1, &tab1)] {
        for (n, body) in (0_u32..).zip(bodies) {
            recording.record(tab, n, body).await;
        }
    }
    (recording.id, [tab0, tab1])
}

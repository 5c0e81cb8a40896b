//! Who is told of what happens to access, and that nothing that people wrote or recorded is in it.

use std::{collections::BTreeMap, time::Duration};

use app::settings::MailTls;
use policy::access::Role;
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, MailCatcher, TestApp};
use serde_json::{Value, json};

use super::{approve, ask, break_glass, id, proposals, using};

/// The kinds that reached each role's member since the last look, oldest first; every line is about `about`.
struct Inboxes(BTreeMap<Role, usize>);

impl Inboxes {
    fn new() -> Self {
        Self(Role::of_members().map(|role| (role, 0)).collect())
    }

    async fn since(&mut self, app: &TestApp, about: &str) -> BTreeMap<Role, Vec<String>> {
        let mut told = BTreeMap::new();
        for (role, seen) in &mut self.0 {
            let inbox = app.as_role(*role).await.get("/v1/me/notices?limit=200").await.is(200).json();
            let items = inbox["items"].as_array().unwrap();
            let fresh = &items[..items.len() - *seen];
            *seen = items.len();
            if fresh.is_empty() {
                continue;
            }
            for notice in fresh {
                assert_eq!(notice["about"]["id"], about, "{role}: {notice}");
            }
            let kinds = fresh.iter().map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect();
            told.insert(*role, kinds);
        }
        later(app);
        told
    }
}

/// Ids of one millisecond have no order.
fn later(app: &TestApp) {
    app.clock.advance(Duration::from_millis(1));
}

/// These roles, each told this.
fn each(roles: &[Role], kind: &str) -> BTreeMap<Role, Vec<String>> {
    roles.iter().map(|role| (*role, vec![kind.to_owned()])).collect()
}

const REVIEWERS: [Role; 4] = [Role::Owner, Role::Admin, Role::PrivacyOfficer, Role::Security];

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.post(path, &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_decides_hears_of_requests_and_whoever_asked_of_decisions() {
    let app = TestApp::new().await;
    let session = using::restricted(&app).await.id;
    let mut told = Inboxes::new();
    let (owner, engineer) = (app.as_role(Role::Owner).await, app.as_role(Role::Engineer).await);

    let request = ask(&engineer, &session).await;
    assert_eq!(told.since(&app, &request).await, each(&REVIEWERS, "access-requested"));
    approve(&app, &owner, &request).await.is(200);
    assert_eq!(told.since(&app, &request).await, each(&[Role::Engineer], "access-decided"));
    post(&owner, &format!("/v1/grants/{request}/revoke"), json!({})).await.is(200);
    assert_eq!(told.since(&app, &request).await, each(&[Role::Engineer], "grant-revoked"));

    // Nobody is asked to decide on their own request.
    let own = ask(&owner, &session).await;
    assert_eq!(told.since(&app, &own).await, each(&REVIEWERS[1..], "access-requested"));
    let admin = app.as_role(Role::Admin).await;
    post(&admin, &format!("/v1/access-requests/{own}/deny"), json!({ "comment": "CANARY-COMMENT" })).await.is(200);
    assert_eq!(told.since(&app, &own).await, each(&[Role::Owner], "access-decided"));

    // Giving up and taking back are one's own doing.
    let given_up = using::granted(&app, &session).await;
    told.since(&app, &given_up).await;
    post(&engineer, &format!("/v1/access-requests/{given_up}/cancel"), json!({})).await.is(200);
    assert_eq!(told.since(&app, &given_up).await, BTreeMap::new());

    // What time ends, the job tells.
    let granted = using::granted(&app, &session).await;
    told.since(&app, &granted).await;
    app.pass(3_600);
    using::expire(&app).await;
    assert_eq!(told.since(&app, &granted).await, each(&[Role::Engineer], "grant-expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_whose_approval_counts_no_more_is_told_as_revoked() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = using::restricted(&app).await.id;
    let granted = using::granted(&app, &session).await;
    let mut told = Inboxes::new();
    told.since(&app, &granted).await;
    let admin = app.id(&app.ours.members[&Role::Admin].id);
    app.tamper(&[&format!("UPDATE role_binding SET role = 'viewer' WHERE member_id = {admin}")]).await;
    using::expire(&app).await;
    assert_eq!(told.since(&app, &granted).await, each(&[Role::Engineer], "grant-revoked"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_reviews_hears_of_broken_glass_at_once_whatever_they_chose() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &crate::stories::first(&app)).await;
    let quiet = json!({ "notices": [{ "kind": "break-glass-used", "inbox": false, "mail": "off" }] });
    let chosen = app.as_role(Role::Owner).await.patch("/v1/me/preferences", &quiet).await;
    let mut told = Inboxes::new();
    let engineer = app.guarded(&app.ours, Role::Engineer).await;
    // After what they were told of their factors.
    later(&app);
    let used = engineer.client.post("/v1/break-glass", &break_glass::breaking(&[&recording.id])).await.is(201).json();
    let used = id(&used);
    assert_eq!(told.since(&app, &used).await, each(&REVIEWERS, "break-glass-used"), "{}", chosen.text());
    let theirs = engineer.client.get("/v1/me/notices").await.is(200).json();
    assert_eq!(theirs["items"][0]["kind"], "break-glass-used", "if it was somebody else, they learn of it");
    post(&app.as_role(Role::Owner).await, &format!("/v1/grants/{used}/revoke"), json!({})).await.is(200);
    later(&app);
    let review = json!({ "outcome": "justified", "comment": "CANARY-COMMENT" });
    post(&app.as_role(Role::Security).await, &format!("/v1/break-glass/{used}/review"), review).await.is(200);
    assert_eq!(told.since(&app, &used).await, BTreeMap::new());
    let theirs = engineer.client.get("/v1/me/notices").await.is(200).json();
    let kinds: Vec<&Value> = theirs["items"].as_array().unwrap().iter().take(3).map(|notice| &notice["kind"]).collect();
    assert_eq!(kinds, ["break-glass-reviewed", "grant-revoked", "break-glass-used"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn voters_hear_of_proposals_and_everybody_of_solo_mode() {
    let app = TestApp::new().await;
    let mut told = Inboxes::new();
    let everybody: Vec<Role> = Role::of_members().collect();
    let alone = proposals::role_for_somebody(&app, &app.ours).await;
    assert_eq!(told.since(&app, &alone).await, each(&everybody, "solo-delay-started"));
    let viewer = app.as_role(Role::Viewer).await;
    post(&viewer, &format!("/v1/proposals/{alone}/cancel"), json!({})).await.is(200);
    assert_eq!(told.since(&app, &alone).await, each(&everybody, "proposal-decided"));

    let security = app.guarded(&app.ours, Role::Security).await;
    proposals::everybody_is_an_elder(&app).await;
    let proposal = proposals::role_for_somebody(&app, &app.ours).await;
    assert_eq!(
        told.since(&app, &proposal).await,
        each(&REVIEWERS[1..], "proposal-opened"),
        "not the owner, who proposed"
    );
    post(&security.client, &format!("/v1/proposals/{proposal}/reject"), json!({})).await.is(200);
    assert_eq!(told.since(&app, &proposal).await, each(&REVIEWERS, "proposal-decided"));
}

/// An act of which nobody could be told is not done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_told_is_not_done() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &crate::stories::first(&app)).await;
    let (owner, engineer) = (app.as_role(Role::Owner).await, app.as_role(Role::Engineer).await);
    let (pending, granted) = (ask(&engineer, &recording.id).await, using::granted(&app, &recording.id).await);
    let seen = super::seen(&app, &pending).await;
    let guarded = app.guarded(&app.ours, Role::Engineer).await;
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    let mut looser = super::same_rules(&app).await;
    looser["approvals"] = json!(1);
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    looser["revision"] = super::same_rules(&app).await["revision"].clone();
    app.break_inserts("notice").await;
    let before = app.trace().await;
    let revoke = format!("/v1/grants/{granted}/revoke");
    for (what, request) in [
        ("ask", engineer.request(Method::POST, "/v1/access-requests").json(&super::asking_for(&recording.id))),
        ("deny", owner.request(Method::POST, &format!("/v1/access-requests/{pending}/deny")).json(&json!({}))),
        ("revoke", owner.request(Method::POST, &revoke).json(&json!({}))),
        (
            "break",
            guarded.client.request(Method::POST, "/v1/break-glass").json(&break_glass::breaking(&[&recording.id])),
        ),
        ("propose", owner.request(Method::PUT, "/v1/access-rules").json(&looser)),
    ] {
        let answer = Answer::of(request).await;
        assert!(matches!(answer.status, 500 | 503), "{what}: {}", answer.text());
        assert_eq!(app.trace().await, before, "{what}");
    }
    // One approval of two tells nobody, and needs nobody told.
    post(&owner, &format!("/v1/access-requests/{pending}/approve"), json!({ "seen": seen })).await.is(200);
    app.mend_inserts("notice").await;
    post(&owner, &revoke, json!({})).await.is(200);
}

/// A letter has a word and a way to the inbox: no name, no reason, no ticket, no session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_about_access_say_that_something_happened_and_nothing_else() {
    let mut server = MailCatcher::start(&[]).await;
    let app = TestApp::with(|settings| settings.mail.server = Some(server.settings(MailTls::Plain))).await;
    let session = using::restricted(&app).await.id;
    let request = ask(&app.as_role(Role::Engineer).await, &session).await;
    app.runner().await.drain().await.unwrap();
    let mut to = Vec::new();
    for _ in REVIEWERS {
        let letter = server.next().await;
        assert!(letter.text.contains("Somebody asks for access to sessions, and you may decide."), "{}", letter.text);
        let all = format!("{:?} {}", letter.headers, letter.text).to_lowercase();
        for canary in ["canary", "engineer", &session, &request] {
            assert!(!all.contains(canary), "{canary}: {all}");
        }
        to.extend(letter.to);
    }
    to.sort();
    assert_eq!(to, ["admin", "owner", "privacy-officer", "security"].map(|role| format!("{role}@ours.example")));
    approve(&app, &app.as_role(Role::Admin).await, &request).await.is(200);
    app.runner().await.drain().await.unwrap();
    let letter = server.next().await;
    assert_eq!(letter.to, ["engineer@ours.example"]);
    assert!(letter.text.contains("Your access request was decided."), "{}", letter.text);
    // What is stored about it is words and ids.
    let columns = "SELECT kind || ' ' || about_kind || ' ' || about_id FROM notice ORDER BY kind";
    for line in app.texts(columns).await {
        assert!(
            ["access-requested", "access-decided"].map(|kind| format!("{kind} grant {request}")).contains(&line),
            "{line}"
        );
    }
}

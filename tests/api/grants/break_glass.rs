//! Breaking glass: what it opens, for how long, and what it costs.

use app::grants::RemindReport;
use domain::{Clock as _, ProjectId, RequestId, SessionId};
use futures::future::join_all;
use policy::access::{Action, Actor, Authorizer, Holdings, Permit, Predicate, Role, Subject, Test, can};
use sealtape_tests::acceptance::{Answer, Client, Guarded, Tenant, TestApp};
use serde_json::{Value, json};

use super::id;
use crate::{signin::renewed_for, stories};

/// Glass to be broken for these sessions.
pub(crate) fn breaking(sessions: &[&str]) -> Value {
    json!({
        "sessions": sessions, "purpose": "security-incident", "reason": "an attack is under way", "ticket": "INC-204",
    })
}

async fn break_it(client: &Client, sessions: &[&str]) -> Answer {
    client.post("/v1/break-glass", &breaking(sessions)).await
}

/// A use of somebody's for this session that is over and not reviewed.
pub(crate) async fn broken(app: &TestApp, tenant: &Tenant, session: &str) -> String {
    let breaker = app.guarded(tenant, Role::Support).await;
    let used = id(&break_it(&breaker.client, &[session]).await.is(201).json());
    let owner = app.member(tenant, Role::Owner).await;
    owner.post(&format!("/v1/grants/{used}/revoke"), &json!({})).await.is(200);
    used
}

/// Lets all uses but `keep` count for nothing any more, as if they were long ago and reviewed.
pub(crate) async fn forget(app: &TestApp, keep: &str) {
    let owner = app.id(&app.ours.members[&Role::Owner].id);
    let sql = format!(
        "UPDATE access_grant SET created_at = 0, reviewed_at = 1, reviewed_by = {owner}, review_outcome = 'justified'
         WHERE kind = 'break-glass' AND id <> {}",
        app.id(keep)
    );
    app.tamper(&[&sql]).await;
}

/// Sessions that anybody who watches may watch.
async fn sessions(app: &TestApp, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let recording = app.agent().start().await;
        recording.record(0, 0, &stories::first(app)).await;
        ids.push(recording.id);
    }
    ids
}

/// The same member, signed in again by password and authenticator app.
pub(crate) async fn again(app: &TestApp, member: &Guarded) -> Client {
    app.bearer(&signed_in_again(app, member).await)
}

pub(crate) async fn signed_in_again(app: &TestApp, member: &Guarded) -> Answer {
    let challenge = app.challenge(&member.member).await;
    app.answer(&challenge, ("totp", member.totp.code(app, 0).into())).await.is(200)
}

async fn review(client: &Client, used: &str) -> Answer {
    client
        .post(&format!("/v1/break-glass/{used}/review"), &json!({ "outcome": "justified", "comment": "looked at" }))
        .await
}

/// What a member of this role could open whose role is held for another project only.
async fn elsewhere(app: &TestApp, member: &Guarded, role: Role) -> Permit<can::SessionView> {
    let authorizer = Authorizer::builtin().await.unwrap();
    let other = ProjectId::mint(app.clock.now(), app.app().entropy());
    let only = Predicate::Test(Test::ProjectIn([other].into()));
    let held = authorizer.holdings([role].into_iter().collect()).narrowed([Action::SessionView], &only);
    let login = domain::LoginId::mint(app.clock.now(), app.app().entropy());
    let actor = Actor::Member { id: member.member.id.parse().unwrap(), login };
    let request = RequestId::mint(app.clock.now(), app.app().entropy());
    authorizer.authorize(Subject { tenant: app.ours.id, actor, holdings: held, request }).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_glass_opens_its_sessions_for_an_hour_and_everybody_is_told() {
    let app = TestApp::new().await;
    app.expect_damage();
    let ids = sessions(&app, 2).await;
    let engineer = app.guarded(&app.ours, Role::Engineer).await;
    let permit = elsewhere(&app, &engineer, Role::Engineer).await;
    let opens = async |session: &str| {
        let session: SessionId = session.parse().unwrap();
        app.app().sessions().find(&permit, session).await.is_ok()
    };
    assert!(!opens(&ids[0]).await, "the role does not open it");
    let used = break_it(&engineer.client, &[&ids[0]]).await.is(201).json();
    assert_eq!(
        (&used["state"], &used["kind"], &used["minutes"]),
        (&json!("active"), &json!("break-glass"), &json!(60))
    );
    assert!(opens(&ids[0]).await && !opens(&ids[1]).await);
    let told = "SELECT count(*) FROM notice WHERE kind = 'break-glass-used'";
    assert_eq!(app.number(told).await, 5, "owner, admin, privacy officer, security, and who did it");
    let leaves = app.leaves(app.ours.id).await;
    let leaf = leaves.iter().find(|leaf| leaf["act"] == "break-glass.use").expect("is on record");
    assert_eq!((&leaf["obj"]["id"], &leaf["rule"]), (&used["id"], &json!("access@4/engineer/break-glass.use")));

    // Restricted meanwhile: closed again, and never opened in this way.
    let session = app.id(&ids[0]);
    app.tamper(&[&format!("UPDATE session SET sensitivity = 'restricted' WHERE id = {session}")]).await;
    assert!(!opens(&ids[0]).await);
    let other = app.guarded(&app.ours, Role::Engineer).await;
    assert_eq!(break_it(&other.client, &[&ids[1], &ids[0]]).await.is(403).code(), "break-glass-restricted");
    app.tamper(&[&format!("UPDATE session SET sensitivity = 'normal' WHERE id = {session}")]).await;

    // Whoever lost the right to break glass has not got it here either.
    let member = app.id(&engineer.member.id);
    app.tamper(&[&format!("UPDATE role_binding SET role = 'viewer' WHERE member_id = {member}")]).await;
    assert!(!opens(&ids[0]).await);
    app.tamper(&[&format!("UPDATE role_binding SET role = 'engineer' WHERE member_id = {member}")]).await;
    assert!(opens(&ids[0]).await);
    app.pass(3_599);
    assert!(opens(&ids[0]).await);
    app.pass(1);
    assert!(!opens(&ids[0]).await, "an hour is an hour");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_over_access_cuts_it_and_nobody_else() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 5).await;
    let cutters = [Role::Owner, Role::Admin, Role::PrivacyOfficer, Role::Security];
    for (role, session) in cutters.into_iter().zip(&ids) {
        let engineer = app.guarded(&app.ours, Role::Engineer).await;
        let permit = elsewhere(&app, &engineer, Role::Engineer).await;
        let used = break_it(&engineer.client, &[session]).await.is(201).json();
        assert_eq!((&used["verb"], &used["state"]), (&json!("view"), &json!("active")), "no other verb, ever");
        let cut = format!("/v1/grants/{}/revoke", id(&used));
        for other in [Role::Engineer, Role::Support, Role::Auditor, Role::Viewer] {
            app.as_role(other).await.post(&cut, &json!({})).await.is(403);
        }
        let session: SessionId = session.parse().unwrap();
        assert!(app.app().sessions().find(&permit, session).await.is_ok());
        app.as_role(role).await.post(&cut, &json!({})).await.is(200);
        assert!(app.app().sessions().find(&permit, session).await.is_err(), "{role} cut it");
        // Another day's uses.
        app.tamper(&["UPDATE access_grant SET created_at = 0"]).await;
    }
}

/// Threat 50's loop: one use after the other, of two people in turns, for days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_breaking_glass_again_and_again_keeps_nothing_open() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 1).await;
    let people = [app.guarded(&app.ours, Role::Engineer).await, app.guarded(&app.ours, Role::Support).await];
    let mut made = Vec::new();
    for round in 0..24 {
        let person = &people[round % 2];
        let client = again(&app, person).await;
        let used = break_it(&client, &[&ids[0]]).await;
        if used.status == 201 {
            made.push(round);
        } else {
            let code = used.is(409).code();
            assert!(code == "break-glass-not-renewable" || code == "review-owed", "round {round}: {code}");
        }
        app.pass(6 * 3_600);
    }
    assert_eq!(made, [0, 1], "each of them once in six days, since nobody looked at it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_takes_a_second_factor_shown_lately() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 1).await;
    let bare = app.as_role(Role::Engineer).await;
    let refused = break_it(&bare, &[&ids[0]]).await.is(403);
    assert_eq!(refused.code(), "step-up-required");
    assert_eq!(refused.json()["step_up"]["needs"], "enrolment");
    let engineer = app.guarded(&app.ours, Role::Engineer).await;
    let late = renewed_for(&app, &signed_in_again(&app, &engineer).await, 600).await;
    let refused = break_it(&late, &[&ids[0]]).await.is(403);
    assert_eq!((refused.code().as_str(), &refused.json()["step_up"]["needs"]), ("step-up-required", &json!("factor")));
    assert_eq!(app.number("SELECT count(*) FROM access_grant").await, 0);
    let in_time = renewed_for(&app, &signed_in_again(&app, &engineer).await, 599).await;
    break_it(&in_time, &[&ids[0]]).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bounds_are_kept() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 21).await;
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let engineer = app.guarded(&app.ours, Role::Engineer).await;
    let with = |field: &str, value: Value| {
        let mut body = breaking(&all[..1]);
        body[field] = value;
        body
    };
    for (body, status) in [
        (breaking(&all), 422),
        (breaking(&[]), 422),
        (breaking(&[all[0], all[0]]), 422),
        (with("minutes", json!(61)), 422),
        (with("minutes", json!(0)), 422),
        (with("reason", json!("quick")), 422),
        (with("ticket", json!("")), 422),
        (with("verb", json!("export")), 400),
        (with("sessions", json!([uuid::Uuid::from_u128(1)])), 404),
    ] {
        assert_eq!(engineer.client.post("/v1/break-glass", &body).await.status, status, "{body}");
    }
    let first = id(&break_it(&engineer.client, &all[..20]).await.is(201).json());
    let renewed = break_it(&engineer.client, &[all[20], all[3]]).await;
    assert_eq!(renewed.is(409).code(), "break-glass-not-renewable");
    let owner = app.as_role(Role::Owner).await;
    owner.post(&format!("/v1/grants/{first}/revoke"), &json!({})).await.is(200);
    let renewed = break_it(&engineer.client, &[all[3]]).await;
    assert_eq!(renewed.is(409).code(), "break-glass-not-renewable", "ended is not reviewed");
    review(&owner, &first).await.is(200);
    break_it(&engineer.client, &[all[3]]).await.is(201);
    break_it(&engineer.client, &[all[20]]).await.is(201);
    assert_eq!(break_it(&engineer.client, &[all[7]]).await.is(409).code(), "break-glass-spent");
    app.pass(24 * 3_600);
    let client = again(&app, &engineer).await;
    break_it(&client, &[all[7]]).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_two_people_cannot_review_each_others_broken_glass() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 1).await;
    let (one, two) = (app.guarded(&app.ours, Role::Admin).await, app.guarded(&app.ours, Role::Security).await);
    let first = id(&break_it(&one.client, &[&ids[0]]).await.is(201).json());
    let second = id(&break_it(&two.client, &[&ids[0]]).await.is(201).json());
    let owner = app.as_role(Role::Owner).await;
    assert_eq!(review(&owner, &first).await.is(409).code(), "break-glass-open");
    for used in [&first, &second] {
        owner.post(&format!("/v1/grants/{used}/revoke"), &json!({})).await.is(200);
    }
    assert_eq!(review(&one.client, &first).await.is(403).code(), "own-request");
    assert_eq!(review(&one.client, &second).await.is(409).code(), "review-of-own-open");
    assert_eq!(review(&two.client, &first).await.is(409).code(), "review-of-own-open");
    let reviewed = review(&owner, &first).await.is(200).json();
    assert_eq!(
        (&reviewed["review"]["outcome"], &reviewed["review"]["comment"]),
        (&json!("justified"), &json!("looked at"))
    );
    assert_eq!(review(&owner, &first).await.is(409).code(), "already-reviewed");
    // Now the first owes nothing.
    review(&one.client, &second).await.is(200);
    let list = owner.get("/v1/break-glass?unreviewed=true").await.is(200).json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(owner.get("/v1/break-glass").await.is(200).json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_owes_a_review_breaks_no_glass() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 4).await;
    let (engineer, other) =
        (app.guarded(&app.ours, Role::Engineer).await, app.guarded(&app.ours, Role::Engineer).await);
    let admin = app.guarded(&app.ours, Role::Admin).await;
    // Whoever has another role beside it is of that role too.
    let both = app.guarded(&app.ours, Role::Support).await;
    let second = format!(
        "INSERT INTO role_binding (tenant_id, id, member_id, role, created_at)
         SELECT tenant_id, {}, member_id, 'engineer', created_at FROM role_binding WHERE member_id = {}",
        app.id(&uuid::Uuid::from_u128(50).to_string()),
        app.id(&both.member.id)
    );
    app.tamper(&[&second]).await;
    let used = id(&break_it(&engineer.client, &[&ids[0]]).await.is(201).json());
    app.pass(72 * 3_600 - 1);
    break_it(&again(&app, &other).await, &[&ids[1]]).await.is(201);
    app.pass(1);
    let client = again(&app, &other).await;
    assert_eq!(break_it(&client, &[&ids[2]]).await.is(409).code(), "review-owed");
    assert_eq!(break_it(&again(&app, &both).await, &[&ids[2]]).await.is(409).code(), "review-owed");
    break_it(&again(&app, &admin).await, &[&ids[2]]).await.is(201);
    review(&app.as_role(Role::Owner).await, &used).await.is(200);
    break_it(&client, &[&ids[3]]).await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_fifty_who_break_glass_at_once_break_it_three_times() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let ids = sessions(&app, 50).await;
    let mut people = Vec::new();
    for role in [Role::Engineer, Role::Support, Role::Admin, Role::Security, Role::Engineer] {
        people.push(app.guarded(&app.ours, role).await.client);
    }
    let clients: Vec<Client> = (0..50)
        .map(|n| {
            let client = &people[n % people.len()];
            if n % 2 == 0 { client.clone() } else { other.client(client.token()) }
        })
        .collect();
    let uses = clients.iter().zip(&ids).map(|(client, session)| async move { break_it(client, &[session]).await });
    let answers = join_all(uses).await;
    let (made, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 3);
    assert!(refused.iter().all(|answer| answer.code() == "break-glass-spent"));
    assert_eq!(app.number("SELECT count(*) FROM access_grant").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviewers_are_reminded_once_a_day() {
    let app = TestApp::new().await;
    let ids = sessions(&app, 1).await;
    let engineer = app.guarded(&app.ours, Role::Engineer).await;
    let used = id(&break_it(&engineer.client, &[&ids[0]]).await.is(201).json());
    let remind = async || {
        let subject = Subject {
            tenant: app.ours.id,
            actor: Actor::Worker { name: "review-remind" },
            holdings: Holdings::default(),
            request: RequestId::mint(app.clock.now(), app.app().entropy()),
        };
        let permit = Authorizer::builtin().await.unwrap().authorize::<can::ReviewRemind>(subject).unwrap();
        app.app().grants().remind(&permit).await.unwrap()
    };
    let due = "SELECT count(*) FROM notice WHERE kind = 'break-glass-review-due'";
    assert_eq!(remind().await, RemindReport::default());
    app.pass(24 * 3_600);
    assert_eq!(remind().await, RemindReport { reminded: 1 });
    assert_eq!(
        (remind().await, app.number(due).await),
        (RemindReport::default(), 4),
        "owner, admin, officer, security"
    );
    app.pass(24 * 3_600);
    assert_eq!(remind().await, RemindReport { reminded: 1 });
    review(&app.as_role(Role::Owner).await, &used).await.is(200);
    app.pass(24 * 3_600);
    assert_eq!((remind().await, app.number(due).await), (RemindReport::default(), 8));
}

//! Being told: who is, how they chose to be, and that nothing but a word and an id is kept.

use std::collections::BTreeSet;

use app::notices::{Audience, Notice, NoticeKind};
use domain::{MemberId, SessionId};
use ledger::Object;
use policy::access::{Action, Role};
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::{Value, json};

fn about() -> Object {
    Object::Session(SessionId::from_uuid(uuid::Uuid::from_u128(7)))
}

async fn tell(app: &TestApp, kind: NoticeKind, audience: Audience) {
    // Ids of one millisecond have no order.
    app.clock.advance(std::time::Duration::from_millis(1));
    let tx = app.store().await.tenant(app.ours.id).await.unwrap();
    app.app().notices().notify(&tx, Notice { kind, audience, about: Some(about()) }).await.unwrap();
    tx.commit().await.unwrap();
}

fn member(app: &TestApp, role: Role) -> MemberId {
    app.ours.members[&role].id.parse().unwrap()
}

async fn inbox(client: &Client) -> Value {
    client.get("/v1/me/notices").await.is(200).json()
}

fn kinds(inbox: &Value) -> Vec<&str> {
    inbox["items"].as_array().unwrap().iter().map(|notice| notice["kind"].as_str().unwrap()).collect()
}

async fn prefer(client: &Client, kind: &str, inbox: bool, mail: &str) {
    let body = json!({ "notices": [{ "kind": kind, "inbox": inbox, "mail": mail }] });
    client.patch("/v1/me/preferences", &body).await.is(200);
}

/// Letters in the outbox: to whom and about what.
async fn letters(app: &TestApp) -> BTreeSet<(String, String)> {
    let outbox = app.as_role(Role::Owner).await.get("/v1/ops/mail?limit=200").await.is(200).json();
    let letter = |letter: &Value| {
        (letter["to"].as_str().unwrap().to_owned(), letter["text"].as_str().unwrap().lines().nth(2).unwrap().to_owned())
    };
    outbox["items"].as_array().unwrap().iter().map(letter).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holders_of_an_action_are_told_and_nobody_else() {
    let app = TestApp::new().await;
    tell(&app, NoticeKind::AccessRequested, Audience::Holders(Action::GrantReview)).await;
    for role in Role::of_members() {
        let reviews = [Role::Owner, Role::Admin, Role::PrivacyOfficer, Role::Security].contains(&role);
        let inbox = inbox(&app.as_role(role).await).await;
        assert_eq!(inbox["unread"], u64::from(reviews), "{role}");
        if reviews {
            let notice = &inbox["items"][0];
            assert_eq!(notice["kind"], "access-requested");
            let id = uuid::Uuid::from_u128(7).to_string();
            assert_eq!(notice["about"], json!({ "kind": "session", "id": id }));
        }
        let theirs = app.member(&app.theirs, role).await;
        assert_eq!(self::inbox(&theirs).await["items"], json!([]), "{role} of another tenant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_and_one_member_and_nobody_who_is_disabled() {
    let app = TestApp::new().await;
    let viewer = app.id(&app.ours.members[&Role::Viewer].id);
    app.tamper(&[&format!("UPDATE member SET state = 'disabled' WHERE id = {viewer}")]).await;
    tell(&app, NoticeKind::SoloDelayStarted, Audience::Everyone).await;
    assert_eq!(app.number("SELECT count(*) FROM notice").await, 7, "eight members, one of them disabled");
    tell(&app, NoticeKind::AccessDecided, Audience::Member(member(&app, Role::Viewer))).await;
    assert_eq!(app.number("SELECT count(*) FROM notice").await, 7);
    tell(&app, NoticeKind::AccessDecided, Audience::Member(member(&app, Role::Engineer))).await;
    let engineer = app.as_role(Role::Engineer).await;
    assert_eq!(kinds(&inbox(&engineer).await), ["access-decided", "solo-delay-started"]);
    // What another tenant's transaction says about our member reaches nobody.
    let tx = app.store().await.tenant(app.theirs.id).await.unwrap();
    let audience = Audience::Member(member(&app, Role::Engineer));
    let foreign = Notice { kind: NoticeKind::AccessDecided, audience, about: None };
    app.app().notices().notify(&tx, foreign).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM notice").await, 8);
}

/// An act that is rolled back tells nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_did_not_happen_is_not_told() {
    let app = TestApp::new().await;
    let before = app.trace().await;
    let tx = app.store().await.tenant(app.ours.id).await.unwrap();
    let notice = Notice { kind: NoticeKind::BreakGlassUsed, audience: Audience::Everyone, about: None };
    app.app().notices().notify(&tx, notice).await.unwrap();
    drop(tx);
    assert_eq!(app.trace().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_are_marked_as_read_one_by_one_or_all() {
    let app = TestApp::new().await;
    let (owner, admin) = (app.as_role(Role::Owner).await, app.as_role(Role::Admin).await);
    for _ in 0..5 {
        tell(&app, NoticeKind::AccessRequested, Audience::Holders(Action::GrantReview)).await;
    }
    let mine = inbox(&owner).await;
    assert_eq!(mine["unread"], 5);
    let ids: Vec<&Value> = mine["items"].as_array().unwrap().iter().map(|notice| &notice["id"]).collect();
    let others = inbox(&admin).await["items"][0]["id"].clone();
    let nobodys = uuid::Uuid::from_u128(3).to_string();
    let body = json!({ "ids": [ids[0], ids[1], others, nobodys] });
    let left = owner.post("/v1/me/notices/read", &body).await.is(200).json();
    assert_eq!(left, json!({ "unread": 3 }));
    assert_eq!(inbox(&admin).await["unread"], 5, "another's notice stays unread");
    let unread = owner.get("/v1/me/notices?unread=true").await.is(200).json();
    assert_eq!(unread["items"].as_array().unwrap().len(), 3);

    let page = owner.get("/v1/me/notices?limit=2").await.is(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = owner.get(&format!("/v1/me/notices?limit=2&cursor={cursor}")).await.is(200).json();
    assert_eq!(next["items"][0]["id"], *ids[2]);
    admin.get(&format!("/v1/me/notices?limit=2&cursor={cursor}")).await.is(422);

    assert_eq!(owner.post("/v1/me/notices/read", &json!({ "all": {} })).await.is(200).json(), json!({ "unread": 0 }));
    for bad in [json!({}), json!({ "all": {}, "ids": [] }), json!({ "ids": ["x"] }), json!({ "every": {} })] {
        owner.post("/v1/me/notices/read", &bad).await.is(400);
    }
    owner.post("/v1/me/notices/read", &json!({ "ids": vec![nobodys; 201] })).await.is(422);
}

/// Inbox, mail now, digest, nothing: as each of four members chose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_told_as_they_chose() {
    let app = TestApp::new().await;
    let kind = "access-requested";
    let reviewers = [
        (Role::Owner, true, "now"),
        (Role::Admin, false, "digest"),
        (Role::PrivacyOfficer, true, "off"),
        (Role::Security, false, "off"),
    ];
    for (role, inbox, mail) in reviewers {
        prefer(&app.as_role(role).await, kind, inbox, mail).await;
    }
    tell(&app, NoticeKind::AccessRequested, Audience::Holders(Action::GrantReview)).await;
    for (role, shown, _) in reviewers {
        let inbox = inbox(&app.as_role(role).await).await;
        assert_eq!(inbox["unread"], u64::from(shown), "{role}");
        assert_eq!(inbox["items"].as_array().unwrap().len(), usize::from(shown), "{role}");
    }
    app.runner().await.drain().await.unwrap();
    let at_once =
        ("owner@ours.example".to_owned(), "Somebody asks for access to sessions, and you may decide.".to_owned());
    assert_eq!(letters(&app).await, BTreeSet::from([at_once.clone()]));
    // The next morning: one letter, however many notices.
    tell(&app, NoticeKind::AccessRequested, Audience::Holders(Action::GrantReview)).await;
    app.pass(8 * 3_600);
    app.work_on_jobs().await;
    let digest = ("admin@ours.example".to_owned(), "There are notices that you have not read yet.".to_owned());
    assert_eq!(letters(&app).await, BTreeSet::from([at_once, digest]));
    let count = "SELECT count(*) FROM mail WHERE kind = 'digest'";
    assert_eq!(app.number(count).await, 1);
    app.pass(24 * 3_600);
    app.work_on_jobs().await;
    assert_eq!(app.number(count).await, 1, "nothing new, no letter");
}

/// What was read before the digest comes needs no letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_tells_of_unread_notices_only() {
    let app = TestApp::new().await;
    tell(&app, NoticeKind::MemberDisabled, Audience::Holders(Action::MemberManage)).await;
    let owner = app.as_role(Role::Owner).await;
    owner.post("/v1/me/notices/read", &json!({ "all": {} })).await.is(200);
    app.pass(8 * 3_600);
    app.work_on_jobs().await;
    let to: Vec<String> = letters(&app).await.into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, ["admin@ours.example"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preferences_begin_with_defaults_and_keep_what_was_chosen() {
    let app = TestApp::new().await;
    let viewer = app.as_role(Role::Viewer).await;
    let before = viewer.get("/v1/me/preferences").await.is(200).json();
    assert_eq!(before["language"], "en");
    assert_eq!(before["notices"].as_array().unwrap().len(), NoticeKind::ALL.len());
    let of = |preferences: &Value, kind: &str| {
        preferences["notices"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap().clone()
    };
    let role_changed = of(&before, "role-changed");
    assert_eq!((&role_changed["mail"], &role_changed["default"]["mail"]), (&"now".into(), &"now".into()));

    let change = json!({ "language": "de", "notices": [{ "kind": "role-changed", "inbox": false, "mail": "digest" }] });
    let after = viewer.patch("/v1/me/preferences", &change).await.is(200).json();
    assert_eq!(after, viewer.get("/v1/me/preferences").await.is(200).json());
    assert_eq!(after["language"], "de");
    let chosen = json!({ "kind": "role-changed", "inbox": false, "mail": "digest", "mandatory": false,
                         "default": { "inbox": true, "mail": "now" } });
    assert_eq!(of(&after, "role-changed"), chosen);
    assert_eq!(of(&after, "access-decided"), of(&before, "access-decided"), "the rest stays");
    let other = app.as_role(Role::Support).await.get("/v1/me/preferences").await.is(200).json();
    assert_eq!(other["language"], "en", "one's own choice is one's own");

    let choice = |kind: &str| json!({ "notices": [{ "kind": kind, "inbox": false, "mail": "off" }] });
    for kind in ["password-changed", "break-glass-used"] {
        let refused = viewer.patch("/v1/me/preferences", &choice(kind)).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/notices/0/inbox");
    }
    viewer.patch("/v1/me/preferences", &choice("no-such-kind")).await.is(422);
    for bad in
        [json!({ "language": "fr" }), json!({ "tenant": "x" }), json!({ "notices": [{ "kind": "key-expiring" }] })]
    {
        viewer.patch("/v1/me/preferences", &bad).await.is(400);
    }
    // Mail about a mandatory kind may be switched off, its line in the inbox not.
    let quiet = json!({ "notices": [{ "kind": "password-changed", "inbox": true, "mail": "off" }] });
    viewer.patch("/v1/me/preferences", &quiet).await.is(200);
    tell(&app, NoticeKind::PasswordChanged, Audience::Member(member(&app, Role::Viewer))).await;
    assert_eq!(inbox(&viewer).await["unread"], 1);
    app.runner().await.drain().await.unwrap();
    assert_eq!(letters(&app).await, BTreeSet::new());
}

/// Notices, queue and outbox hold nothing that a thief of the database could read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_is_stored_in_clear() {
    let app = TestApp::new().await;
    prefer(&app.as_role(Role::Owner).await, "access-requested", true, "now").await;
    tell(&app, NoticeKind::AccessRequested, Audience::Holders(Action::GrantReview)).await;
    app.work_on_jobs().await;
    assert!(!letters(&app).await.is_empty());
    for part in app.dump().await {
        let text = String::from_utf8_lossy(&part);
        assert!(!text.contains("owner@ours") && !text.contains("owner of ours"));
    }
}

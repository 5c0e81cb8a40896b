//! The two-person rule and solo mode.

use std::collections::BTreeMap;

use app::proposals::SettleReport;
use domain::{Clock as _, RequestId};
use futures::future::join_all;
use policy::access::{Actor, Authorizer, Holdings, Role, Subject, can};
use reqwest::Method;
use sealtape_tests::acceptance::{Answer, Client, Guarded, Member, Tenant, TestApp};
use serde_json::{Value, json};

use super::{
    break_glass::{again, signed_in_again},
    id, same_rules,
};
use crate::signin::renewed_for;

const DAY: u64 = 24 * 3_600;

/// The owner's proposal to make somebody an owner; in solo mode while nobody could approve it.
pub(crate) async fn role_for_somebody(app: &TestApp, tenant: &Tenant) -> String {
    try_role_for_somebody(app, tenant).await.expect("is proposed")
}

/// The same, unless nothing can be written now.
pub(crate) async fn try_role_for_somebody(app: &TestApp, tenant: &Tenant) -> Option<String> {
    let member = app.fresh_member(tenant, Role::Viewer).await;
    propose_owner(&app.member(tenant, Role::Owner).await, &member.id).await.ok()
}

/// The proposal, or the code of what was refused.
async fn propose_owner(client: &Client, member: &str) -> Result<String, String> {
    let answer = client.post("/v1/role-bindings", &json!({ "member_id": member, "role": "owner" })).await;
    if answer.status == 202 { Ok(id(&answer.json())) } else { Err(answer.code()) }
}

/// What somebody who approves was shown; for a proposal that is not there, something well-formed.
pub(crate) async fn hash(app: &TestApp, proposal: &str) -> String {
    let shown = app.as_role(Role::Owner).await.get(&format!("/v1/proposals/{proposal}")).await;
    if shown.status == 200 { shown.json()["hash"].as_str().expect("a hash").to_owned() } else { "0".repeat(64) }
}

/// Everybody has had their role for longer than it takes to vote.
pub(crate) async fn everybody_is_an_elder(app: &TestApp) {
    let long_ago = (app.now_ms() - 8 * 86_400_000) * 1_000;
    app.tamper(&[&format!("UPDATE role_binding SET created_at = {long_ago} WHERE created_at > {long_ago}")]).await;
}

pub(crate) async fn approve(app: &TestApp, client: &Client, proposal: &str) -> Answer {
    let body = json!({ "hash": hash(app, proposal).await });
    client.post(&format!("/v1/proposals/{proposal}/approve"), &body).await
}

async fn put_rules(client: &Client, rules: &Value) -> Answer {
    Answer::of(client.request(Method::PUT, "/v1/access-rules").json(rules)).await
}

/// Rules that ask for two people; then the owner's proposal to ask for one, its id.
async fn looser(app: &TestApp) -> String {
    super::rules::set(app, |rules| rules["approvals"] = json!(2)).await;
    loosen(app, &app.as_role(Role::Owner).await).await
}

async fn loosen(app: &TestApp, client: &Client) -> String {
    let mut rules = same_rules(app).await;
    rules["approvals"] = json!(1);
    id(&put_rules(client, &rules).await.is(202).json())
}

pub(crate) async fn settle(app: &TestApp) -> SettleReport {
    let subject = Subject {
        tenant: app.ours.id,
        actor: Actor::Worker { name: "proposal-settle" },
        holdings: Holdings::default(),
        request: RequestId::mint(app.clock.now(), app.app().entropy()),
    };
    let permit = Authorizer::builtin().await.unwrap().authorize::<can::ProposalExpire>(subject).unwrap();
    app.app().proposals().settle(&permit).await.unwrap()
}

pub(crate) async fn state(app: &TestApp, proposal: &str) -> String {
    let shown = app.as_role(Role::Auditor).await.get(&format!("/v1/proposals/{proposal}")).await.is(200).json();
    shown["state"].as_str().unwrap().to_owned()
}

/// Somebody with a second factor and years in their role.
pub(crate) async fn elder(app: &TestApp, role: Role) -> Guarded {
    let member = app.guarded(&app.ours, role).await;
    everybody_is_an_elder(app).await;
    member
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_loosen_the_rules() {
    let app = TestApp::new().await;
    let security = elder(&app, Role::Security).await;
    let proposal = looser(&app).await;
    let shown = security.client.get(&format!("/v1/proposals/{proposal}")).await.is(200).json();
    assert_eq!((&shown["solo"], &shown["execute_after"]), (&json!(false), &json!(null)));
    assert_eq!(
        shown["change"],
        json!({
            "kind": "access-rules", "base": 1,
            "rules": { "strict": false, "approvals": 1, "reviewers": [], "rules": [] },
        })
    );
    // The hash is the change's own, as anybody can compute it.
    let canonical =
        r#"{"base":1,"kind":"access-rules","rules":{"approvals":1,"reviewers":[],"rules":[],"strict":false}}"#;
    assert_eq!(shown["hash"], hex::encode(<sha2::Sha256 as sha2::Digest>::digest(canonical)));
    assert_eq!(same_rules(&app).await["approvals"], 2, "nothing is done yet");

    let other = json!({ "hash": "1".repeat(64) });
    let path = format!("/v1/proposals/{proposal}/approve");
    assert_eq!(security.client.post(&path, &other).await.is(409).code(), "request-changed");
    assert_eq!(approve(&app, &security.client, &proposal).await.is(200).json()["state"], "executed");
    let rules = same_rules(&app).await;
    assert_eq!((&rules["approvals"], &rules["revision"]), (&json!(1), &json!(2)));
    let leaves = app.leaves(app.ours.id).await;
    let updates: Vec<&Value> = leaves.iter().filter(|leaf| leaf["act"] == "access-rules.update").collect();
    let rule = format!("access@4/security/proposal.vote/proposal:{proposal}");
    assert!(updates.iter().any(|leaf| leaf["rule"] == rule.as_str()), "{updates:?}");
    assert_eq!(approve(&app, &security.client, &proposal).await.is(409).code(), "proposal-decided");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_counts_from_few() {
    let app = TestApp::new().await;
    app.expect_damage();
    let security = elder(&app, Role::Security).await;
    let proposal = looser(&app).await;
    // Nobody else but somebody who may vote; not the proposer; not without a second factor.
    for role in [Role::Engineer, Role::Auditor] {
        assert_eq!(approve(&app, &app.as_role(role).await, &proposal).await.is(403).code(), "forbidden");
    }
    let bare = app.as_role(Role::Admin).await;
    assert_eq!(approve(&app, &bare, &proposal).await.is(403).code(), "step-up-required");
    // Not with a second factor shown long ago.
    let late = renewed_for(&app, &signed_in_again(&app, &security).await, 600).await;
    assert_eq!(approve(&app, &late, &proposal).await.is(403).code(), "step-up-required");
    let security = Guarded { client: again(&app, &security).await, ..security };
    let owner = app.as_role(Role::Owner).await;
    // Not who is new in the role.
    let fresh = app.guarded(&app.ours, Role::Admin).await;
    assert_eq!(approve(&app, &fresh.client, &proposal).await.is(403).code(), "not-eligible");
    everybody_is_an_elder(&app).await;
    // Not whom the proposer invited, promoted or reset lately.
    let ids = (app.id(&fresh.member.id), app.id(&app.ours.members[&Role::Owner].id), app.id(&app.ours.id.to_string()));
    let thirty_days = 30 * 86_400_000;
    for kind in ["invited", "promoted", "reset"] {
        for at in [app.now_ms(), app.now_ms() - thirty_days + 1] {
            let (member, by, tenant) = &ids;
            let insert = format!(
                "INSERT INTO member_influence (tenant_id, member_id, by_id, kind, at) VALUES ({tenant}, {member}, {by}, '{kind}', {})",
                at * 1_000
            );
            app.tamper(&["DELETE FROM member_influence", &insert]).await;
            assert_eq!(approve(&app, &fresh.client, &proposal).await.is(403).code(), "not-eligible", "{kind}");
        }
    }
    app.tamper(&[&format!("UPDATE member_influence SET at = {}", (app.now_ms() - thirty_days) * 1_000)]).await;
    // Not who gains by it; and nobody their own.
    let gains = propose_owner(&owner, &security.member.id).await.unwrap();
    assert_eq!(approve(&app, &security.client, &gains).await.is(403).code(), "not-eligible");
    let own = loosen_again(&app, &fresh.client).await;
    assert_eq!(approve(&app, &fresh.client, &own).await.is(403).code(), "own-proposal");
    for proposal in [&proposal, &gains, &own] {
        assert_eq!(state(&app, proposal).await, "open");
    }
    assert_eq!(approve(&app, &fresh.client, &proposal).await.is(200).json()["state"], "executed");
}

/// Another loosening than the one that is proposed already.
async fn loosen_again(app: &TestApp, client: &Client) -> String {
    let mut rules = same_rules(app).await;
    rules["approvals"] = json!(1);
    rules["rules"] = json!([{ "labels": ["other"], "approvals": 3, "reviewers": [] }]);
    id(&put_rules(client, &rules).await.is(202).json())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_decides_over_others_takes_two_people() {
    let app = TestApp::new().await;
    let security = elder(&app, Role::Security).await;
    let member = app.guarded(&app.ours, Role::Viewer).await;
    let owner = app.as_role(Role::Owner).await;
    let proposal = propose_owner(&owner, &member.member.id).await.unwrap();
    let twice = propose_owner(&owner, &member.member.id).await.unwrap_err();
    assert_eq!(twice, "already-proposed");
    let rejected = security.client.post(&format!("/v1/proposals/{proposal}/reject"), &json!({})).await.is(200).json();
    assert_eq!((&rejected["state"], &rejected["change"]["role"]), (&json!("rejected"), &json!("owner")));
    let own = owner.post(&format!("/v1/proposals/{proposal}/reject"), &json!({})).await;
    assert_eq!(own.is(409).code(), "proposal-decided");

    let proposal = propose_owner(&owner, &member.member.id).await.unwrap();
    let own = owner.post(&format!("/v1/proposals/{proposal}/reject"), &json!({})).await;
    assert_eq!(own.is(403).code(), "own-proposal");
    let viewer = app.as_role(Role::Viewer).await;
    viewer.get(&format!("/v1/proposals/{proposal}")).await.is(404);
    let cancel = viewer.post(&format!("/v1/proposals/{proposal}/cancel"), &json!({})).await;
    assert_eq!(cancel.is(403).code(), "not-your-proposal");
    approve(&app, &security.client, &proposal).await.is(200);
    let promoted = again(&app, &member).await;
    let me = promoted.get("/v1/me").await.is(200).json();
    assert_eq!(me["roles"], json!(["owner", "viewer"]));
    // Who was just promoted by somebody's proposal does not approve that person's next one, though not new for long.
    everybody_is_an_elder(&app).await;
    let next = looser(&app).await;
    assert_eq!(approve(&app, &promoted, &next).await.is(403).code(), "not-eligible");
    let refused = propose_owner(&owner, &member.member.id).await.unwrap_err();
    assert_eq!(refused, "role-held");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_proposal_edited_after_it_was_made_is_never_carried_out() {
    let app = TestApp::new().await;
    app.expect_damage();
    let security = elder(&app, Role::Security).await;
    let looser = r#"{"base":1,"kind":"access-rules","rules":{"approvals":1,"reviewers":[],"rules":[],"strict":false}}"#;
    super::rules::set(&app, |rules| rules["strict"] = json!(true)).await;
    let owner = app.as_role(Role::Owner).await;
    let mut rules = same_rules(&app).await;
    rules["strict"] = json!(false);
    rules["approvals"] = json!(2);
    let proposal = id(&put_rules(&owner, &rules).await.is(202).json());
    let shown = hash(&app, &proposal).await;
    app.tamper(&[&format!("UPDATE proposal SET change = '{looser}'")]).await;
    let path = format!("/v1/proposals/{proposal}");
    let body = json!({ "hash": shown });
    assert_eq!(security.client.post(&format!("{path}/approve"), &body).await.is(409).code(), "proposal-corrupt");
    assert_eq!(owner.get(&path).await.is(200).json()["change"], json!(null), "what nobody proposed is not shown");
    // With the hash changed too, it is still not what was proposed here.
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(looser));
    let bytes =
        if app.zeros().starts_with("zeroblob") { format!("x'{hash}'") } else { format!("decode('{hash}', 'hex')") };
    app.tamper(&[&format!("UPDATE proposal SET change_hash = {bytes}")]).await;
    assert_eq!(security.client.post(&format!("{path}/approve"), &body).await.is(409).code(), "proposal-corrupt");
    app.tamper(&[&format!("UPDATE proposal SET change = '{looser} '")]).await;
    app.tamper(&["UPDATE proposal SET execute_after = created_at + 1"]).await;
    app.pass(2);
    assert_eq!(settle(&app).await, SettleReport::default());
    assert_eq!(same_rules(&app).await["strict"], true);
    app.pass(DAY);
    assert_eq!(settle(&app).await, SettleReport { expired: 1, ..SettleReport::default() });
}

/// Case 65, for the day of solo mode: nobody with the database's files makes it shorter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_65_a_day_that_was_shortened_does_not_pass() {
    let app = TestApp::new().await;
    app.expect_damage();
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    loosen(&app, &app.as_role(Role::Owner).await).await;
    app.tamper(&["UPDATE proposal SET execute_after = created_at + 1"]).await;
    app.pass(2);
    assert_eq!(settle(&app).await, SettleReport::default());
    // Nor does it come true when its real day is over: it ends with its time.
    app.pass(DAY);
    assert_eq!(settle(&app).await, SettleReport::default());
    app.pass(DAY);
    assert_eq!(settle(&app).await, SettleReport { expired: 1, ..SettleReport::default() });
    assert_eq!(same_rules(&app).await["approvals"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_longer_as_it_was_is_not_changed() {
    let app = TestApp::new().await;
    let security = elder(&app, Role::Security).await;
    let proposal = looser(&app).await;
    super::rules::set(&app, |rules| rules["strict"] = json!(true)).await;
    let decided = approve(&app, &security.client, &proposal).await.is(200).json();
    assert_eq!(decided["state"], "void");
    assert_eq!(same_rules(&app).await["approvals"], 2);
    let open = loosen(&app, &app.as_role(Role::Owner).await).await;
    app.pass(DAY - 1);
    assert_eq!(settle(&app).await, SettleReport::default());
    app.pass(1);
    let late = approve(&app, &again(&app, &security).await, &open).await;
    assert_eq!(late.is(409).code(), "proposal-decided");
    assert_eq!(settle(&app).await, SettleReport { expired: 1, ..SettleReport::default() });
    assert_eq!(state(&app, &open).await, "expired");
}

/// Whom the proposer invited or gave a role is theirs for thirty days, however it came about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_invites_or_promotes_is_not_approved_by_them_for_thirty_days() {
    let app = TestApp::new().await;
    app.expect_damage();
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    let owner = app.as_role(Role::Owner).await;
    let (_, token) = crate::stories::invite(&owner, "new@ours.example", "admin").await;
    let password = "correct horse battery 9".to_owned();
    let body = json!({ "token": token, "name": "New Admin", "password": password });
    app.anonymous().post("/v1/invitations/accept", &body).await.is(204);
    let promoted = app.fresh_member(&app.ours, Role::Viewer).await;
    owner.post("/v1/role-bindings", &json!({ "member_id": promoted.id, "role": "admin" })).await.is(201);
    let invited = Member { id: String::new(), email: "new@ours.example".to_owned(), password };
    let mut people = Vec::new();
    for member in [invited, promoted] {
        let client = app.signed_in(&member).await;
        people.push((app.enrol_totp(&client).await, member));
    }
    let influences = "SELECT kind FROM member_influence ORDER BY kind";
    assert_eq!(app.texts(influences).await, ["invited", "promoted"]);
    for (days, word) in [(8, "not-eligible"), (23, "")] {
        app.pass(days * DAY);
        let proposal = loosen(&app, &app.as_role(Role::Owner).await).await;
        for (n, (totp, member)) in people.iter().enumerate() {
            let challenge = app.challenge(member).await;
            let client = app.bearer(&app.answer(&challenge, ("totp", totp.code(&app, 0).into())).await.is(200));
            let answer = approve(&app, &client, &proposal).await;
            match (word, n) {
                ("", 0) => assert_eq!(answer.is(200).json()["state"], "executed"),
                ("", _) => assert_eq!(answer.is(409).code(), "proposal-decided"),
                _ => assert_eq!(answer.is(403).code(), word),
            }
        }
        app.as_role(Role::Owner).await.post(&format!("/v1/proposals/{proposal}/cancel"), &json!({})).await;
    }
}

/// What somebody left behind does nothing once they were disabled or demoted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_proposal_of_somebody_who_lost_the_right_is_void() {
    let app = TestApp::new().await;
    app.expect_damage();
    super::rules::set(&app, |rules| rules["approvals"] = json!(2)).await;
    let admin = app.fresh_member(&app.ours, Role::Admin).await;
    let member = app.id(&admin.id);
    let disabled = format!("UPDATE member SET state = 'disabled' WHERE id = {member}");
    let active = format!("UPDATE member SET state = 'active' WHERE id = {member}");
    let demoted = format!("UPDATE role_binding SET role = 'viewer' WHERE member_id = {member}");
    let promoted = format!("UPDATE role_binding SET role = 'admin' WHERE member_id = {member}");
    for (lost, found) in [(&disabled, &active), (&demoted, &promoted)] {
        let alone = loosen(&app, &app.signed_in(&admin).await).await;
        app.tamper(&[lost]).await;
        app.pass(DAY);
        assert_eq!(settle(&app).await, SettleReport { voided: 1, ..SettleReport::default() }, "{lost}");
        assert_eq!(state(&app, &alone).await, "void");
        app.tamper(&[found]).await;
    }
    let security = elder(&app, Role::Security).await;
    for (lost, found) in [(&disabled, &active), (&demoted, &promoted)] {
        let proposal = loosen(&app, &app.signed_in(&admin).await).await;
        app.tamper(&[lost]).await;
        let decided = approve(&app, &security.client, &proposal).await.is(200).json();
        assert_eq!(decided["state"], "void", "{lost}");
        app.tamper(&[found]).await;
    }
    assert_eq!(same_rules(&app).await["approvals"], 2);
    let acts = app.acts(app.ours.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "proposal.void").count(), 4);
    assert!(!acts.iter().any(|act| act == "proposal.approve" || act == "proposal.execute"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_solo_mode_a_day_takes_the_second_persons_place() {
    let app = TestApp::new().await;
    let owner = app.as_role(Role::Owner).await;
    assert_eq!(owner.get("/v1/me").await.is(200).json()["tenant"]["solo_mode"], true);
    let proposal = looser(&app).await;
    let viewer = app.as_role(Role::Viewer).await;
    let shown = viewer.get(&format!("/v1/proposals/{proposal}")).await.is(200).json();
    assert_eq!(shown["solo"], true, "every member sees it");
    let members = app.number("SELECT count(*) FROM member").await / 2;
    let told = "SELECT count(*) FROM notice WHERE kind = 'solo-delay-started'";
    assert_eq!(app.number(told).await, members, "every member of ours is told");
    // Any of them stops it.
    let stopped = viewer.post(&format!("/v1/proposals/{proposal}/cancel"), &json!({})).await.is(200).json();
    assert_eq!(stopped["state"], "cancelled");
    app.pass(2 * DAY);
    assert_eq!(settle(&app).await, SettleReport::default());

    let proposal = loosen(&app, &app.as_role(Role::Owner).await).await;
    app.pass(DAY - 1);
    assert_eq!(settle(&app).await, SettleReport::default(), "a day is a day");
    app.pass(1);
    assert_eq!(settle(&app).await, SettleReport { executed: 1, ..SettleReport::default() });
    assert_eq!((state(&app, &proposal).await.as_str(), &same_rules(&app).await["approvals"]), ("executed", &json!(1)));
    let leaves = app.leaves(app.ours.id).await;
    for act in ["proposal.create", "proposal.execute", "access-rules.update"] {
        let solo = format!("/proposal:{proposal}/solo");
        let found = leaves.iter().any(|leaf| leaf["act"] == act && leaf["rule"].as_str().unwrap().ends_with(&solo));
        assert!(found, "{act} says that nobody else agreed");
    }
    assert_eq!(settle(&app).await, SettleReport::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn solo_mode_ends_when_somebody_could_approve_and_strict_has_none() {
    let app = TestApp::new().await;
    let proposal = looser(&app).await;
    app.pass(DAY);
    // Somebody eligible appeared meanwhile: the day is over, and it is not carried out without them.
    let security = elder(&app, Role::Security).await;
    assert_eq!(settle(&app).await, SettleReport::default());
    assert_eq!(app.as_role(Role::Owner).await.get("/v1/me").await.is(200).json()["tenant"]["solo_mode"], false);
    assert_eq!(security.client.get("/v1/me").await.is(200).json()["tenant"]["solo_mode"], true, "nobody for theirs");
    approve(&app, &security.client, &proposal).await.is(200);
    assert_eq!(state(&app, &proposal).await, "executed");

    super::rules::set(&app, |rules| {
        rules["strict"] = json!(true);
        rules["approvals"] = json!(2);
    })
    .await;
    let disabled = app.id(&security.member.id);
    app.tamper(&[&format!("UPDATE member SET state = 'disabled' WHERE id = {disabled}")]).await;
    assert_eq!(app.as_role(Role::Owner).await.get("/v1/me").await.is(200).json()["tenant"]["solo_mode"], false);
    let waits = loosen(&app, &app.as_role(Role::Owner).await).await;
    assert_eq!(app.as_role(Role::Auditor).await.get(&format!("/v1/proposals/{waits}")).await.json()["solo"], false);
    app.pass(2 * DAY);
    assert_eq!(settle(&app).await, SettleReport { expired: 1, ..SettleReport::default() });
    assert_eq!(same_rules(&app).await["strict"], true, "strict is not switched off alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_fifty_decisions_at_once_are_one() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let mut people = Vec::new();
    for role in [Role::Owner, Role::Admin, Role::Security, Role::PrivacyOfficer] {
        people.push(app.guarded(&app.ours, role).await.client);
    }
    everybody_is_an_elder(&app).await;
    let member = app.fresh_member(&app.ours, Role::Viewer).await;
    let owner = app.as_role(Role::Owner).await;
    for round in 0..4 {
        let proposal = propose_owner(&owner, &member.id).await.unwrap();
        let (approve, reject) =
            (format!("/v1/proposals/{proposal}/approve"), format!("/v1/proposals/{proposal}/reject"));
        let cancel = format!("/v1/proposals/{proposal}/cancel");
        let body = json!({ "hash": hash(&app, &proposal).await });
        let nothing = json!({});
        let votes = (0..50).map(|n| {
            let person = &people[n % people.len()];
            let client = if n % 2 == 0 { person.clone() } else { other.client(person.token()) };
            let (approve, reject, cancel, body, nothing, owner) = (&approve, &reject, &cancel, &body, &nothing, &owner);
            async move {
                match (round, n % 10) {
                    (0, _) | (_, 0..5) => client.post(approve, body).await,
                    (_, 5..9) => client.post(reject, nothing).await,
                    _ => owner.post(cancel, nothing).await,
                }
            }
        });
        let answers = join_all(votes).await;
        let mut tally: BTreeMap<String, usize> = BTreeMap::new();
        for answer in &answers {
            let word = if answer.status == 200 { "200".to_owned() } else { answer.code() };
            *tally.entry(word).or_default() += 1;
        }
        let expected = [("200", 1), ("proposal-decided", 49)].map(|(word, count)| (word.to_owned(), count));
        assert_eq!(tally, expected.into(), "round {round}");
        let held =
            format!("SELECT count(*) FROM role_binding WHERE role = 'owner' AND member_id = {}", app.id(&member.id));
        let executed = state(&app, &proposal).await == "executed";
        assert_eq!(app.number(&held).await, i64::from(executed), "round {round}");
        app.tamper(&[&format!("DELETE FROM role_binding WHERE role = 'owner' AND member_id = {}", app.id(&member.id))])
            .await;
    }
}

/// What is wired as a job does what the use cases do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_end_what_time_ends() {
    let app = TestApp::new().await;
    let session = super::using::restricted(&app).await;
    let request = super::ask(&app.as_role(Role::Engineer).await, &session.id).await;
    let proposal = looser(&app).await;
    app.pass(DAY);
    app.work_on_jobs().await;
    let shown = app.as_role(Role::Auditor).await.get(&format!("/v1/access-requests/{request}")).await.is(200).json();
    assert_eq!(shown["state"], "lapsed");
    assert_eq!(state(&app, &proposal).await, "executed");
}

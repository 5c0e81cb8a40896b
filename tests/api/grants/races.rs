//! Many at once, through two processes.

use std::collections::BTreeMap;

use domain::{Personal, Secret};
use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::json;

use super::{ask, rules::set, seen, votes};
use crate::stories;

/// `count` more members in this role, signed in.
async fn more(app: &TestApp, role: Role, count: usize) -> Vec<Client> {
    let mut clients = Vec::new();
    for n in 0..count {
        let email = format!("{role}-{n}@more.example");
        let password = format!("correct horse {role} {n}");
        let new = app::tenants::NewMember {
            name: Personal::new(format!("{role} {n}")),
            email: Personal::new(email.clone()),
            password: Secret::new(password.clone()),
            role,
        };
        app.app().tenants().member_create(app.ours.id, new).await.unwrap();
        let body = json!({ "email": email, "password": password });
        let answer = app.anonymous().post("/v1/auth/login", &body).await.is(200).json();
        clients.push(app.client(answer["access_token"].as_str().unwrap()));
    }
    clients
}

fn tally(answers: &[sealtape_tests::acceptance::Answer]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        let word = if answer.status == 200 { "200".to_owned() } else { answer.code() };
        *tally.entry(word).or_default() += 1;
    }
    tally
}

/// Where transactions run side by side, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_are_twenty() {
    let app = TestApp::on_postgres().await;
    let (own, _) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let body = super::asking_for(&own.closed);
    let answers = join_all((0..50).map(|_| engineer.post("/v1/access-requests", &body))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.status == 409 && answer.code() == "access-request-limit");
    // One of the twenty is that of the story.
    assert_eq!((made, refused.count()), (19, 31));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_fifty_votes_of_one_person_are_one() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let (own, _) = stories::both(&app).await;
    set(&app, |rules| rules["approvals"] = json!(2)).await;
    let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
    let (path, body) =
        (format!("/v1/access-requests/{request}/approve"), json!({ "seen": seen(&app, &request).await }));
    let admin = app.as_role(Role::Admin).await;
    let elsewhere = other.client(admin.token());
    let approvals =
        || async { app.acts(app.ours.id).await.iter().filter(|act| *act == "access-request.approve").count() };
    let before = approvals().await;
    let answers = join_all((0..50).map(|n| if n % 2 == 0 { &admin } else { &elsewhere }.post(&path, &body))).await;
    assert_eq!(tally(&answers), BTreeMap::from([("200".to_owned(), 1), ("already-voted".to_owned(), 49)]));
    assert_eq!(votes(&app, &request).await, 1);
    let shown = admin.get(&format!("/v1/access-requests/{request}")).await.is(200).json();
    assert_eq!(shown["state"], "pending", "one person is not two");
    assert_eq!(approvals().await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_fifty_people_at_once_approve_once() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let (own, _) = stories::both(&app).await;
    set(&app, |rules| rules["approvals"] = json!(5)).await;
    let people = more(&app, Role::Admin, 50).await;
    let request = ask(&people[0], &own.closed).await;
    let path = format!("/v1/access-requests/{request}/approve");
    let body = json!({ "seen": seen(&app, &request).await });
    let clients: Vec<Client> = people
        .iter()
        .enumerate()
        .map(|(n, client)| if n % 2 == 0 { client.clone() } else { other.client(client.token()) })
        .collect();
    let answers = join_all(clients.iter().map(|client| client.post(&path, &body))).await;
    // The requester is among the fifty; five of the others decide, the rest come too late.
    let expected = [("200", 5), ("access-request-decided", 44), ("own-request", 1)];
    assert_eq!(tally(&answers), expected.map(|(word, count)| (word.to_owned(), count)).into());
    assert_eq!(votes(&app, &request).await, 5);
    let approved = "SELECT count(*) FROM access_grant WHERE state = 'approved' AND approved_at IS NOT NULL AND id = ";
    assert_eq!(app.number(&format!("{approved}{}", app.id(&request))).await, 1);
}

/// Deciding, denying, withdrawing and revoking at once: one of them wins, and what is stored is what it says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_every_step_at_once_has_one_outcome() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let (own, _) = stories::both(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let (owner, admin) = (app.as_role(Role::Owner).await, other.client(app.as_role(Role::Admin).await.token()));
    for round in 0..8 {
        let request = ask(&engineer, &own.closed).await;
        let body = json!({ "seen": seen(&app, &request).await });
        let base = format!("/v1/access-requests/{request}");
        let (approve, deny, cancel) = (format!("{base}/approve"), format!("{base}/deny"), format!("{base}/cancel"));
        let revoke = format!("/v1/grants/{request}/revoke");
        let nothing = json!({});
        tokio::join!(
            async { join_all((0..6).map(|_| owner.post(&approve, &body))).await },
            async { join_all((0..6).map(|_| admin.post(&deny, &nothing))).await },
            async { engineer.post(&cancel, &nothing).await },
            async { admin.post(&revoke, &nothing).await },
        );
        let shown = owner.get(&base).await.is(200).json();
        let (state, reason) = (shown["state"].as_str().unwrap(), shown["ended_reason"].as_str());
        let legal = [
            ("approved", None),
            ("denied", Some("denied")),
            ("lapsed", Some("withdrawn")),
            ("revoked", Some("given-up")),
            ("revoked", Some("revoked")),
        ];
        assert!(legal.contains(&(state, reason)), "round {round}: {state} {reason:?}");
        let yes = shown["votes"].as_array().unwrap().iter().filter(|vote| vote["vote"] == "approve").count();
        assert_eq!(yes == 1, !shown["approved_at"].is_null(), "round {round}: {shown}");
        assert!(!(state == "denied" && yes > 0), "round {round}");
    }
}

/// Of fifty who replace the same revision, one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_replaced_by_fifty_at_once_change_once() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let mut rules = super::same_rules(&app).await;
    rules["approvals"] = json!(2);
    let owner = app.as_role(Role::Owner).await;
    let elsewhere = other.client(owner.token());
    let put = |client: &Client| {
        let request = client.request(reqwest::Method::PUT, "/v1/access-rules").json(&rules);
        sealtape_tests::acceptance::Answer::of(request)
    };
    let answers = join_all((0..50).map(|n| put(if n % 2 == 0 { &owner } else { &elsewhere }))).await;
    assert_eq!(tally(&answers), BTreeMap::from([("200".to_owned(), 1), ("rules-changed".to_owned(), 49)]));
    assert_eq!(super::same_rules(&app).await["revision"], 1);
}

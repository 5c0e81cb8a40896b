//! Attack 50: self-approval, approvers without the right, requests edited after approval.

use policy::access::Role;
use sealtape_tests::acceptance::TestApp;
use serde_json::json;

use super::{approve, ask, rules::set, seen, votes};
use crate::stories;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_nobody_decides_on_their_own_request() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    for role in [Role::Owner, Role::Admin, Role::PrivacyOfficer, Role::Security] {
        let client = app.as_role(role).await;
        let request = ask(&client, &own.closed).await;
        assert_eq!(approve(&app, &client, &request).await.is(403).code(), "own-request", "{role}");
        let denied = client.post(&format!("/v1/access-requests/{request}/deny"), &json!({})).await;
        assert_eq!(denied.is(403).code(), "own-request", "{role}");
        assert_eq!(votes(&app, &request).await, 0);
        assert_eq!(client.get(&format!("/v1/access-requests/{request}")).await.json()["state"], "pending");
    }
    // Past every check of the service, the table itself refuses it.
    let request = ask(&app.as_role(Role::Admin).await, &own.closed).await;
    let (grant, admin) = (app.id(&request), app.id(&app.ours.members[&Role::Admin].id));
    let insert = |voter: &str, requester: &str| {
        format!(
            "INSERT INTO access_grant_vote (tenant_id, grant_id, member_id, requester_id, vote, seen, at)
             SELECT tenant_id, id, {voter}, {requester}, 'approve', {}, 1 FROM access_grant WHERE id = {grant}",
            app.zeros()
        )
    };
    let owner = app.id(&app.ours.members[&Role::Owner].id);
    for (sql, why) in [(insert(&admin, &admin), "own vote"), (insert(&admin, &owner), "another requester's name")] {
        assert!(app.try_sql(&sql).await.is_err(), "{why}");
    }
    assert!(app.try_sql(&insert(&owner, &admin)).await.is_ok(), "somebody else's vote is one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_an_approver_who_lost_the_right_no_longer_counts() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    app.expect_damage();
    set(&app, |rules| rules["approvals"] = json!(2)).await;
    let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
    let admin = app.as_role(Role::Admin).await;
    assert_eq!(approve(&app, &admin, &request).await.is(200).json()["state"], "pending");
    let member = app.id(&app.ours.members[&Role::Admin].id);
    for (lost, found) in [
        (
            format!("UPDATE role_binding SET role = 'viewer' WHERE member_id = {member}"),
            format!("UPDATE role_binding SET role = 'admin' WHERE member_id = {member}"),
        ),
        (
            format!("UPDATE member SET state = 'disabled' WHERE id = {member}"),
            format!("UPDATE member SET state = 'active' WHERE id = {member}"),
        ),
    ] {
        app.tamper(&[&lost]).await;
        let request = ask(&app.as_role(Role::Support).await, &own.closed).await;
        app.tamper(&[&found]).await;
        approve(&app, &admin, &request).await.is(200);
        app.tamper(&[&lost]).await;
        let second = approve(&app, &app.as_role(Role::Owner).await, &request).await.is(200).json();
        assert_eq!(second["state"], "pending", "one approval that counts, not two: {lost}");
        let third = approve(&app, &app.as_role(Role::Security).await, &request).await.is(200).json();
        assert_eq!(third["state"], "approved");
        app.tamper(&[&found]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_a_request_edited_after_a_vote_loses_the_vote() {
    let app = TestApp::new().await;
    let (own, _) = stories::both(&app).await;
    app.expect_damage();
    set(&app, |rules| rules["approvals"] = json!(2)).await;
    let live = app.id(&own.live.id);
    for edit in [
        "UPDATE access_grant SET verb = 'export' WHERE id = ",
        "UPDATE access_grant SET duration_s = 28800 WHERE id = ",
        "UPDATE access_grant SET purpose = 'legal' WHERE id = ",
        &format!(
            "INSERT INTO access_grant_session (tenant_id, grant_id, session_id) SELECT tenant_id, id, {live} FROM access_grant WHERE id = "
        ),
    ] {
        let request = ask(&app.as_role(Role::Engineer).await, &own.closed).await;
        approve(&app, &app.as_role(Role::Admin).await, &request).await.is(200);
        let shown = seen(&app, &request).await;
        app.tamper(&[&format!("{edit}{}", app.id(&request))]).await;
        // Whoever looked before approves nothing.
        let body = json!({ "seen": shown });
        let owner = app.as_role(Role::Owner).await;
        let stale = owner.post(&format!("/v1/access-requests/{request}/approve"), &body).await;
        assert_eq!(stale.is(409).code(), "request-changed", "{edit}");
        // Whoever looks now stands alone: the vote on something else does not count.
        assert_eq!(approve(&app, &owner, &request).await.is(200).json()["state"], "pending", "{edit}");
    }
}

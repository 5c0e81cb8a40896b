//! Lists that tell who watched: each look is on record, once a minute for each reader and list, before anything is shown.

use policy::access::Role;
use sealtape_tests::acceptance::TestApp;

use crate::stories;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_a_list_of_watchers_is_on_record_once_a_minute() {
    let app = TestApp::new().await;
    let (own, theirs) = stories::both(&app).await;
    app.pass(61);
    let (owner, security) = (app.as_role(Role::Owner).await, app.as_role(Role::Security).await);
    let count = async |act: &str| {
        let leaves = app.leaves(app.ours.id).await;
        leaves.into_iter().filter(|leaf| leaf["act"] == act && leaf["out"] == "allow").count()
    };
    let viewers = format!("/v1/sessions/{}/viewers", own.closed);
    let lists = [
        (viewers.clone(), "session.viewers"),
        (format!("/v1/sessions/{}/exports", own.closed), "session.exports"),
        ("/v1/grants".to_owned(), "grant.list"),
        ("/v1/break-glass".to_owned(), "break-glass.list"),
        ("/v1/audit/exports".to_owned(), "audit.exports"),
    ];
    for (path, act) in &lists {
        let before = count(act).await;
        for bad in ["?limit=0", "?cursor=x"] {
            owner.get(&format!("{path}{bad}")).await.is(422);
        }
        assert_eq!(count(act).await, before, "{act}: what is no page leaves no trace");
        let page = owner.get(&format!("{path}?limit=1")).await.is(200).json();
        if let Some(cursor) = page["next_cursor"].as_str() {
            owner.get(&format!("{path}?limit=1&cursor={cursor}")).await.is(200);
        }
        owner.get(path).await.is(200);
        assert_eq!(count(act).await, before + 1, "{act}: pages are one look");
        security.get(path).await.is(200);
        assert_eq!(count(act).await, before + 2, "{act}: somebody else is another reader");
    }
    // Another session is another list, and a minute later it is another look.
    owner.get(&format!("/v1/sessions/{}/viewers", own.live.id)).await.is(200);
    owner.get(&viewers).await.is(200);
    app.pass(60);
    owner.get(&viewers).await.is(200);
    let looks = app.leaves(app.ours.id).await.into_iter().filter(|leaf| leaf["act"] == "session.viewers");
    let me = app.ours.members[&Role::Owner].id.as_str();
    let mut mine: Vec<String> = looks
        .filter(|leaf| leaf["actor"]["id"] == me)
        .map(|leaf| leaf["obj"]["id"].as_str().unwrap().to_owned())
        .collect();
    mine.sort();
    let mut want = vec![own.closed.clone(), own.closed.clone(), own.live.id.clone()];
    want.sort();
    assert_eq!(mine, want);

    // Nobody's but one's own: that tells nothing of others. What is not there was not read.
    let before = (count("grant.list").await, count("session.viewers").await);
    app.as_role(Role::Engineer).await.get("/v1/grants").await.is(200);
    owner.get(&format!("/v1/sessions/{}/viewers", theirs.closed)).await.is(404);
    assert_eq!((count("grant.list").await, count("session.viewers").await), before);

    // What cannot be put on record is not shown.
    app.pass(61);
    app.break_inserts("audit_outbox").await;
    for (path, act) in &lists {
        let refused = owner.get(path).await;
        assert!(matches!(refused.status, 500 | 503), "{act}: {}", refused.status);
    }
}

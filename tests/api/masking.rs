//! Who may watch and not read: support and viewer see the page without its text, and nothing beside the page.

use policy::{access::Role, privacy::MASK};
use sealtape_tests::acceptance::TestApp;
use serde_json::Value;

use crate::{grants, stories};

/// Words of the recorded visit, and parts of its addresses.
const WORDS: [&str; 5] = ["One item", "hello", "second tab", "no such item", "/cart"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_read_sees_the_page_without_its_words() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await.watch(&session, "").await;
    let open: String = engineer.iter().map(Value::to_string).collect();
    assert!(WORDS.iter().all(|word| open.contains(word)), "the engineer reads all of them");
    assert_eq!(engineer[0]["head"]["masked"], false);
    for role in [Role::Support, Role::Viewer] {
        let member = app.as_role(role).await;
        let lines = member.watch(&session, "").await;
        let shown: String = lines.iter().map(Value::to_string).collect();
        for word in WORDS {
            assert!(!shown.contains(word), "{role} reads {word:?}");
        }
        assert!(shown.contains(MASK), "something is there");
        let head = &lines[0]["head"];
        assert_eq!((&head["masked"], &head["panes"]), (&true.into(), &serde_json::json!(["dom", "actions"])), "{role}");
        assert_eq!(head["watermark"]["viewer"], format!("{role} of ours"));
        let snapshots = lines.iter().filter(|line| line["event"]["type"] == 2).count();
        assert_eq!(
            snapshots,
            engineer.iter().filter(|line| line["event"]["type"] == 2).count(),
            "the picture is whole"
        );
        // Panes that are nothing but text are not there, whether they are asked for or not.
        for pane in ["console", "network", "state"] {
            let refused = member.get(&format!("/v1/sessions/{session}/events?panes={pane}")).await.is(403);
            assert_eq!(refused.code(), "access-required", "{role} {pane}");
        }
        let partly = member.watch(&session, "?panes=dom,console").await;
        assert_eq!(partly[0]["head"]["panes"], serde_json::json!(["dom"]));
    }
}

/// The words are not told beside the picture either: not on the session's page, in the list, or by searching for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_masked_is_not_told_elsewhere() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let engineer = app.as_role(Role::Engineer).await;
    let support = app.as_role(Role::Support).await;
    for (member, reads) in [(&engineer, true), (&support, false)] {
        for path in [format!("/v1/sessions/{session}"), "/v1/sessions".to_owned()] {
            let text = member.get(&path).await.is(200).text();
            assert_eq!(text.contains("/cart"), reads, "{path}: {text}");
            assert!(text.contains("https://shop.example"), "the host is no secret: {path}");
        }
        for (query, told) in
            [("?url=/cart", reads), ("?error=0123456789abcdef", reads), ("?origin=https://shop.example", true)]
        {
            let listed = member.get(&format!("/v1/sessions{query}")).await.is(200).json();
            assert_eq!(!listed["items"].as_array().unwrap().is_empty(), told, "{query}");
        }
    }
}

/// A grant to watch unmasked shows the text, for as long as it holds; one to watch shows what its holder's roles show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_lifts_the_mask_and_only_one_to_do_so() {
    let app = TestApp::new().await;
    let (session, _) = stories::visit(&app).await;
    let (support, admin) = (app.as_role(Role::Support).await, app.as_role(Role::Admin).await);
    let reads = async || {
        let lines = support.watch(&session, "").await;
        let text: String = lines.iter().map(Value::to_string).collect();
        let head = &lines[0]["head"];
        let reads = WORDS.iter().any(|word| text.contains(word));
        assert_eq!(head["masked"], !reads);
        assert_eq!(head["panes"].as_array().unwrap().len(), if reads { 5 } else { 2 });
        (reads, head["watermark"]["grant"].clone())
    };
    let to_view = grants::ask(&support, &session).await;
    grants::approve_as(&admin, &to_view).await.is(200);
    assert_eq!(reads().await, (false, Value::Null), "what the role opens anyway is opened by the role");

    let mut unmasked = grants::asking_for(&session);
    unmasked["verb"] = "view-unmasked".into();
    let lifting = grants::id(&support.post("/v1/access-requests", &unmasked).await.is(201).json());
    assert_eq!(reads().await, (false, Value::Null), "nobody has approved it");
    grants::approve_as(&admin, &lifting).await.is(200);
    assert_eq!(reads().await, (true, lifting.as_str().into()));
    let detail = support.get(&format!("/v1/sessions/{session}")).await.is(200).text();
    assert!(detail.contains("/cart"), "{detail}");
    let listed = support.get("/v1/sessions").await.is(200).text();
    assert!(!listed.contains("/cart"), "a grant names sessions and widens no list");
    let leaves = app.leaves(app.ours.id).await;
    let rules: Vec<&str> =
        leaves.iter().filter(|l| l["act"] == "session.view").filter_map(|l| l["rule"].as_str()).collect();
    assert!(rules.iter().any(|rule| rule.ends_with(&format!("/grant:{lifting}"))), "{rules:?}");

    admin.post(&format!("/v1/grants/{lifting}/revoke"), &serde_json::json!({})).await.is(200);
    assert_eq!(reads().await, (false, Value::Null));
}

/// Where a role opens nothing, a grant to watch opens the picture as that role shows it elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_to_watch_is_no_grant_to_read() {
    let app = TestApp::new().await;
    let session = grants::restricted(&app).await.id;
    let admin = app.as_role(Role::Security).await;
    for (role, masked) in [(Role::Viewer, true), (Role::Engineer, false)] {
        let member = app.as_role(role).await;
        let request = grants::ask(&member, &session).await;
        grants::approve_as(&admin, &request).await.is(200);
        let lines = member.watch(&session, "").await;
        let head = &lines[0]["head"];
        assert_eq!((&head["masked"], &head["watermark"]["grant"]), (&masked.into(), &request.into()), "{role}");
        if masked {
            assert_eq!(member.get(&format!("/v1/sessions/{session}/events?panes=console")).await.status, 403);
        }
    }
}

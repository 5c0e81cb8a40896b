//! Finding sessions: by what is in clear, by blind words, page by page.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp, events};
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

/// Three sessions of one hour apart, oldest first.
async fn three(app: &TestApp) -> [String; 3] {
    let visits = [
        ("https://shop.example/orders/77/invoice?q=secret", "1.4.0", FIREFOX, false, 1_000),
        ("https://shop.example/help", "1.4.1", SAFARI, true, 5_000),
        ("https://admin.example/orders", "2.0.0", FIREFOX, false, 60_000),
    ];
    let mut ids = Vec::new();
    for (url, release, browser, fails, duration) in visits {
        let agent = app.agent();
        let mut greeting = agent.greeting();
        greeting["page"] = json!({ "url": url });
        greeting["release"] = json!(release);
        let request = agent.client.request(reqwest::Method::POST, "/v1/agent/sessions").header("user-agent", browser);
        let started = sealtape_tests::acceptance::Answer::of(request.json(&greeting)).await.is(201).json();
        let client = app.client(started["token"].as_str().unwrap());
        let id = started["session_id"].as_str().unwrap().to_owned();
        let recording = sealtape_tests::acceptance::Recording { id: id.clone(), resume: String::new(), client };
        let at = app.now_ms();
        recording.record(0, 0, &events::page(at, url)).await;
        let mut more = vec![events::moved(at + duration, 1)];
        if fails {
            more.insert(0, events::error(at + 10, "no such item", "0123456789abcdef"));
        }
        recording.record(0, 1, &more).await;
        ids.push(id);
        app.pass(3_600);
    }
    ids.try_into().unwrap()
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/sessions{query}")).await.is(200).json();
    ids(&page)
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_filter_finds_what_it_names() {
    let app = TestApp::new().await;
    let [invoice, help, admin] = three(&app).await;
    app.finish_due().await;
    let engineer = app.as_role(Role::Engineer).await;
    let project = &app.ours.project;
    let table: Vec<(String, Vec<&String>)> = vec![
        (String::new(), vec![&admin, &help, &invoice]),
        (format!("?project={project}"), vec![&admin, &help, &invoice]),
        (format!("?project={}", app.theirs.project), vec![]),
        ("?from=2026-11-22T01:00:00Z".into(), vec![&admin, &help]),
        ("?to=2026-11-22T01:00:00Z".into(), vec![&invoice]),
        ("?from=2026-11-22T01:00:00Z&to=2026-11-22T02:00:00Z".into(), vec![&help]),
        ("?state=live".into(), vec![]),
        ("?state=closed".into(), vec![&admin, &help, &invoice]),
        ("?has_error=true".into(), vec![&help]),
        ("?has_error=false".into(), vec![&admin, &invoice]),
        ("?release=1.4.0".into(), vec![&invoice]),
        ("?release=1.4.*".into(), vec![&help, &invoice]),
        ("?release=1.4".into(), vec![]),
        ("?browser=Firefox".into(), vec![&admin, &invoice]),
        ("?os=iOS".into(), vec![&help]),
        ("?min_duration_ms=5000".into(), vec![&admin, &help]),
        ("?origin=https://shop.example".into(), vec![&help, &invoice]),
        ("?origin=https://SHOP.example:443/".into(), vec![&help, &invoice]),
        ("?origin=http://shop.example".into(), vec![]),
        ("?url=/orders".into(), vec![&admin, &invoice]),
        ("?url=https://shop.example/orders".into(), vec![&invoice]),
        ("?url=/orders/78".into(), vec![&invoice]),
        ("?url=/order".into(), vec![]),
        ("?url=/help".into(), vec![&help]),
        ("?error=0123456789abcdef".into(), vec![&help]),
        ("?error=0123456789abcdee".into(), vec![]),
        ("?browser=Firefox&url=/orders&has_error=false&release=2.*".into(), vec![&admin]),
    ];
    for (query, want) in table {
        assert_eq!(found(&engineer, &query).await, want.into_iter().cloned().collect::<Vec<_>>(), "{query}");
    }
}

/// Another tenant has other words: what it searches for never meets our index.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blind_words_end_at_the_tenant() {
    let app = TestApp::new().await;
    three(&app).await;
    let theirs = app.member(&app.theirs, Role::Owner).await;
    for query in ["", "?url=/orders", "?origin=https://shop.example", "?error=0123456789abcdef"] {
        assert!(found(&theirs, query).await.is_empty(), "{query}");
    }
    let recording = app.theirs.agent(&app).start().await;
    recording.record(0, 0, &events::page(app.now_ms(), "https://shop.example/orders/77")).await;
    assert_eq!(found(&theirs, "?url=/orders").await, [recording.id]);
    let shared =
        "SELECT count(*) FROM (SELECT token FROM search_token GROUP BY token HAVING count(DISTINCT tenant_id) > 1) t";
    assert_eq!(app.number(shared).await, 0, "the same words have other tokens in another tenant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_each_session_once_and_cursors_are_bound() {
    let app = TestApp::new().await;
    let mut want = Vec::new();
    for n in 0..7 {
        want.push(app.agent().start().await.id);
        // Some start in the same instant.
        app.pass(n % 2);
    }
    let viewer = app.as_role(Role::Viewer).await;
    let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
    let mut sizes = Vec::new();
    let cursor = loop {
        let page = viewer.get(&format!("/v1/sessions{query}")).await.is(200).json();
        sizes.push(ids(&page).len());
        seen.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=3&cursor={cursor}"),
            None => break query.split("cursor=").nth(1).unwrap().to_owned(),
        }
    };
    assert_eq!(sizes, [3, 3, 1]);
    seen.sort();
    want.sort();
    assert_eq!(seen, want);

    for other in
        [format!("?cursor={cursor}&has_error=true"), format!("?cursor={cursor}x"), format!("?cursor=A{}", &cursor[1..])]
    {
        let refused = viewer.get(&format!("/v1/sessions{other}")).await.is(422);
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/cursor", "{other}");
    }
    viewer.get(&format!("/v1/projects?cursor={cursor}")).await.is(422);
    let theirs = app.member(&app.theirs, Role::Viewer).await;
    theirs.get(&format!("/v1/sessions?cursor={cursor}")).await.is(422);
}

/// A new session is told to those who follow the list, within five seconds, and only in its tenant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_list_tells_new_sessions() {
    let app = TestApp::new().await;
    let viewer = app.as_role(Role::Viewer).await;
    let mut stream = viewer.request(reqwest::Method::GET, "/v1/sessions/live").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(&stream.chunk().await.unwrap().unwrap()[..], b": connected\n\n");
    let begun = std::time::Instant::now();
    app.theirs.agent(&app).start().await;
    let recording = app.agent().start().await;
    let told = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        let mut text = String::new();
        while !text.contains("event: session") || !text.ends_with("\n\n") {
            text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().expect("goes on")).unwrap());
        }
        text
    });
    let text = told.await.expect("the session is told");
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let session: Value = serde_json::from_str(data).unwrap();
    assert_eq!(session["id"], recording.id.as_str());
    assert_eq!(text.matches("event: session").count(), 1, "nothing of another tenant: {text}");
}

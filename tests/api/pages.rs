//! The files of console, player and agent, as browsers and tools ask for them.

use sealtape_tests::acceptance::TestApp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Status line and headers, in which answers to the same question are alike, and the bytes behind them.
async fn ask(app: &TestApp, method: &str, host: &str, path: &str) -> (Vec<String>, Vec<u8>) {
    // By hand: an HTTP client would not read a body that must not be there.
    let mut stream = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("headers end") + 4;
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let fresh = ["date:", "request-id:", "content-security-policy:"];
    let mut lines: Vec<String> = head.lines().map(str::to_lowercase).collect();
    lines.retain(|line| !fresh.iter().any(|name| line.starts_with(name)));
    lines.sort();
    (lines, answer[end..].to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_is_answered_like_get_without_the_body() {
    let app = TestApp::new().await;
    for (host, path) in [
        ("console.test", "/"),
        ("console.test", "/sessions"),
        ("console.test", "/none.js"),
        ("console.test", "/agent/manifest.json"),
        ("console.test", "/agent/none.js"),
        ("replay.test", "/"),
        ("replay.test", "/none"),
    ] {
        let (by_get, body) = ask(&app, "GET", host, path).await;
        let (by_head, nothing) = ask(&app, "HEAD", host, path).await;
        assert_eq!(by_head, by_get, "{host}{path}");
        assert!(!body.is_empty() && nothing.is_empty(), "{host}{path}: {} and {} bytes", body.len(), nothing.len());
        assert!(by_head.contains(&format!("content-length: {}", body.len())), "{host}{path}: {by_head:?}");
    }
    let (refused, _) = ask(&app, "POST", "replay.test", "/").await;
    assert!(refused.contains(&"allow: get, head".to_owned()), "{refused:?}");
    // An operation has the methods of the document and no others.
    let (refused, _) = ask(&app, "HEAD", "console.test", "/v1/projects").await;
    assert!(refused.contains(&"http/1.1 405 method not allowed".to_owned()), "{refused:?}");
}

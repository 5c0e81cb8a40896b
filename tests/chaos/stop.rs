//! Stopping and starting again.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sealtape_tests::process::{Body, Deployment, Session, Tape};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::deployment;

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn restart_keeps_everything() {
    let deployment = deployment().with("FINISHER__INTERVAL_MS", "100000");
    let tape = Tape::load("todo-5min").cut_by_count(100);
    let running = deployment.start().await;
    let sheet = deployment.sheet().await;
    let agent = deployment.agent().await;
    let session = agent.start("https://shop.example/first", "First").await.expect("starts");
    for n in 0..3 {
        agent.put(&session, 0, n, &tape.body(n as usize, 1_790_000_000_000)).await.expect("is taken");
    }
    let member = deployment.member(&sheet.engineer).await;
    let events = member.events(&session.id).await;
    let list = member.json("/v1/sessions").await;
    let me = member.json("/v1/me").await;
    running.stop().await;

    let running = deployment.start().await;
    assert_eq!(member.json("/v1/me").await, me, "an access token from before is good");
    assert_eq!(deployment.sheet().await.agent_key, sheet.agent_key);
    assert_eq!(deployment.member(&sheet.engineer).await.json("/v1/me").await, me, "the same password signs in");
    assert_eq!(member.json("/v1/sessions").await, list);
    assert_eq!(member.events(&session.id).await, events);
    // The node map of the tab is there again: nothing is masked for want of it, and no snapshot is asked for.
    let ack = agent.put(&session, 0, 3, &tape.body(3, 1_790_000_000_000)).await.expect("the session's token is good");
    assert!(ack.next == 4 && !ack.snapshot, "{ack:?}");
    let more = member.events(&session.id).await;
    assert_eq!(more[..events.len()], events[..]);
    assert!(more.len() > events.len());
    running.stop().await;
}

#[tokio::test]
async fn sigterm_stops_cleanly() {
    let deployment = deployment().with("SERVER__STOP_SECONDS", "60");
    let mut running = deployment.start().await;
    let mut upload = HalfSent::begin(&deployment).await;
    running.terminate();
    stopping(&deployment).await;
    // Said first, then done: a request may still slip in between.
    while !refuses(&deployment).await {}
    let answer = upload.complete().await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#""durable":true"#), "{answer}");
    let status = running.exited(SOON).await;
    assert_eq!(status.code(), Some(0), "{}", deployment.log());

    let running = deployment.start().await;
    let member = deployment.member(&deployment.sheet().await.engineer).await;
    assert_eq!(member.events(&upload.session.id).await.len(), upload.body.events);
    running.stop().await;
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let deployment = deployment().with("SERVER__STOP_SECONDS", "600");
    let mut running = deployment.start().await;
    let upload = HalfSent::begin(&deployment).await;
    running.terminate();
    stopping(&deployment).await;
    running.terminate();
    let status = running.exited(SOON).await;
    assert_eq!(status.code(), Some(1), "{}", deployment.log());

    let running = deployment.start().await;
    let member = deployment.member(&deployment.sheet().await.engineer).await;
    let detail: Value = member.json(&format!("/v1/sessions/{}", upload.session.id)).await;
    assert_eq!(detail["segments"], 0, "half an upload leaves nothing: {detail}");
    running.stop().await;
}

/// Waits until the server says that it is stopping.
async fn stopping(deployment: &Deployment) {
    while !deployment.log().contains("stopping: ") {
        // A line in a file: there is no event to wait for.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether a new connection gets no answer: the listener is closed, or nobody takes connections from it any more.
async fn refuses(deployment: &Deployment) -> bool {
    let http = deployment.http();
    let asked = http.get(format!("{}/v1/deployment", deployment.origin())).timeout(Duration::from_millis(300)).send();
    asked.await.is_err()
}

/// An upload whose body has not arrived whole.
struct HalfSent {
    session: Session,
    body: Body,
    socket: TcpStream,
    sent: usize,
}

impl HalfSent {
    async fn begin(deployment: &Deployment) -> Self {
        let agent = deployment.agent().await;
        let session = agent.start("https://shop.example/", "Shop").await.expect("starts");
        let body = Tape::load("todo-5min").cut_by_count(100).body(0, 1_790_000_000_000);
        let host = deployment.origin().replace("http://", "");
        let head = format!(
            "PUT /v1/agent/sessions/{}/segments/0/0 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
             Content-Encoding: gzip\r\nContent-Type: application/x-ndjson\r\nContent-Digest: sha-256=:{}:\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            session.id,
            session.token,
            STANDARD.encode(body.digest),
            body.gzip.len(),
        );
        let mut socket = TcpStream::connect(deployment.addr()).await.expect("connects");
        socket.write_all(head.as_bytes()).await.expect("sends");
        // The server asks for the body when its handler reads: from here on the request is under way.
        let mut line = [0; 25];
        socket.read_exact(&mut line).await.expect("is answered");
        assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n");
        let sent = body.gzip.len() / 2;
        socket.write_all(&body.gzip[..sent]).await.expect("sends");
        Self { session, body, socket, sent }
    }

    async fn complete(&mut self) -> String {
        self.socket.write_all(&self.body.gzip[self.sent..]).await.expect("sends");
        let mut answer = String::new();
        self.socket.read_to_string(&mut answer).await.expect("is answered");
        answer
    }
}

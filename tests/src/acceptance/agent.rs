//! A capture agent, as far as the server can tell.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Client, Form, Segment};

/// Starts sessions.
#[derive(Debug, Clone)]
pub struct Agent {
    /// A client with the agent key.
    pub client: Client,
    origin: String,
}

impl Agent {
    pub(super) fn new(client: Client, origin: &str) -> Self {
        Self { client, origin: origin.to_owned() }
    }

    /// The same agent on a page of another origin.
    #[must_use]
    pub fn on(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..self.clone() }
    }

    /// The same agent with another agent key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { client: self.client.with_credential(Some(format!("Bearer {key}"))), ..self.clone() }
    }

    /// What an agent says when it starts on a page.
    #[must_use]
    pub fn greeting(&self) -> Value {
        json!({
            "page": { "url": format!("{}/cart?q=secret", self.origin), "title": "Cart" },
            "policy_version": 1,
            "agent": { "name": "@sealtape/agent", "version": "0.1.0" },
        })
    }

    /// Asks to start a session.
    pub async fn ask(&self, greeting: &Value) -> Answer {
        let request = self.client.request(Method::POST, "/v1/agent/sessions").header("origin", &self.origin);
        Answer::of(request.json(greeting)).await
    }

    /// Starts a session.
    pub async fn start(&self) -> Recording {
        self.start_with(&self.greeting()).await
    }

    /// Starts a session with these words.
    pub async fn start_with(&self, greeting: &Value) -> Recording {
        let started = self.ask(greeting).await.is(201).json();
        let text = |name: &str| started[name].as_str().expect("text").to_owned();
        let token = text("token");
        Recording {
            id: text("session_id"),
            resume: text("resume"),
            client: self.client.with_credential(Some(format!("Bearer {token}"))),
        }
    }

    /// Asks for a new session token.
    pub async fn renew(&self, session: &str, resume: &str) -> Answer {
        self.client.post(&format!("/v1/agent/sessions/{session}/token"), &json!({ "resume": resume })).await
    }
}

/// A session that is being recorded.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The session's id.
    pub id: String,
    /// The right to a new token.
    pub resume: String,
    /// A client with the session token.
    pub client: Client,
}

impl Recording {
    /// The same recording through another client's server.
    #[must_use]
    pub fn through(&self, other: &Client) -> Self {
        Self { client: other.with_credential(self.client.credential.clone()), ..self.clone() }
    }

    /// The same recording with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { client: self.client.with_credential(Some(format!("Bearer {token}"))), ..self.clone() }
    }

    /// Sends a segment.
    pub async fn send(&self, form: Form, segment: &Segment) -> Answer {
        Answer::of(segment.request(&self.client, form, &self.id)).await
    }

    /// Sends these events, which must be taken; the acknowledgement.
    pub async fn record(&self, tab: u16, n: u32, events: &[Value]) -> Value {
        self.send(Form::Upload, &Segment::of(tab, n, events)).await.is(200).json()
    }

    /// Sends to `/v1/agent/sessions/{id}/…`.
    pub async fn tell(&self, what: &str, body: &Value) -> Answer {
        self.client.post(&format!("/v1/agent/sessions/{}/{what}", self.id), body).await
    }

    /// Says that tab 0 is over.
    pub async fn finish(&self, segments: u32) {
        let body = json!({ "tab": 0, "segments": segments, "gaps": [] });
        assert_eq!(self.tell("finish", &body).await.status, 204);
    }
}

//! Asking over HTTP and reading the answers.

use bytes::Bytes;
use futures::StreamExt as _;
use reqwest::{
    Method, RequestBuilder,
    header::{self, HeaderMap},
};
use serde_json::Value;

/// A client with one credential, or none.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base: String,
    pub(super) credential: Option<String>,
}

impl Client {
    /// The same client with another `Authorization` header, given whole; `None` takes it away.
    #[must_use]
    pub fn with_credential(&self, credential: Option<String>) -> Self {
        Self { credential, ..self.clone() }
    }

    /// The token behind `Bearer`, empty when there is none.
    #[must_use]
    pub fn token(&self) -> &str {
        self.credential.as_deref().and_then(|credential| credential.strip_prefix("Bearer ")).unwrap_or_default()
    }

    /// A request that is not sent yet.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.credential {
            Some(credential) => request.header(header::AUTHORIZATION, credential),
            None => request,
        }
    }

    /// Asks with GET.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// Sends JSON with POST.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// Sends JSON with PUT.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(body)).await
    }

    /// Sends JSON with PATCH.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body)).await
    }

    /// Asks with DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Every line of a session's events, each as JSON. The stream must be whole.
    pub async fn watch(&self, session: &str, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/v1/sessions/{session}/events{query}")).await.is(200);
        let lines: Vec<Value> = answer.lines();
        assert!(lines[0].get("head").is_some(), "begins with a head: {}", lines[0]);
        assert!(lines.last().is_some_and(|line| line.get("end").is_some()), "ends with an end: {:?}", lines.last());
        lines
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// Sends the request and reads the whole answer.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.bytes().await.expect("a whole body") }
    }

    /// Sends the request and reads the first piece of an answer that may have no end.
    pub async fn begin(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let first = response.bytes_stream().next().await;
        Self { status, headers, body: first.transpose().expect("a readable body").unwrap_or_default() }
    }

    /// The same answer, when it has this status.
    ///
    /// # Panics
    /// When it has another; the message has the body.
    #[expect(clippy::return_self_not_must_use, reason = "the check is the use")]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body's lines as JSON.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line: &[u8]| serde_json::from_slice(line).unwrap_or_else(|e| panic!("{e}: {}", self.text()));
        self.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(parse).collect()
    }

    /// A header's text; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The problem of an error, its request id taken out.
    ///
    /// # Panics
    /// When the answer is no problem, or the id in the body is not the one in the header.
    pub fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text());
        let mut problem = self.json();
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.header("request-id"));
        problem["request_id"] = "[request id]".into();
        problem
    }

    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> String {
        self.problem()["code"].as_str().expect("a problem has a code").to_owned()
    }
}

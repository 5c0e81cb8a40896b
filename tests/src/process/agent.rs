//! A capture agent, as far as the server can tell.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use reqwest::{Client, RequestBuilder, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Body;

/// Starts sessions and uploads.
#[derive(Debug, Clone)]
pub struct Agent {
    http: Client,
    origin: String,
    shop_origin: String,
    key: String,
}

/// A session as its agent knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Its id.
    #[serde(rename = "session_id")]
    pub id: String,
    /// The right to append to it.
    pub token: String,
    /// The right to a new token.
    pub resume: String,
}

/// The durable answer to an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Ack {
    /// Always true.
    pub durable: bool,
    /// The tab's next number.
    pub next: u32,
    /// Whether a full snapshot is asked for.
    pub snapshot: bool,
}

/// Why a call did not succeed.
#[derive(Debug)]
pub enum Refused {
    /// No whole answer came: whether the call was carried out is unknown.
    NoAnswer(reqwest::Error),
    /// The server said no.
    Problem {
        /// HTTP status.
        status: u16,
        /// The problem+json body.
        problem: Value,
    },
}

impl Refused {
    /// Whether sending the same again is the right thing to do: no answer, or "come back later".
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Problem { status: 429 | 503, .. })
    }
}

impl Agent {
    pub(super) const fn new(http: Client, origin: String, shop_origin: String, key: String) -> Self {
        Self { http, origin, shop_origin, key }
    }

    /// Starts a session on a page.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn start(&self, url: &str, title: &str) -> Result<Session, Refused> {
        let body = json!({
            "page": { "url": url, "title": title },
            "policy_version": 1,
            "agent": { "name": "process-tests", "version": "1.0.0" },
        });
        answer(self.post("/v1/agent/sessions", &self.key).json(&body)).await
    }

    /// Opens a further tab.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn open_tab(&self, session: &Session) -> Result<u16, Refused> {
        #[derive(Deserialize)]
        struct Opened {
            tab: u16,
        }
        let path = format!("/v1/agent/sessions/{}/tabs", session.id);
        Ok(answer::<Opened>(self.post(&path, &session.token)).await?.tab)
    }

    /// Uploads by `PUT`.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn put(&self, session: &Session, tab: u16, n: u32, body: &Body) -> Result<Ack, Refused> {
        let url = format!("{}/v1/agent/sessions/{}/segments/{tab}/{n}", self.origin, session.id);
        let request = self
            .http
            .put(url)
            .bearer_auth(&session.token)
            .header(header::ORIGIN, &self.shop_origin)
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .header(header::CONTENT_ENCODING, "gzip")
            .header("content-digest", format!("sha-256=:{}:", STANDARD.encode(body.digest)))
            .body(body.gzip.clone());
        answer(request).await
    }

    /// Uploads the way the browser's agent does: plain text with a head line.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn upload(&self, session: &Session, tab: u16, n: u32, body: &Body) -> Result<Ack, Refused> {
        let digest = URL_SAFE_NO_PAD.encode(body.digest);
        let head = json!({ "token": session.token, "tab": tab, "n": n, "encoding": "gzip", "digest": digest });
        let mut bytes = head.to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&body.gzip);
        let request = self
            .http
            .post(format!("{}/v1/agent/upload", self.origin))
            .header(header::ORIGIN, &self.shop_origin)
            .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8")
            .body(bytes);
        answer(request).await
    }

    /// Says that a tab is over.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn finish(&self, session: &Session, tab: u16, segments: u32) -> Result<(), Refused> {
        let path = format!("/v1/agent/sessions/{}/finish", session.id);
        let body = json!({ "tab": tab, "segments": segments, "gaps": [] });
        checked(self.post(&path, &session.token).json(&body)).await.map(drop)
    }

    /// Says who the person is.
    ///
    /// # Errors
    /// As the server answered.
    pub async fn identify(&self, session: &Session, user_id: &str, email: &str) -> Result<(), Refused> {
        let path = format!("/v1/agent/sessions/{}/identify", session.id);
        let body = json!({ "user_id": user_id, "email": email });
        checked(self.post(&path, &session.token).json(&body)).await.map(drop)
    }

    fn post(&self, path: &str, bearer: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.origin)).bearer_auth(bearer).header(header::ORIGIN, &self.shop_origin)
    }
}

async fn checked(request: RequestBuilder) -> Result<Vec<u8>, Refused> {
    let response = request.send().await.map_err(Refused::NoAnswer)?;
    let status = response.status();
    let body = response.bytes().await.map_err(Refused::NoAnswer)?;
    if status.is_success() {
        return Ok(body.into());
    }
    let problem = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Err(Refused::Problem { status: status.as_u16(), problem })
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Refused> {
    let body = checked(request).await?;
    serde_json::from_slice(&body).map_err(|_| Refused::Problem { status: 200, problem: Value::Null })
}

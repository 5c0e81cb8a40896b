//! Bodies as agents send them.

use std::io::Write as _;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Client;

/// The two ways to send a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `PUT /v1/agent/sessions/{id}/segments/{tab}/{n}`.
    Put,
    /// `POST /v1/agent/upload` with a head line.
    Upload,
}

impl Form {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Put, Self::Upload];
}

/// A segment ready to be sent.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its tab.
    pub tab: u16,
    /// Its number.
    pub n: u32,
    /// How the body is packed.
    pub encoding: &'static str,
    /// The body as sent.
    pub body: Bytes,
    /// The announced SHA-256.
    pub digest: [u8; 32],
    /// The page is going away.
    pub last: bool,
}

impl Segment {
    /// These events, gzipped, as an agent sends them.
    #[must_use]
    pub fn of(tab: u16, n: u32, events: &[Value]) -> Self {
        Self::raw(tab, n, "gzip", gzip(json!(events).to_string().as_bytes()))
    }

    /// Any bytes.
    #[must_use]
    pub fn raw(tab: u16, n: u32, encoding: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self { tab, n, encoding, digest: Sha256::digest(&body).into(), body, last: false }
    }

    /// The request that sends it.
    pub fn request(&self, http: &Client, form: Form, session: &str) -> RequestBuilder {
        match form {
            Form::Put => {
                let path = format!("/v1/agent/sessions/{session}/segments/{}/{}", self.tab, self.n);
                http.request(Method::PUT, &path)
                    .header("content-encoding", self.encoding)
                    .header("content-digest", format!("sha-256=:{}:", STANDARD.encode(self.digest)))
                    .body(self.body.clone())
            }
            Form::Upload => {
                // No Authorization: the head carries the token, so that browsers ask no preflight.
                http.with_credential(None)
                    .request(Method::POST, "/v1/agent/upload")
                    .header("content-type", "text/plain")
                    .body(self.with_head(http.token()))
            }
        }
    }

    /// Head line and body.
    #[must_use]
    pub fn with_head(&self, token: &str) -> Vec<u8> {
        let mut head = json!({
            "token": token,
            "tab": self.tab,
            "n": self.n,
            "encoding": self.encoding,
            "digest": URL_SAFE_NO_PAD.encode(self.digest),
        });
        if self.last {
            head["final"] = true.into();
        }
        let mut bytes = head.to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// One gzip member.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

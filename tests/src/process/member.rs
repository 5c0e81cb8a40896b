//! A signed-in member of the demo tenant.

use reqwest::{Client, Response, header};
use serde_json::{Value, json};

use super::Account;

/// A member who has signed in.
#[derive(Debug, Clone)]
pub struct Member {
    http: Client,
    origin: String,
    token: String,
}

impl Member {
    /// Signs in where `http` finds `origin`.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn sign_in(http: Client, origin: String, account: &Account) -> Self {
        let body = json!({ "email": account.email, "password": account.password });
        let login = http.post(format!("{origin}/v1/auth/login")).header(header::ORIGIN, &origin).json(&body);
        let answer: Value = login.send().await.expect("an answer").json().await.expect("is JSON");
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("cannot sign in: {answer}")).to_owned();
        Self { http, origin, token }
    }

    /// Asks; any status.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn ask(&self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.origin)).bearer_auth(&self.token);
        request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Posts; any status.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn post(&self, path: &str, body: &Value) -> Response {
        let request = self.http.post(format!("{}{path}", self.origin)).bearer_auth(&self.token).json(body);
        request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The answer's text.
    ///
    /// # Panics
    /// When it is not a success.
    pub async fn text(&self, path: &str) -> String {
        let answer = self.ask(path).await;
        let status = answer.status();
        let text = answer.text().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(status.is_success(), "{path}: {status}: {text}");
        text
    }

    /// The answer as JSON.
    ///
    /// # Panics
    /// When it is not a success.
    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The events of a session: the lines between head and end, which must say that nothing is missing.
    ///
    /// # Panics
    /// When the stream was cut or is not complete.
    pub async fn events(&self, session: &str) -> Vec<String> {
        let text = self.text(&format!("/v1/sessions/{session}/events")).await;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let end: Value = serde_json::from_str(&lines.pop().expect("a last line")).expect("is JSON");
        assert_eq!(end["end"]["complete"], true, "{end}");
        assert!(lines.remove(0).starts_with(r#"{"head":"#));
        assert_eq!(end["end"]["events"], lines.len(), "{end}");
        lines
    }
}

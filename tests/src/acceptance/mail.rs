//! A real mail server for letters to arrive at: aiosmtpd, in the Python environment that the Makefile makes.

use std::{collections::BTreeMap, path::PathBuf, process::Stdio};

use app::settings::{MailServer, MailTls};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// A mail server that ends with the test.
pub struct MailCatcher {
    /// Where it listens, on this machine.
    pub port: u16,
    /// The authority (PEM) under which its certificate is.
    pub authority: Option<String>,
    lines: Lines<BufReader<ChildStdout>>,
    #[expect(dead_code, reason = "ends the process when dropped")]
    process: Child,
}

#[derive(Deserialize)]
struct Greeting {
    port: u16,
    authority: Option<String>,
}

/// What the server says about one try to hand a letter over.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Received {
    /// The address that was refused; nothing else is set then.
    pub refused: Option<String>,
    /// The sender of the envelope.
    pub sender: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The text.
    pub text: String,
    /// Whether the way was private.
    pub tls: bool,
    /// Who had signed in.
    pub account: Option<String>,
}

impl MailCatcher {
    /// Starts one; `told` are the arguments of `tests/mail/catch.py`.
    pub async fn start(told: &[&str]) -> Self {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let python = root.join("target/venv/bin/python");
        assert!(python.exists(), "run `make target/venv/ready` first: the mail server is a Python package");
        let mut process = Command::new(python)
            .arg(root.join("tests/mail/catch.py"))
            .args(told)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python starts");
        let mut lines = BufReader::new(process.stdout.take().expect("is piped")).lines();
        let line = lines.next_line().await.expect("reads").expect("the mail server says where it listens");
        let Greeting { port, authority } = serde_json::from_str(&line).expect("is a greeting");
        Self { port, authority, lines, process }
    }

    /// Settings that lead to it.
    #[must_use]
    pub fn settings(&self, tls: MailTls) -> MailServer {
        MailServer {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls,
            account: None,
            from: "sealtape@mail.test".to_owned(),
            patience: MailServer::PATIENCE,
            ca: self.authority.as_ref().map(|pem| pem.clone().into_bytes()),
        }
    }

    /// What happens next at the server.
    pub async fn next(&mut self) -> Received {
        let line = self.lines.next_line().await.expect("reads").expect("the mail server runs");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

//! Folders, ports and settings of one server; several processes may run on them one after another.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::Command;

use super::{Agent, Member, Running};

/// Where ports are looked for: below the range from which the system takes ports for outgoing connections, so that
/// nobody gets the server's port while it is down.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

static PORT: AtomicU16 = AtomicU16::new(0);

/// A demo account.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
}

/// What `sealtape demo --json` prints, as far as tests use it.
#[derive(Debug, Clone, Deserialize)]
pub struct Sheet {
    /// The shop's agent key.
    pub agent_key: String,
    /// May do everything.
    pub owner: Account,
    /// Answers for what is captured.
    pub officer: Account,
    /// Watches sessions.
    pub engineer: Account,
    /// Reads who saw what.
    pub auditor: Account,
}

/// The `sealtape` program of the same build as `program`, a test in `deps` or a program beside it.
///
/// # Panics
/// When it has not been built; the message says how to.
#[must_use]
pub fn binary_beside(program: &Path) -> PathBuf {
    let folder = program.parent().filter(|folder| !folder.ends_with("deps")).or_else(|| program.parent()?.parent());
    let binary = folder.expect("a program lies in a folder").join("sealtape");
    assert!(binary.is_file(), "{} is missing: build it with `cargo build --workspace --bins`", binary.display());
    binary
}

/// A demo deployment in a folder of its own, removed with the value.
#[derive(Debug)]
pub struct Deployment {
    folder: TempDir,
    binary: PathBuf,
    port: u16,
    metrics_port: u16,
    shop_port: u16,
    settings: Vec<(String, String)>,
}

impl Deployment {
    /// An empty folder and free ports for `binary`.
    ///
    /// # Panics
    /// When there is no folder or port to be had.
    #[must_use]
    pub fn new(binary: PathBuf) -> Self {
        Self::below(&std::env::temp_dir(), binary)
    }

    /// The same with a folder below `parent`: on another disk, or in memory.
    ///
    /// # Panics
    /// When there is no folder or port to be had.
    #[must_use]
    pub fn below(parent: &Path, binary: PathBuf) -> Self {
        let folder = TempDir::with_prefix_in("sealtape-process-", parent).expect("a temporary folder");
        Self {
            folder,
            binary,
            port: free_port(),
            metrics_port: free_port(),
            shop_port: free_port(),
            settings: Vec::new(),
        }
        .with("PASSWORD__MEMORY_KIB", "64")
        .with("PASSWORD__PASSES", "1")
    }

    /// The same with a setting: `("LIMITS__LANES", "8")` is `limits.lanes = 8`.
    #[must_use]
    pub fn with(mut self, setting: &str, value: &str) -> Self {
        self.settings.push((format!("SEALTAPE__{setting}"), value.to_owned()));
        self
    }

    /// Database file and blobs.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    /// Root keys and the demo's sheet.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("data-state")
    }
    /// Everything that the processes printed and logged.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
    /// Beside data and state: for files of the test itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
    /// What was printed and logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(self.log_file()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
    /// Where the main listener is.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }
    /// The console's origin, which the API is reached under.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
    /// The sample shop's origin, which the demo's agent key is good for.
    #[must_use]
    pub fn shop_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.shop_port)
    }

    /// Starts a process and waits until it answers.
    pub async fn start(&self) -> Running {
        let mut running = self.spawn(&[]);
        running.ready(self).await;
        running
    }

    /// Starts a process without waiting. `under` is a program with its arguments that starts the server, such as strace.
    ///
    /// # Panics
    /// When the program cannot be started.
    #[must_use]
    pub fn spawn(&self, under: &[&str]) -> Running {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_file()).expect("a log file");
        let mut words = under.iter().map(Into::into).chain([self.binary.clone().into_os_string()]);
        let mut command = Command::new(words.next().expect("there is the server at least"));
        command.args(words).args(["serve", "--demo", "--data"]).arg(self.data());
        for (flag, port) in
            [("--listen", self.port), ("--metrics-listen", self.metrics_port), ("--shop-listen", self.shop_port)]
        {
            command.arg(flag).arg(format!("127.0.0.1:{port}"));
        }
        self.environment(&mut command);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log file")).stderr(log).kill_on_drop(true);
        Running::new(command.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}")))
    }

    /// The demo's accounts and agent key.
    ///
    /// # Panics
    /// When the program does not tell them.
    pub async fn sheet(&self) -> Sheet {
        let mut command = Command::new(&self.binary);
        command.args(["demo", "--json", "--data"]).arg(self.data());
        self.environment(&mut command);
        let output = command.output().await.expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("a sheet")
    }

    fn environment(&self, command: &mut Command) {
        // Nothing of the caller's own settings: a test must mean the same everywhere.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SEALTAPE__")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).envs(self.settings.iter().map(|(name, value)| (name, value)));
    }

    /// An HTTP client that finds `localhost` where the server listens.
    ///
    /// # Panics
    /// When there is none to be had.
    #[must_use]
    pub fn http(&self) -> reqwest::Client {
        let client = reqwest::Client::builder().resolve("localhost", self.addr()).timeout(Duration::from_secs(60));
        // Shorter than the server's keep-alive: no request goes into a connection that is just being closed.
        client.pool_idle_timeout(Duration::from_secs(2)).build().expect("a client without special wishes")
    }

    /// A capture agent with the demo's key.
    pub async fn agent(&self) -> Agent {
        Agent::new(self.http(), self.origin(), self.shop_origin(), self.sheet().await.agent_key)
    }

    /// A member who has just signed in.
    pub async fn member(&self, account: &Account) -> Member {
        Member::sign_in(self.http(), self.origin(), account).await
    }
}

/// A port that nobody listens on. The first one tried follows from the process, so that tests that run at the same time
/// rarely try the same.
fn free_port() -> u16 {
    let span = u32::from(PORTS.end - PORTS.start);
    let start = std::process::id().wrapping_mul(37) % span;
    for _ in 0..span {
        let step = u32::from(PORT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + u16::try_from((start + step) % span).expect("is below the span");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port in {PORTS:?}");
}

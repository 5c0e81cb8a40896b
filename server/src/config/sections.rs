//! The settings by section. `config.default.toml` says what each is for and has the defaults.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use app::settings::{JobLimits, Limits, NotANetwork, PasswordCost, TrustedProxies};
use domain::Secret;
use recording::Bounds;
use serde::Deserialize;
use store::DatabaseConfig;
use url::Url;

use super::{egress::Egress, ledger::Ledger, mail::Mail};

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Listeners and origins.
    pub server: Server,
    /// Folders.
    pub storage: Storage,
    /// The database.
    pub database: Database,
    /// The root key.
    pub keys: Keys,
    /// What is logged, and how.
    pub log: Log,
    /// Closing sessions.
    pub finisher: Finisher,
    /// The audit log.
    pub ledger: Ledger,
    /// Bounds of one segment.
    pub segment: Bounds,
    /// Bounds of one session and of ingest as a whole.
    pub limits: Limits,
    /// Cost of a password's hash.
    pub password: PasswordCost,
    /// Bounds of background work.
    pub jobs: JobLimits,
    /// How mail leaves.
    pub mail: Mail,
    /// What is dialled of the addresses that tenants give.
    pub egress: Egress,
}

/// Listeners and origins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Console, API, uploads and player.
    pub listen: SocketAddr,
    /// Metrics and probes.
    pub metrics_listen: SocketAddr,
    /// Where people sign in; follows from the port when not set.
    pub console_origin: Option<Url>,
    /// Where recordings are drawn; follows from the port when not set.
    pub replay_origin: Option<Url>,
    /// Seconds that requests under way get when the server stops.
    pub stop_seconds: u64,
    /// Networks of proxies whose word about the client's address counts, with commas between them.
    pub trusted_proxies: String,
    /// A file with the token for the first set-up; without it the server prints one.
    pub setup_token_file: Option<PathBuf>,
}

impl Server {
    /// The trusted proxies.
    ///
    /// # Errors
    /// When one of them is no network.
    pub fn proxies(&self) -> Result<TrustedProxies, NotANetwork> {
        self.trusted_proxies.parse()
    }
}

/// Folders.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Database file and blobs.
    pub data: PathBuf,
    /// Root keys; follows from `data` when not set.
    pub state: Option<PathBuf>,
}

impl Storage {
    /// The state folder: as set, or the data folder's name with `-state` appended.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(|| {
            // Collecting the components drops a trailing slash, after which there would be a folder named "-state".
            let mut name = self.data.components().collect::<PathBuf>().into_os_string();
            name.push("-state");
            name.into()
        })
    }
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`; SQLite in the data folder when not set.
    pub url: Option<Secret<String>>,
    /// PostgreSQL: the same database as role `sealtape_system`.
    pub system_url: Option<Secret<String>>,
    /// Size of the pool.
    pub max_connections: u32,
    /// How long a call waits for a connection, in milliseconds.
    pub acquire_timeout_ms: u64,
}

impl Database {
    /// How to connect, with the SQLite file `file` when no URL is set.
    #[must_use]
    pub fn connection(&self, file: &Path) -> DatabaseConfig {
        let mut connection = match &self.url {
            Some(url) => DatabaseConfig::new(url.expose()),
            None => DatabaseConfig::sqlite(file),
        };
        connection.system_url = self.system_url.as_ref().map(|url| url.expose().clone());
        connection.max_connections = self.max_connections;
        connection.acquire_timeout = Duration::from_millis(self.acquire_timeout_ms);
        connection
    }
}

/// The root key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// With PostgreSQL: accept a root key that is a file.
    pub accept_file_keyring: bool,
}

/// What is logged, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Level or filter.
    pub filter: String,
    /// Form of a line.
    pub format: LogFormat,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl TryFrom<String> for LogFormat {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be \"text\" or \"json\""),
        }
    }
}

/// Closing sessions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finisher {
    /// Milliseconds between two turns.
    pub interval_ms: u64,
}

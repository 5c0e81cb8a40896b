//! What the operator sets, from four layers: built-in defaults, file, environment, flags.
//!
//! [`Config::load`] merges them, refuses keys that no setting has, and checks across fields. Every error names the layer
//! (the file) and the key. Each part of the program is handed its own section; there is no global.

mod egress;
mod layers;
mod ledger;
mod mail;
mod print;
mod sections;
#[cfg(test)]
mod tests;
mod validate;

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;
use url::Url;

pub use egress::Egress;
use layers::Layer;
pub use layers::Sources;
pub use ledger::Ledger;
pub use mail::{Mail, TlsMode};
pub use sections::{Config, Database, Finisher, Keys, Log, LogFormat, Server, Storage};
pub use validate::{is_loopback_host, validate_origins};

use layers::{FLAGS, Merged};

/// A configuration that cannot be used: which layer says it, about which key, and why.
#[derive(Debug, thiserror::Error)]
#[error("{layer}: {key}: {reason}")]
pub struct ConfigError {
    /// The file's name, or "the environment", "the command line", "the built-in defaults".
    pub layer: String,
    /// `section.key`; for the environment the variable's name.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// A checked configuration and where each value came from.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    merged: Merged,
}

impl std::fmt::Debug for Loaded {
    /// Without the layers, which hold secrets as they were written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("config", &self.config).finish_non_exhaustive()
    }
}

/// What flags say. `None` is: look further.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--data`
    pub data: Option<PathBuf>,
    /// `--state`
    pub state: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<std::net::SocketAddr>,
    /// `--metrics-listen`
    pub metrics_listen: Option<std::net::SocketAddr>,
    /// `--console-origin`
    pub console_origin: Option<Url>,
    /// `--replay-origin`
    pub replay_origin: Option<Url>,
}

impl Overrides {
    fn layer(&self) -> Layer {
        let text = |value: &dyn std::fmt::Display| value.to_string();
        let said = [
            ("storage.data", self.data.as_ref().map(|path| text(&path.display()))),
            ("storage.state", self.state.as_ref().map(|path| text(&path.display()))),
            ("server.listen", self.listen.as_ref().map(|addr| text(addr))),
            ("server.metrics_listen", self.metrics_listen.as_ref().map(|addr| text(addr))),
            ("server.console_origin", self.console_origin.as_ref().map(|url| text(url))),
            ("server.replay_origin", self.replay_origin.as_ref().map(|url| text(url))),
        ];
        let values: BTreeMap<_, _> =
            said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into()))).collect();
        Layer { name: FLAGS.to_owned(), values }
    }
}

/// What `serve` needs beyond what every command needs.
///
/// # Errors
/// [`ConfigError`] about the setting to change.
pub fn validate_serve(loaded: &Loaded) -> Result<(), ConfigError> {
    validate::validate_serve(&loaded.config).map_err(|(key, reason)| loaded.merged.blame(key, reason))
}

impl Config {
    /// Merges and checks the four layers.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read, a key that no setting has, a value of the wrong kind, or values
    /// that do not fit together.
    pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
        let mut merged = Merged::of(sources)?;
        merged.read_secret_files()?;
        let values = merged.build()?;
        let config = Self::deserialize(values).map_err(|error| merged.explain(&error))?;
        validate::validate(&config).map_err(|(key, reason)| merged.blame(key, reason))?;
        Ok(Loaded { config, merged })
    }
}

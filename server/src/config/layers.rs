//! Reading the layers one by one, so that an error can say which of them is wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use ::config::{Environment, File, FileFormat, Map, Source as _, Value, ValueKind};

use super::{ConfigError, Overrides};

/// The file that is read when it is there and `--config` names no other.
const USUAL_FILE: &str = "sealtape.toml";
const DEFAULTS: &str = "the built-in defaults";
const ENVIRONMENT: &str = "the environment";
pub(super) const FLAGS: &str = "the command line";
const PREFIX: &str = "SEALTAPE";

/// Settings that have no value by default, so that the default file cannot list them.
const WITHOUT_DEFAULT: [&str; 15] = [
    "server.console_origin",
    "server.replay_origin",
    "server.setup_token_file",
    "storage.state",
    "database.url",
    "database.url_file",
    "database.system_url",
    "database.system_url_file",
    "mail.url",
    "mail.url_file",
    "mail.from",
    "mail.ca_file",
    "egress.ca_file",
    "ledger.anchors_key",
    "ledger.anchors_key_file",
];

/// Settings that are never printed and may stand in a file of their own, named under the key with `_file` appended.
pub(super) const SECRETS: [&str; 4] = ["database.url", "database.system_url", "mail.url", "ledger.anchors_key"];

/// Where a configuration is read from.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--config`; without it `sealtape.toml` in the working folder, when it is there.
    pub file: Option<PathBuf>,
    /// What flags say.
    pub flags: Overrides,
    /// Environment variables; `None` takes those of the process.
    pub environment: Option<Map<String, String>>,
}

/// One layer, flat: `section.key` and its value.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) values: BTreeMap<String, ValueKind>,
}

/// All layers; later ones win.
pub(super) struct Merged {
    layers: Vec<Layer>,
}

impl Merged {
    pub(super) fn of(sources: &Sources) -> Result<Self, ConfigError> {
        let defaults = flat(DEFAULTS, include_str!("../../config.default.toml"))?;
        let mut known: BTreeSet<&str> = WITHOUT_DEFAULT.into();
        known.extend(defaults.values.keys().map(String::as_str));

        let mut layers = Vec::new();
        if let Some(path) = named_file(sources.file.as_deref()) {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(&path).map_err(|error| broken(&name, format!("cannot be read: {error}")))?;
            layers.push(flat(&name, &text)?);
        }
        layers.push(read_environment(sources.environment.clone())?);
        layers.push(sources.flags.layer());
        for layer in &layers {
            layer.refuse_unknown(&known)?;
        }
        layers.insert(0, defaults);
        Ok(Self { layers })
    }

    /// Replaces `<secret>_file` by what the file holds. Within one layer a value and a file contradict each other.
    pub(super) fn read_secret_files(&mut self) -> Result<(), ConfigError> {
        for layer in &mut self.layers {
            for secret in SECRETS {
                let key = format!("{secret}_file");
                let Some(path) = layer.values.remove(&key) else { continue };
                let error = |reason| ConfigError { layer: layer.name.clone(), key: layer.shown(&key), reason };
                if layer.values.contains_key(secret) {
                    return Err(error(format!("{} is set as well; one of the two has to go", layer.shown(secret))));
                }
                let ValueKind::String(path) = path else { return Err(error("must be the path of a file".to_owned())) };
                let text =
                    std::fs::read_to_string(&path).map_err(|cause| error(format!("cannot read {path}: {cause}")))?;
                layer.values.insert(secret.to_owned(), ValueKind::String(text.trim().to_owned()));
            }
        }
        Ok(())
    }

    pub(super) fn build(&self) -> Result<::config::Config, ConfigError> {
        let mut builder = ::config::Config::builder();
        for layer in &self.layers {
            for (key, value) in &layer.values {
                builder = builder
                    .set_override(key, Value::new(Some(&layer.name), value.clone()))
                    .map_err(|error| self.explain(&error))?;
            }
        }
        builder.build().map_err(|error| self.explain(&error))
    }

    /// The value in force and the layer it came from, by key.
    pub(super) fn in_force(&self) -> BTreeMap<&str, (&ValueKind, &str)> {
        let each = self
            .layers
            .iter()
            .flat_map(|layer| layer.values.iter().map(|(key, value)| (key.as_str(), (value, layer.name.as_str()))));
        each.collect()
    }

    /// An error about `key`, charged to the layer whose value is in force.
    pub(super) fn blame(&self, key: &str, reason: String) -> ConfigError {
        let layer = self.layers.iter().rev().find(|layer| layer.values.contains_key(key));
        match layer {
            Some(layer) => ConfigError { layer: layer.name.clone(), key: layer.shown(key), reason },
            None => ConfigError { layer: DEFAULTS.to_owned(), key: key.to_owned(), reason },
        }
    }

    pub(super) fn explain(&self, error: &::config::ConfigError) -> ConfigError {
        use ::config::ConfigError as Cause;
        match error {
            Cause::Type { unexpected, expected, key: Some(key), .. } => {
                self.blame(key, format!("found {unexpected}, expected {expected}"))
            }
            Cause::At { error, key: Some(key), .. } => self.blame(key, error.to_string()),
            other => broken(DEFAULTS, other.to_string()),
        }
    }
}

impl Layer {
    fn refuse_unknown(&self, known: &BTreeSet<&str>) -> Result<(), ConfigError> {
        let Some(key) = self.values.keys().find(|key| !known.contains(key.as_str())) else { return Ok(()) };
        let section = key.split('.').next().unwrap_or_default();
        let prefix = format!("{section}.");
        let siblings: Vec<_> = known.iter().filter_map(|known| known.strip_prefix(&prefix)).collect();
        let sections: BTreeSet<_> = known.iter().filter_map(|known| known.split('.').next()).collect();
        let reason = if siblings.is_empty() {
            format!("no such section; there are {}", sections.into_iter().collect::<Vec<_>>().join(", "))
        } else {
            format!("no such setting; [{section}] has {}", siblings.join(", "))
        };
        Err(ConfigError { layer: self.name.clone(), key: self.shown(key), reason })
    }

    /// A key as this layer's author wrote it.
    fn shown(&self, key: &str) -> String {
        if self.name == ENVIRONMENT {
            return format!("{PREFIX}__{}", key.replace('.', "__").to_uppercase());
        }
        if self.name == FLAGS {
            let flag = key.rsplit('.').next().unwrap_or(key).replace('_', "-");
            return format!("--{flag}");
        }
        key.to_owned()
    }
}

fn named_file(named: Option<&Path>) -> Option<PathBuf> {
    named.map(Path::to_owned).or_else(|| Some(PathBuf::from(USUAL_FILE)).filter(|usual| usual.exists()))
}

fn flat(name: &str, text: &str) -> Result<Layer, ConfigError> {
    // Parsed here first: the other parser's message quotes the line, and the line may hold a password.
    if let Err(error) = text.parse::<toml::Table>() {
        let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
        return Err(broken(name, format!("line {}: {}", before.matches('\n').count() + 1, error.message())));
    }
    let values = File::from_str(text, FileFormat::Toml).collect().map_err(|error| broken(name, error.to_string()))?;
    Ok(Layer { name: name.to_owned(), values: flatten(values) })
}

fn read_environment(variables: Option<Map<String, String>>) -> Result<Layer, ConfigError> {
    let source = Environment::with_prefix(PREFIX).prefix_separator("__").separator("__").try_parsing(true);
    let values = source.source(variables).collect().map_err(|error| broken(ENVIRONMENT, error.to_string()))?;
    Ok(Layer { name: ENVIRONMENT.to_owned(), values: flatten(values) })
}

fn flatten(values: Map<String, Value>) -> BTreeMap<String, ValueKind> {
    let mut flat = BTreeMap::new();
    for (section, value) in values {
        match value.kind {
            ValueKind::Table(table) => {
                let inside = flatten(table);
                flat.extend(inside.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
            }
            single => drop(flat.insert(section, single)),
        }
    }
    flat
}

fn broken(layer: &str, reason: String) -> ConfigError {
    ConfigError { layer: layer.to_owned(), key: "configuration".to_owned(), reason }
}

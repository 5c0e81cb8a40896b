//! What `check-config` prints.

use std::fmt::Write as _;

use ::config::ValueKind;

use super::{Loaded, layers::SECRETS};

impl Loaded {
    /// Every setting in force as TOML, with the place it came from; secrets as `***`.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = String::new();
        let mut section = "";
        for (key, (value, layer)) in self.merged.in_force() {
            let (in_section, name) = key.split_once('.').unwrap_or(("", key));
            if in_section != section {
                let gap = if section.is_empty() { "" } else { "\n" };
                // Writing to a String does not fail.
                let _ = writeln!(text, "{gap}[{in_section}]");
                section = in_section;
            }
            let shown = if SECRETS.contains(&key) { "\"***\"".to_owned() } else { literal(value) };
            let _ = writeln!(text, "{:<40} # {layer}", format!("{name} = {shown}"));
        }
        text
    }
}

/// A value as TOML writes it.
fn literal(value: &ValueKind) -> String {
    match value {
        ValueKind::String(text) => toml::Value::String(text.clone()).to_string(),
        other => other.to_string(),
    }
}

//! Figures and targets of one benchmark.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// What a figure must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    Below(f64),
    Between(f64, f64),
}

/// The result of one benchmark.
#[derive(Debug, Default)]
pub(crate) struct Report {
    figures: Map<String, Value>,
    targets: Map<String, Value>,
    lines: String,
}

impl Report {
    /// Adds a figure; its name ends with its unit.
    pub(crate) fn figure(&mut self, name: &str, value: f64) {
        self.figures.insert(name.to_owned(), rounded(value));
        // Writing to a String does not fail.
        let _ = writeln!(self.lines, "  {name:<44} {value:>12.3}");
    }

    /// Adds a figure that has a target.
    pub(crate) fn target(&mut self, name: &str, value: f64, target: Target) {
        let (met, text) = match target {
            Target::AtLeast(least) => (value >= least, format!("at least {least}")),
            Target::Below(most) => (value < most, format!("below {most}")),
            Target::Between(least, most) => ((least..=most).contains(&value), format!("between {least} and {most}")),
        };
        self.targets.insert(name.to_owned(), json!({ "value": rounded(value), "target": text, "met": met }));
        let verdict = if met { "met" } else { "NOT MET" };
        let _ = writeln!(self.lines, "  {name:<44} {value:>12.3}  {verdict}: {text}");
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        self.lines.clone()
    }

    /// For programs.
    pub(crate) fn json(&self, name: &str) -> String {
        let result = json!({ "name": name, "figures": self.figures, "targets": self.targets });
        format!("{result:#}\n")
    }
}

/// Four digits behind the point are more than any of this is good for.
fn rounded(value: f64) -> Value {
    json!((value * 10_000.0).round() / 10_000.0)
}

/// The value below which `share` of `values` lie. Sorts them.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or_default()
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are far below 2⁵²")]
pub(crate) const fn count(number: usize) -> f64 {
    number as f64
}

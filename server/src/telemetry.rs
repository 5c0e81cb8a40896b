//! Logs and metrics of the process. Both are process-wide: `main` sets them up once, in-process servers of tests do not.

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::{Log, LogFormat};

/// Upper bounds of histogram buckets, in seconds: from a commit to a cut-off request.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// The same for counts of items in a batch.
const ITEMS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// Starts logging to standard error.
///
/// # Errors
/// When the filter is none, or logging was started before.
pub fn log(section: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&section.filter).context("log.filter")?;
    // It reports a wrong answer of a security key as an error of its own, with pieces of what was sent.
    let filter = filter.add_directive("webauthn_rs_core=off".parse().context("log.filter")?);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match section.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    };
    tracing_subscriber::registry().with(filter).with(lines).try_init().context("cannot start logging")
}

/// Metrics of nobody, for servers that tests start in process: what is measured goes nowhere.
#[must_use]
pub fn unattached_metrics() -> PrometheusHandle {
    PrometheusBuilder::new().build_recorder().handle()
}

/// Starts collecting metrics; the handle renders them.
///
/// # Errors
/// When collecting was started before.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    use metrics_exporter_prometheus::Matcher;
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_items".to_owned()), &ITEMS)?
        .install_recorder()
        .context("cannot start collecting metrics")
}

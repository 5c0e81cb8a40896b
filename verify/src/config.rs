//! `sealtape-verify config`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use domain::{Clock as _, ProjectId, SystemClock, Timestamp};
use signed::{config::CaptureBundle, jws::PublicKey};

use crate::files::{about, text};

/// What [`Command::Config`](crate::Command::Config) reads.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    config: PathBuf,
    /// The key that agents have as `data-key`; `x` in `/.well-known/sealtape/keys.json`
    #[arg(long, value_name = "KEY", required = true)]
    key: Vec<PublicKey>,
    /// The project that it must be for
    #[arg(long, value_name = "ID")]
    project: Option<ProjectId>,
    /// When it must be in force, in seconds after 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    at: Option<u32>,
}

/// That an agent would obey a capture config.
pub(crate) fn check(args: &ConfigArgs) -> anyhow::Result<String> {
    let document = text(&args.config)?;
    let at = args.at.map_or_else(|| SystemClock.now(), |at| Timestamp::from_millis(i64::from(at) * 1_000));
    let bundle = CaptureBundle::check(document.trim(), &args.key, args.project, at)
        .context("an agent would record nothing by it")
        .with_context(|| about(&args.config))?;
    let CaptureBundle { project, version, policy_hash, expires_at, .. } = bundle;
    Ok(format!(
        "version {version} for the project {project}, compiled from the policy {policy_hash}, in force until {expires_at} \
         seconds after 1970"
    ))
}

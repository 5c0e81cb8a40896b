//! One file per command. What a command prints is its result and goes to standard output; logs go to standard error.

mod audit_epoch;
mod audit_export;
mod check_config;
#[cfg(feature = "demo")]
mod demo;
mod migrate;
mod open_export;
mod openapi;
mod serve;
mod sign;

use std::io::Write as _;

use anyhow::Context as _;

pub(crate) use audit_epoch::audit_epoch;
pub(crate) use audit_export::audit_export;
pub(crate) use check_config::check_config;
#[cfg(feature = "demo")]
pub(crate) use demo::demo;
pub(crate) use migrate::migrate;
pub(crate) use open_export::open_export;
pub(crate) use openapi::openapi;
pub(crate) use serve::serve;
pub(crate) use sign::sign;

/// Where the sample shop is unless a flag says otherwise.
#[cfg(feature = "demo")]
pub(crate) const SHOP_LISTEN: &str = "127.0.0.1:8081";

/// Prints one line, at once: whoever waits for it may read through a pipe.
fn say(line: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("cannot print")
}

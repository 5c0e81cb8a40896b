//! `sealtape openapi`.

use anyhow::Context as _;

use super::say;

pub(crate) fn openapi() -> anyhow::Result<()> {
    say(api::openapi().to_pretty_json().context("cannot write the document")?)
}

//! Small files and what stands in them.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use ledger::{note::MAX_BYTES, tree::Hash};

pub(crate) fn hashes<'a>(lines: impl Iterator<Item = &'a str>) -> anyhow::Result<Vec<Hash>> {
    lines.map(|line| line.parse().context("not a hash in base64")).collect()
}

/// A small text file: what we read is never as large as what somebody could give us.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if bytes > 2 * MAX_BYTES as u64 {
        bail!("{} is too large to be what it should be: {bytes} bytes", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

pub(crate) fn about(path: &Path) -> String {
    format!("{} is not to be believed", path.display())
}

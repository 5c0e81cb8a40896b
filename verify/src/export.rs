//! `sealtape-verify export`.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read as _},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::Args;
use ledger::export::{Check, Checked, Line, LineError, MAX_LINE, ocsf};

use crate::{
    Trust,
    files::{about, text},
};

/// What [`Command::Export`](crate::Command::Export) reads.
#[derive(Debug, Args)]
pub struct ExportArgs {
    export: PathBuf,
    /// A checkpoint that you kept; repeat it for several
    #[arg(long, value_name = "CHECKPOINT")]
    older: Vec<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

/// That an export is what was signed. It is read once, line by line: it may be larger than memory.
pub(crate) fn check(args: &ExportArgs) -> anyhow::Result<String> {
    let kept = |path: &PathBuf| args.trust.open(&text(path)?).with_context(|| about(path));
    let older = args.older.iter().map(kept).collect::<anyhow::Result<Vec<_>>>()?;
    let file = File::open(&args.export).with_context(|| format!("cannot read {}", args.export.display()))?;
    let origin = args.trust.origin();
    let checked = read(BufReader::new(file), Check::new(&origin, &args.trust.key, &older));
    Ok(said(&checked.with_context(|| about(&args.export))?))
}

fn read(mut file: impl BufRead, mut check: Check) -> anyhow::Result<Checked> {
    let mut parse: fn(&[u8]) -> Result<Line, LineError> = Line::parse;
    let (mut line, mut number) = (Vec::new(), 0_u64);
    loop {
        line.clear();
        number += 1;
        file.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(check.finish()?);
        }
        if line.pop_if(|last| *last == b'\n').is_none() {
            let before = check.entries();
            bail!("line {number} is cut off, or too long to be one of an export; {before} entries came before it");
        }
        if number == 1 && ocsf::is_event(&line) {
            parse = ocsf::read;
        }
        let parsed = parse(&line).with_context(|| format!("line {number}"))?;
        check.line(&parsed).with_context(|| format!("line {number}"))?;
    }
}

/// In one line what is proved, and what is not.
fn said(checked: &Checked) -> String {
    let Checked { checkpoint, entries, complete, continues } = checked;
    let (origin, head) = (&checkpoint.origin, checkpoint.head);
    if !complete {
        return format!(
            "{entries} entries are among the {} of {origin}, which has the root {}; that the filter left none out is not proved",
            head.size, head.root
        );
    }
    let since = continues.map(|size| format!(", and continue what you kept of {size} entries")).unwrap_or_default();
    format!("all {entries} entries of {origin} are those that were signed, with the root {}{since}", head.root)
}

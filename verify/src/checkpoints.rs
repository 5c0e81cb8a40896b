//! `sealtape-verify checkpoints`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use ledger::{
    checkpoint::Checkpoint,
    tree::{
        Hash,
        proof::{self, ProofError},
    },
};
use serde::Deserialize;

use crate::{
    Trust,
    files::{about, hashes, text},
};

/// What [`Command::Checkpoints`](crate::Command::Checkpoints) reads.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    older: PathBuf,
    newer: PathBuf,
    hashes: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

/// The answer of the interface that proves growth; its sizes are the checkpoints' own.
#[derive(Deserialize)]
struct Consistency {
    hashes: Vec<String>,
    checkpoint: String,
}

/// That a log has only grown.
pub(crate) fn check(args: &CheckpointArgs) -> anyhow::Result<String> {
    let older = args.trust.open(&text(&args.older)?).with_context(|| about(&args.older))?;
    let (newer, hashes) = read_growth(args).with_context(|| about(&args.newer))?;
    if newer.head.size < older.head.size {
        bail!(
            "the log had {} entries and has {}: entries from number {1} on are gone",
            older.head.size,
            newer.head.size
        );
    }
    match proof::check_consistency(older.head, newer.head, &hashes) {
        Ok(()) => Ok(format!(
            "{} grew from {} to {} entries, and nothing before was changed",
            newer.origin, older.head.size, newer.head.size
        )),
        Err(error) => Err(fork(&error, &older)),
    }
}

/// A proof that does not hold is an alarm, so it is said what it would mean.
fn fork(error: &ProofError, older: &Checkpoint) -> anyhow::Error {
    let meaning = format!(
        "the later checkpoint is not shown to continue the earlier one: the proof is wrong, or one of the first {} entries \
         was changed",
        older.head.size
    );
    anyhow::Error::new(*error).context(meaning)
}

fn read_growth(args: &CheckpointArgs) -> anyhow::Result<(Checkpoint, Vec<Hash>)> {
    let text = text(&args.newer)?;
    if let Some(path) = &args.hashes {
        let lines = crate::files::text(path)?;
        return Ok((args.trust.open(&text)?, hashes(lines.lines())?));
    }
    let answer: Consistency = serde_json::from_str(&text).context("a checkpoint needs the hashes beside it")?;
    Ok((args.trust.open(&answer.checkpoint)?, hashes(answer.hashes.iter().map(String::as_str))?))
}

//! `sealtape-verify proof`.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use ledger::{checkpoint::Checkpoint, entry_proof::EntryProof, note::SignedNote};
use serde::Deserialize;

use crate::{
    Trust,
    files::{about, hashes, text},
};

/// What [`Command::Proof`](crate::Command::Proof) reads.
#[derive(Debug, Args)]
pub struct ProofArgs {
    proof: PathBuf,
    entry: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

/// The answer of the interface that proves an entry.
#[derive(Deserialize)]
struct Inclusion {
    index: u64,
    entry: String,
    hashes: Vec<String>,
    checkpoint: String,
}

/// That an entry is in the log.
pub(crate) fn check(args: &ProofArgs) -> anyhow::Result<String> {
    let (proof, entry) = read_proof(args).with_context(|| about(&args.proof))?;
    let origin = args.trust.origin();
    let checkpoint = proof
        .check(&entry, &origin, &args.trust.key)
        .with_context(|| format!("the entry is not proved to be number {} of {origin}", proof.index))?;
    let Checkpoint { origin, head } = checkpoint;
    Ok(format!("entry {} is in {origin}, which has {} entries and the root {}", proof.index, head.size, head.root))
}

fn read_proof(args: &ProofArgs) -> anyhow::Result<(EntryProof, Vec<u8>)> {
    let text = text(&args.proof)?;
    if let Some(entry) = &args.entry {
        let entry = fs::read(entry).with_context(|| format!("cannot read {}", entry.display()))?;
        return Ok((text.parse()?, entry));
    }
    let answer: Inclusion = serde_json::from_str(&text).context("a tlog-proof file needs its entry beside it")?;
    let proof = EntryProof {
        index: answer.index,
        hashes: hashes(answer.hashes.iter().map(String::as_str))?,
        checkpoint: SignedNote::parse(&answer.checkpoint)?,
    };
    Ok((proof, STANDARD.decode(answer.entry).context("the entry is not base64")?))
}

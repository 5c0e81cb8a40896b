//! What outsiders check, without asking us: no database, no network, no key but public ones.
//!
//! **Purpose.** Somebody who was given a proof, or two checkpoints, and the log's public key finds out by themselves whether they
//! hold. What this program believes is what its reader may believe, so it is small and says in one line what it found.
//!
//! **Design.** Files in, one line out; exit status 0 when everything holds, 1 with the reason when something does not. The
//! mathematics is `ledger`'s, which is held against the vectors of RFC 6962 and C2SP; here are only files and words.
//!
//! **How to add one more thing to check.** A variant of [`Command`] with what it reads, and a function beside
//! [`check_proof`] that returns the line to print.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{Args, Parser, Subcommand};
use ledger::{
    checkpoint::Checkpoint,
    entry_proof::EntryProof,
    note::{MAX_BYTES, SignedNote, Verifier},
    tree::{
        Hash,
        proof::{self, ProofError},
    },
};
use serde::Deserialize;

/// Check what a Sealtape ledger gave away, offline.
#[derive(Debug, Parser)]
#[command(name = "sealtape-verify", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What is checked.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// That an audit entry stands in the ledger.
    ///
    /// PROOF is the answer of `/v1/audit/proof/inclusion`, or a tlog-proof file (C2SP) with ENTRY, the entry's exact bytes.
    Proof(ProofArgs),
    /// That a later checkpoint continues an earlier one: nothing was taken out or changed in between.
    ///
    /// OLDER is the checkpoint that you kept (C2SP tlog-checkpoint); NEWER the answer of `/v1/audit/proof/consistency`, or another
    /// checkpoint with HASHES, the consistency proof, one base64 hash in each line.
    Checkpoints(CheckpointArgs),
}

/// Whom to believe.
#[derive(Debug, Args)]
pub struct Trust {
    /// The log's public key, `name+id+base64`; get it by another way than what is checked
    #[arg(long, value_name = "VKEY", required = true)]
    key: Vec<Verifier>,
    /// The log's name [default: the name of the first key]
    #[arg(long)]
    origin: Option<String>,
}

/// What [`Command::Proof`] reads.
#[derive(Debug, Args)]
pub struct ProofArgs {
    proof: PathBuf,
    entry: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

/// What [`Command::Checkpoints`] reads.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    older: PathBuf,
    newer: PathBuf,
    hashes: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
}

impl Trust {
    fn origin(&self) -> String {
        self.origin.clone().unwrap_or_else(|| self.key.first().map_or_else(String::new, |key| key.name().to_string()))
    }
}

impl Cli {
    /// Checks, and says what holds.
    ///
    /// # Errors
    /// What does not hold, or cannot be read.
    pub fn run(&self) -> anyhow::Result<String> {
        match &self.command {
            Command::Proof(args) => check_proof(args),
            Command::Checkpoints(args) => check_checkpoints(args),
        }
    }
}

/// The answer of the interface that proves an entry.
#[derive(Deserialize)]
struct Inclusion {
    index: u64,
    entry: String,
    hashes: Vec<String>,
    checkpoint: String,
}

/// The answer of the interface that proves growth; its sizes are the checkpoints' own.
#[derive(Deserialize)]
struct Consistency {
    hashes: Vec<String>,
    checkpoint: String,
}

/// That an entry is in the log.
fn check_proof(args: &ProofArgs) -> anyhow::Result<String> {
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

/// That a log has only grown.
fn check_checkpoints(args: &CheckpointArgs) -> anyhow::Result<String> {
    let older = open(&text(&args.older)?, &args.trust).with_context(|| about(&args.older))?;
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
        let lines = self::text(path)?;
        return Ok((open(&text, &args.trust)?, hashes(lines.lines())?));
    }
    let answer: Consistency = serde_json::from_str(&text).context("a checkpoint needs the hashes beside it")?;
    Ok((open(&answer.checkpoint, &args.trust)?, hashes(answer.hashes.iter().map(String::as_str))?))
}

fn open(note: &str, trust: &Trust) -> anyhow::Result<Checkpoint> {
    Ok(Checkpoint::open(&SignedNote::parse(note)?, &trust.origin(), &trust.key)?)
}

fn hashes<'a>(lines: impl Iterator<Item = &'a str>) -> anyhow::Result<Vec<Hash>> {
    lines.map(|line| line.parse().context("not a hash in base64")).collect()
}

/// A small text file: what we read is never as large as what somebody could give us.
fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if bytes > 2 * MAX_BYTES as u64 {
        bail!("{} is too large to be what it should be: {bytes} bytes", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn about(path: &Path) -> String {
    format!("{} is not to be believed", path.display())
}

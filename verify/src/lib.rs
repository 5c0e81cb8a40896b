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
    /// PROOF is a tlog-proof file (C2SP), ENTRY the entry's exact bytes.
    Proof(ProofArgs),
    /// That a later checkpoint continues an earlier one: nothing was taken out or changed in between.
    ///
    /// Both are signed notes (C2SP tlog-checkpoint); HASHES is the consistency proof, one base64 hash in each line.
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
    entry: PathBuf,
    #[command(flatten)]
    trust: Trust,
}

/// What [`Command::Checkpoints`] reads.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    older: PathBuf,
    newer: PathBuf,
    hashes: PathBuf,
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

/// That an entry is in the log.
fn check_proof(args: &ProofArgs) -> anyhow::Result<String> {
    let proof: EntryProof = text(&args.proof)?.parse().with_context(|| about(&args.proof))?;
    let entry = fs::read(&args.entry).with_context(|| format!("cannot read {}", args.entry.display()))?;
    let origin = args.trust.origin();
    let checkpoint = proof
        .check(&entry, &origin, &args.trust.key)
        .with_context(|| format!("the entry is not proved to be number {} of {origin}", proof.index))?;
    let Checkpoint { origin, head } = checkpoint;
    Ok(format!("entry {} is in {origin}, which has {} entries and the root {}", proof.index, head.size, head.root))
}

/// That a log has only grown.
fn check_checkpoints(args: &CheckpointArgs) -> anyhow::Result<String> {
    let (older, newer) = (checkpoint(&args.older, &args.trust)?, checkpoint(&args.newer, &args.trust)?);
    if newer.head.size < older.head.size {
        bail!(
            "the log had {} entries and has {}: entries from number {1} on are gone",
            older.head.size,
            newer.head.size
        );
    }
    let hashes = text(&args.hashes)?;
    let hashes: Vec<Hash> =
        hashes.lines().map(str::parse).collect::<Result<_, _>>().with_context(|| about(&args.hashes))?;
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

fn checkpoint(path: &Path, trust: &Trust) -> anyhow::Result<Checkpoint> {
    let note = SignedNote::parse(&text(path)?).with_context(|| about(path))?;
    Checkpoint::open(&note, &trust.origin(), &trust.key).with_context(|| about(path))
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

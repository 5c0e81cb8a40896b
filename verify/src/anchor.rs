//! `sealtape-verify anchor`.

use std::path::PathBuf;

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use ledger::{
    anchor::Anchor,
    entry_proof::EntryProof,
    note::{SignedNote, Verifier, Witness},
};
use serde::Deserialize;

use crate::{
    Trust,
    files::{about, hashes, text},
};

/// What [`Command::Anchor`](crate::Command::Anchor) reads.
#[derive(Debug, Args)]
pub struct AnchorArgs {
    anchor: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// The public key of the deployment's own log
    #[arg(long, value_name = "VKEY")]
    deployment_key: Verifier,
    /// The deployment's checkpoint that you have from elsewhere, such as the object of a bucket, in place of the answer's
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// A witness that must have signed the deployment's log, `name+id+base64`; may be given several times
    #[arg(long, value_name = "VKEY")]
    witness: Vec<Witness>,
}

/// The answer of the interface that proves where a checkpoint is anchored. When somebody looked is in their signatures.
#[derive(Deserialize)]
struct Answer {
    checkpoint: String,
    entry: String,
    index: u64,
    hashes: Vec<String>,
    anchor: String,
}

/// That a checkpoint is in the deployment's log, and that witnesses signed that.
pub(crate) fn check(args: &AnchorArgs) -> anyhow::Result<String> {
    let anchor = read(args).with_context(|| about(&args.anchor))?;
    let (origin, deployment) = (args.trust.origin(), args.deployment_key.name().to_string());
    let keys = std::slice::from_ref(&args.deployment_key);
    let (checkpoint, deployed) = anchor
        .check((&origin, &args.trust.key), (&deployment, keys))
        .with_context(|| format!("it is not proved that a checkpoint of {origin} is in {deployment}"))?;
    let head = format!(
        "{} at {} entries is entry {} of {}, which has {} entries",
        checkpoint.origin, checkpoint.head.size, anchor.proof.index, deployed.origin, deployed.head.size
    );
    let mut said = vec![head];
    for witness in &args.witness {
        let about = || format!("{} did not sign {} at {} entries", witness.name(), deployed.origin, deployed.head.size);
        let seconds = anchor.proof.checkpoint.cosigned_by(witness).with_context(about)?.with_context(about)?;
        said.push(format!("{} signed it {seconds} seconds after 1970", witness.name()));
    }
    Ok(said.join("; "))
}

fn read(args: &AnchorArgs) -> anyhow::Result<Anchor> {
    let answer: Answer =
        serde_json::from_str(&text(&args.anchor)?).context("not an answer of /v1/audit/proof/anchor")?;
    let checkpoint = match &args.checkpoint {
        Some(kept) => SignedNote::parse(&text(kept)?).with_context(|| about(kept))?,
        None => SignedNote::parse(&answer.anchor)?,
    };
    let hashes = hashes(answer.hashes.iter().map(String::as_str))?;
    let proof = EntryProof { index: answer.index, hashes, checkpoint };
    let entry = STANDARD.decode(answer.entry).context("the entry is not base64")?;
    Ok(Anchor { checkpoint: SignedNote::parse(&answer.checkpoint)?, entry, proof })
}

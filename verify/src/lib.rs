//! What outsiders check, without asking us: no database, no network, no key but public ones.
//!
//! **Purpose.** Somebody who was given a proof, two checkpoints, an export, a certificate or a capture config, and the public keys
//! finds out by themselves whether they hold. What this program believes is what its reader may believe, so it is small and says in one line what it
//! found.
//!
//! **Design.** Files in, one line out; exit status 0 when everything holds, 1 with the reason when something does not. The
//! mathematics is that of `ledger`, which is held against the vectors of RFC 6962 and C2SP, and of `signed`; here are only files
//! and words.
//!
//! **How to add one more thing to check.** A variant of [`Command`] with what it reads, and a file beside `proof.rs` whose
//! `check` returns the line to print.

mod anchor;
mod certificate;
mod checkpoints;
mod config;
mod export;
mod files;
mod proof;

pub use anchor::AnchorArgs;
pub use certificate::CertificateArgs;
pub use checkpoints::CheckpointArgs;
use clap::{Args, Parser, Subcommand};
pub use config::ConfigArgs;
pub use export::ExportArgs;
use ledger::{
    checkpoint::Checkpoint,
    note::{SignedNote, Verifier},
};
pub use proof::ProofArgs;

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
    /// That a checkpoint stands in the deployment's own log, and that witnesses outside signed that.
    ///
    /// ANCHOR is the answer of `/v1/audit/proof/anchor`; get the deployment's key from `/.well-known/sealtape/ledger/key` and the
    /// witnesses' keys from the witnesses. With a checkpoint of the deployment from elsewhere, ask with `?size=` and the number
    /// in its second line.
    Anchor(AnchorArgs),
    /// That an export of the audit log is what was signed; if it is not, from which entry on.
    ///
    /// EXPORT is a `log` or an `ocsf` export. One of everything is compared entry by entry, and with --older also with checkpoints
    /// that you kept: that shows a log which was rebuilt and signed anew. One with a filter is proved entry by entry.
    Export(ExportArgs),
    /// That a deletion certificate is signed, that the audit log names it and that it agrees with itself.
    ///
    /// CERTIFICATE is the file that whoever asked was given. With --about also whether it speaks of a person.
    Certificate(CertificateArgs),
    /// That an agent would obey a capture config: signed, for its project, in force.
    ///
    /// CONFIG is the answer of `/v1/agent/config`.
    Config(ConfigArgs),
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

impl Trust {
    pub(crate) fn origin(&self) -> String {
        self.origin.clone().unwrap_or_else(|| self.key.first().map_or_else(String::new, |key| key.name().to_string()))
    }

    /// The checkpoint in a signed note, when it is of this log and one of the keys has signed it.
    pub(crate) fn open(&self, note: &str) -> anyhow::Result<Checkpoint> {
        Ok(Checkpoint::open(&SignedNote::parse(note)?, &self.origin(), &self.key)?)
    }
}

impl Cli {
    /// Checks, and says what holds.
    ///
    /// # Errors
    /// What does not hold, or cannot be read.
    pub fn run(&self) -> anyhow::Result<String> {
        match &self.command {
            Command::Proof(args) => proof::check(args),
            Command::Checkpoints(args) => checkpoints::check(args),
            Command::Anchor(args) => anchor::check(args),
            Command::Export(args) => export::check(args),
            Command::Certificate(args) => certificate::check(args),
            Command::Config(args) => config::check(args),
        }
    }
}

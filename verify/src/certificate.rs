//! `sealtape-verify certificate`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use signed::{certificate::CertificateFile, jws::PublicKey};

use crate::{
    Trust,
    files::{about, text},
};

/// What [`Command::Certificate`](crate::Command::Certificate) reads.
#[derive(Debug, Args)]
pub struct CertificateArgs {
    certificate: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// The key that signs certificates; `x` in `/.well-known/sealtape/keys.json`
    #[arg(long, value_name = "KEY", required = true)]
    signer: Vec<PublicKey>,
    /// Of whom it must speak: `email:ada@example.test`, `user_id:…` or `device:…`, in lower case
    #[arg(long, value_name = "KIND:VALUE")]
    about: Option<String>,
}

/// That a certificate is signed, that the log names it and that it agrees with itself.
pub(crate) fn check(args: &CertificateArgs) -> anyhow::Result<String> {
    let file: CertificateFile = serde_json::from_str(&text(&args.certificate)?)
        .context("not a certificate's file")
        .with_context(|| about(&args.certificate))?;
    let proved =
        file.check(&args.signer, (&args.trust.origin(), &args.trust.key)).with_context(|| about(&args.certificate))?;
    let Some(person) = &args.about else { return Ok(proved.words()) };
    let (kind, value) = person.split_once(':').context("--about wants KIND:VALUE")?;
    if !file.is_about(&proved, kind, value)? {
        bail!("the certificate holds, and it is not about this {kind}");
    }
    Ok(format!("{}; it is about this {kind}", proved.words()))
}

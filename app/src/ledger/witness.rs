//! Asking witnesses outside to sign the deployment's log (C2SP tlog-witness).
//!
//! A witness keeps the last head that it signed and signs another one only with the proof that it continues that. So nobody,
//! not even whoever has our key, can show one log to a tenant and another to the world without both signatures lying about.

use std::{fmt, str::FromStr, sync::Arc};

use domain::{TenantId, Timestamp};
use egress::Guard;
use futures::future::join_all;
use ledger::{
    note::{SignedNote, Witness},
    tree::proof,
    witness,
};
use store::{AuditCheckpointRow, AuditWitnessedRow};
use url::Url;

use super::{Ledger, tiles};
use crate::AppError;

/// A witness that does not sign a log that did not grow is asked again after this time: that it signed lately says that
/// nobody holds the newest head back.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(3_600);

/// A witness, and where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideWitness {
    /// Its key.
    pub key: Witness,
    /// Its submission prefix.
    pub prefix: Url,
}

/// The text is no witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a witness's key (name+id+base64, of a cosignature key), a space and the http(s) address of its submission prefix"
)]
pub struct NoWitness;

impl FromStr for OutsideWitness {
    type Err = NoWitness;

    fn from_str(text: &str) -> Result<Self, NoWitness> {
        let (key, prefix) = text.split_once(' ').ok_or(NoWitness)?;
        let prefix = Url::parse(prefix).map_err(|_| NoWitness)?;
        let plain =
            matches!(prefix.scheme(), "http" | "https") && prefix.query().is_none() && prefix.fragment().is_none();
        let anonymous = prefix.username().is_empty() && prefix.password().is_none();
        if !plain || !anonymous || prefix.host().is_none() {
            return Err(NoWitness);
        }
        Ok(Self { key: key.parse().map_err(|_| NoWitness)?, prefix })
    }
}

impl fmt::Display for OutsideWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.prefix)
    }
}

/// The witnesses of a deployment, and how they are reached.
#[derive(Clone)]
pub(super) struct Witnesses {
    pub(super) guard: Guard,
    pub(super) all: Arc<[OutsideWitness]>,
}

/// Why a witness did not sign.
#[derive(Debug, thiserror::Error)]
enum Unsigned {
    #[error("the witness cannot be reached: {0}")]
    Unreached(#[from] egress::EgressError),
    #[error("the witness answered {0}")]
    Status(u16),
    #[error("the witness says that it signed {0} entries, and the log has {1}")]
    Larger(u64, u64),
    #[error("what the witness answered is not its signature: {0}")]
    Answer(#[from] ledger::note::NoteError),
    #[error(transparent)]
    Unread(#[from] AppError),
}

impl Ledger {
    /// Asks every witness to sign the newest head of the deployment's log, unless they did and it did not grow for an hour.
    /// Says how many signed, or nothing when nobody had to be asked.
    ///
    /// # Errors
    /// When the store does not answer. A witness that does not sign is reported and asked again.
    pub async fn witness(&self) -> Result<Option<u64>, AppError> {
        if self.witnesses.all.is_empty() {
            return Ok(None);
        }
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let (signed, last) = (read.audit_checkpoint_newest().await?, read.audit_witnessed_newest().await?);
        drop(read);
        let Some(signed) = signed else { return Ok(None) };
        let fresh = |last: &AuditWitnessedRow| {
            last.size == signed.size
                && last.witnesses == self.witnesses.all.len() as u64
                && self.clock.now() < last.witnessed_at.plus(AGAIN)
        };
        if last.as_ref().is_some_and(fresh) {
            return Ok(None);
        }
        let old = last.map_or(0, |last| last.size);
        let note = SignedNote::parse(&signed.note).map_err(AppError::internal)?;
        let asked =
            self.witnesses.all.iter().map(async |witness| (witness, self.ask(witness, old, &signed, &note).await));
        let (mut cosigned, mut times) = (note.clone(), Vec::new());
        for (witness, answer) in join_all(asked).await {
            let added = answer.and_then(|answer| Ok(cosigned.with_cosignature(&answer, &witness.key)?));
            match added {
                Ok((with, time)) => {
                    cosigned = with;
                    times.push(time);
                }
                Err(error) => {
                    metrics::counter!("sealtape_ledger_unwitnessed_total").increment(1);
                    tracing::warn!(witness = %witness.key.name(), error = %error, "a witness did not sign the deployment's log");
                }
            }
        }
        let Some(&first) = times.iter().min() else { return Ok(Some(0)) };
        self.keep(&signed, &cosigned, first, times.len() as u64).await?;
        Ok(Some(times.len() as u64))
    }

    async fn keep(
        &self,
        signed: &AuditCheckpointRow,
        note: &SignedNote,
        seconds: u64,
        witnesses: u64,
    ) -> Result<(), AppError> {
        let millis = i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX / 1_000);
        let row = AuditWitnessedRow {
            tenant_id: TenantId::DEPLOYMENT,
            size: signed.size,
            witnessed_at: Timestamp::from_millis(millis),
            witnesses,
            note: note.to_string(),
        };
        let tx = self.store.ledger(TenantId::DEPLOYMENT).await?;
        match tx.audit_witnessed_insert(row).await {
            Ok(()) => Ok(tx.commit().await?),
            // Another process asked in the same second.
            Err(store::StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The witness's answer: its signature lines. `old` is a guess at what it signed last, which it corrects.
    async fn ask(
        &self,
        witness: &OutsideWitness,
        old: u64,
        signed: &AuditCheckpointRow,
        note: &SignedNote,
    ) -> Result<String, Unsigned> {
        let mut place = witness.prefix.clone();
        place.set_path(&format!("{}/add-checkpoint", witness.prefix.path().trim_end_matches('/')));
        let mut old = old;
        // Once with the guess, once with what it was told.
        for _ in 0..2 {
            let hashes = self.continues(old, signed.size).await?;
            let reply = self.witnesses.guard.ask(&place, witness::add_checkpoint(old, &hashes, note)).await?;
            match (reply.status, witness::told_size(&reply.body)) {
                (200, _) => return Ok(String::from_utf8_lossy(&reply.body).into_owned()),
                (409, Some(told)) if told > signed.size => return Err(Unsigned::Larger(told, signed.size)),
                (409, Some(told)) if told != old => old = told,
                (status, _) => return Err(Unsigned::Status(status)),
            }
        }
        Err(Unsigned::Status(409))
    }

    /// The proof that the deployment's log of `to` entries continues the one of `from`.
    async fn continues(&self, from: u64, to: u64) -> Result<Vec<ledger::tree::Hash>, AppError> {
        let ranges = proof::consistency_ranges(from, to).map_err(AppError::internal)?;
        let read = self.store.tenant_read(TenantId::DEPLOYMENT).await?;
        let kept = tiles::needed(&read, &ranges, to).await?;
        proof::collect(&kept, &ranges).map_err(AppError::internal)
    }
}

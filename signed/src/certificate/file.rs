//! A certificate as it is handed out, and how it is checked.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::TenantId;
use ledger::{
    Leaf,
    checkpoint::Checkpoint,
    entry_proof::{EntryProof, EntryProofError},
    note::Verifier,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{ACT, Certificate, Contradiction, HORIZON_ACT, HORIZON_TYPE, HorizonReached, Identifier, Outcome, TYPE};
use crate::jws::{self, JwsError, PublicKey};

/// A certificate with all that it takes to check it offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateFile {
    /// The signed certificate, and its entry in the log.
    pub certificate: Evidence,
    /// By what the person can be recognised, for who knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub salts: Vec<Salted>,
    /// The later statement, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Evidence>,
}

/// A signed document, and the proof that the log names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The document, a compact JWS.
    pub document: String,
    /// The exact bytes of the entry that names it, in base64.
    pub entry: String,
    /// Where the entry is in the log (C2SP tlog-proof).
    pub proof: String,
}

/// The salt of one identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Salted {
    /// `email`, `user_id` or `device`.
    pub kind: String,
    /// 32 bytes in base64.
    pub salt: String,
}

/// Why a certificate certifies nothing.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It is not signed.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// Its entry is not in the log.
    #[error("it is not proved that the log names it")]
    Proof(#[from] EntryProofError),
    /// There is an entry in the log, and it is not one of this document.
    #[error("the entry that is proved does not name this document: {0}")]
    Entry(&'static str),
    /// It says what cannot be.
    #[error("it contradicts itself: {0}")]
    Contradiction(#[from] Contradiction),
    /// The later statement is about another certificate, or earlier than it.
    #[error("the statement about backups belongs to another certificate")]
    Horizon,
    /// Part of the file is not base64.
    #[error("the {0} is not base64")]
    Base64(&'static str),
}

/// What holds of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// What it says.
    pub certificate: Certificate,
    /// The later statement, if there is one.
    pub horizon: Option<HorizonReached>,
    /// The head of the log that names it.
    pub checkpoint: Checkpoint,
}

impl CertificateFile {
    /// Checks signature, entry, proof and that it agrees with itself.
    ///
    /// # Errors
    /// [`CertificateError`]: what does not hold.
    pub fn check(&self, keys: &[PublicKey], (origin, log): (&str, &[Verifier])) -> Result<Proved, CertificateError> {
        let certificate: Certificate = jws::open(&self.certificate.document, TYPE, keys)?;
        certificate.agrees()?;
        let checkpoint = self.certificate.is_named(ACT, certificate.tenant, (origin, log))?;
        let Some(evidence) = &self.horizon else { return Ok(Proved { certificate, horizon: None, checkpoint }) };
        let reached: HorizonReached = jws::open(&evidence.document, HORIZON_TYPE, keys)?;
        let same = reached.certificate == self.certificate.digest() && reached.tenant == certificate.tenant;
        if !same || reached.issued_at < certificate.issued_at || reached.at > reached.issued_at {
            return Err(CertificateError::Horizon);
        }
        let checkpoint = evidence.is_named(HORIZON_ACT, reached.tenant, (origin, log))?;
        Ok(Proved { certificate, horizon: Some(reached), checkpoint })
    }

    /// Whether it speaks of the person with this identifier: in the form that [`Identifier::commit`] wants.
    ///
    /// # Errors
    /// [`CertificateError::Base64`] for a salt that is none.
    pub fn is_about(&self, proved: &Proved, kind: &str, value: &str) -> Result<bool, CertificateError> {
        for salted in self.salts.iter().filter(|salted| salted.kind == kind) {
            let salt = STANDARD.decode(&salted.salt).ok().and_then(|salt| <[u8; 32]>::try_from(salt).ok());
            let salt = salt.ok_or(CertificateError::Base64("salt"))?;
            if proved.certificate.subject.contains(&Identifier::commit(&salt, kind, value)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Evidence {
    /// SHA-256 of the document, in hexadecimal: what its entry's rule ends in.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.document))
    }

    fn is_named(
        &self,
        act: &str,
        tenant: TenantId,
        (origin, log): (&str, &[Verifier]),
    ) -> Result<Checkpoint, CertificateError> {
        let entry = STANDARD.decode(&self.entry).map_err(|_| CertificateError::Base64("entry"))?;
        let checkpoint = self.proof.parse::<EntryProof>()?.check(&entry, origin, log)?;
        let leaf = Leaf::from_bytes(&entry).map_err(|_| CertificateError::Entry("it is no entry of an audit log"))?;
        if leaf.act != act || leaf.out != ledger::Outcome::Allow {
            return Err(CertificateError::Entry("it is about another act"));
        }
        if leaf.tenant != tenant {
            return Err(CertificateError::Entry("it is of another tenant"));
        }
        let named = leaf.rule.rsplit_once("/certificate:").map(|(_, digest)| digest);
        if named != Some(self.digest().as_str()) {
            return Err(CertificateError::Entry("its hash is another one"));
        }
        Ok(checkpoint)
    }
}

impl Proved {
    /// What holds, in one line.
    #[must_use]
    pub fn words(&self) -> String {
        let Certificate { request, stores, content_gone_at, outcome, .. } = &self.certificate;
        let gone = stores.iter().fold(0, |sum: u64, store| sum.saturating_add(store.shredded + store.deleted));
        let held = stores.iter().fold(0, |sum: u64, store| sum.saturating_add(store.held));
        let gone =
            format!("{gone} of request {} are erased, their content unreadable since {content_gone_at}", request.id);
        let held = (*outcome == Outcome::CompletedWithExceptions).then(|| format!("{held} are kept by right"));
        let backups = self.horizon.as_ref().map(|reached| format!("no backup holds them since {}", reached.at));
        let named = format!("{} names it, at {} entries", self.checkpoint.origin, self.checkpoint.head.size);
        [Some(gone), held, backups, Some(named)].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

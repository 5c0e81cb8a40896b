//! What a certificate says, and where it contradicts itself.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Everything that a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Form of this document: 1.
    pub v: u32,
    /// Whose log names it.
    pub tenant: TenantId,
    /// What was asked.
    pub request: Request,
    /// Of whom it speaks, by salted hashes.
    pub subject: Vec<Identifier>,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found and what became of it, by store.
    pub stores: Vec<StoreCount>,
    /// Ids of the keys that were destroyed.
    pub keys: Vec<String>,
    /// SHA-256 of the manifests of the sessions that were erased, in hexadecimal.
    pub manifests: Vec<String>,
    /// Who holds the root key under which they all were.
    pub root: String,
    /// When the last of those keys was destroyed: no content can be read since.
    pub content_gone_at: Timestamp,
    /// Until when key material may be in backups of the keys.
    pub content_horizon: Horizon,
    /// When the rows were deleted: ids, times and what could be searched by.
    pub metadata_gone_at: Timestamp,
    /// Until when rows may be in backups.
    pub metadata_horizon: Horizon,
    /// When everything was looked through again and nothing was found.
    pub read_back_at: Timestamp,
    /// Who had seen the sessions.
    pub seen: Vec<Seen>,
    /// What is kept, and why.
    pub kept: Kept,
    /// What left the system before.
    pub handed_on: Vec<HandedOn>,
    /// What was not erased, and by what right.
    pub exceptions: Vec<Exception>,
    /// Version of the program that wrote this.
    pub program: String,
    /// When this was written.
    pub issued_at: Timestamp,
}

/// What was asked, and how it was made sure who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its id, which is its entries' object in the log.
    pub id: String,
    /// The law by which it was asked: `gdpr`, `ccpa` or a word of the tenant's own.
    pub regime: String,
    /// When it came.
    pub received_at: Timestamp,
    /// How it was made sure who asks.
    pub verified: Verification,
}

/// How it was made sure who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// A code that was sent to the address.
    MailCode,
    /// A token of the tenant's own servers.
    TenantToken,
    /// A privacy officer's word, with written evidence.
    Attested,
    /// A code that the agent showed on the device.
    DeviceCode,
}

/// Something by which the person was known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// `email`, `user_id` or `device`.
    pub kind: String,
    /// [`Identifier::commit`].
    pub commitment: String,
}

impl Identifier {
    /// `SHA-256(salt ‖ kind ‖ 0 ‖ value)` in base64url; `value` is NFKC, trimmed and in lower case.
    #[must_use]
    pub fn commit(salt: &[u8; 32], kind: &str, value: &str) -> Self {
        let digest =
            Sha256::new().chain_update(salt).chain_update(kind).chain_update([0]).chain_update(value).finalize();
        Self { kind: kind.to_owned(), commitment: URL_SAFE_NO_PAD.encode(digest) }
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything that was found is gone.
    Completed,
    /// Something is kept by right, as the exceptions say.
    CompletedWithExceptions,
}

/// What became of what was found in one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreCount {
    /// The store: `segments`, `search`, `annotations` and so on.
    pub store: String,
    /// How many were found.
    pub found: u64,
    /// Whose key was destroyed.
    pub shredded: u64,
    /// Whose rows or objects were deleted.
    pub deleted: u64,
    /// What a hold or a legal duty keeps.
    pub held: u64,
    /// What could not be erased.
    pub failed: u64,
}

/// Until when a backup may hold what is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", deny_unknown_fields)]
pub enum Horizon {
    /// None does since then.
    Reached {
        /// Since when.
        at: Timestamp,
    },
    /// None will from then on, by the retention that is declared for backups.
    Expected {
        /// From when on.
        at: Timestamp,
    },
    /// Nothing is said about it.
    NotClaimed {},
}

/// Somebody saw a session of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// In which role.
    pub role: String,
    /// What for: a closed word.
    pub purpose: String,
    /// When.
    pub at: Timestamp,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Entries of the audit log: ids and times that nobody can attribute any more.
    pub entries: u64,
    /// Tombstones of sessions: an id and a time each.
    pub tombstones: u64,
    /// Whether one fingerprint is kept, so that they are not recorded again.
    pub suppressed: bool,
}

/// Something that had left the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedOn {
    /// `export`, `copy`, `webhook` or `syslog`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Whether who has it was told; that they erased it is never said.
    pub told: Told,
}

/// Whether a recipient was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// They were, and took it.
    Told,
    /// They were not to be reached.
    NotReached,
    /// There is nobody who could be told.
    Nobody,
}

/// Something that was not erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// By what right: `legal-hold`, `legal-duty`, or an article of the law.
    pub basis: String,
    /// Of how many it speaks.
    pub count: u64,
    /// Until when, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The later statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HorizonReached {
    /// Whose log names it.
    pub tenant: TenantId,
    /// SHA-256 of the signed certificate, in hexadecimal.
    pub certificate: String,
    /// Since when no backup holds what the certificate says is gone.
    pub at: Timestamp,
    /// When this was written.
    pub issued_at: Timestamp,
}

/// A certificate that was signed, and is no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// A later form.
    #[error("it has the form {0}, which this program does not know")]
    Form(u32),
    /// It speaks of nobody.
    #[error("it speaks of nobody")]
    Nobody,
    /// What was found and what became of it differ.
    #[error("of {found} found in {store}, it accounts for {accounted}")]
    Count {
        /// Which store.
        store: String,
        /// How many were found.
        found: u64,
        /// How many are accounted for.
        accounted: u64,
    },
    /// Something could not be erased: that is no end of a request.
    #[error("{failed} of {store} could not be erased")]
    Failed {
        /// Which store.
        store: String,
        /// How many.
        failed: u64,
    },
    /// The outcome is not what the counts come to.
    #[error("{held} are held and {excepted} are excepted, and it says {outcome:?}")]
    Outcome {
        /// What stores keep.
        held: u64,
        /// What exceptions name.
        excepted: u64,
        /// What it says.
        outcome: Outcome,
    },
    /// Something came before what it follows from.
    #[error("{later} is said to be before {earlier}")]
    Order {
        /// What must be first.
        earlier: &'static str,
        /// What must be second.
        later: &'static str,
    },
}

impl Certificate {
    /// Whether it agrees with itself.
    ///
    /// # Errors
    /// The first [`Contradiction`].
    pub fn agrees(&self) -> Result<(), Contradiction> {
        if self.v != 1 {
            return Err(Contradiction::Form(self.v));
        }
        if self.subject.is_empty() {
            return Err(Contradiction::Nobody);
        }
        self.counts()?;
        let order = [
            ("the request", self.request.received_at),
            ("the end of its content", self.content_gone_at),
            ("reading back", self.read_back_at),
            ("the certificate", self.issued_at),
        ];
        let rows = [order[0], ("the end of its rows", self.metadata_gone_at), order[2]];
        for pair in order.windows(2).chain(rows.windows(2)) {
            if let [(earlier, before), (later, after)] = pair
                && after < before
            {
                return Err(Contradiction::Order { earlier, later });
            }
        }
        let horizons = [("content's horizon", self.content_horizon), ("rows' horizon", self.metadata_horizon)];
        for (later, horizon) in horizons {
            match horizon {
                Horizon::Reached { at } if at > self.issued_at => {
                    return Err(Contradiction::Order { earlier: later, later: "the certificate" });
                }
                Horizon::Expected { at } if at < self.issued_at => {
                    return Err(Contradiction::Order { earlier: "the certificate", later });
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn counts(&self) -> Result<(), Contradiction> {
        for StoreCount { store, found, shredded, deleted, held, failed } in &self.stores {
            let accounted: u128 = [shredded, deleted, held, failed].into_iter().map(|n| u128::from(*n)).sum();
            if accounted != u128::from(*found) {
                let accounted = u64::try_from(accounted).unwrap_or(u64::MAX);
                return Err(Contradiction::Count { store: store.clone(), found: *found, accounted });
            }
            if *failed > 0 {
                return Err(Contradiction::Failed { store: store.clone(), failed: *failed });
            }
        }
        let held = self.stores.iter().fold(0, |sum: u64, store| sum.saturating_add(store.held));
        let excepted = self.exceptions.iter().fold(0, |sum: u64, exception| sum.saturating_add(exception.count));
        let agrees = match self.outcome {
            Outcome::Completed => held == 0 && excepted == 0,
            Outcome::CompletedWithExceptions => held > 0 && held == excepted,
        };
        if agrees { Ok(()) } else { Err(Contradiction::Outcome { held, excepted, outcome: self.outcome }) }
    }
}

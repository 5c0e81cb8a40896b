//! The deletion certificate: what was erased, when, and what is kept, never more than was checked.
//!
//! A certificate is a signed [`Certificate`] and an entry of the tenant's audit log whose rule ends in its hash, with the proof
//! that the entry is in the log. Of whom it speaks it says by salted hashes alone: who has the certificate's file has the salts,
//! and who has only the log's entry has nothing. When backups that could hold more have run out, a second signed statement says
//! so, with its own entry.

mod file;
mod said;

pub use file::{CertificateFile, Evidence, Proved, Salted};
pub use said::{
    Certificate, Contradiction, Exception, HandedOn, Horizon, HorizonReached, Identifier, Kept, Outcome, Request, Seen,
    StoreCount, Told, Verification,
};

/// Type of a certificate in the header.
pub const TYPE: &str = "sealtape-certificate+jwt";
/// Type of the statement that the horizon of backups is reached.
pub const HORIZON_TYPE: &str = "sealtape-certificate-horizon+jwt";
/// The act of the entry that names a certificate.
pub const ACT: &str = "certificate.issue";
/// The act of the entry that names the later statement.
pub const HORIZON_ACT: &str = "certificate.horizon";

//! Keys, sealed objects and the places they lie.
//!
//! **Purpose.** The only crate that encrypts, and the only one that writes blobs: whoever reviews how a recording is
//! kept secret, whole and deletable reads this crate and `docs/architecture/sealing.md`, nothing else. It knows no
//! database: callers hand it rows' bytes and get bytes back.
//!
//! **Design.** A [`root::RootKms`] wraps tenant keys; tenant keys wrap session, person and purpose keys ([`mod@wrap`],
//! XAES-256-GCM with a fixed-width context); a session key seals objects ([`mod@seal`], committing AES-256-GCM in 16 KiB
//! chunks) and makes the chain over segment rows ([`chain`]). A closed session is listed by a [`manifest`]. Identifiers
//! and search words become blind tokens ([`blind`]), tokens are signed by [`token`], sealed bytes lie in a [`blob`]
//! store, and opened keys live shortly in a [`cache`]. Checkpoints of the audit log, which are public, are put where nobody
//! takes them back ([`anchors`]). The formats are frozen: `tests/data/vectors/seal-v1.json` holds
//! them, and an independent Python implementation in `tests/second_implementation` opens them.
//!
//! **What we do if a key is missing.** Never fall back to clear text, another key or another generation:
//!
//! | what is found | error | code | what the caller does |
//! | --- | --- | --- | --- |
//! | no key row for the object | [`OpenError::KeyMissing`] | `key_missing` | answer 503, alarm: the database is incomplete |
//! | a row whose `wrapped` is NULL | [`OpenError::KeyShredded`] | `key_shredded` | answer 410; the data is gone for ever |
//! | the row opens under no parent we hold | [`OpenError::Unwrap`] | `integrity_fail` | answer 503, write an `integrity.fail` leaf |
//! | the root is not in the keyring | [`root::KmsError::UnknownRoot`] | `key_missing` | answer 503, alarm |
//! | the KMS does not answer | [`root::KmsError::Unavailable`] | `kms_unavailable` | answer 503, retry later; delete nothing |
//! | the object does not open under its key | any other [`OpenError`] | `integrity_fail` | show a gap, keep the blob aside, write the leaf |
//!
//! **How to add one more kind of sealed object.** Add a variant to [`seal::Kind`] with the next free number (numbers are
//! never reused), a vector to `seal-v1.json` (`SEALTAPE_BLESS=1 cargo nextest run -p vault vectors`) and a line to
//! `docs/architecture/sealing.md`. A new kind of key: a variant of [`wrap::WrapKind`], likewise.

pub mod anchors;
pub mod authority;
pub mod blind;
pub mod blob;
pub mod cache;
pub mod chain;
mod error;
mod expand;
pub mod export;
pub mod hook;
mod key;
pub mod manifest;
pub mod printed;
pub mod root;
pub mod seal;
pub mod token;
pub mod wrap;
mod xaes;

pub use error::OpenError;
pub use key::Key32;

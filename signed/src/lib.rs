//! Documents that we sign for others: what agents capture by, and what was erased.
//!
//! **Purpose.** A capture config and a deletion certificate are worth what somebody else can check without us. Here is what
//! they say and how they are checked; `app` signs them, agents and `sealtape-verify` believe no more than this.
//!
//! **Design.** Compact JWS (RFC 7515) with `EdDSA` (RFC 8037), whose header says algorithm, key id and type and nothing else
//! ([`jws`]). The reader brings the keys; nothing in a document says which to use. A config is good for one project and for a
//! day ([`config`]). A certificate is good when it is signed, an entry of the audit log names its hash, and what it says agrees
//! with itself ([`certificate`]). Pure: no clock, no network, no private key.
//!
//! **How to add one more document.** A module with its type name, its payload and a `check` that returns what holds; a command
//! in `verify`; its reader in `tests/second_implementation`.

pub mod certificate;
pub mod config;
pub mod jws;

//! The audit ledger: what happened, as bytes that never change, in a tree that proves it.
//!
//! **Purpose.** An audit row is a [`Leaf`] in canonical bytes. Whoever stores, hashes, exports or checks one uses those bytes
//! and never serialises it again. A tenant's leaves are the entries of a Merkle tree ([`tree`]), whose head is signed as a
//! [`checkpoint`]; an [`entry_proof`] shows somebody outside that a leaf is in it, and a consistency proof that nothing was
//! taken out.
//!
//! **Design.** Pure: no database, no clock, no network. A leaf holds ids, times and closed words only; what could name a
//! person goes into a sealed detail that the leaf commits to with a salt ([`Detail`]), so erasing the detail leaves the leaf
//! provable and tells nothing; what is about two people is two parts ([`Parts`]), each erased on its own. Bytes are RFC 8785 canonical JSON over strings, integers and objects ([`canonical`]). The
//! tree is that of RFC 6962; signed notes, checkpoints, tiles and proof files are those of C2SP, so that other people's
//! verifiers read ours.
//!
//! **How to add one more kind of object.** A variant of [`Object`] with its id type, a line in `Object::parts`, and a line in
//! `Object::parse`; the round-trip property covers it.

pub mod anchor;
pub mod canonical;
pub mod checkpoint;
mod commitment;
pub mod entry_proof;
pub mod export;
mod leaf;
pub mod note;
pub mod tree;
pub mod witness;

pub use commitment::{About, Commitment, Detail, Part, Parts};
pub use leaf::{Actor, Leaf, LeafError, MAX_BYTES, Object, Outcome, Via};

//! The audit ledger's leaves: what happened, as bytes that never change.
//!
//! **Purpose.** An audit row is a [`Leaf`] in canonical bytes. Whoever stores, hashes, exports or checks one uses those bytes
//! and never serialises it again.
//!
//! **Design.** Pure: no database, no clock. A leaf holds ids, times and closed words only; what could name a person goes into
//! a sealed detail that the leaf commits to with a salt ([`Detail`]), so erasing the detail leaves the leaf provable and
//! tells nothing. Bytes are RFC 8785 canonical JSON over strings, integers and objects ([`canonical`]).
//!
//! **How to add one more kind of object.** A variant of [`Object`] with its id type, a line in `Object::parts`, and a line in
//! `Object::parse`; the round-trip property covers it.

pub mod canonical;
mod commitment;
mod leaf;

pub use commitment::{Commitment, Detail};
pub use leaf::{Actor, Leaf, LeafError, MAX_BYTES, Object, Outcome, Via};

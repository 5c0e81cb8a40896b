//! Decisions: who may do what ([`access`]), whose agreement something needs ([`grants`], [`proposals`]), and what may be
//! captured ([`privacy`]).
//!
//! **Purpose.** Every yes and no of the system is computed here, in one place that API and background work share.
//!
//! **Design.** Pure: no I/O, no clock, no database. Policies are documents that are compiled in, given a version and turned
//! into typed values once. This is the only crate that uses casbin.
//!
//! **How to add one more decision.** A module with a typed question, a typed answer and a snapshot of the whole table; see
//! [`access`].

pub mod access;
mod canonical;
pub mod grants;
pub mod privacy;
pub mod proposals;

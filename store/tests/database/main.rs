//! The store on real databases: one binary, because each is a link.
//!
//! `isolation` and `catalogue` hold `threats.md` 8; `differential` that both databases mean the same; `migrating` the way
//! from empty to head; `progress` the conditional updates that must not race; `cost` that hot paths read few rows;
//! `predicates` that the database and memory take the same decisions; `ledger` that an audit log only grows.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod catalogue;
mod cost;
mod differential;
mod exports;
mod fixture;
mod grants;
mod identity;
mod isolation;
mod ledger;
mod log;
mod lookups;
mod migrating;
mod operations;
mod predicates;
mod progress;
mod sinks;
mod telling;

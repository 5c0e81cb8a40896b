//! The audit log: what happened, and the proof that nothing was changed or taken out of it.
//!
//! Checkpoints, tiles and bundles of entries have the forms of C2SP (tlog-checkpoint, tlog-tiles), so that other people's
//! programs read them; `/v1/audit` is the log's prefix there.

pub(crate) mod anchor;
pub(crate) mod checkpoint;
pub(crate) mod consistency;
pub(crate) mod deployment;
pub(crate) mod detail;
pub(crate) mod entries;
pub(crate) mod events;
pub(crate) mod exports;
pub(crate) mod health;
pub(crate) mod inclusion;
pub(crate) mod key;
pub(crate) mod persons;
pub(crate) mod tile;

//! Grants: what was approved, and ending it.

pub(crate) mod list;
pub(crate) mod revoke;

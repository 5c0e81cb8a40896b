//! The deployment's public keys.

pub(crate) mod list;

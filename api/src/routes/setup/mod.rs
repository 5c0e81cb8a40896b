//! The first run of a deployment.

pub(crate) mod run;

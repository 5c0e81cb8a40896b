//! What the acceptance tests, the chaos tests and the benchmarks share.

pub mod process;

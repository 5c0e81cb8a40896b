//! The laws of merging, and whole documents: read, refused, written, compared, compiled.

mod change;
mod compiled;
mod documents;
mod forms;
mod generate;
mod laws;

/// Cases of a property test: few in `make test`; `make prove` sets `PROPTEST_CASES`, which `with_cases` would ignore.
pub(super) fn cases(few: u32) -> proptest::test_runner::Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(few);
    proptest::test_runner::Config::with_cases(cases)
}

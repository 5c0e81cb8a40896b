//! What the acceptance tests, the chaos tests and the benchmarks share.
//!
//! **Purpose.** Tests that use Sealtape as its users do: over HTTP, on both databases, with real recordings.
//!
//! **Design.** [`acceptance`] runs the whole application inside the test, where time and randomness are the test's and the
//! database can be looked at and tampered with; `tests/api` uses it. [`process`] runs the program itself, which can be
//! killed, traced and weighed; `tests/chaos` and `tests/load` use it.
//!
//! **How to add one more acceptance test.** A function in the file of its subject in `tests/api`. A new operation needs a
//! row in `tests/api/cases.rs`; a test fails until it is there.

#![expect(clippy::missing_panics_doc, reason = "a test that cannot go on can only stop")]

pub mod acceptance;
pub mod process;

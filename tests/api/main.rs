//! The interface from outside: one binary, because each is a link.
//!
//! `cases` lists every operation; `matrix` and `audit` run all of them as everybody. `bad_input`, `bombs` and `attacks`
//! hold what must not work, the other files what must.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod api_keys;
mod attacks;
mod audit;
mod audit_exports;
mod authority;
mod bad_input;
mod bombs;
mod capture;
mod cases;
mod exports;
mod factor_attacks;
mod factors;
mod grants;
mod ingest;
mod jobs;
mod keys;
mod labels;
mod ledger;
mod list_subset;
mod mail;
mod masking;
mod matrix;
mod members;
mod notices;
mod once;
mod openapi;
mod own;
mod pages;
mod probes;
mod recordings;
mod refusals;
mod reset;
mod roles;
mod search;
mod sensitivity;
mod setup;
mod signin;
mod sinks;
mod slow_reader;
mod standing;
mod stories;
mod switch;
mod told;
mod twins;
mod watch;

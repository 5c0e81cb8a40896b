//! The `sealtape` program: configuration, wiring, telemetry, command line.
//!
//! **Purpose.** The only place that knows every crate. What a deployment is made of is decided here and handed down; nothing
//! below reads a file, a variable or a flag by itself.
//!
//! **Design.** `main` parses, loads, wires, runs and reports. [`config`] merges four layers and refuses what it does not
//! know. Sockets are bound first ([`listeners`]), because the origins follow from the port; [`open`] then opens database,
//! keys and blobs in [`folders`] that are locked for one process; [`Server::start`] serves, and is what the acceptance tests
//! start in process too. Background tasks are tracked and end with the server. `demo` holds all of demo mode, behind
//! the cargo feature of that name.
//!
//! **How to add one more setting.** A field in `config/sections.rs`, its default and a comment in `config.default.toml`
//! (a test compares the two), a check in `config/validate.rs` when it depends on another, a row in the docs. **One more
//! command:** a file in `commands` and a variant in `cli.rs`.

pub mod cli;
mod commands;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod folders;
pub mod listeners;
pub mod open;
mod run;
pub mod telemetry;

pub use run::{RunningServer, Server, ServerParts};

//! The laws of merging, and whole documents: read, refused, written, compared, compiled.

mod change;
mod compiled;
mod documents;
mod forms;
mod generate;
mod laws;

//! Recordings: bounded decoding, validation and the server's second redaction pass.
//!
//! **Purpose.** Turns what an agent uploads, which nobody may trust, into the only form that is ever stored: redacted
//! events, one a line. What this crate refuses is stored nowhere; what it cannot understand it masks.
//!
//! **Design.** Pure: bytes in, bytes out; no I/O, no clock. A body passes [`decode::decode`] (sizes and ratio capped while
//! decoding), then [`rewrite`]: each event is scanned once into a flat list of tokens that point into the body
//! (`scan`), walked with the tab's node map ([`TabState`]), and copied with a sorted list of edits. Untouched spans are
//! copied as they are. The node map keeps an undo log for the segment, so that work grows with the segment and not
//! with the session, and an error leaves it as it was. Every failure is a [`Rejection`]; there is no path by which an
//! event reaches the output unread. What is stored is masked once more for who may watch and not read ([`Mask`]).
//!
//! **How to add one more event type.** An entry in `registry` that says what each field is; for a new place where rrweb
//! puts page content, a rule in `dom` or `event` and a row in the floor table (`tests/floor.rs`). For one more detector,
//! a file in `detect` and its examples in `policy/detectors`.

mod bounds;
mod css;
pub mod decode;
mod detect;
mod dom;
mod edit;
mod event;
mod facts;
mod findings;
pub mod index;
mod joined;
mod mask;
mod mutation;
mod node;
mod pass;
mod payload;
mod pointer;
mod registry;
mod rejection;
mod rewrite;
mod scan;
mod single;
mod state;
mod state_bytes;
mod text;
mod url;

pub use bounds::Bounds;
pub use facts::{Facts, Page};
pub use findings::{Findings, Rule};
pub use mask::{Mask, mask_text, mask_url};
pub use rejection::{Rejection, StatusClass};
pub use rewrite::{Gap, GapReason, Rewritten, rewrite};
pub use single::{redact_text, redact_url};
pub use state::TabState;
pub use state_bytes::StateError;

//! What may be captured: the floor, the default policy and the rules that redaction works by.
//!
//! **Purpose.** One statement of what never leaves a page (the [`floor`]), what a project starts with
//! ([`PolicyDocument::standard`], preset *standard*, version 1), and [`CaptureRules`], the typed form that
//! `recording::rewrite` obeys.
//!
//! **Design.** Layers are merged by *strictest wins*: every choice is an ordered enum ([`ElementAction`],
//! [`FieldAction`]) and merging is `max`. The floor is compiled in and is not a field of any document, so no document
//! can loosen it. The default is no layer: it fills what no layer says. A policy is named by its version and by the
//! SHA-256 of its canonical JSON, which every segment is stamped with.
//!
//! **How to add one more setting.** A field in the document with its default, a field in [`CaptureRules`], its line in
//! [`CaptureRules::of`], and a row in the hash test, whose change says that the policy got a new version.

mod document;
pub mod floor;
mod rules;

pub use document::{
    API_VERSION, Capture, DEFAULT_VERSION, OptOut, PolicyDocument, PolicyHash, Preset, Redaction, Retention, Sampling,
};
pub use rules::{CaptureRules, Detectors, ElementAction, FieldAction, MASK, PAGE_ATTRIBUTE, UrlQuery};

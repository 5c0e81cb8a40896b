//! What may be captured: the floor, policy documents and their layers, and the rules that agent and server obey.
//!
//! **Purpose.** One statement of what never leaves a page (the [`floor`]), what a tenant and a project add to it
//! ([`PolicyDocument`]), what holds of all of it ([`merge`]), what a change of it means ([`Diff`]), and the two forms that
//! obey it: [`CaptureConfig`] in the page and [`CaptureRules`] in `recording::rewrite`.
//!
//! **Design.** Layers are merged by *strictest wins*. A setting's type is its order of strictness ([`Setting`]), and a
//! section is declared once, by a macro that makes its struct, merge, comparison, validation, JSON Schema and documentation;
//! there is no list of settings to keep in step. The floor is compiled in and cannot be loosened by any document. The
//! default is no layer: it fills what no layer says. What is said and does not hold is a [`Conflict`]. Whatever cannot be
//! shown to tighten counts as loosening. Selectors, patterns and addresses pass the [`gate`] before they are values.
//!
//! **How to add one more setting.** See [`document`].

mod compile;
mod diff;
pub mod document;
mod finding;
pub mod floor;
mod floor_layer;
pub mod gate;
mod macros;
mod merge;
pub mod orders;
mod preset;
mod rules;
pub mod sample;
mod schema;
mod setting;
mod strict_json;
mod yaml;

#[cfg(test)]
mod tests;

pub use compile::{AgentRules, AgentUrl, CaptureConfig, MIN_AGENT, sends_clear_values};
pub use diff::{Change, Diff};
pub use document::{
    API_VERSION, Access, Allowable, Budgets, Capture, DEFAULT_VERSION, FullPolicy, Kind, MOST_BYTES, OptOut,
    PolicyDocument, PolicyHash, Preset, Redaction, Retention, Sampling, Viewing,
};
pub use finding::{Finding, FindingCode, Findings, Pointer};
pub use floor_layer::layer as floor_document;
pub use merge::{Conflict, Effective, Layer, Merged, Reason, merge};
pub use rules::{CaptureRules, Detectors, ElementAction, FieldAction, MASK, PAGE_ATTRIBUTE, UrlQuery};
pub use schema::{schema, settings_table};
pub use setting::{Described, Place, Rule, Said, Section, Setting, Strictness, Tendency};

//! The floor as a layer: what is compiled in, in the words of a document.
//!
//! Agent and server do not read this; they have the floor compiled in ([`super::floor`]) and obey it without any
//! document. It stands here so that a document which asks for less is told so, by the same rules as for any other layer.

use super::{
    document::{At, Scope},
    document::{DataAction, Detector, DetectorRule, FieldRule, Kind, PolicyDocument},
    floor,
    orders::{Required, Rules},
    preset::{masked, ours},
};

/// Headers whose names hold no word that [`floor::is_secret_name`] knows in every spelling are listed by name.
const HEADERS: [&str; 5] = ["authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"];

/// The floor as a document.
#[must_use]
pub fn layer() -> PolicyDocument {
    let mut layer = PolicyDocument::empty(Kind::Guardrail);
    let types = floor::INPUT_TYPES.iter().map(|name| format!("input[type={name} i]"));
    let tokens = floor::AUTOCOMPLETE_TOKENS.iter().map(|token| format!("[autocomplete~={token} i]"));
    let cards = std::iter::once(format!("[autocomplete*={} i]", floor::AUTOCOMPLETE_PREFIX));
    layer.redaction.elements = Some(Rules(types.chain(tokens).chain(cards).map(|text| masked(&text)).collect()));
    let header = |side: &'static str| HEADERS.iter().map(move |name| format!("{side}.headers.{name}"));
    let field =
        |path: String| FieldRule { path: ours(&path), action: DataAction::Drop, at: At::Agent, scope: Scope::Session };
    layer.redaction.fields = Some(Rules(header("request").chain(header("response")).map(field).collect()));
    let card = DetectorRule { detector: ours::<Detector>("payment-card"), action: DataAction::Mask };
    layer.redaction.detectors = Some(Rules(vec![card]));
    layer.opt_out.do_not_record_list = Some(Required(true));
    layer
}

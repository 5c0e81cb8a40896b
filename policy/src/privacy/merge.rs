//! Layers and what holds of them: one function, strictest wins.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{
    ElementAction, Place, Pointer,
    document::{
        DEFAULT_VERSION, DataAction, DetectorRule, ElementRule, FieldRule, FullPolicy, InputAction, PolicyDocument,
        PolicyHash, Preset, TextAction,
    },
    floor, floor_layer,
    gate::Key as _,
    orders::{Fewer, Rules},
    setting::Rule,
};
use crate::canonical::canonical_json;

/// Whose document it is, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Compiled in.
    Floor,
    /// The tenant's.
    Guardrail,
    /// The project's.
    Policy,
    /// What the page asks for by attributes and options.
    Page,
    /// The visitor's own choice.
    Person,
}

/// Why something that a layer says does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A higher layer is stricter.
    HigherLayerIsStricter,
    /// A higher layer sets what has no order.
    HigherLayerSetsIt,
    /// The law asks to keep it longer.
    BelowLegalMinimum,
    /// It lifts the default, and the guardrail does not list it as allowable.
    NotAllowable,
}

/// A place where a layer asked for less than holds. It is kept, ignored and reported, never only logged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// The place in the document of the layer that asked.
    pub pointer: Pointer,
    /// Whose document that is.
    pub layer: Layer,
    /// The nearest layer above it that says otherwise; none when it is the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Layer>,
    /// Why.
    pub reason: Reason,
    /// What it asked for.
    pub wanted: Value,
    /// What holds there; nothing when the default does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Value>,
}

/// What holds of all layers, and where lower ones asked for less.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// What holds.
    pub effective: Effective,
    /// Where a layer asked for less, the highest layer first.
    pub conflicts: Vec<Conflict>,
}

/// What holds: every setting, under the version of the project's policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effective {
    /// Always [`super::API_VERSION`].
    pub api_version: &'static str,
    /// Version of the project's policy; 0 for a draft.
    pub version: u32,
    /// Every setting.
    #[serde(flatten)]
    pub policy: FullPolicy,
}

impl Effective {
    /// What the default policy, version 1 of every project, comes to.
    #[must_use]
    pub fn standard() -> Self {
        merge(&[(Layer::Policy, &PolicyDocument::standard())]).effective
    }

    /// The bytes that [`Effective::hash`] covers.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical_json(self)
    }

    /// Names what holds by its content; sessions and segments are stamped with it. Another guardrail under the same
    /// version of the policy gives another hash exactly when something else holds.
    #[must_use]
    pub fn hash(&self) -> PolicyHash {
        PolicyHash::of(&self.canonical_json())
    }
}

/// Merges `layers`, given in any order, each as often as it comes, with the floor.
///
/// What holds is never looser than what any layer says, setting by setting, but where the guardrail sets what has no
/// order. What no layer says is the default's of the strictest preset that one names.
#[must_use]
pub fn merge(layers: &[(Layer, &PolicyDocument)]) -> Merged {
    let mut said: BTreeMap<Layer, PolicyDocument> = BTreeMap::from([(Layer::Floor, floor_layer::layer())]);
    // With no policy at all, what holds is the default's version 1; a draft has none yet, which 0 stands for.
    let mut version = if layers.iter().any(|(layer, _)| *layer == Layer::Policy) { 0 } else { DEFAULT_VERSION };
    for (layer, document) in layers {
        if *layer == Layer::Policy {
            version = version.max(document.version.unwrap_or(0));
        }
        said.entry(*layer).and_modify(|held| *held = held.strictest(document)).or_insert_with(|| (*document).clone());
    }
    let preset = said.values().filter_map(|document| document.preset).max().unwrap_or(Preset::Standard);
    let default = preset.full();
    // Only the guardrail can say what may be lifted; without one, nothing may.
    let allowable = said.get(&Layer::Guardrail).map(|guardrail| guardrail.allowable.clone()).unwrap_or_default();
    for (layer, document) in &mut said {
        if *layer != Layer::Guardrail {
            document.allowable = super::Allowable::default();
        }
    }
    let order: Vec<Layer> = said.keys().copied().collect();
    let mut conflicts = Vec::new();
    // Before anything is taken out, so that places are those of the documents as they were written.
    PolicyDocument::places(&said.values().collect::<Vec<_>>(), &mut |place| report(&order, &place, &mut conflicts));
    for (layer, document) in said.iter_mut().filter(|(layer, _)| **layer != Layer::Floor) {
        lift(*layer, document, &allowable, &default, &mut conflicts);
    }
    let held = said
        .values()
        .rev()
        .fold(PolicyDocument::empty(super::document::Kind::Policy), |lower, document| document.with_lower(&lower));
    let mut policy = held.filled(&default);
    policy.preset = preset;
    below_minimum(&said, &policy, &mut conflicts);
    conflicts.sort_by(|one, other| (one.layer, &one.pointer).cmp(&(other.layer, &other.pointer)));
    let effective = Effective { api_version: super::API_VERSION, version, policy };
    Merged { effective, conflicts }
}

/// Adds who wants recordings deleted before the law allows it. What holds of both stays as it is said: whoever deletes
/// asks for both.
fn below_minimum(said: &BTreeMap<Layer, PolicyDocument>, policy: &FullPolicy, conflicts: &mut Vec<Conflict>) {
    let minimum = policy.retention.minimum.0.days.0;
    for (layer, document) in said {
        let Some(days) = document.retention.delete_after_days.map(|days| days.0).filter(|days| *days < minimum) else {
            continue;
        };
        conflicts.push(Conflict {
            pointer: Pointer::root().member("retention").member("deleteAfterDays"),
            layer: *layer,
            by: said.iter().find(|(_, document)| document.retention.minimum.is_some()).map(|(layer, _)| *layer),
            reason: Reason::BelowLegalMinimum,
            wanted: days.into(),
            holds: Some(minimum.into()),
        });
    }
}

/// Adds what the lower layers of one place tried.
fn report(order: &[Layer], place: &Place, conflicts: &mut Vec<Conflict>) {
    for (i, against) in place.against.iter().enumerate() {
        let (Some(against), Some(said)) = (against, place.said[i].as_ref()) else { continue };
        conflicts.push(Conflict {
            pointer: said.pointer.clone(),
            layer: order[i],
            by: Some(order[*against]),
            reason: if place.ordered { Reason::HigherLayerIsStricter } else { Reason::HigherLayerSetsIt },
            wanted: said.value.clone(),
            holds: place.held.clone(),
        });
    }
}

/// Takes out of `document` what lifts the default without being allowable, and what the floor knows by name.
fn lift(
    layer: Layer,
    document: &mut PolicyDocument,
    allowable: &super::Allowable,
    default: &FullPolicy,
    conflicts: &mut Vec<Conflict>,
) {
    let at = Pointer::root().member("redaction");
    let mut refuse = |pointer: Pointer, wanted: Value, by: Option<Layer>, reason: Reason| {
        // A higher layer that says otherwise is the better answer.
        if !conflicts.iter().any(|known| known.layer == layer && known.pointer == pointer) {
            conflicts.push(Conflict { pointer, layer, by, reason, wanted, holds: None });
        }
    };
    let setting =
        |name: &str| allowable.settings.as_ref().is_some_and(|list| list.0.iter().any(|one| one.text() == name));
    let redaction = &mut document.redaction;
    if redaction.text == Some(TextAction::Keep) && default.redaction.text > TextAction::Keep && !setting("text") {
        redaction.text = None;
        refuse(at.member("text"), TextAction::Keep.word().into(), None, Reason::NotAllowable);
    }
    if redaction.inputs == Some(InputAction::Keep) && default.redaction.inputs > InputAction::Keep && !setting("inputs")
    {
        redaction.inputs = None;
        refuse(at.member("inputs"), InputAction::Keep.word().into(), None, Reason::NotAllowable);
    }
    let not_allowable = Some((None, Reason::NotAllowable));
    let element = |rule: &ElementRule| {
        let kept = rule.action > ElementAction::Allow || listed(allowable.elements.as_ref(), &rule.selector);
        if kept { None } else { not_allowable }
    };
    strip(&mut redaction.elements, &at.member("elements"), element, &mut refuse);
    let field = |rule: &FieldRule| {
        if rule.action <= DataAction::Tokenise && floor::is_secret_name(rule.path.last_name()) {
            // The floor goes by names, in any payload; a list of paths could not say it.
            return Some((Some(Layer::Floor), Reason::HigherLayerIsStricter));
        }
        let kept = rule.action > DataAction::Keep || listed(allowable.fields.as_ref(), &rule.path);
        if kept { None } else { not_allowable }
    };
    strip(&mut redaction.fields, &at.member("fields"), field, &mut refuse);
    let detector = |rule: &DetectorRule| {
        let kept = rule.action > DataAction::Keep || listed(allowable.detectors.as_ref(), &rule.detector);
        if kept { None } else { not_allowable }
    };
    strip(&mut redaction.detectors, &at.member("detectors"), detector, &mut refuse);
}

/// Whether the guardrail lists this very thing.
fn listed<K: PartialEq>(list: Option<&Fewer<K>>, key: &K) -> bool {
    list.is_some_and(|list| list.0.contains(key))
}

/// Removes the rules that `refused` gives a reason for, judging all of one key as one. The indices of the conflicts are
/// those of the document.
fn strip<T: Rule>(
    rules: &mut Option<Rules<T>>,
    at: &Pointer,
    refused: impl Fn(&T) -> Option<(Option<Layer>, Reason)>,
    refuse: &mut impl FnMut(Pointer, Value, Option<Layer>, Reason),
) {
    let Some(written) = rules else { return };
    let kept = written.0.iter().enumerate().filter(|(index, rule)| {
        let whole = written.of_key(&rule.key()).unwrap_or_else(|| (*rule).clone());
        let reason = refused(&whole);
        if let Some((by, reason)) = reason {
            refuse(at.item(*index), serde_json::to_value(rule).unwrap_or_default(), by, reason);
        }
        reason.is_none()
    });
    *rules = Some(Rules(kept.map(|(_, rule)| rule.clone()).collect()));
}

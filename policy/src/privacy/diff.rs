//! What a change of a document means.

use serde::Serialize;
use serde_json::Value;

use super::{Kind, Layer, Place, Pointer, PolicyDocument, Preset, Said, Tendency, merge};

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The place: in the newer document, or in the older one for what is gone.
    pub pointer: Pointer,
    /// What held before; absent for a rule that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What holds after; absent for a rule that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// How it is heard.
    pub tendency: Tendency,
    /// Whether neither document says it, so that it follows from something else: another preset, or the guardrail.
    pub implied: bool,
}

/// The differences of two versions of one document, in the format's order.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Diff(Vec<Change>);

/// The documents that are compared, in the order in which [`PolicyDocument::places`] gets them. Steps are heard from each
/// even one to the next.
const HELD: usize = 0;
const ALONE: usize = 1;

impl Diff {
    /// From `before` to `after`, two versions of a project's policy under `guardrail`.
    ///
    /// Compared is what holds with the guardrail and also what would hold without: a change loosens if it does in either.
    /// So nothing can be prepared by one person that a later change of the guardrail would let loose.
    #[must_use]
    pub fn of_policy(guardrail: Option<&PolicyDocument>, before: &PolicyDocument, after: &PolicyDocument) -> Self {
        let held = |document| {
            let layers = [(Layer::Policy, document)];
            let above = guardrail.map(|guardrail| (Layer::Guardrail, guardrail));
            PolicyDocument::of(&merge(&layers.into_iter().chain(above).collect::<Vec<_>>()).effective.policy)
        };
        Self::compare(before, after, [held(before), held(after)], |place, _| {
            place.steps[HELD].worse(place.steps[ALONE])
        })
    }

    /// From `before` to `after`, two versions of a tenant's guardrail.
    ///
    /// What a guardrail does not say bounds no project, so to take something out loosens; to put something in tightens only
    /// if it is at least as strict as the default, which a project that says nothing has had.
    #[must_use]
    pub fn of_guardrail(before: &PolicyDocument, after: &PolicyDocument) -> Self {
        let alone = [over_default(before), over_default(after)];
        Self::compare(before, after, alone, |place, [was, is]| {
            let step = place.steps[ALONE];
            // What may be lifted is nothing unless it is said.
            let grants = [was, is].into_iter().flatten().any(|said| said.pointer.as_str().starts_with("/allowable/"));
            match (was, is) {
                (Some(_), None) if !place.rule && !grants => Tendency::Loosens,
                (None, Some(_)) if !place.rule && !grants && step == Tendency::Neither => Tendency::Tightens,
                _ => step,
            }
        })
    }

    /// From `before` to `after`, by their kind.
    #[must_use]
    pub fn of(guardrail: Option<&PolicyDocument>, before: &PolicyDocument, after: &PolicyDocument) -> Self {
        match after.kind {
            Kind::Policy => Self::of_policy(guardrail, before, after),
            Kind::Guardrail => Self::of_guardrail(before, after),
        }
    }

    fn compare(
        before: &PolicyDocument,
        after: &PolicyDocument,
        [held_before, held_after]: [PolicyDocument; 2],
        hear: impl Fn(&Place, [Option<&Said>; 2]) -> Tendency,
    ) -> Self {
        let [alone_before, alone_after] = [over_default(before), over_default(after)];
        let documents = [&held_before, &held_after, &alone_before, &alone_after, before, after];
        let mut changes = Vec::new();
        PolicyDocument::places(&documents, &mut |place| {
            let said = |i: usize| place.said[i].as_ref();
            let value = |i: usize| said(i).map(|said| &said.value);
            let tendency = hear(&place, [said(4), said(5)]);
            let [held, alone] = [(0, 1), (2, 3)].map(|(was, is)| value(was) != value(is));
            if !held && !alone && tendency == Tendency::Neither {
                return;
            }
            let (was, is) = if held { (0, 1) } else { (2, 3) };
            let pointer = [5, 4, is, was].into_iter().find_map(said).map(|said| said.pointer.clone());
            changes.push(Change {
                pointer: pointer.unwrap_or_default(),
                before: value(was).cloned(),
                after: value(is).cloned(),
                tendency,
                implied: said(4).is_none() && said(5).is_none(),
            });
        });
        Self(changes)
    }

    /// Every difference.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.0
    }

    /// Whether a second person must agree: something loosens, or nobody can tell.
    #[must_use]
    pub fn needs_second_person(&self) -> bool {
        self.0.iter().any(|change| change.tendency == Tendency::Loosens)
    }

    /// Whether it only tightens, and so goes to everybody at once.
    #[must_use]
    pub fn only_tightens(&self) -> bool {
        !self.needs_second_person() && self.0.iter().any(|change| change.tendency == Tendency::Tightens)
    }
}

/// The document over its default, as one that says everything.
fn over_default(document: &PolicyDocument) -> PolicyDocument {
    PolicyDocument::of(&document.filled(&document.preset.unwrap_or(Preset::Standard).full()))
}

//! Which entries an export holds.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Leaf, Outcome};

/// The longest word that is looked for: a UUID, or the name of an act.
const LONGEST: usize = 129;

/// Which entries are wanted; every member that is set must match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// The actor's id, or a task's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The kind of what was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_kind: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// How it ended: `allow`, `deny` or `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// At this instant or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// Why a filter is refused: leaves hold words and ids, so nothing else is looked for, and nothing else is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{member} {expected}")]
pub struct FilterError {
    /// Which member.
    pub member: &'static str,
    /// What it should be.
    pub expected: &'static str,
}

impl Filter {
    /// Whether it takes everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it can match anything at all.
    ///
    /// # Errors
    /// [`FilterError`] names the first member that cannot.
    pub fn check(&self) -> Result<(), FilterError> {
        let Self { actor, object_kind, object, act, outcome, from, to } = self;
        let named = [("actor", actor), ("object_kind", object_kind), ("object", object), ("act", act)];
        for (member, word) in named {
            if word.as_ref().is_some_and(|word| !is_word(word)) {
                return Err(FilterError { member, expected: "must be an id or a word of lower-case letters" });
            }
        }
        if outcome.as_ref().is_some_and(|word| Outcome::of_word(word).is_none()) {
            return Err(FilterError { member: "outcome", expected: "must be allow, deny or error" });
        }
        if from.zip(*to).is_some_and(|(from, to)| from >= to) {
            return Err(FilterError { member: "to", expected: "must be after from" });
        }
        Ok(())
    }

    /// Whether this entry is wanted. One that cannot be read is: it must not disappear by being unreadable.
    #[must_use]
    pub fn takes(&self, entry: &[u8]) -> bool {
        Leaf::from_bytes(entry).map_or(true, |leaf| self.takes_leaf(&leaf))
    }

    fn takes_leaf(&self, leaf: &Leaf) -> bool {
        let Self { actor, object_kind, object, act, outcome, from, to } = self;
        let (kind, id) = leaf.obj.parts();
        actor.as_ref().is_none_or(|actor| *actor == leaf.actor.parts().1)
            && object_kind.as_ref().is_none_or(|wanted| wanted == kind)
            && object.as_ref().is_none_or(|wanted| *wanted == id)
            && act.as_ref().is_none_or(|act| *act == leaf.act)
            && outcome.as_ref().is_none_or(|outcome| outcome == leaf.out.as_str())
            && from.is_none_or(|from| leaf.t >= from)
            && to.is_none_or(|to| leaf.t < to)
    }
}

/// What an id, a kind, a task's name or an act consists of.
fn is_word(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_looked_for_and_nothing_else() {
        for (why, filter) in [
            ("a name", Filter { actor: Some("Ada Lovelace".to_owned()), ..Filter::default() }),
            ("an address", Filter { object: Some("ada@example.org".to_owned()), ..Filter::default() }),
            ("nothing", Filter { act: Some(String::new()), ..Filter::default() }),
            ("much", Filter { object_kind: Some("a".repeat(LONGEST + 1)), ..Filter::default() }),
            ("an outcome of our own", Filter { outcome: Some("perhaps".to_owned()), ..Filter::default() }),
            (
                "no time at all",
                Filter {
                    from: Some(Timestamp::from_micros(5)),
                    to: Some(Timestamp::from_micros(5)),
                    ..Filter::default()
                },
            ),
        ] {
            assert!(filter.check().is_err(), "{why}");
        }
        let good =
            Filter { act: Some("session.view".to_owned()), outcome: Some("deny".to_owned()), ..Filter::default() };
        assert_eq!(good.check(), Ok(()));
        assert!(!good.is_empty() && Filter::default().is_empty());
        assert!(good.takes(b"no leaf"), "what cannot be read is shown");
    }
}

//! The kinds of value that settings have. Each kind is an order of strictness; there are no others.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    FindingCode, Findings, Pointer,
    gate::{Key, read_key},
    setting::{PlaceLaws, Rule, Setting, Strictness, Tendency, place},
};

/// A setting whose values are words in order of strictness.
macro_rules! ordered {
    ($(#[doc = $about:literal])+ $(#[default = $default:ident])? pub enum $name:ident {
        $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal, )+
    }) => {
        $(#[doc = $about])+
        ///
        /// Loosest first: of two values the greater one wins.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[doc = $doc])+ #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every value, the loosest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in a document.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::privacy::setting::Setting for $name {
            fn strictness() -> $crate::privacy::setting::Strictness {
                $crate::privacy::setting::Strictness::Words(Self::WORDS)
            }
            fn schema() -> serde_json::Value {
                let words: Vec<serde_json::Value> = vec![$(
                    serde_json::json!({
                        "const": $word,
                        "description": $crate::privacy::orders::sentence(&[$($doc),+]),
                    })
                ),+];
                serde_json::json!({ "oneOf": words })
            }
            fn read(
                value: &serde_json::Value,
                at: &$crate::privacy::Pointer,
                findings: &mut $crate::privacy::Findings,
            ) -> Option<Self> {
                $crate::privacy::orders::read_word(value, at, Self::WORDS, findings).map(|i| Self::ALL[i])
            }
            fn strictest(&self, other: &Self) -> Self {
                (*self).max(*other)
            }
        }
    };
}
pub(crate) use ordered;

/// The lines of a doc comment as one text.
pub(crate) fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Which of `words` a document says.
pub(crate) fn read_word(value: &Value, at: &Pointer, words: &[&str], findings: &mut Findings) -> Option<usize> {
    let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let Some(text) = value.as_str() else {
        findings.wrong_type(at, &format!("one of the words {list}"));
        return None;
    };
    let found = words.iter().position(|word| *word == text);
    if found.is_none() {
        findings.say(at, FindingCode::UnknownWord, "this setting has no such word", format!("write one of {list}"));
    }
    found
}

/// A switch by which something is recorded: `false` is the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Captured(pub bool);

/// A switch by which something is asked for or hidden: `true` is the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Required(pub bool);

macro_rules! switch {
    ($name:ident, $strictness:ident, $op:tt) => {
        impl Setting for $name {
            fn strictness() -> Strictness {
                Strictness::$strictness
            }
            fn schema() -> Value {
                json!({ "type": "boolean" })
            }
            fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
                let read = value.as_bool().map(Self);
                if read.is_none() {
                    findings.wrong_type(at, "`true` or `false`");
                }
                read
            }
            fn strictest(&self, other: &Self) -> Self {
                Self(self.0 $op other.0)
            }
        }
    };
}
switch!(Captured, False, &);
switch!(Required, True, |);

/// A number from `MIN` to `MAX`; the lower one is the stricter. The unit is in the setting's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lower<const MIN: u32, const MAX: u32>(pub u32);

impl<const MIN: u32, const MAX: u32> Setting for Lower<MIN, MAX> {
    fn strictness() -> Strictness {
        Strictness::Lower
    }
    fn schema() -> Value {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let limits = format!("a whole number from {MIN} to {MAX}");
        // A number with a fraction is another type; one that is whole but too large for us is out of range.
        if !value.is_i64() && !value.is_u64() {
            findings.wrong_type(at, &limits);
            return None;
        }
        let read = value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| (MIN..=MAX).contains(n)).map(Self);
        if read.is_none() {
            findings.say(at, FindingCode::OutOfRange, "the number is outside its limits", format!("write {limits}"));
        }
        read
    }
    fn strictest(&self, other: &Self) -> Self {
        (*self).min(*other)
    }
}

/// A value that has no order: the highest layer that says it sets it.
///
/// `NEUTRAL` says that a change of it shows and keeps nothing more; without that, every change counts as loosening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Set<T, const NEUTRAL: bool>(pub T);

impl<T: Setting + Ord, const NEUTRAL: bool> Setting for Set<T, NEUTRAL> {
    fn strictness() -> Strictness {
        Strictness::Set
    }
    fn schema() -> Value {
        T::schema()
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        T::read(value, at, findings).map(Self)
    }
    /// Two values of one layer: any rule will do that does not depend on their order.
    fn strictest(&self, other: &Self) -> Self {
        self.max(other).clone()
    }
    fn with_lower(&self, _lower: &Self) -> Self {
        self.clone()
    }
    fn tendency(before: &Self, after: &Self) -> Tendency {
        if before == after || NEUTRAL { Tendency::Neither } else { Tendency::Loosens }
    }
}

/// The most that one plain list may hold.
pub(crate) const MOST_IN_LIST: usize = 200;

/// A list of things that are held back. More is stricter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Union<T>(pub Vec<T>);

/// A list of things that are permitted. Less is stricter; an empty one permits nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fewer<T>(pub Vec<T>);

fn read_list<T: Key>(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Vec<T>> {
    let items = read_items(value, at, MOST_IN_LIST, findings)?;
    let mut read: Vec<T> = Vec::with_capacity(items.len());
    let mut whole = true;
    for (i, item) in items.iter().enumerate() {
        match read_key::<T>(item, &at.item(i), findings) {
            Some(key) if read.contains(&key) => {
                findings.say(&at.item(i), FindingCode::Duplicate, "this stands in the list already", "remove it");
                whole = false;
            }
            Some(key) => read.push(key),
            None => whole = false,
        }
    }
    whole.then_some(read)
}

/// The items of a list of at most `most`.
fn read_items<'v>(value: &'v Value, at: &Pointer, most: usize, findings: &mut Findings) -> Option<&'v Vec<Value>> {
    let Some(items) = value.as_array() else {
        findings.wrong_type(at, "a list");
        return None;
    };
    if items.len() > most {
        findings.say(at, FindingCode::TooLarge, format!("the list has more than {most} items"), "shorten it");
        return None;
    }
    Some(items)
}

fn sorted<T: Key>(list: &[T]) -> Vec<T> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list.dedup();
    list
}

macro_rules! list {
    ($name:ident, $normal:ident, joined $joined:literal, |$one:ident, $other:ident| $join:expr) => {
        impl<T: Key> Setting for $name<T> {
            fn strictness() -> Strictness {
                Strictness::$name
            }
            fn schema() -> Value {
                json!({ "type": "array", "maxItems": MOST_IN_LIST, "uniqueItems": true, "items": T::schema() })
            }
            fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
                read_list(value, at, findings).map(Self)
            }
            fn strictest(&self, other: &Self) -> Self {
                let ($one, $other) = ($normal::<T>(&self.0), $normal::<T>(&other.0));
                Self($normal::<T>(&$join))
            }
            fn wants_less(&self, held: &Self) -> bool {
                !$joined && held.strictest(self) != self.normal()
            }
            fn normal(&self) -> Self {
                Self($normal(&self.0))
            }
        }
    };
}
list!(Union, sorted, joined true, |one, other| [one, other].concat());
list!(Fewer, permitted, joined false, |one, other| {
    if is_everything(&one) {
        other
    } else if is_everything(&other) {
        one
    } else {
        one.into_iter().filter(|item| other.contains(item)).collect::<Vec<_>>()
    }
});

/// Sorted; what permits everything leaves nothing for the rest to permit.
fn permitted<T: Key>(list: &[T]) -> Vec<T> {
    let everything = list.iter().find(|item| T::EVERYTHING == Some(item.text()));
    everything.map_or_else(|| sorted(list), |everything| vec![everything.clone()])
}

fn is_everything<T: Key>(list: &[T]) -> bool {
    matches!(list, [one] if T::EVERYTHING == Some(one.text()))
}

/// A list of rules, each with a key. All rules of all layers apply; two with one key are the stricter of both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules<T>(pub Vec<T>);

impl<T> Default for Rules<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Rule> Rules<T> {
    /// The rule of this key, the strictest if it stands there more than once.
    #[must_use]
    pub fn of_key(&self, key: &str) -> Option<T> {
        self.0.iter().filter(|rule| rule.key() == key).cloned().reduce(|one, other| one.strictest(&other))
    }

    fn keys<'r>(lists: impl Iterator<Item = &'r Self>) -> Vec<String>
    where
        T: 'r,
    {
        let mut keys: Vec<String> = lists.flat_map(|list| list.0.iter().map(Rule::key)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl<T: Rule> Setting for Rules<T> {
    fn strictness() -> Strictness {
        Strictness::Union
    }
    fn schema() -> Value {
        json!({ "type": "array", "maxItems": T::MOST, "items": T::schema() })
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let items = read_items(value, at, T::MOST, findings)?;
        let mut read: Vec<T> = Vec::with_capacity(items.len());
        let mut keys = std::collections::HashSet::new();
        let mut whole = true;
        for (i, item) in items.iter().enumerate() {
            let Some(rule) = T::read(item, &at.item(i), findings) else {
                whole = false;
                continue;
            };
            if keys.insert(rule.key()) {
                read.push(rule);
            } else {
                let what = format!("the list has a {} for this already", T::WORD);
                findings.say(&at.item(i), FindingCode::Duplicate, what, "keep one of the two");
                whole = false;
            }
        }
        whole.then_some(Self(read))
    }
    fn strictest(&self, other: &Self) -> Self {
        let keys = Self::keys([self, other].into_iter());
        let rule = |key: &String| match (self.of_key(key), other.of_key(key)) {
            (Some(one), Some(other)) => Some(one.strictest(&other)),
            (one, other) => one.or(other),
        };
        Self(keys.iter().filter_map(rule).collect())
    }
    fn describe_inside(path: &str, out: &mut Vec<super::setting::Described>) {
        T::describe(path, out);
    }
    fn over(&self, default: &Self) -> Self {
        let mut rules = self.0.clone();
        rules.extend(default.0.iter().filter(|rule| self.of_key(&rule.key()).is_none()).cloned());
        Self(rules).normal()
    }
    fn normal(&self) -> Self {
        self.strictest(self)
    }
    fn tendency(before: &Self, after: &Self) -> Tendency {
        let mut all = Tendency::Neither;
        Self::places(&Pointer::root(), &[Some(before), Some(after)], &mut |place| all = all.worse(place.steps[0]));
        all
    }
    fn places(at: &Pointer, said: &[Option<&Self>], see: &mut dyn FnMut(super::Place)) {
        for key in Self::keys(said.iter().filter_map(|list| *list)) {
            let rules: Vec<Option<(Pointer, T)>> = said
                .iter()
                .map(|list| {
                    let list = (*list)?;
                    let index = list.0.iter().position(|rule| rule.key() == key)?;
                    Some((at.item(index), list.of_key(&key)?))
                })
                .collect();
            let laws = PlaceLaws {
                rule: true,
                ordered: true,
                join: T::strictest,
                wants_less: T::wants_less,
                tendency: T::tendency,
            };
            let said: Vec<_> = rules.iter().map(|rule| rule.as_ref().map(|(at, rule)| (at.clone(), rule))).collect();
            see(place(&said, &laws));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::gate::Word;

    #[test]
    fn each_kind_has_its_order() {
        assert_eq!(Captured(true).strictest(&Captured(false)), Captured(false));
        assert_eq!(Required(true).strictest(&Required(false)), Required(true));
        assert_eq!(Lower::<1, 9>(3).strictest(&Lower(7)), Lower(3));
        let words = |words: &[&str]| words.iter().map(|word| Word::parse(word).expect(word)).collect::<Vec<_>>();
        assert_eq!(Union(words(&["b", "a"])).strictest(&Union(words(&["c", "a"]))).0, words(&["a", "b", "c"]));
        assert_eq!(Fewer(words(&["b", "a"])).strictest(&Fewer(words(&["c", "a"]))).0, words(&["a"]));
        let (high, low) = (Set::<Lower<1, 9>, true>(Lower(7)), Set(Lower(3)));
        assert_eq!(high.with_lower(&low), high);
        assert_eq!(low.with_lower(&high), low);
    }

    #[test]
    fn numbers_outside_their_limits_and_of_other_types_are_told_apart() {
        use FindingCode::{OutOfRange, WrongType};
        let mut findings = Findings::default();
        for value in [json!(0), json!(10), json!(-1), json!(5_000_000_000_u64), json!(2.5), json!("3")] {
            assert_eq!(Lower::<1, 9>::read(&value, &Pointer::root(), &mut findings), None);
        }
        let codes: Vec<FindingCode> = findings.all().iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [OutOfRange, OutOfRange, OutOfRange, OutOfRange, WrongType, WrongType]);
    }
}

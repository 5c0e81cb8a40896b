//! What every setting is: a value with an order of strictness.
//!
//! The order is the type's. There is no table of settings to keep in step: a field of a section whose type is not a
//! [`Setting`] does not compile, and merging, comparing, validation, JSON Schema and the published table of settings are
//! all made from the same declaration (see [`super::macros`]).

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Findings, Pointer};

/// Which of two values of a setting is the stricter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Words, from the loosest to the strictest.
    Words(&'static [&'static str]),
    /// The lower number.
    Lower,
    /// `true` is the stricter.
    True,
    /// `false` is the stricter.
    False,
    /// A list of things that are hidden or held back: all of both lists.
    Union,
    /// A list of things that are permitted: what is in both lists.
    Fewer,
    /// Rates by rule: the lower rate for every session.
    Rates,
    /// None. The highest layer that says it sets it.
    Set,
}

impl Strictness {
    /// The form in the JSON Schema, as `x-strictness`.
    #[must_use]
    pub fn schema(self) -> Value {
        match self {
            Self::Words(words) => json!(words),
            Self::Lower => json!("lower"),
            Self::True => json!("true"),
            Self::False => json!("false"),
            Self::Union => json!("union"),
            Self::Fewer => json!("fewer"),
            Self::Rates => json!("rates"),
            Self::Set => json!("set-by-the-highest-layer"),
        }
    }

    /// The form in the table of settings.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" < "),
            Self::Lower => "lower".to_owned(),
            Self::True => "`false` < `true`".to_owned(),
            Self::False => "`true` < `false`".to_owned(),
            Self::Union => "all of both lists".to_owned(),
            Self::Fewer => "what is in both lists".to_owned(),
            Self::Rates => "the lower rate for every session".to_owned(),
            Self::Set => "the highest layer sets it".to_owned(),
        }
    }
}

/// How a change is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tendency {
    /// Nothing that anybody could see or that is kept changes.
    Neither,
    /// Shown to be at least as strict in everything, and stricter in something.
    Tightens,
    /// Everything else, also what nobody can tell.
    Loosens,
}

impl Tendency {
    /// Of two answers about one change, the one to act on.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Loosens, _) | (_, Self::Loosens) => Self::Loosens,
            (Self::Tightens, _) | (_, Self::Tightens) => Self::Tightens,
            (Self::Neither, Self::Neither) => Self::Neither,
        }
    }
}

/// What one document says at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The place in that document; a rule stands at another index in each.
    pub pointer: Pointer,
    /// The value.
    pub value: Value,
}

/// One place of the format, with what each of several documents says there, the highest layer first.
#[derive(Debug, Clone)]
pub struct Place {
    /// What each document says.
    pub said: Vec<Option<Said>>,
    /// For each document that asks for less than those before it hold: the nearest of them that is stricter.
    pub against: Vec<Option<usize>>,
    /// Whether its values have an order; where they have none, the highest layer sets it.
    pub ordered: bool,
    /// What holds of all of it.
    pub held: Option<Value>,
    /// Whether it is a rule of a list, of which a document that does not have it says nothing.
    pub rule: bool,
    /// How the steps from the first document to the second, from the third to the fourth and so on are heard.
    pub steps: Vec<Tendency>,
}

/// A value with an order of strictness: a join-semilattice whose join is [`Setting::strictest`].
///
/// Laws, held by `tests.rs`: `strictest` is idempotent, commutative and associative up to [`Setting::normal`], and never
/// looser than either side.
pub trait Setting: Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned {
    /// The order.
    fn strictness() -> Strictness;

    /// The JSON Schema of a value, without description.
    fn schema() -> Value;

    /// Reads what somebody wrote and says everything that is wrong with it.
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self>;

    /// The least value that is at least as strict as both.
    #[must_use]
    fn strictest(&self, other: &Self) -> Self;

    /// Of a higher layer (`self`) and a lower one. Differs from [`Setting::strictest`] only where there is no order.
    #[must_use]
    fn with_lower(&self, lower: &Self) -> Self {
        self.strictest(lower)
    }

    /// What is left unsaid is filled from the default. A list keeps the default's rules that it does not name.
    #[must_use]
    fn over(&self, _default: &Self) -> Self {
        self.clone()
    }

    /// One form for all spellings of the same meaning.
    #[must_use]
    fn normal(&self) -> Self {
        self.clone()
    }

    /// Whether a lower layer that says this asks for less than what is `held` above it. To say less in a list that is
    /// joined is not to ask for less.
    fn wants_less(&self, held: &Self) -> bool {
        held.with_lower(self).normal() != self.normal()
    }

    /// How the step from `before` to `after` is heard.
    #[must_use]
    fn tendency(before: &Self, after: &Self) -> Tendency {
        let (before, after) = (before.normal(), after.normal());
        if before == after {
            Tendency::Neither
        } else if before.strictest(&after) == after {
            Tendency::Tightens
        } else {
            Tendency::Loosens
        }
    }

    /// The lines of the table of settings that are inside: those of a list's rules.
    fn describe_inside(_path: &str, _out: &mut Vec<Described>) {}

    /// Shows each place of this setting: one for a plain value, one for each rule of a list.
    fn places(at: &Pointer, said: &[Option<&Self>], see: &mut dyn FnMut(Place)) {
        if said.iter().all(Option::is_none) {
            return;
        }
        let laws = PlaceLaws {
            rule: false,
            ordered: Self::strictness() != Strictness::Set,
            join: Self::with_lower,
            wants_less: Self::wants_less,
            tendency: |before: Option<&Self>, after: Option<&Self>| match (before, after) {
                (Some(before), Some(after)) => Self::tendency(before, after),
                (None, None) => Tendency::Neither,
                // What a layer does not say is no value; nobody can tell.
                _ => Tendency::Loosens,
            },
        };
        let said: Vec<_> = said.iter().map(|value| value.map(|value| (at.clone(), value))).collect();
        see(place(&said, &laws));
    }
}

/// How the values of one place are compared.
pub(crate) struct PlaceLaws<J, W, S> {
    pub(crate) rule: bool,
    pub(crate) ordered: bool,
    pub(crate) join: J,
    pub(crate) wants_less: W,
    pub(crate) tendency: S,
}

/// Builds a [`Place`] from what each document says, with its own pointer.
pub(crate) fn place<T, J, W, S>(said: &[Option<(Pointer, &T)>], laws: &PlaceLaws<J, W, S>) -> Place
where
    T: Clone + Serialize,
    J: Fn(&T, &T) -> T,
    W: Fn(&T, &T) -> bool,
    S: Fn(Option<&T>, Option<&T>) -> Tendency,
{
    let value = |one: &Option<(Pointer, &T)>| serde_json::to_value(one.as_ref().map(|one| one.1)).unwrap_or_default();
    let steps = said.chunks_exact(2).map(|pair| {
        let [before, after] = [&pair[0], &pair[1]].map(|one| one.as_ref().map(|one| one.1));
        (laws.tendency)(before, after)
    });
    let mut held: Option<T> = None;
    let mut against = Vec::with_capacity(said.len());
    for (i, one) in said.iter().enumerate() {
        let Some((_, value)) = one else {
            against.push(None);
            continue;
        };
        let tries = held.as_ref().is_some_and(|held| (laws.wants_less)(value, held));
        let stricter = |above: &usize| said[*above].as_ref().is_some_and(|above| (laws.wants_less)(value, above.1));
        let speaks = |above: &usize| said[*above].is_some();
        // Where it asks for less only than all of them together, the nearest that says anything.
        let nearest = || (0..i).rev().find(stricter).or_else(|| (0..i).rev().find(speaks));
        against.push(if tries { nearest() } else { None });
        held = Some(held.map_or_else(|| (*value).clone(), |held| (laws.join)(&held, value)));
    }
    Place {
        against,
        ordered: laws.ordered,
        rule: laws.rule,
        steps: steps.collect(),
        held: held.map(|held| serde_json::to_value(held).unwrap_or_default()),
        said: said
            .iter()
            .map(|one| one.as_ref().map(|(pointer, _)| Said { pointer: pointer.clone(), value: value(one) }))
            .collect(),
    }
}

/// One line of the table of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its place, with `[]` for the items of a list.
    pub path: String,
    /// What it says.
    pub about: String,
    /// Its order.
    pub strictness: Strictness,
}

/// A group of settings, each of which may be absent in a layer.
pub trait Section: Clone + PartialEq + fmt::Debug + Default + Serialize + DeserializeOwned {
    /// The same group with nothing absent.
    type Full: Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned;

    /// Reads what somebody wrote and says everything that is wrong with it.
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Self;
    /// [`Setting::strictest`] of every setting; what one side does not say is the other's.
    #[must_use]
    fn strictest(&self, other: &Self) -> Self;
    /// [`Setting::with_lower`] of every setting.
    #[must_use]
    fn with_lower(&self, lower: &Self) -> Self;
    /// Everything that is absent is the default's.
    fn filled(&self, default: &Self::Full) -> Self::Full;
    /// The layer that says all of `full`.
    fn of(full: &Self::Full) -> Self;
    /// [`Setting::normal`] of every setting.
    #[must_use]
    fn normal(&self) -> Self;
    /// Shows every place of it.
    fn places(at: &Pointer, said: &[&Self], see: &mut dyn FnMut(Place));
    /// Its JSON Schema.
    fn schema() -> Value;
    /// Its lines of the table of settings.
    fn describe(path: &str, out: &mut Vec<Described>);
}

/// One rule of a list: what it is about (its key) and what happens there.
pub trait Rule: Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned {
    /// The most that one document may have in a list.
    const MOST: usize;
    /// What a rule of this kind is called in a finding.
    const WORD: &'static str;
    /// Whether a change of one can be shown to hide more. Where it cannot, every change counts as loosening.
    const ORDERED: bool;

    /// What it is about, in its canonical text. Two rules of one key are one rule: the stricter of both.
    fn key(&self) -> String;
    /// Its JSON Schema.
    fn schema() -> Value;
    /// Its settings beside the key.
    fn describe(path: &str, out: &mut Vec<Described>);
    /// Reads what somebody wrote and says everything that is wrong with it.
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self>;
    /// Of two rules with one key, the stricter in each setting.
    #[must_use]
    fn strictest(&self, other: &Self) -> Self;
    /// [`Setting::wants_less`] of any of its settings.
    fn wants_less(&self, held: &Self) -> bool;
    /// Whether a rule like this can show more than having none: then adding it loosens, and removing it does not.
    fn can_show_more(&self) -> bool;
    /// Whether removing it can be shown to hide more.
    fn only_shows_more(&self) -> bool;

    /// How adding, removing or changing one is heard.
    #[must_use]
    fn tendency(before: Option<&Self>, after: Option<&Self>) -> Tendency {
        match (before, after) {
            (None, None) => Tendency::Neither,
            (None, Some(after)) if after.can_show_more() => Tendency::Loosens,
            (None, Some(_)) => Tendency::Tightens,
            (Some(before), None) if before.only_shows_more() => Tendency::Tightens,
            (Some(before), Some(after)) if before == after => Tendency::Neither,
            (Some(before), Some(after)) if Self::ORDERED && before.strictest(after) == *after => Tendency::Tightens,
            _ => Tendency::Loosens,
        }
    }
}

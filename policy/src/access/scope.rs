//! For which sessions something is allowed, pane by pane.

use std::borrow::Cow;

use domain::Sensitivity;
use strum::IntoEnumIterator as _;

use super::{Action, Pane, Panes, Predicate, RoleKey, SessionFacts, Terms, Test};

/// One role that gives, or takes, a part.
#[derive(Debug, Clone)]
struct Arm {
    /// Which role: its place among those that are held.
    place: u32,
    condition: Predicate,
    panes: Panes,
    masked: bool,
}

/// The sessions for which several terms together allow one action.
#[derive(Debug, Clone)]
pub(super) struct Arms {
    gives: Box<[Arm]>,
    takes: Box<[Arm]>,
}

/// The sessions for which one action is allowed to one holder.
#[derive(Debug)]
pub struct Scope<'a> {
    arms: Cow<'a, Arms>,
    roles: &'a [RoleKey],
}

/// Why a session is open to somebody, and which parts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission<'a> {
    /// The parts.
    pub panes: Panes,
    /// Whether the page is shown without its text.
    pub masked: bool,
    /// The role that opens it.
    pub role: &'a RoleKey,
}

impl Arms {
    pub(super) fn of(held: &[Terms], action: Action) -> Self {
        let lifted = lifted(held);
        let gives = (0..).zip(held).filter(|(_, terms)| terms.answers.allows(action)).map(|(place, terms)| {
            let gate = if terms.watches {
                Predicate::any([Predicate::Test(Test::SensitivityIs(Sensitivity::Normal)), lifted.clone()])
            } else {
                Predicate::Always
            };
            let panes = if action == Action::SessionView { terms.opens() } else { terms.panes };
            let condition = Predicate::all([terms.condition.clone(), gate]);
            Arm { place, condition, panes, masked: terms.masked }
        });
        let takes = (0..).zip(held).filter(|(_, terms)| terms.answers.denies(action)).map(|(place, terms)| {
            let condition = terms.condition.clone();
            Arm { place, condition, panes: terms.panes, masked: terms.masked }
        });
        Self { gives: gives.collect(), takes: takes.collect() }
    }
}

impl<'a> Scope<'a> {
    pub(super) const fn new(arms: Cow<'a, Arms>, roles: &'a [RoleKey]) -> Self {
        Self { arms, roles }
    }

    /// What a session must be like for one of its panes at least to be open. A deny beats every allow.
    #[must_use]
    pub fn predicate(&self) -> Predicate {
        Predicate::any(Pane::iter().map(|pane| self.opening(pane, |_| true)))
    }

    /// What a session must be like for its page to be open with its text.
    #[must_use]
    pub fn unmasked(&self) -> Predicate {
        self.opening(Pane::Dom, |arm| !arm.masked)
    }

    fn opening(&self, pane: Pane, counts: fn(&Arm) -> bool) -> Predicate {
        let any = |arms: &[Arm], counts: fn(&Arm) -> bool| {
            let arms = arms.iter().filter(|arm| arm.panes.contains(pane) && counts(arm));
            Predicate::any(arms.map(|arm| arm.condition.clone()))
        };
        Predicate::all([any(&self.arms.gives, counts), Predicate::surely_not(any(&self.arms.takes, |_| true))])
    }

    /// Whether all that is open is shown without text (`true`), or nothing is (`false`); `None` when it depends on the
    /// session.
    #[must_use]
    pub fn masks_all(&self) -> Option<bool> {
        let mut shown = self.arms.gives.iter().map(|arm| !arm.masked && arm.panes.contains(Pane::Dom));
        let first = shown.next()?;
        let alike = shown.all(|shows| shows == first);
        // What takes a part away may take the text from some of them.
        (alike && (!first || self.arms.takes.is_empty())).then_some(!first)
    }

    /// Whether it depends on what sessions are marked with.
    #[must_use]
    pub fn asks_for_labels(&self) -> bool {
        let mut arms = self.arms.gives.iter().chain(&*self.arms.takes);
        arms.any(|arm| arm.condition.tests().any(|test| matches!(test, Test::LabelIn(_))))
    }

    /// Which parts of this session are open, and why; `None` when nothing is.
    #[must_use]
    pub fn admit(&self, session: &SessionFacts) -> Option<Admission<'a>> {
        let taken = self.arms.takes.iter().filter(|arm| arm.condition.may_hold(session));
        let taken = taken.fold(Panes::NONE, |panes, arm| panes.or(arm.panes));
        let (mut first, mut panes, mut shows_text) = (None, Panes::NONE, false);
        for arm in &*self.arms.gives {
            let left = arm.panes.without(taken);
            if left.is_empty() || !arm.condition.holds(session) {
                continue;
            }
            first = first.or(Some(arm));
            panes = panes.or(left);
            shows_text |= !arm.masked && left.contains(Pane::Dom);
        }
        Some(Admission { panes, masked: !shows_text, role: self.roles.get(first?.place as usize)? })
    }

    /// Whether a role takes some part of this session away. For what does not stop at the limits of a role, and still
    /// does not pass a no.
    #[must_use]
    pub fn takes_from(&self, session: &SessionFacts) -> bool {
        self.arms.takes.iter().any(|arm| Predicate::Perhaps(Box::new(arm.condition.clone())).holds(session))
    }
}

/// Where restricted sessions are open like normal ones.
fn lifted(held: &[Terms]) -> Predicate {
    let of = |says: fn(&Terms) -> bool| Predicate::any(held.iter().filter(|t| says(t)).map(|t| t.condition.clone()));
    Predicate::all([
        of(|terms| terms.answers.allows(Action::SessionViewRestricted)),
        Predicate::surely_not(of(|terms| terms.answers.denies(Action::SessionViewRestricted))),
    ])
}

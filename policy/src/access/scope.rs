//! For which sessions something is allowed, pane by pane.

use domain::{RoleBindingId, Sensitivity};
use strum::IntoEnumIterator as _;

use super::{Action, Held, Pane, Panes, Predicate, RoleKey, SessionFacts, Test};

/// One role that gives, or takes, a part.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arm {
    role: RoleKey,
    binding: Option<RoleBindingId>,
    condition: Predicate,
    panes: Panes,
    masked: bool,
}

/// The sessions for which one action is allowed to one holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    gives: Vec<Arm>,
    takes: Vec<Arm>,
}

/// Why a session is open to somebody, and which parts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// The parts.
    pub panes: Panes,
    /// Whether the page is shown without its text.
    pub masked: bool,
    /// The role that opens it.
    pub role: RoleKey,
    /// The binding through which the role is held.
    pub binding: Option<RoleBindingId>,
}

impl Scope {
    pub(super) fn of(held: &[Held], action: Action) -> Self {
        let lifted = lifted(held);
        let arm = |held: &Held, condition, panes| Arm {
            role: held.role,
            binding: held.binding,
            condition,
            panes,
            masked: held.masked,
        };
        let gives = held.iter().filter(|held| held.answers.allows(action)).map(|held| {
            let gate = if held.watches {
                Predicate::any([Predicate::Test(Test::SensitivityIs(Sensitivity::Normal)), lifted.clone()])
            } else {
                Predicate::Always
            };
            let panes = if action == Action::SessionView { held.opens() } else { held.panes };
            arm(held, Predicate::all([held.condition.clone(), gate]), panes)
        });
        let takes = held.iter().filter(|held| held.answers.denies(action));
        Self {
            gives: gives.collect(),
            takes: takes.map(|held| arm(held, held.condition.clone(), held.panes)).collect(),
        }
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
        Predicate::all([any(&self.gives, counts), Predicate::surely_not(any(&self.takes, |_| true))])
    }

    /// Whether all that is open is shown without text (`true`), or nothing is (`false`); `None` when it depends on the
    /// session.
    #[must_use]
    pub fn masks_all(&self) -> Option<bool> {
        let mut shown = self.gives.iter().map(|arm| !arm.masked && arm.panes.contains(Pane::Dom));
        let first = shown.next()?;
        let alike = shown.all(|shows| shows == first);
        // What takes a part away may take the text from some of them.
        (alike && (!first || self.takes.is_empty())).then_some(!first)
    }

    /// Whether it depends on what sessions are marked with.
    #[must_use]
    pub fn asks_for_labels(&self) -> bool {
        let mut arms = self.gives.iter().chain(&self.takes);
        arms.any(|arm| arm.condition.tests().any(|test| matches!(test, Test::LabelIn(_))))
    }

    /// Which parts of this session are open, and why; `None` when nothing is.
    #[must_use]
    pub fn admit(&self, session: &SessionFacts) -> Option<Admission> {
        let taken = self.takes.iter().filter(|arm| arm.condition.may_hold(session));
        let taken = taken.fold(Panes::NONE, |panes, arm| panes.or(arm.panes));
        let (mut first, mut panes, mut shows_text) = (None, Panes::NONE, false);
        for arm in &self.gives {
            let left = arm.panes.without(taken);
            if left.is_empty() || !arm.condition.holds(session) {
                continue;
            }
            first = first.or(Some(arm));
            panes = panes.or(left);
            shows_text |= !arm.masked && left.contains(Pane::Dom);
        }
        let first = first?;
        Some(Admission { panes, masked: !shows_text, role: first.role, binding: first.binding })
    }

    /// Whether a role takes some part of this session away. For what does not stop at the limits of a role, and still
    /// does not pass a no.
    #[must_use]
    pub fn takes_from(&self, session: &SessionFacts) -> bool {
        self.takes.iter().any(|arm| Predicate::Perhaps(Box::new(arm.condition.clone())).holds(session))
    }
}

/// Where restricted sessions are open like normal ones.
fn lifted(held: &[Held]) -> Predicate {
    let of = |says: fn(&Held) -> bool| Predicate::any(held.iter().filter(|h| says(h)).map(|h| h.condition.clone()));
    Predicate::all([
        of(|held| held.answers.allows(Action::SessionViewRestricted)),
        Predicate::surely_not(of(|held| held.answers.denies(Action::SessionViewRestricted))),
    ])
}

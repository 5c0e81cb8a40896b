//! On what terms a role is held: what it says about every action, and for which sessions.

use strum::IntoEnumIterator as _;

use super::{Action, Panes, Predicate, Reach};

/// What a role says about every action, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Answers {
    pub(super) allow: u128,
    pub(super) deny: u128,
}

impl Answers {
    /// What a role says whose row cannot be trusted: nothing is allowed, and whatever is about more than the member's own
    /// account is denied, because the true row may have denied it.
    #[must_use]
    pub fn untrusted() -> Self {
        let deny = Action::iter().filter(|action| action.reach() != Reach::Own);
        Self { allow: 0, deny: deny.fold(0, |bits, action| bits | action.bit()) }
    }

    /// What is left when the role gives nothing: what it takes away.
    #[must_use]
    pub const fn denials(self) -> Self {
        Self { allow: 0, deny: self.deny }
    }

    /// Whether the role allows `action`.
    #[must_use]
    pub const fn allows(self, action: Action) -> bool {
        self.allow & action.bit() != 0
    }
    /// Whether the role denies `action`, whatever else its holder holds.
    #[must_use]
    pub const fn denies(self, action: Action) -> bool {
        self.deny & action.bit() != 0
    }
}

/// What a role gives and takes, whichever role it is and whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Terms {
    /// What the role says.
    pub answers: Answers,
    /// Whether the role opens recordings. Such a role stops at restricted sessions in all that it does with sessions; one
    /// that only reads who watched does not.
    pub watches: bool,
    /// Whether what it opens is shown without text.
    pub masked: bool,
    /// The sessions it is held for.
    pub condition: Predicate,
    /// The panes it is held for.
    pub panes: Panes,
}

impl Terms {
    /// Those of a role held for every session; `masked` when what it opens is shown without text.
    #[must_use]
    pub const fn everywhere(answers: Answers, masked: bool) -> Self {
        let watches = answers.allows(Action::SessionView);
        Self { answers, watches, masked, condition: Predicate::Always, panes: Panes::ALL }
    }

    /// The same, for a part.
    #[must_use]
    pub fn only(self, condition: Predicate, panes: Panes) -> Self {
        Self { condition: Predicate::all([self.condition, condition]), panes: self.panes.and(panes), ..self }
    }

    /// Whether the role is held for a part only.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.condition != Predicate::Always || self.panes != Panes::ALL
    }

    /// The panes that the role opens.
    pub(super) const fn opens(&self) -> Panes {
        if self.masked { self.panes.and(Panes::MASKED) } else { self.panes }
    }

    /// Whether the role gives `action` anywhere.
    #[must_use]
    pub fn gives(&self, action: Action) -> bool {
        if !self.answers.allows(action) {
            return false;
        }
        match action.reach() {
            Reach::Own => true,
            Reach::Session | Reach::Project => self.condition != Predicate::Never && !self.panes.is_empty(),
            // What is about the whole tenant has no part to be held for.
            Reach::Tenant => !self.is_limited(),
        }
    }

    /// Whether the role takes `action` away everywhere.
    pub(super) fn forbids(&self, action: Action) -> bool {
        let partly = matches!(action.reach(), Reach::Session | Reach::Project) && self.is_limited();
        self.answers.denies(action) && !partly
    }
}

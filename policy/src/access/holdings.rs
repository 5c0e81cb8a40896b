//! What somebody holds: bindings, each with what its role says about every action.

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, OnceLock},
};

use domain::{RoleBindingId, RoleId};
use strum::IntoEnumIterator as _;

use super::{Action, Panes, Predicate, Reach, Role, RoleSet, Scope, UnknownRole};

/// Which role: a built-in one by its word, a tenant's own by its id. What people call a role never enters a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleKey {
    /// One of ours.
    BuiltIn(Role),
    /// One of the tenant's own.
    Custom(RoleId),
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => role.fmt(f),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for RoleKey {
    type Err = UnknownRole;
    /// A member role's exact name or an id in its one spelling; nothing else.
    fn from_str(s: &str) -> Result<Self, UnknownRole> {
        s.parse().map(Self::BuiltIn).or_else(|_| s.parse().map(Self::Custom).map_err(|_| UnknownRole))
    }
}

/// What a role says about every action, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

/// One role that somebody holds, and for which sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The role.
    pub role: RoleKey,
    /// Through which binding; internal roles have none.
    pub binding: Option<RoleBindingId>,
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

impl Held {
    /// A role held for every session; `masked` when what it opens is shown without text.
    #[must_use]
    pub const fn everywhere(role: RoleKey, binding: Option<RoleBindingId>, answers: Answers, masked: bool) -> Self {
        let watches = answers.allows(Action::SessionView);
        Self { role, binding, answers, watches, masked, condition: Predicate::Always, panes: Panes::ALL }
    }

    /// The same, held for a part.
    #[must_use]
    pub fn only(self, condition: Predicate, panes: Panes) -> Self {
        Self { condition: Predicate::all([self.condition, condition]), panes: self.panes.and(panes), ..self }
    }

    /// Whether it is held for a part only.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.condition != Predicate::Always || self.panes != Panes::ALL
    }

    /// The panes that it opens.
    pub(super) const fn opens(&self) -> Panes {
        if self.masked { self.panes.and(Panes::MASKED) } else { self.panes }
    }

    /// Whether it gives `action` anywhere.
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

    /// Whether it takes `action` away everywhere.
    fn forbids(&self, action: Action) -> bool {
        let partly = matches!(action.reach(), Reach::Session | Reach::Project) && self.is_limited();
        self.answers.denies(action) && !partly
    }
}

/// Everything somebody holds. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Holdings(Arc<Parts>);

#[derive(Debug, Default)]
struct Parts {
    held: Box<[Held]>,
    /// For which sessions they may be watched: asked for the most, so compiled once.
    view: OnceLock<Arc<Scope>>,
}

impl PartialEq for Holdings {
    fn eq(&self, other: &Self) -> bool {
        self.0.held == other.0.held
    }
}

impl Eq for Holdings {}

impl Holdings {
    /// The roles, in the order in which they are bound.
    #[must_use]
    pub fn held(&self) -> &[Held] {
        &self.0.held
    }

    /// The first role that gives `action` somewhere, unless one forbids it everywhere.
    #[must_use]
    pub fn decide(&self, action: Action) -> Option<&Held> {
        if self.0.held.iter().any(|held| held.forbids(action)) {
            return None;
        }
        self.0.held.iter().find(|held| held.gives(action))
    }

    /// Whether `action` is given for every session, and taken away for none.
    #[must_use]
    pub fn has_everywhere(&self, action: Action) -> bool {
        let given = self.0.held.iter().any(|held| held.answers.allows(action) && !held.is_limited());
        given && !self.0.held.iter().any(|held| held.answers.denies(action))
    }

    /// Whether every session is open with its text.
    #[must_use]
    pub fn sees_unmasked_everywhere(&self) -> bool {
        self.has_everywhere(Action::SessionView)
            && self.0.held.iter().any(|held| held.watches && !held.masked && !held.is_limited())
    }

    /// The built-in roles among them, for whatever sessions.
    #[must_use]
    pub fn built_in(&self) -> RoleSet {
        let built_in = |held: &Held| match held.role {
            RoleKey::BuiltIn(role) => Some(role),
            RoleKey::Custom(_) => None,
        };
        self.0.held.iter().filter_map(built_in).collect()
    }

    /// Whether no role of theirs shows recordings with their text.
    #[must_use]
    pub fn watch_masked(&self) -> bool {
        !self.0.held.iter().any(|held| held.watches && !held.masked)
    }

    /// Everything that is given somewhere, in published order.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        Action::iter().filter(|action| self.decide(*action).is_some())
    }

    /// The sessions for which `action` is allowed.
    #[must_use]
    pub fn scope(&self, action: Action) -> Arc<Scope> {
        let compile = || Arc::new(Scope::of(&self.0.held, action));
        if action == Action::SessionView { Arc::clone(self.0.view.get_or_init(compile)) } else { compile() }
    }

    /// The sessions that may be listed and counted: never one that could not be opened.
    #[must_use]
    pub fn listable(&self) -> Predicate {
        Predicate::all([Action::SessionList, Action::SessionView].map(|action| self.scope(action).predicate()))
    }

    /// What is left of it for a credential that was made for less: only these actions, only those sessions. What is
    /// denied stays denied for every session.
    #[must_use]
    pub fn narrowed(&self, actions: impl IntoIterator<Item = Action>, sessions: &Predicate) -> Self {
        let bits = actions.into_iter().fold(0, |bits, action| bits | action.bit());
        let parts = self.0.held.iter().flat_map(|held| {
            let gives = Held {
                answers: Answers { allow: held.answers.allow & bits, deny: 0 },
                condition: Predicate::all([held.condition.clone(), sessions.clone()]),
                ..held.clone()
            };
            let takes = Held { answers: Answers { allow: 0, ..held.answers }, ..held.clone() };
            [Some(gives), (held.answers.deny != 0).then_some(takes)]
        });
        parts.flatten().collect()
    }
}

impl FromIterator<Held> for Holdings {
    fn from_iter<I: IntoIterator<Item = Held>>(held: I) -> Self {
        Self(Arc::new(Parts { held: held.into_iter().collect(), view: OnceLock::new() }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{ProjectId, Sensitivity, Timestamp};

    use super::*;
    use crate::access::{SessionFacts, Test};

    fn role(n: u128) -> RoleKey {
        RoleKey::Custom(RoleId::from_uuid(uuid(n)))
    }

    fn uuid(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    fn project(n: u128) -> ProjectId {
        ProjectId::from_uuid(uuid(n))
    }

    fn answers(allow: &[Action], deny: &[Action]) -> Answers {
        let bits = |actions: &[Action]| actions.iter().fold(0, |bits, action| bits | action.bit());
        Answers { allow: bits(allow), deny: bits(deny) }
    }

    fn held(n: u128, allow: &[Action], deny: &[Action], projects: &[u128]) -> Held {
        let mut held = Held::everywhere(role(n), None, answers(allow, deny), false);
        if !projects.is_empty() {
            held.condition = Predicate::Test(Test::ProjectIn(projects.iter().map(|n| project(*n)).collect()));
        }
        held
    }

    fn session(n: u128, sensitivity: Sensitivity) -> SessionFacts {
        SessionFacts {
            project: project(n),
            sensitivity,
            environment: None,
            started_at: Timestamp::from_millis(0),
            subject: None,
            labels: BTreeSet::new(),
        }
    }

    const WATCH: [Action; 2] = [Action::SessionList, Action::SessionView];

    #[test]
    fn what_is_about_the_tenant_takes_a_role_without_limits() {
        let all = [Action::MeRead, Action::SessionView, Action::ProjectList, Action::MemberManage];
        let limited: Holdings = [held(1, &all, &[], &[1])].into_iter().collect();
        let given: Vec<Action> = limited.actions().collect();
        assert_eq!(given, [Action::MeRead, Action::SessionView, Action::ProjectList]);
        let whole: Holdings = [held(1, &all, &[], &[])].into_iter().collect();
        assert!(whole.decide(Action::MemberManage).is_some());
        let nothing = Held { condition: Predicate::Never, ..held(1, &all, &[], &[]) };
        let none: Holdings = [nothing].into_iter().collect();
        assert_eq!(none.actions().collect::<Vec<_>>(), [Action::MeRead]);
    }

    #[test]
    fn a_deny_beats_every_allow_where_it_is_held() {
        let holdings: Holdings =
            [held(1, &WATCH, &[], &[]), held(2, &[], &[Action::SessionView], &[2])].into_iter().collect();
        assert!(holdings.decide(Action::SessionView).is_some(), "somewhere it is allowed");
        let scope = holdings.scope(Action::SessionView);
        assert!(scope.admit(&session(1, Sensitivity::Normal)).is_some());
        assert!(scope.admit(&session(2, Sensitivity::Normal)).is_none());
        assert!(!holdings.listable().holds(&session(2, Sensitivity::Normal)), "what cannot be opened is not listed");
        let everywhere: Holdings =
            [held(1, &WATCH, &[], &[]), held(2, &[], &[Action::SessionView], &[])].into_iter().collect();
        assert!(everywhere.decide(Action::SessionView).is_none());
    }

    #[test]
    fn what_passes_the_limits_of_a_role_does_not_pass_a_deny() {
        let broad = held(1, &[Action::BreakGlassUse], &[], &[1]);
        let holdings: Holdings = [broad, held(2, &[], &[Action::BreakGlassUse], &[2])].into_iter().collect();
        let scope = holdings.scope(Action::BreakGlassUse);
        assert!(
            scope.admit(&session(3, Sensitivity::Normal)).is_none()
                && !scope.takes_from(&session(3, Sensitivity::Normal))
        );
        assert!(scope.takes_from(&session(2, Sensitivity::Normal)));
    }

    #[test]
    fn restricted_sessions_take_a_right_of_their_own() {
        let watcher: Holdings = [held(1, &WATCH, &[], &[])].into_iter().collect();
        assert!(watcher.scope(Action::SessionView).admit(&session(1, Sensitivity::Restricted)).is_none());
        assert!(!watcher.listable().holds(&session(1, Sensitivity::Restricted)));
        let both: Holdings =
            [held(1, &WATCH, &[], &[]), held(2, &[Action::SessionViewRestricted], &[], &[1])].into_iter().collect();
        let scope = both.scope(Action::SessionView);
        assert!(scope.admit(&session(1, Sensitivity::Restricted)).is_some());
        assert!(scope.admit(&session(2, Sensitivity::Restricted)).is_none(), "only where that right is held");
        let reader: Holdings = [held(1, &[Action::SessionViewers], &[], &[])].into_iter().collect();
        assert!(reader.scope(Action::SessionViewers).admit(&session(1, Sensitivity::Restricted)).is_some());
    }

    #[test]
    fn a_narrower_credential_has_no_more_than_its_maker() {
        let watcher = held(1, &[Action::SessionView, Action::SessionViewers, Action::MemberManage], &[], &[]);
        let maker: Holdings = [watcher, held(2, &[], &[Action::SessionViewers], &[3])].into_iter().collect();
        let one = Predicate::Test(Test::ProjectIn([project(1), project(3)].into()));
        let key = maker.narrowed([Action::SessionViewers, Action::MemberManage, Action::RoleManage], &one);
        assert_eq!(key.actions().collect::<Vec<_>>(), [Action::SessionViewers]);
        let scope = key.scope(Action::SessionViewers);
        assert!(scope.admit(&session(1, Sensitivity::Normal)).is_some());
        assert!(scope.admit(&session(2, Sensitivity::Normal)).is_none(), "another project");
        assert!(scope.admit(&session(3, Sensitivity::Normal)).is_none(), "denied to its maker");
        assert!(scope.admit(&session(1, Sensitivity::Restricted)).is_none(), "closed to its maker");
    }

    #[test]
    fn a_role_has_one_spelling() {
        let id = "0190f3a1-0000-7000-8000-00000000000a";
        assert_eq!("owner".parse(), Ok(RoleKey::BuiltIn(Role::Owner)));
        assert_eq!(id.parse::<RoleKey>().map(|role| role.to_string()).as_deref(), Ok(id));
        for bad in ["worker", "Owner", "*", "", &id.to_uppercase()] {
            assert!(bad.parse::<RoleKey>().is_err(), "{bad}");
        }
    }
}

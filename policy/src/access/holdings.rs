//! What somebody holds: roles, and on what terms.

use std::{fmt, str::FromStr, sync::Arc};

use domain::RoleId;
use strum::IntoEnumIterator as _;

use super::{Action, Answers, Panes, Predicate, Role, RoleSet, Scope, Terms, UnknownRole, bundle::Bundle};

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

/// One role that somebody holds, and for which sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The role.
    pub role: RoleKey,
    /// What it gives and takes.
    pub terms: Terms,
}

impl Held {
    /// The same, held for a part.
    #[must_use]
    pub fn only(self, condition: Predicate, panes: Panes) -> Self {
        Self { terms: self.terms.only(condition, panes), ..self }
    }

    /// What is left of it when its limits cannot be read: it gives nothing, and takes what the role takes from every session.
    #[must_use]
    pub fn shut(self) -> Self {
        Self { terms: Terms { answers: self.terms.answers.denials(), ..self.terms }, ..self }
    }
}

/// Everything somebody holds. Cheap to clone.
///
/// **Design.** What decides, a bundle of terms, is apart from which roles they are: members in their thousands hold a few
/// hundred different bundles, and [`Authorizer::hold`](super::Authorizer::hold) shares each between all who hold it. A
/// decision about one member of many then reads little that the last one, about another, had not read as well. Answers point
/// at the role that gave them; it is read by who writes it down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    bundle: Arc<Bundle>,
    /// Which role has the terms at the same place of the bundle.
    roles: Arc<[RoleKey]>,
}

impl Holdings {
    /// What comes of `held`, its bundle made by `bundle`.
    pub(super) fn new(held: impl IntoIterator<Item = Held>, bundle: impl FnOnce(Vec<Terms>) -> Arc<Bundle>) -> Self {
        let (roles, terms): (Vec<_>, Vec<_>) = held.into_iter().map(|held| (held.role, held.terms)).unzip();
        Self { bundle: bundle(terms), roles: roles.into() }
    }

    /// The first role that gives `action` somewhere, unless one forbids it everywhere.
    #[must_use]
    pub fn decide(&self, action: Action) -> Option<&RoleKey> {
        self.bundle.giver(action).and_then(|place| self.roles.get(place))
    }

    /// Whether `action` is given for every session, and taken away for none.
    #[must_use]
    pub fn has_everywhere(&self, action: Action) -> bool {
        let terms = self.bundle.terms();
        let given = terms.iter().any(|terms| terms.answers.allows(action) && !terms.is_limited());
        given && !terms.iter().any(|terms| terms.answers.denies(action))
    }

    /// Whether every session is open with its text.
    #[must_use]
    pub fn sees_unmasked_everywhere(&self) -> bool {
        let shows = |terms: &Terms| terms.watches && !terms.masked && !terms.is_limited();
        self.has_everywhere(Action::SessionView) && self.bundle.terms().iter().any(shows)
    }

    /// The built-in roles among them, for whatever sessions.
    #[must_use]
    pub fn built_in(&self) -> RoleSet {
        let built_in = |role: &RoleKey| match role {
            RoleKey::BuiltIn(role) => Some(*role),
            RoleKey::Custom(_) => None,
        };
        self.roles.iter().filter_map(built_in).collect()
    }

    /// Whether no role of theirs shows recordings with their text.
    #[must_use]
    pub fn watch_masked(&self) -> bool {
        !self.bundle.terms().iter().any(|terms| terms.watches && !terms.masked)
    }

    /// Everything that is given somewhere, in published order.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        Action::iter().filter(|action| self.decide(*action).is_some())
    }

    /// The sessions for which `action` is allowed.
    #[must_use]
    pub fn scope(&self, action: Action) -> Scope<'_> {
        Scope::new(self.bundle.arms(action), &self.roles)
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
        let parts = self.roles.iter().zip(self.bundle.terms()).flat_map(|(role, terms)| {
            let gives = Terms {
                answers: Answers { allow: terms.answers.allow & bits, deny: 0 },
                condition: Predicate::all([terms.condition.clone(), sessions.clone()]),
                ..terms.clone()
            };
            let takes = Terms { answers: terms.answers.denials(), ..terms.clone() };
            let takes = (terms.answers.deny != 0).then_some(takes);
            [Some(gives), takes].into_iter().flatten().map(|terms| Held { role: *role, terms })
        });
        parts.collect()
    }
}

impl FromIterator<Held> for Holdings {
    /// For what is made for one answer and dropped: it is shared with nobody.
    fn from_iter<I: IntoIterator<Item = Held>>(held: I) -> Self {
        Self::new(held, |terms| Arc::new(Bundle::new(terms.into())))
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
        let mut terms = Terms::everywhere(answers(allow, deny), false);
        if !projects.is_empty() {
            terms.condition = Predicate::Test(Test::ProjectIn(projects.iter().map(|n| project(*n)).collect()));
        }
        Held { role: role(n), terms }
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
        let nothing = held(1, &all, &[], &[]).only(Predicate::Never, Panes::ALL);
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

//! A tenant's own roles: sets of actions, compiled by asking casbin.
//!
//! Casbin decides about them exactly as about the built-in ones, in the tenant's own domain and by the role's id. An
//! enforcer lives for one round of questions and is dropped; what stays is one pair of bit sets a role.

use std::collections::BTreeSet;

use casbin::MgmtApi as _;
use domain::{RoleId, TenantId};
use strum::IntoEnumIterator as _;

use super::{Action, Answers, Authorizer, Held, Holdings, PolicyError, Role, RoleKey, Terms, authorizer};

/// Most roles of its own that a tenant has.
pub const MOST_ROLES: usize = 50;

/// Names that a role of a tenant cannot have, beside those of built-in roles: each would be taken for something else.
const RESERVED: [&str; 8] = ["root", "superuser", "operator", "system", "sealtape", "everyone", "anyone", "nobody"];

/// One role of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// Its id: what bindings and casbin know it by.
    pub id: RoleId,
    /// What it allows.
    pub actions: BTreeSet<Action>,
    /// What it takes away, whatever else its holder holds.
    pub denies: BTreeSet<Action>,
    /// Whether who watches by it sees text, and not masks only.
    pub unmasked: bool,
}

/// Why a role cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRole {
    /// The name is none, or is taken by us.
    #[error("must have 2 to 40 lower-case letters, digits or single hyphens, and be no built-in role's name")]
    Name,
    /// It allows and denies nothing.
    #[error("must allow or deny something")]
    Empty,
    /// It allows and denies one action.
    #[error("must not allow and deny {0}")]
    Both(Action),
    /// It names an action that no person can have.
    #[error("{0} belongs to a credential or to background work and not to a role of people")]
    Internal(Action),
    /// It allows what its maker may not do everywhere.
    #[error("{0} is more than you may do yourself")]
    More(Action),
    /// It shows what its maker does not see.
    #[error("you see recordings masked yourself")]
    Unmasked,
}

impl CustomRole {
    /// Asks casbin about every action, in the domain of `tenant`, in an enforcer with this role's rules alone: casbin reads
    /// every rule for every question.
    ///
    /// # Errors
    /// [`PolicyError`] when casbin refuses; then nobody has the role.
    pub async fn compile(&self, tenant: TenantId) -> Result<Answers, PolicyError> {
        let (id, tenant) = (self.id.to_string(), tenant.to_string());
        let mut enforcer = authorizer::enforcer("").await?;
        let rule = |action: &Action, effect: &str| vec![id.clone(), action.to_string(), effect.to_owned()];
        let rules = self.actions.iter().map(|action| rule(action, "allow"));
        let rules: Vec<_> = rules.chain(self.denies.iter().map(|action| rule(action, "deny"))).collect();
        if !rules.is_empty() {
            enforcer.add_policies(rules).await?;
        }
        Authorizer::ask(&mut enforcer, &id, &tenant).await
    }

    /// The role, held for every session.
    #[must_use]
    pub const fn held(&self, answers: Answers) -> Held {
        Held { role: RoleKey::Custom(self.id), terms: Terms::everywhere(answers, !self.unmasked) }
    }

    /// Refuses what a role cannot be, and what is more than its maker has everywhere.
    ///
    /// # Errors
    /// [`BadRole`].
    pub fn check(&self, maker: &Holdings) -> Result<(), BadRole> {
        if self.actions.is_empty() && self.denies.is_empty() {
            return Err(BadRole::Empty);
        }
        if let Some(both) = self.actions.intersection(&self.denies).next() {
            return Err(BadRole::Both(*both));
        }
        if let Some(internal) = self.actions.union(&self.denies).find(|action| action.is_internal()) {
            return Err(BadRole::Internal(*internal));
        }
        if let Some(more) = self.actions.iter().find(|action| !maker.has_everywhere(**action)) {
            return Err(BadRole::More(*more));
        }
        if self.unmasked && !maker.sees_unmasked_everywhere() {
            return Err(BadRole::Unmasked);
        }
        Ok(())
    }
}

/// Refuses a name that could be taken for another role's. Names are for people; no decision looks at them.
///
/// # Errors
/// [`BadRole::Name`].
pub fn check_name(name: &str) -> Result<(), BadRole> {
    let shaped = (2..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--");
    let taken = RESERVED.contains(&name) || Role::iter().any(|role| role.as_str() == name);
    if shaped && !taken { Ok(()) } else { Err(BadRole::Name) }
}

#[cfg(test)]
mod tests {
    use casbin::{CoreApi as _, RbacApi as _};
    use domain::{MemberId, SeededEntropy, Timestamp};
    use proptest::prelude::*;
    use strum::EnumCount as _;

    use super::*;
    use crate::access::{Panes, Predicate, RoleSet};

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
    }

    fn id(n: u128) -> RoleId {
        RoleId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn role(actions: &[Action], denies: &[Action]) -> CustomRole {
        CustomRole {
            id: id(1),
            actions: actions.iter().copied().collect(),
            denies: denies.iter().copied().collect(),
            unmasked: false,
        }
    }

    #[test]
    fn a_role_is_no_more_than_its_maker() {
        let authorizer = block_on(Authorizer::builtin()).expect("compiles");
        let admin = authorizer.holdings(RoleSet::from_iter([Role::Admin]));
        assert_eq!(role(&[Action::SessionList, Action::SessionView], &[]).check(&admin), Ok(()));
        assert_eq!(role(&[], &[Action::SessionView]).check(&admin), Ok(()), "taking away is no more");
        assert_eq!(role(&[], &[]).check(&admin), Err(BadRole::Empty));
        let more = role(&[Action::SessionViewRestricted], &[]).check(&admin);
        assert_eq!(more, Err(BadRole::More(Action::SessionViewRestricted)));
        for internal in [Action::SessionSeal, Action::MailSend, Action::Tidy] {
            assert_eq!(role(&[internal], &[]).check(&admin), Err(BadRole::Internal(internal)));
            assert_eq!(role(&[], &[internal]).check(&admin), Err(BadRole::Internal(internal)));
        }
        let both = role(&[Action::SessionView], &[Action::SessionView]).check(&admin);
        assert_eq!(both, Err(BadRole::Both(Action::SessionView)));
        let limited = authorizer.held(Role::Admin).only(Predicate::Never, Panes::ALL);
        let limited: Holdings = [limited].into_iter().collect();
        let refused = role(&[Action::SessionView], &[]).check(&limited);
        assert_eq!(refused, Err(BadRole::More(Action::SessionView)), "what is held for a part is not held");
        let support = authorizer.holdings(RoleSet::from_iter([Role::Support]));
        let seeing = CustomRole { unmasked: true, ..role(&[Action::SessionView], &[]) };
        assert_eq!(seeing.check(&support), Err(BadRole::Unmasked));
        assert_eq!(seeing.check(&admin), Ok(()));
    }

    /// Case 7: nothing that could be taken for another role, and nothing that means something to a policy language.
    #[test]
    fn attack_07_reserved_and_odd_role_names_are_refused() {
        assert_eq!(check_name("support-eu2"), Ok(()));
        for role in Role::iter() {
            assert_eq!(check_name(role.as_str()), Err(BadRole::Name), "{role}");
        }
        for bad in [
            "root",
            "*",
            "+",
            "**",
            "g",
            "",
            "a",
            "Owner",
            "OWNER",
            "owner ",
            " owner",
            "оwner",
            "own\u{200b}er",
            "-a",
            "a-",
            "a--b",
            "a,b",
            "a/b",
            "p, owner, session.view, allow",
            "r.sub",
            "keyMatch",
            "a\nb",
            "a\0b",
            &"a".repeat(41),
        ] {
            assert_eq!(check_name(bad), Err(BadRole::Name), "{bad:?}");
        }
    }

    /// Case 7: a role that is called like a built-in one has another id, and an id is no rule, pattern or domain.
    #[test]
    fn attack_07_what_people_call_a_role_decides_nothing() {
        let tenant = TenantId::from_uuid(uuid::Uuid::from_u128(9));
        let mine = role(&[Action::ProjectList], &[]);
        let answers = block_on(mine.compile(tenant)).expect("compiles");
        assert!(answers.allows(Action::ProjectList));
        assert_eq!(Action::iter().filter(|action| answers.allows(*action)).count(), 1);
        assert_eq!(Action::iter().filter(|action| answers.denies(*action)).count(), 0);
    }

    fn actions() -> impl Strategy<Value = BTreeSet<Action>> {
        prop::collection::btree_set(0..Action::COUNT, 0..8).prop_map(|numbers| {
            let people = |number| Action::iter().nth(number).filter(|action| !action.is_internal());
            numbers.into_iter().filter_map(people).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// The tables and one live enforcer with everything in it agree, for built-in and own roles bound to one member
        /// together; in another tenant the same member may do nothing.
        #[test]
        fn tables_equal_casbin(
            own in prop::collection::vec((actions(), actions()), 0..4),
            bits in 0_u16..(1 << 8),
            bound in prop::collection::vec(any::<bool>(), 4),
            seed: u64,
        ) {
            block_on(async {
                let (entropy, now) = (SeededEntropy::new(seed), Timestamp::from_millis(1_790_000_000_000));
                let (tenant, other) = (TenantId::mint(now, &entropy), TenantId::mint(now, &entropy).to_string());
                let member = MemberId::mint(now, &entropy).to_string();
                let custom: Vec<CustomRole> = own
                    .into_iter()
                    .map(|(actions, denies)| CustomRole {
                        id: RoleId::mint(now, &entropy),
                        denies: denies.difference(&actions).copied().collect(),
                        actions,
                        unmasked: false,
                    })
                    .collect();
                let built_in: Vec<Role> = Role::of_members().enumerate().filter(|(n, _)| bits & (1 << n) != 0).map(|(_, role)| role).collect();

                let authorizer = Authorizer::builtin().await.expect("compiles");
                let mut held: Vec<Held> = built_in
                    .iter()
                    .map(|role| authorizer.held(*role))
                    .collect();
                let mut live = authorizer::enforcer(authorizer::POLICY).await.expect("loads");
                for role in &built_in {
                    live.add_role_for_user(&member, role.as_str(), Some(&tenant.to_string())).await.expect("binds");
                }
                for (role, _) in custom.iter().zip(&bound).filter(|(_, bound)| **bound) {
                    held.push(role.held(role.compile(tenant).await.expect("compiles")));
                    live.add_role_for_user(&member, &role.id.to_string(), Some(&tenant.to_string())).await.expect("binds");
                }
                for role in &custom {
                    for (actions, effect) in [(&role.actions, "allow"), (&role.denies, "deny")] {
                        for action in actions {
                            let rule = vec![role.id.to_string(), action.to_string(), effect.to_owned()];
                            live.add_policy(rule).await.expect("adds");
                        }
                    }
                }
                let holdings = authorizer.hold(held);
                for action in Action::iter() {
                    let said = live.enforce((member.as_str(), tenant.to_string().as_str(), action.as_str())).expect("decides");
                    assert_eq!(holdings.decide(action).is_some(), said, "{action}");
                    assert!(!live.enforce((member.as_str(), other.as_str(), action.as_str())).expect("decides"));
                }
            });
        }
    }
}

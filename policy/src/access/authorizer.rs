//! Casbin decides once, for every role and action; the answers are kept as bits (tens of nanoseconds a decision).

use casbin::{CoreApi as _, DefaultModel, Enforcer, MgmtApi as _, StringAdapter};
use strum::{EnumCount as _, IntoEnumIterator as _};

use super::{Action, Answers, Held, Holdings, Role, RoleKey, RoleSet, Terms, bundle::Bundles};

const MODEL: &str = include_str!("model.conf");
pub(super) const POLICY: &str = include_str!("policy.csv");

/// The built-in policy's name and version, as audit leaves carry it. Raise the number with every change of `policy.csv`.
pub const POLICY_NAME: &str = "access@4";

// The words that the compilation asks casbin about. Real tenants and members are UUIDs, so these can be nobody's.
const PROBE_DOMAIN: &str = "probe-domain";
const PROBE_SUBJECT: &str = "probe-subject";
const PROBE_ALLOW_ALL: &str = "probe-allow-all";

/// The built-in policy cannot be compiled: a defect of the build, found at start-up.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Casbin refused the model or a rule.
    #[error("the access policy cannot be loaded")]
    Casbin(#[source] Box<casbin::Error>),
    /// A rule names a role or an action that does not exist; it would silently allow nothing.
    #[error("the access policy names {0:?}, which is neither a role nor an action")]
    UnknownName(String),
}

impl From<casbin::Error> for PolicyError {
    fn from(error: casbin::Error) -> Self {
        Self::Casbin(Box::new(error))
    }
}

/// The compiled policy: per role, the actions it allows and those it denies.
#[derive(Debug)]
pub struct Authorizer {
    roles: [Answers; Role::COUNT],
    /// What the holders of internal roles hold, made once.
    internal: [Holdings; Role::COUNT],
    /// What members hold, each kept once.
    bundles: Bundles,
}

impl Authorizer {
    /// Compiles the policy that is built into the program.
    ///
    /// # Errors
    /// [`PolicyError`] when the compiled-in files are not a valid policy.
    pub async fn builtin() -> Result<Self, PolicyError> {
        Self::compile(POLICY).await
    }

    /// Asks casbin for every role × action.
    async fn compile(policy: &str) -> Result<Self, PolicyError> {
        let mut enforcer = enforcer(policy).await?;
        refuse_unknown_names(&enforcer)?;
        let mut roles = [Answers::default(); Role::COUNT];
        for role in Role::iter() {
            roles[role as usize] = Self::ask(&mut enforcer, role.as_str(), PROBE_DOMAIN).await?;
        }
        let internal = std::array::from_fn(|number| {
            let own = Role::iter().nth(number).filter(|role| role.is_internal());
            let terms = Terms::everywhere(roles[number], false);
            own.map(|role| Held { role: RoleKey::BuiltIn(role), terms }).into_iter().collect()
        });
        Ok(Self { roles, internal, bundles: Bundles::default() })
    }

    /// Asks for every action what `role` says in `domain`: alone (is it allowed?) and beside a role that allows
    /// everything (is it denied?).
    pub(super) async fn ask(enforcer: &mut Enforcer, role: &str, domain: &str) -> Result<Answers, PolicyError> {
        // Added once; casbin tells by its answer that it has them already, which is as good.
        let everything = Action::iter().map(|action| words(&[PROBE_ALLOW_ALL, action.as_str(), "allow"])).collect();
        enforcer.add_policies(everything).await?;
        let alone = format!("{PROBE_SUBJECT}-{role}");
        let beside = format!("{PROBE_SUBJECT}-{role}-beside");
        for (subject, role) in [(&alone, role), (&beside, role), (&beside, PROBE_ALLOW_ALL)] {
            enforcer.add_grouping_policy(words(&[subject, role, domain])).await?;
        }
        let mut answers = Answers::default();
        for action in Action::iter() {
            if enforcer.enforce((alone.as_str(), domain, action.as_str()))? {
                answers.allow |= action.bit();
            }
            if !enforcer.enforce((beside.as_str(), domain, action.as_str()))? {
                answers.deny |= action.bit();
            }
        }
        Ok(answers)
    }

    /// What a built-in role says.
    #[must_use]
    pub const fn answers(&self, role: Role) -> Answers {
        self.roles[role as usize]
    }

    /// A built-in role, held for every session.
    #[must_use]
    pub const fn held(&self, role: Role) -> Held {
        let terms = Terms::everywhere(self.answers(role), role.watches_masked());
        Held { role: RoleKey::BuiltIn(role), terms }
    }

    /// What somebody holds. What it comes to is shared with everybody who holds roles on the same terms, in whatever tenant.
    #[must_use]
    pub fn hold(&self, held: impl IntoIterator<Item = Held>) -> Holdings {
        Holdings::new(held, |terms| self.bundles.share(terms))
    }

    /// What somebody holds who has these built-in roles everywhere.
    #[must_use]
    pub fn holdings(&self, roles: RoleSet) -> Holdings {
        self.hold(roles.of_member().iter().map(|role| self.held(role)))
    }

    /// Whether somebody with exactly these roles, everywhere, may do `action`. A deny of any role beats every allow.
    #[must_use]
    pub fn allows(&self, roles: RoleSet, action: Action) -> bool {
        let all = roles.iter().fold(Answers::default(), |all, role| Answers {
            allow: all.allow | self.answers(role).allow,
            deny: all.deny | self.answers(role).deny,
        });
        all.allows(action) && !all.denies(action)
    }

    pub(super) fn internal(&self, role: Role) -> Holdings {
        self.internal[role as usize].clone()
    }
}

pub(super) async fn enforcer(policy: &str) -> Result<Enforcer, PolicyError> {
    let model = DefaultModel::from_str(MODEL).await?;
    let mut enforcer = Enforcer::new(model, StringAdapter::new(policy)).await?;
    // Rules added later live in memory only: the adapter has nowhere to save them.
    enforcer.enable_auto_save(false);
    Ok(enforcer)
}

fn refuse_unknown_names(enforcer: &Enforcer) -> Result<(), PolicyError> {
    for rule in enforcer.get_policy() {
        let known = Role::iter().any(|r| rule.first().is_some_and(|n| n == r.as_str()))
            && Action::iter().any(|a| rule.get(1).is_some_and(|n| n == a.as_str()));
        if !known {
            return Err(PolicyError::UnknownName(rule.join(", ")));
        }
    }
    Ok(())
}

fn words(of: &[&str]) -> Vec<String> {
    of.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use domain::{MemberId, SeededEntropy, TenantId, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
    }

    fn table(authorizer: &Authorizer) -> String {
        let mut table = format!("{:<18}", "");
        for role in Role::iter() {
            write!(table, "{:<17}", role.as_str()).expect("writes");
        }
        for action in Action::iter() {
            write!(table, "\n{:<18}", action.as_str()).expect("writes");
            for role in Role::iter() {
                let cell = if authorizer.allows([role].into_iter().collect(), action) { "yes" } else { "." };
                write!(table, "{cell:<17}").expect("writes");
            }
        }
        table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn role_action_table() {
        let table = table(&block_on(Authorizer::builtin()).expect("the built-in policy compiles"));
        insta::assert_snapshot!(table);
    }

    /// Leaves name the policy that decided, so another policy has another name: when this turns red, raise the number in
    /// [`POLICY_NAME`] and accept the snapshot of that name.
    #[test]
    fn a_name_is_of_one_policy() {
        insta::assert_snapshot!(POLICY_NAME.replace('@', "-"), POLICY);
    }

    /// A policy that says more, or less, is another table: the committed one turns red.
    #[test]
    fn every_other_policy_is_another_table() {
        let committed = include_str!("snapshots/policy__access__authorizer__tests__role_action_table.snap");
        let ours = table(&block_on(Authorizer::builtin()).expect("compiles"));
        assert!(committed.ends_with(&format!("{ours}\n")), "the snapshot is that of the policy");
        for more in ["p, viewer, member.manage, allow", "p, auditor, session.view, allow", "p, owner, me.read, deny"] {
            let other = block_on(Authorizer::compile(&format!("{POLICY}\n{more}\n"))).expect("compiles");
            assert_ne!(table(&other), ours, "{more}");
        }
        let less = POLICY.replacen("p, engineer, session.view, allow\n", "", 1);
        assert_ne!(table(&block_on(Authorizer::compile(&less)).expect("compiles")), ours);
    }

    /// Cases 5 and 6: whoever can find a session can open it, and nobody holds a credential's or a task's rights.
    #[test]
    fn list_implies_view_and_members_have_no_internal_rights() {
        let authorizer = block_on(Authorizer::builtin()).expect("compiles");
        for role in Role::iter() {
            let roles = RoleSet::from_iter([role]);
            assert!(
                !authorizer.allows(roles, Action::SessionList) || authorizer.allows(roles, Action::SessionView),
                "{role} lists what it cannot view"
            );
            let internal = [
                Action::SessionRecord,
                Action::SessionAppend,
                Action::SessionSeal,
                Action::MailSend,
                Action::GrantExpire,
                Action::ProposalExpire,
                Action::ReviewRemind,
                Action::ApiKeyRemind,
                Action::AuditCount,
                Action::Tidy,
            ];
            assert_eq!(internal.iter().any(|a| authorizer.allows(roles, *a)), role.is_internal(), "{role}");
        }
    }

    #[test]
    fn a_misspelt_rule_stops_the_build_of_the_table() {
        for policy in ["p, ownr, session.list, allow", "p, owner, session.lst, allow", "p, *, session.list, allow"] {
            let outcome = block_on(Authorizer::compile(policy));
            assert!(matches!(outcome, Err(PolicyError::UnknownName(_))), "{policy}: {outcome:?}");
        }
    }

    fn policies() -> impl Strategy<Value = String> {
        let rule = (0..Role::COUNT, 0..Action::COUNT, prop::bool::weighted(0.2)).prop_map(|(role, action, deny)| {
            let role = Role::iter().nth(role).expect("in range");
            let action = Action::iter().nth(action).expect("in range");
            format!("p, {role}, {action}, {}", if deny { "deny" } else { "allow" })
        });
        prop::collection::vec(rule, 0..40).prop_map(|rules| rules.join("\n"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// The table and casbin agree for any policy, also with denies, and for any set of roles bound to a member in one
        /// tenant; in another tenant the same member may do nothing.
        #[test]
        fn table_equals_casbin(policy in policies(), bits in 0_u16..(1 << Role::COUNT), seed: u64) {
            block_on(async {
                let roles: RoleSet = Role::iter().filter(|role| bits & role.bit() != 0).collect();
                let entropy = SeededEntropy::new(seed);
                let now = Timestamp::from_millis(1_790_000_000_000);
                let tenant = TenantId::mint(now, &entropy).to_string();
                let other = TenantId::mint(now, &entropy).to_string();
                let member = MemberId::mint(now, &entropy).to_string();

                let table = Authorizer::compile(&policy).await.expect("compiles");
                let mut live = enforcer(&policy).await.expect("loads");
                for role in roles.iter() {
                    live.add_grouping_policy(words(&[&member, role.as_str(), &tenant])).await.expect("binds");
                }
                for action in Action::iter() {
                    let said = live.enforce((member.as_str(), tenant.as_str(), action.as_str())).expect("decides");
                    assert_eq!(table.allows(roles, action), said, "{roles:?} {action}");
                    assert!(!live.enforce((member.as_str(), other.as_str(), action.as_str())).expect("decides"));
                }
            });
        }
    }
}

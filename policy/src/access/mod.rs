//! Access: who may do what.
//!
//! **Purpose.** One decision for routes and background work alike, and a value that proves it was taken.
//!
//! **Design.** `model.conf` and `policy.csv` are compiled in; casbin reads them once ([`Authorizer::builtin`]) and its answers
//! for every role × action become a bit table. [`Authorizer::authorize`] is the only way to a [`Permit`], and `app` asks for
//! permits, so nothing reaches data unchecked. Names never enter a decision: tenants and actors are ids, roles and actions
//! are closed sets. What casbin cannot answer is a no. A member may hold a role for some sessions only; a permit's
//! [`Scope`] says for which, as a [`Predicate`] that lists (in the database) and single sessions (in memory) share.
//!
//! **How to add one more action.** A line in `action.rs`, its rows in `policy.csv`, a higher [`POLICY_NAME`], and the review
//! of the changed snapshot table; then `Permit<can::TheAction>` is a type.

mod action;
mod authorizer;
mod bundle;
pub mod condition;
pub mod custom;
mod holdings;
mod pane;
mod permit;
mod predicate;
mod role;
mod scope;
mod terms;

pub use action::{Action, ActionSet, Can, Reach, can};
pub use authorizer::{Authorizer, POLICY_NAME, PolicyError};
pub use condition::Condition;
pub use custom::CustomRole;
pub use holdings::{Held, Holdings, RoleKey};
pub use pane::{Pane, Panes};
pub use permit::{Actor, Denied, FOR_PROJECT_KEYS, NOT_FOR_KEYS, Permit, Subject};
pub use predicate::{LabelToken, Predicate, SessionFacts, Test};
pub use role::{Role, RoleSet, UnknownRole};
pub use scope::{Admission, Scope};
pub use terms::{Answers, Terms};

#[cfg(test)]
mod tests {
    use domain::{AgentKeyId, LoginId, MemberId, ProjectId, RequestId, SeededEntropy, SessionId, TenantId, Timestamp};

    use super::*;

    async fn ask<A: Can>(actor: Actor, roles: RoleSet) -> Result<Permit<A>, Denied> {
        let (now, entropy) = (Timestamp::from_millis(0), SeededEntropy::new(3));
        let authorizer = Authorizer::builtin().await.expect("compiles");
        // Not `authorizer.holdings`, which leaves internal roles out: that is what a test is about.
        let holdings = roles.iter().map(|role| authorizer.held(role)).collect();
        let (tenant, request) = (TenantId::mint(now, &entropy), RequestId::mint(now, &entropy));
        authorizer.authorize::<A>(Subject { tenant, actor, holdings, request })
    }

    #[tokio::test]
    async fn a_permit_tells_who_and_by_which_rule() {
        let (now, entropy) = (Timestamp::from_millis(0), SeededEntropy::new(1));
        let actor = Actor::Member { id: MemberId::mint(now, &entropy), login: LoginId::mint(now, &entropy) };
        let permit = ask::<can::SessionView>(actor, [Role::Engineer].into_iter().collect()).await.expect("may view");
        assert_eq!(permit.actor(), &actor);
        assert_eq!(permit.rule(), "access@4/engineer/session.view");
        let denied = ask::<can::AgentKeyCreate>(actor, [Role::Engineer].into_iter().collect()).await;
        assert_eq!(denied.expect_err("may not").action, Action::AgentKeyCreate);
    }

    #[tokio::test]
    async fn internal_roles_follow_from_the_credential_and_from_nothing_else() {
        let (now, entropy) = (Timestamp::from_millis(0), SeededEntropy::new(1));
        let everything: RoleSet = <Role as strum::IntoEnumIterator>::iter().collect();
        let member = Actor::Member { id: MemberId::mint(now, &entropy), login: LoginId::mint(now, &entropy) };
        assert!(ask::<can::SessionSeal>(member, everything).await.is_err(), "a member bound to `worker` is no worker");
        let project = ProjectId::mint(now, &entropy);
        let agent = Actor::Agent { key: AgentKeyId::mint(now, &entropy), project };
        assert!(ask::<can::SessionView>(agent, everything).await.is_err(), "an agent key has no member's rights");
        assert!(ask::<can::SessionRecord>(agent, RoleSet::EMPTY).await.is_ok());
        assert!(ask::<can::SessionAppend>(agent, RoleSet::EMPTY).await.is_err(), "appending takes the session's token");
        let session = Actor::Session { session: SessionId::mint(now, &entropy), project };
        assert!(ask::<can::SessionAppend>(session, RoleSet::EMPTY).await.is_ok());
        assert!(ask::<can::SessionRecord>(session, RoleSet::EMPTY).await.is_err());
        assert!(ask::<can::SessionSeal>(Actor::Worker { name: "finisher" }, RoleSet::EMPTY).await.is_ok());
    }

    fn key(scopes: &[Action], project: Option<ProjectId>) -> Actor {
        let (now, entropy) = (Timestamp::from_millis(0), SeededEntropy::new(1));
        Actor::ApiKey {
            key: domain::ApiKeyId::mint(now, &entropy),
            member: MemberId::mint(now, &entropy),
            scopes: scopes.iter().copied().collect(),
            project,
        }
    }

    #[tokio::test]
    async fn attack_19_an_api_key_may_do_what_its_scopes_and_its_member_may() {
        let engineer: RoleSet = [Role::Engineer].into_iter().collect();
        let scopes = [Action::SessionList, Action::ProjectCreate, Action::MeManage, Action::SessionSeal];
        assert!(ask::<can::SessionList>(key(&scopes, None), engineer).await.is_ok());
        assert!(ask::<can::SessionView>(key(&scopes, None), engineer).await.is_err(), "not a scope of it");
        assert!(ask::<can::ProjectCreate>(key(&scopes, None), engineer).await.is_err(), "its member may not");
        assert!(
            ask::<can::SessionList>(key(&scopes, None), RoleSet::EMPTY).await.is_err(),
            "its member may nothing now"
        );
        assert!(ask::<can::MeManage>(key(&scopes, None), engineer).await.is_err(), "a key is not a person");
        assert!(ask::<can::SessionSeal>(key(&scopes, None), engineer).await.is_err());
    }

    #[tokio::test]
    async fn attack_19_a_key_of_one_project_reaches_no_other_and_nothing_of_the_tenant() {
        let (now, entropy) = (Timestamp::from_millis(0), SeededEntropy::new(2));
        let (own, other) = (ProjectId::mint(now, &entropy), ProjectId::mint(now, &entropy));
        let owner: RoleSet = [Role::Owner].into_iter().collect();
        let scopes: Vec<Action> = <Action as strum::IntoEnumIterator>::iter().collect();
        let permit = ask::<can::SessionList>(key(&scopes, Some(own)), owner).await.expect("may");
        assert!(permit.reaches(own) && !permit.reaches(other));
        assert_eq!(permit.bound_to(), Some(own));
        assert!(ask::<can::MemberList>(key(&scopes, Some(own)), owner).await.is_err());
        assert!(ask::<can::ApiKeyCreate>(key(&scopes, Some(own)), owner).await.is_err());
        assert!(ask::<can::MemberList>(key(&scopes, None), owner).await.expect("may").reaches(other));
    }
}

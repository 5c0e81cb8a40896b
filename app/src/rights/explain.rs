//! What somebody may do, and why; and what every role says.

use std::collections::BTreeMap;

use domain::{MemberId, RoleBindingId};
use policy::access::{Action, Condition, Holdings, Permit, Role, RoleKey, can};
use store::MemberState;

use super::{Bound, roles::Roles};
use crate::{AppError, auth::member_of};

/// One role as a reason.
#[derive(Debug, Clone)]
pub struct Reason {
    /// The role.
    pub role: RoleKey,
    /// What people call it.
    pub name: String,
    /// Through which binding.
    pub binding: RoleBindingId,
    /// For which sessions; for all of them without one.
    pub condition: Option<Condition>,
    /// Whether who watches by it sees no text.
    pub masked: bool,
    /// Whether it counts: a role that is held for some sessions gives nothing that is about the whole tenant, and a row that is
    /// not what was written gives nothing.
    pub counts: bool,
}

/// What one action comes to for somebody.
#[derive(Debug, Clone)]
pub struct Permission {
    /// The action.
    pub action: Action,
    /// Whether it is allowed, somewhere.
    pub allowed: bool,
    /// The roles that allow it.
    pub given_by: Vec<Reason>,
    /// The roles that take it away, whatever else allows it.
    pub taken_by: Vec<Reason>,
}

/// Everything a member may do.
#[derive(Debug, Clone)]
pub struct MemberPermissions {
    /// Who.
    pub member: MemberId,
    /// Whether they may sign in; who may not may do nothing.
    pub active: bool,
    /// Per action.
    pub permissions: Vec<Permission>,
}

/// For which sessions a role is held, and by how many.
#[derive(Debug, Clone)]
pub struct Held {
    /// For which; for all of them without one.
    pub condition: Option<Condition>,
    /// By how many members.
    pub members: u64,
}

/// What a role says, and who holds it.
#[derive(Debug, Clone)]
pub struct MatrixRole {
    /// The role.
    pub role: RoleKey,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub allows: Vec<Action>,
    /// What it takes away.
    pub denies: Vec<Action>,
    /// Whether who watches by it sees no text.
    pub masked: bool,
    /// Whether its row is what was written.
    pub sound: bool,
    /// How it is held.
    pub held: Vec<Held>,
}

impl Roles {
    /// What the caller may do, and why.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn mine(&self, permit: &Permit<can::MeRead>) -> Result<Vec<Permission>, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let bound = self.parts.authorizer.bound(&read, member_of(permit.actor())?).await?;
        let mut permissions = permissions(&bound);
        // A key may do less than the member whose it is.
        for permission in &mut permissions {
            permission.allowed &= permit.holdings().decide(permission.action).is_some();
        }
        Ok(permissions)
    }

    /// What a member may do, and why.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn of_member(
        &self,
        permit: &Permit<can::MemberList>,
        member: MemberId,
    ) -> Result<MemberPermissions, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let row = read.member_find(member).await?.ok_or(AppError::NotFound { kind: "member" })?;
        let active = row.state == MemberState::Active;
        let mut permissions = permissions(&self.parts.authorizer.bound(&read, member).await?);
        for permission in &mut permissions {
            permission.allowed &= active;
        }
        Ok(MemberPermissions { member, active, permissions })
    }

    /// Every role of the tenant, built-in ones first, with what it says and how it is held.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn matrix(&self, permit: &Permit<can::RoleList>) -> Result<Vec<MatrixRole>, AppError> {
        let read = self.parts.store.tenant_read(permit.tenant()).await?;
        let rows = self.parts.authorizer.sound(&read, read.role_binding_list_all().await?).await?;
        let mut held: BTreeMap<String, BTreeMap<Option<String>, u64>> = BTreeMap::new();
        for (row, _) in rows.into_iter().filter(|(_, sound)| *sound) {
            *held.entry(row.role).or_default().entry(row.condition).or_default() += 1;
        }
        let mut roles = Vec::new();
        for role in Role::of_members() {
            let answers = self.parts.authorizer.answers(role);
            roles.push(MatrixRole {
                role: RoleKey::BuiltIn(role),
                name: role.to_string(),
                allows: Action::of_people().filter(|action| answers.allows(*action)).collect(),
                denies: Action::of_people().filter(|action| answers.denies(*action)).collect(),
                masked: role.watches_masked(),
                sound: true,
                held: holders(&mut held, role.as_str()),
            });
        }
        let authority = self.parts.authorizer.authority_by(&read).await?;
        for row in read.custom_role_list().await? {
            let role = self.view(&authority, row).await;
            roles.push(MatrixRole {
                role: RoleKey::Custom(role.id),
                name: role.name,
                allows: Action::of_people().filter(|action| role.actions.contains(action)).collect(),
                denies: Action::of_people().filter(|action| role.denies.contains(action)).collect(),
                masked: !role.unmasked,
                sound: role.sound,
                held: holders(&mut held, &role.id.to_string()),
            });
        }
        Ok(roles)
    }
}

fn permissions(bound: &[Bound]) -> Vec<Permission> {
    let holdings: Holdings = bound.iter().map(|bound| bound.held.clone()).collect();
    let of = |action: Action| Permission {
        action,
        allowed: holdings.decide(action).is_some(),
        given_by: bound.iter().filter(|bound| bound.allows(action)).map(|bound| bound.reason(action)).collect(),
        taken_by: bound
            .iter()
            .filter(|b| b.held.terms.answers.denies(action))
            .map(|bound| bound.reason(action))
            .collect(),
    };
    Action::of_people().map(of).collect()
}

impl Bound {
    fn allows(&self, action: Action) -> bool {
        self.held.terms.answers.allows(action)
    }

    fn reason(&self, action: Action) -> Reason {
        Reason {
            role: self.role,
            name: self.name.clone(),
            binding: self.id,
            condition: self.condition.clone(),
            masked: self.held.terms.masked,
            counts: self.sound && (self.held.terms.gives(action) || self.held.terms.answers.denies(action)),
        }
    }
}

fn holders(held: &mut BTreeMap<String, BTreeMap<Option<String>, u64>>, role: &str) -> Vec<Held> {
    let of = |(condition, members): (Option<String>, u64)| match condition {
        None => Some(Held { condition: None, members }),
        // One that cannot be read opens nothing.
        Some(json) => Some(Held { condition: Some(serde_json::from_str(&json).ok()?), members }),
    };
    held.remove(role).unwrap_or_default().into_iter().filter_map(of).collect()
}

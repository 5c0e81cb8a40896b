//! Who is told.

use std::collections::BTreeMap;

use domain::MemberId;
use policy::access::{Action, Authorizer, Role, RoleSet};
use store::{MemberState, TenantTx};

use crate::{AppError, auth::bound_roles};

/// Who is told. Only active members are ever told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// One member.
    Member(MemberId),
    /// Every member whose roles allow this action.
    Holders(Action),
    /// The same without this member: who decides, where nobody decides on their own.
    HoldersBut(Action, MemberId),
    /// The same and this member.
    HoldersAnd(Action, MemberId),
    /// Every member.
    Everyone,
}

impl Audience {
    /// The members, and the roles that their defaults follow from.
    pub(super) async fn members(
        self,
        tx: &TenantTx,
        authorizer: &Authorizer,
    ) -> Result<Vec<(MemberId, RoleSet)>, AppError> {
        if let Self::Member(id) = self {
            let member = tx.member_find(id).await?.filter(|row| row.state == MemberState::Active);
            return Ok(match member {
                Some(row) => vec![(row.id, bound_roles(tx, row.id).await?)],
                None => Vec::new(),
            });
        }
        let mut roles: BTreeMap<MemberId, Vec<Role>> = BTreeMap::new();
        for row in tx.role_binding_list_all().await? {
            // As at sign-in: a row that names no assignable role gives none.
            if let Ok(role) = row.role.parse() {
                roles.entry(row.member_id).or_default().push(role);
            }
        }
        let members = tx.member_list().await?.into_iter().filter(|row| row.state == MemberState::Active);
        let members = members.map(|row| {
            let bound: RoleSet = roles.remove(&row.id).unwrap_or_default().into_iter().collect();
            (row.id, bound.of_member())
        });
        Ok(match self {
            Self::Holders(action) => members.filter(|(_, roles)| authorizer.allows(*roles, action)).collect(),
            Self::HoldersBut(action, but) => {
                members.filter(|(id, roles)| *id != but && authorizer.allows(*roles, action)).collect()
            }
            Self::HoldersAnd(action, and) => {
                members.filter(|(id, roles)| *id == and || authorizer.allows(*roles, action)).collect()
            }
            Self::Everyone | Self::Member(_) => members.collect(),
        })
    }
}

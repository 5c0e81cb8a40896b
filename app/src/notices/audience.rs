//! Who is told.

use domain::MemberId;
use policy::access::{Action, Holdings, RoleSet};
use store::{MemberState, TenantTx};

use crate::{AppError, rights::Rights};

/// Who is told. Only active members are ever told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// One member.
    Member(MemberId),
    /// Every member whose roles allow this action, for some sessions at least.
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
    pub(super) async fn members(self, tx: &TenantTx, rights: &Rights) -> Result<Vec<(MemberId, RoleSet)>, AppError> {
        if let Self::Member(id) = self {
            let member = tx.member_find(id).await?.filter(|row| row.state == MemberState::Active);
            return Ok(match member {
                Some(row) => vec![(row.id, rights.roles(tx, row.id).await?)],
                None => Vec::new(),
            });
        }
        let mut holdings = rights.everybody(tx).await?;
        let members = tx.member_list().await?.into_iter().filter(|row| row.state == MemberState::Active);
        let members = members.map(|row| (row.id, holdings.remove(&row.id).unwrap_or_default()));
        let counts = |id: MemberId, held: &Holdings| match self {
            Self::Holders(action) => held.decide(action).is_some(),
            Self::HoldersBut(action, but) => id != but && held.decide(action).is_some(),
            Self::HoldersAnd(action, and) => id == and || held.decide(action).is_some(),
            Self::Everyone | Self::Member(_) => true,
        };
        let members = members.filter(|(id, held)| counts(*id, held));
        Ok(members.map(|(id, held)| (id, held.built_in())).collect())
    }
}

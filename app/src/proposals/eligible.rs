//! Who could approve somebody's proposal, as the rows say at this moment.

use domain::{MemberId, Timestamp};
use policy::{
    access::{Action, Role},
    proposals::{Candidate, Change, INFLUENCE, eligible},
};
use store::{FactorState, TenantRead};

use crate::{AppError, grants::Parts};

/// One member as a candidate for approving what `proposer` proposed.
pub(super) async fn candidate(
    parts: &Parts,
    read: &TenantRead,
    member: MemberId,
    proposer: MemberId,
    now: Timestamp,
) -> Result<Candidate, AppError> {
    let active = parts.authorizer.active(read, member).await?.is_some();
    let bindings = parts.authorizer.sound(read, read.role_binding_list(member).await?).await?;
    let votes_since = bindings
        .into_iter()
        .filter(|(binding, sound)| *sound && binding.condition.is_none() && votes(parts, &binding.role))
        .map(|(binding, _)| binding.created_at)
        .min();
    let influenced_at = read
        .member_influence_by(proposer, now.minus(INFLUENCE))
        .await?
        .into_iter()
        .filter(|row| row.member_id == member)
        .map(|row| row.at)
        .max();
    let has_factor = read.factor_list(member).await?.iter().any(|factor| factor.state == FactorState::Active);
    Ok(Candidate { member, active, votes_since, has_factor, influenced_at })
}

/// Whether nobody could approve this change of `proposer`'s: the tenant is in solo mode for it.
pub(super) async fn nobody(
    parts: &Parts,
    read: &TenantRead,
    proposer: MemberId,
    change: &Change,
    now: Timestamp,
) -> Result<bool, AppError> {
    first(parts, read, proposer, change.beneficiary(), now).await.map(|found| found.is_none())
}

/// Whether this member could find nobody for any proposal: what the console shows as solo mode.
pub(crate) async fn is_alone(
    parts: &Parts,
    read: &TenantRead,
    member: MemberId,
    now: Timestamp,
) -> Result<bool, AppError> {
    first(parts, read, member, None, now).await.map(|found| found.is_none())
}

async fn first(
    parts: &Parts,
    read: &TenantRead,
    proposer: MemberId,
    beneficiary: Option<MemberId>,
    now: Timestamp,
) -> Result<Option<MemberId>, AppError> {
    let roles: Vec<String> =
        Role::of_members().filter(|role| votes(parts, role.as_str())).map(|role| role.to_string()).collect();
    for member in read.role_holder_list(&roles).await? {
        let someone = candidate(parts, read, member, proposer, now).await?;
        if eligible(&someone, proposer, beneficiary, now).is_ok() {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// Whether a role lets its holder vote.
fn votes(parts: &Parts, role: &str) -> bool {
    role.parse::<Role>().is_ok_and(|role| parts.authorizer.answers(role).allows(Action::ProposalVote))
}

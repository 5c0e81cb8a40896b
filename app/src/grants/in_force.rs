//! Using a grant: what opens a session now, and what no longer does.

use domain::{GrantId, MemberId, Sensitivity, SessionId, Timestamp};
use ledger::Object;
use policy::{
    access::Action,
    grants::{GrantState, Kind, Needs, Refusal, Reviewer, Turn, Verb},
};
use store::{AccessGrantRow, SessionRow, TenantRead, TenantTx};

use super::{content, people};
use crate::{
    AppError,
    rights::{Rights, rows},
};

/// A grant that opens a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InForce {
    pub(crate) id: GrantId,
    pub(crate) kind: Kind,
    /// What it is used for; no more than it was given for.
    pub(crate) verb: Verb,
    /// Since when it may be used.
    pub(crate) since: Timestamp,
}

/// What a grant stands on, as it is now.
pub(super) struct Standing {
    pub(super) approvers: Vec<Reviewer>,
    pub(super) needs: Needs,
    /// Whether its holder may still ask for access at all; or, for broken glass, still break it.
    pub(super) holder_may: bool,
    /// Whether the row is as it was written here.
    pub(super) sound: bool,
}

/// The grant of `member` that opens this session for `verb` now, if there is one.
pub(crate) async fn find(
    read: &TenantRead,
    rights: &Rights,
    member: MemberId,
    session: &SessionRow,
    verb: Verb,
    now: Timestamp,
) -> Result<Option<InForce>, AppError> {
    for row in read.access_grant_usable(member, session.id).await? {
        if opens(read, rights, &row, member, session, verb, now).await?.is_ok() {
            let since = row.approved_at.unwrap_or(row.created_at);
            return Ok(Some(InForce { id: row.id, kind: row.kind, verb, since }));
        }
    }
    Ok(None)
}

/// Whether `grant` still opens the session; for streams that it opened.
pub(crate) async fn holds(
    read: &TenantRead,
    rights: &Rights,
    grant: InForce,
    member: MemberId,
    session: &SessionRow,
    now: Timestamp,
) -> Result<bool, AppError> {
    for row in read.access_grant_usable(member, session.id).await?.into_iter().filter(|row| row.id == grant.id) {
        if opens(read, rights, &row, member, session, grant.verb, now).await?.is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this grant opens the session now. Everything is asked again: time, the approvers' rights and the holder's, that
/// what was approved is what is stored.
async fn opens(
    read: &TenantRead,
    rights: &Rights,
    row: &AccessGrantRow,
    member: MemberId,
    session: &SessionRow,
    verb: Verb,
    now: Timestamp,
) -> Result<Result<Turn, Refusal>, AppError> {
    let never = row.kind == Kind::BreakGlass && session.sensitivity != Sensitivity::Normal;
    if never || !row.verb.covers(verb) {
        return Ok(Err(Refusal::NotOwn));
    }
    let standing = standing(read, rights, row).await?;
    if !standing.sound || !standing.holder_may {
        return Ok(Err(Refusal::NotReviewer));
    }
    Ok(content::life(row).use_now(member, &standing.approvers, &standing.needs, now))
}

/// Reads what a grant stands on.
pub(super) async fn standing(read: &TenantRead, rights: &Rights, row: &AccessGrantRow) -> Result<Standing, AppError> {
    let needs = match &row.needs {
        Some(needs) => serde_json::from_str(needs).map_err(AppError::internal)?,
        None => Needs::new([]),
    };
    let sessions: Vec<SessionId> =
        read.access_grant_session_list(&[row.id]).await?.into_iter().map(|session| session.session_id).collect();
    let votes = read.access_grant_vote_list(&[row.id]).await?;
    let seen = content::of(row, &sessions);
    let approvers = people::approvers(read, rights, &votes, &seen).await?;
    let right = match row.kind {
        Kind::Request => Action::GrantRequest,
        Kind::BreakGlass => Action::BreakGlassUse,
    };
    let holder_may = rights.may(read, row.member_id, right).await?;
    let sound = is_ours(read, rights, row, &seen).await?;
    Ok(Standing { approvers, needs, holder_may, sound })
}

/// Whether somebody here opened this, exactly so. A request that waits opens nothing, and is nobody's yet.
async fn is_ours(read: &TenantRead, rights: &Rights, row: &AccessGrantRow, seen: &[u8; 32]) -> Result<bool, AppError> {
    if row.state == GrantState::Pending {
        return Ok(true);
    }
    let authority = rights.authority_by(read).await?;
    let mac = row.mac.as_deref().unwrap_or_default();
    let ours = rows::grant(row, seen, |of| authority.holds(of, mac));
    if !ours {
        rights.distrust(read.tenant(), Object::Grant(row.id), mac).await;
    }
    Ok(ours)
}

/// Uses `grant` in `tx`: asks everything once more under the grant's lock, and marks its first use.
///
/// # Errors
/// [`AppError::Forbidden`] `access-required` when it holds no more.
pub(crate) async fn use_in(
    tx: &TenantTx,
    rights: &Rights,
    grant: InForce,
    member: MemberId,
    session: &SessionRow,
    now: Timestamp,
) -> Result<(), AppError> {
    let id = grant.id;
    let Some(row) = tx.access_grant_lock(id).await? else { return Err(ENDED) };
    let voters = tx.access_grant_vote_list(&[id]).await?.into_iter().map(|vote| vote.member_id);
    people::hold(tx, voters.chain([member])).await?;
    if opens(tx, rights, &row, member, session, grant.verb, now).await?.is_err() {
        return Err(ENDED);
    }
    if row.state == GrantState::Approved && !tx.access_grant_activate(id, now).await? {
        return Err(ENDED);
    }
    Ok(())
}

const ENDED: AppError = AppError::Forbidden {
    code: "access-required",
    detail: "your grant for this session has ended; ask for access again (POST /v1/access-requests)",
};

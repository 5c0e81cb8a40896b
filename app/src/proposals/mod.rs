//! The two-person rule as use cases: proposing, voting, stopping, carrying out.
//!
//! **Purpose.** A few changes are nobody's alone. The use case that would make one calls [`propose`] instead, in its own
//! transaction; what is stored is the exact change, and what a second person approves is its hash.
//!
//! **Design.** Everything that decides is in `policy::proposals`. Here it is asked under two locks, always in this order: the
//! tenant's rules row, so that "is there anybody who could approve?" has one answer at a time, and the proposal's own row.
//! Carrying out happens in the transaction of the approval ([`execute`]); in solo mode, in that of the job that finds the day
//! over, after asking once more whether there is still nobody who could approve.
//!
//! Whoever invites, promotes or resets a member calls `TenantTx::member_influence_put`: for thirty days that member does not
//! approve the other's proposals.
//!
//! **How to add one more kind of change.** A variant of `policy::proposals::Change`; its preconditions and its doing in
//! [`execute`]; `propose` where the change was made; its form in `api/src/routes/proposals/mod.rs`; a case in
//! `tests/api/grants/proposals.rs`. The compiler names the first two.

mod decide;
mod eligible;
mod execute;
mod list;
mod settle;

use std::sync::Arc;

use domain::{Personal, ProposalId, Timestamp};
use ledger::Object;
use policy::{
    access::{Action, Can, Permit},
    proposals::{Change, ChangeHash, Proposal, ProposalState, Refusal},
};
use store::{ProposalRow, TenantTx};

pub use settle::{SettleProposals, SettleReport};

use crate::{
    AppError,
    auth::member_of,
    grants::{Grants, Parts, Person, people, rules},
    notices::{Audience, NoticeKind},
    rights::rows,
};

/// Most proposals of one tenant that are open at the same time.
const OPEN: usize = 50;

/// Use cases of the two-person rule.
#[derive(Clone)]
pub struct Proposals {
    pub(crate) parts: Arc<Parts>,
}

/// A proposal, as people see it.
#[derive(Debug, Clone)]
pub struct ProposalView {
    /// Its id.
    pub id: ProposalId,
    /// Who proposed.
    pub proposer: Person,
    /// The exact change; `None` when what is stored is not what was proposed.
    pub change: Option<Change>,
    /// Where a receiver of the audit log is and where it is to be, for those who may see receivers: for many an address is a
    /// password, too.
    pub addresses: Option<Addresses>,
    /// Names it; an approval carries this.
    pub hash: String,
    /// Where it stands.
    pub state: ProposalState,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// In solo mode: when it is carried out unless somebody stops it.
    pub execute_after: Option<Timestamp>,
    /// Until when it may be decided.
    pub expires_at: Timestamp,
    /// When it was over.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<Person>,
}

/// An address and the one that is to take its place.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// Now.
    pub now: Personal<String>,
    /// Then.
    pub then: Personal<String>,
}

pub(crate) const NO_PROPOSAL: AppError = AppError::NotFound { kind: "proposal" };

/// Proposes `change` in `tx` and tells whoever must know. Without anybody who could approve it, the tenant is in solo mode:
/// everybody is told, and a day begins in which everybody may stop it.
///
/// # Errors
/// [`AppError::Conflict`] when the change is not possible now, or proposed already.
pub(crate) async fn propose<A: Can>(
    parts: &Parts,
    tx: &TenantTx,
    permit: &Permit<A>,
    change: &Change,
) -> Result<ProposalId, AppError> {
    let (tenant, proposer, now) = (permit.tenant(), member_of(permit.actor())?, parts.clock.now());
    let rules = rules::lock(tx, &parts.authorizer, now).await?.rules;
    people::hold(tx, [proposer].into_iter().chain(change.beneficiary())).await?;
    execute::check(parts, tx, proposer, change).await?;
    let open = tx.proposal_list(Some(ProposalState::Open), None, OPEN as u64).await?;
    if open.len() >= OPEN {
        return Err(conflict("proposal-limit", "too many proposals are open; decide or take back some"));
    }
    let hash = change.hash();
    if open.iter().any(|row| row.change_hash == *hash.bytes() && row.expires_at > now) {
        return Err(conflict("already-proposed", "exactly this change is proposed already"));
    }
    let solo = !rules.strict && eligible::nobody(parts, tx, proposer, change, now).await?;
    let proposal = Proposal::open(proposer, hash, solo, now);
    let id = ProposalId::mint(now, &*parts.entropy);
    let row = ProposalRow {
        tenant_id: tenant,
        id,
        member_id: proposer,
        kind: change.kind().to_owned(),
        change: change.canonical_json(),
        change_hash: *hash.bytes(),
        state: proposal.state,
        created_at: now,
        execute_after: proposal.execute_after,
        expires_at: proposal.expires_at,
        decided_at: None,
        decided_by: None,
        mac: Vec::new(),
    };
    let authority = parts.authorizer.authority_by(tx).await?;
    tx.proposal_insert(rows::sealed_proposal(&authority, row)).await?;
    let rule = rule(permit, id, solo);
    parts.audit().allowed_by(tx, permit, rule, "proposal.create", Object::Proposal(id)).await?;
    let (kind, audience) = if solo {
        (NoticeKind::SoloDelayStarted, Audience::Everyone)
    } else {
        (NoticeKind::ProposalOpened, Audience::HoldersBut(Action::ProposalVote, proposer))
    };
    parts.tell(tx, kind, audience, Object::Proposal(id)).await?;
    if solo {
        tracing::warn!(tenant.id = %tenant, proposal.id = %id, "a change without a second person begins its day");
        metrics::counter!("sealtape_solo_proposals_total").increment(1);
    }
    Ok(id)
}

impl Proposals {
    pub(crate) fn new(grants: &Grants) -> Self {
        Self { parts: Arc::clone(&grants.parts) }
    }
}

/// The rule that leaves about a proposal name: what allowed the actor, through which proposal, and whether alone.
fn rule<A: Can>(permit: &Permit<A>, id: ProposalId, solo: bool) -> String {
    format!("{}/proposal:{id}{}", permit.rule(), if solo { "/solo" } else { "" })
}

/// A row's change and what its rules look at.
///
/// # Errors
/// [`AppError::Conflict`] `proposal-corrupt` when the stored change is not the one that was proposed.
fn read(row: &ProposalRow) -> Result<(Change, Proposal), AppError> {
    let hash = ChangeHash::from_bytes(row.change_hash);
    let change: Result<Change, _> = serde_json::from_str(&row.change);
    // The text and its reading must both be what was hashed: then neither was changed.
    let same = |change: &Change| change.hash() == hash && ChangeHash::of(&row.change) == hash;
    let Some(change) = change.ok().filter(same) else {
        return Err(conflict("proposal-corrupt", "the stored change is not the one that was proposed"));
    };
    Ok((change, bare(row)))
}

/// The same for carrying it out: only what was proposed here comes true.
///
/// # Errors
/// As [`read`].
async fn ours(parts: &Parts, tx: &TenantTx, row: &ProposalRow) -> Result<(Change, Proposal), AppError> {
    let authority = parts.authorizer.authority_by(tx).await?;
    if !rows::proposal(row, |of| authority.holds(of, &row.mac)) {
        parts.authorizer.distrust(tx.tenant(), Object::Proposal(row.id), &row.mac).await;
        return Err(conflict("proposal-corrupt", "the stored proposal is not the one that was made"));
    }
    read(row)
}

/// What the rules of its life look at.
const fn bare(row: &ProposalRow) -> Proposal {
    Proposal {
        proposer: row.member_id,
        state: row.state,
        hash: ChangeHash::from_bytes(row.change_hash),
        execute_after: row.execute_after,
        expires_at: row.expires_at,
    }
}

fn conflict(code: &'static str, detail: &str) -> AppError {
    AppError::Conflict { code, detail: detail.to_owned(), next: None }
}

fn refused(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::State(state) => conflict("proposal-decided", &format!("it is {state}")),
        Refusal::TimeOver => conflict("proposal-decided", "its time is over"),
        Refusal::OtherChange => conflict("request-changed", "the change is not what you were shown; look at it again"),
        Refusal::NotOwn => AppError::Forbidden {
            code: "not-your-proposal",
            detail: "only its proposer takes a proposal back; whoever may vote can reject it",
        },
        Refusal::Own => AppError::Forbidden {
            code: "own-proposal",
            detail: "nobody decides on their own proposal; you can take it back",
        },
    }
}

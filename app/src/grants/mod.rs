//! Just-in-time access: asking for sessions that one's roles do not open, deciding on it, using it, ending it.
//!
//! **Purpose.** Somebody may open these sessions, for this purpose, for this long, because these people agreed, and all of
//! that is on record.
//!
//! **Design.** A request and its grant are one row with one id. Every step locks that row, builds a [`policy::grants::Life`]
//! from it and from the rights of everybody concerned *as they stand in that transaction*, lets it decide, and writes the
//! outcome as a conditional UPDATE. Requests are never edited: what a reviewer votes on is named by a hash
//! ([`content::of`]) that the vote carries, so a request that is changed behind the service's back loses its votes. Reviewers
//! see metadata of sessions and nothing recorded.
//!
//! **How to add one more step.** A step in `policy::grants::Life` with its place in the property test, a conditional UPDATE
//! in `store/src/access_grant_step.rs`, a function here that locks, asks, writes and puts the act on record.

mod break_glass;
mod content;
mod decide;
mod expire;
pub(crate) mod in_force;
mod list;
pub(crate) mod people;
mod request;
pub(crate) mod rules;
mod view;

use std::sync::Arc;

use domain::{Clock, Entropy, GrantId, MemberId, Personal, ProjectId, SessionId, SessionState, TenantId, Timestamp};
use ledger::Object;
use policy::{
    access::{Permit, can},
    grants::{EndReason, GrantState, Kind, Need, Purpose, Refusal, ReviewOutcome, Verb},
};
use store::{Store, TenantTx, Vote};

pub use break_glass::{BreakGlassInput, RemindReport, RemindReviews};
pub use decide::Ballot;
pub use expire::{ExpireGrants, ExpireReport};
pub use list::GrantFilter;
pub use policy::grants::{AccessRules, ApprovalRule};
pub use request::{RequestInput, Wanted, WantedSessions};
pub use rules::{RulesChange, RulesView};

use crate::{
    AppError,
    audit::Audit,
    auth::member_of,
    factors::Factors,
    keys::{DeploymentKeys, Keys},
    looks::Looks,
    notices::{Audience, Notice, NoticeKind, Notices},
    rights::Rights,
};

/// Use cases of access requests and grants.
#[derive(Clone)]
pub struct Grants {
    pub(crate) parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) deployment: Arc<DeploymentKeys>,
    pub(crate) authorizer: Arc<Rights>,
    pub(crate) factors: Factors,
    pub(crate) notices: Notices,
    pub(crate) looks: Looks,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Grants {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }
}

impl Parts {
    pub(crate) fn audit(&self) -> Audit<'_> {
        Audit { clock: &*self.clock, entropy: &*self.entropy }
    }

    /// Tells people, in the transaction of what they are told about.
    pub(crate) async fn tell(
        &self,
        tx: &TenantTx,
        kind: NoticeKind,
        audience: Audience,
        about: Object,
    ) -> Result<(), AppError> {
        self.notices.notify(tx, Notice { kind, audience, about: Some(about) }).await
    }
}

/// Who looks: at everybody's requests and grants, or at their own.
#[derive(Debug)]
pub enum Reader<'a> {
    /// At everybody's.
    Everybody(&'a Permit<can::GrantList>),
    /// At their own.
    Own(&'a Permit<can::GrantRequest>),
}

impl Reader<'_> {
    const fn tenant(&self) -> TenantId {
        match self {
            Self::Everybody(permit) => permit.tenant(),
            Self::Own(permit) => permit.tenant(),
        }
    }

    /// Who looks.
    fn member(&self) -> Result<MemberId, AppError> {
        match self {
            Self::Everybody(permit) => member_of(permit.actor()),
            Self::Own(permit) => member_of(permit.actor()),
        }
    }

    /// Whose requests may be seen; `None` for everybody's.
    fn limited_to(&self) -> Result<Option<MemberId>, AppError> {
        match self {
            Self::Everybody(_) => Ok(None),
            Self::Own(_) => self.member().map(Some),
        }
    }
}

/// A person, as others see them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: MemberId,
    /// Their name; empty when it has been erased.
    pub name: Personal<String>,
}

/// A request or grant as lists show it.
#[derive(Debug, Clone)]
pub struct GrantSummary {
    /// Its id.
    pub id: GrantId,
    /// How it came to be.
    pub kind: Kind,
    /// Where it stands.
    pub state: GrantState,
    /// Who asked.
    pub requester: Person,
    /// What it allows.
    pub verb: Verb,
    /// What for.
    pub purpose: Purpose,
    /// Why, in the requester's words.
    pub reason: Personal<String>,
    /// The ticket it belongs to.
    pub ticket: Personal<String>,
    /// How many sessions it names; none while its filter is not pinned.
    pub sessions: usize,
    /// Whether a filter chose them.
    pub by_filter: bool,
    /// How long it holds, in seconds.
    pub duration_s: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when a decision counts.
    pub decide_by: Timestamp,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was first used.
    pub activated_at: Option<Timestamp>,
    /// Until when it holds.
    pub expires_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Why.
    pub ended_reason: Option<EndReason>,
    /// By whom.
    pub ended_by: Option<Person>,
    /// For a broken glass: its review.
    pub review: Option<Review>,
}

/// The review of a broken glass.
#[derive(Debug, Clone)]
pub struct Review {
    /// Until when it is due.
    pub due_at: Timestamp,
    /// When it was done.
    pub reviewed_at: Option<Timestamp>,
    /// By whom.
    pub reviewed_by: Option<Person>,
    /// What they made of it.
    pub outcome: Option<ReviewOutcome>,
    /// What they wrote.
    pub comment: Option<Personal<String>>,
}

/// A request or grant as its page shows it.
#[derive(Debug, Clone)]
pub struct GrantDetail {
    /// What lists show.
    pub summary: GrantSummary,
    /// What it names, metadata only. While a filter is not pinned: what it would name now. Whoever asked sees it once it is
    /// approved: a request must not be a way to learn of sessions that one may not list.
    pub sessions: Vec<SessionMetadata>,
    /// What the sessions are chosen by, until the first approval pins them.
    pub wanted: Option<Wanted>,
    /// What has to be met: by the rules in force now while it is pending, by those of its approval afterwards.
    pub needs: Vec<Need>,
    /// What was said.
    pub votes: Vec<VoteView>,
    /// Names exactly what is shown here; a vote carries it. For reviewers only.
    pub seen: Option<String>,
}

/// One vote.
#[derive(Debug, Clone)]
pub struct VoteView {
    /// Who.
    pub by: Person,
    /// Yes or no.
    pub vote: Vote,
    /// What they wrote.
    pub comment: Option<Personal<String>>,
    /// When.
    pub at: Timestamp,
}

/// What reviewers see of a session: nothing that was recorded.
#[derive(Debug, Clone)]
pub struct SessionMetadata {
    /// Its id.
    pub id: SessionId,
    /// Its project.
    pub project_id: ProjectId,
    /// The project's name.
    pub project_name: String,
    /// Where it stands.
    pub state: SessionState,
    /// When it started.
    pub started_at: Timestamp,
    /// From its first event to its last, in milliseconds.
    pub duration_ms: u64,
    /// Whether there was an error.
    pub has_error: bool,
    /// The application's release.
    pub release: Option<String>,
    /// Browser family.
    pub browser: Option<String>,
    /// Operating system family.
    pub os: Option<String>,
}

pub(crate) const NO_REQUEST: AppError = AppError::NotFound { kind: "access request" };

/// What a refused step is to its caller.
pub(crate) fn refused(refusal: Refusal) -> AppError {
    let conflict = |code, detail: String| AppError::Conflict { code, detail, next: None };
    match refusal {
        Refusal::Own => AppError::Forbidden {
            code: "own-request",
            detail: "nobody decides on their own request; another reviewer of your tenant can",
        },
        Refusal::NotReviewer => crate::forbidden(),
        // Whose request it is, is told to nobody who may not see it.
        Refusal::NotOwn => NO_REQUEST,
        Refusal::Twice => conflict("already-voted", "you have approved this request already".to_owned()),
        Refusal::State(state) => conflict("access-request-decided", format!("it is {state}")),
        Refusal::TimeOver => conflict("access-request-over", "its time is over".to_owned()),
        Refusal::ApprovalVoid => {
            conflict("access-request-over", "an approver may no longer approve; ask again".to_owned())
        }
    }
}

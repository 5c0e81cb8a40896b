//! Access requests: asking for sessions that one's roles do not open, and deciding on it.

pub(crate) mod approve;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod deny;
pub(crate) mod list;
pub(crate) mod view;

use app::grants::Reader;
use domain::{GrantId, MemberId, Personal, ProjectId, SessionId, SessionState, Timestamp};
use policy::{
    access::can,
    grants::{EndReason, GrantState, Kind, Purpose, ReviewOutcome, Verb},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{caller::EitherCaller, output::as_text};

/// Somebody who may look at everybody's requests and grants, or at their own.
pub(crate) type Looker = EitherCaller<can::GrantList, can::GrantRequest>;

/// Whose requests and grants are shown.
pub(crate) const fn reader(looker: &Looker) -> Reader<'_> {
    match looker {
        EitherCaller::First(permit) => Reader::Everybody(permit),
        EitherCaller::Second(permit) => Reader::Own(permit),
    }
}

/// Where a request and its grant stand.
#[derive(ToSchema)]
#[schema(as = GrantState, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::GrantState`, which knows nothing of OpenAPI")]
pub(crate) enum GrantStateName {
    /// Waits for approvals.
    Pending,
    /// Has them; nobody used it yet.
    Approved,
    /// In use.
    Active,
    /// Was used, and its time is over.
    Expired,
    /// Ended before its time.
    Revoked,
    /// Refused by a reviewer.
    Denied,
    /// Never came to be used.
    Lapsed,
}

/// What a grant allows.
#[derive(ToSchema)]
#[schema(as = GrantVerb, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::Verb`, which knows nothing of OpenAPI")]
pub(crate) enum VerbName {
    /// Watch, with the masking of one's roles.
    View,
    /// Watch without view-time masking.
    ViewUnmasked,
    /// Take the sessions out of the system.
    Export,
}

/// What a grant is for.
#[derive(ToSchema)]
#[schema(as = GrantPurpose, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::Purpose`, which knows nothing of OpenAPI")]
pub(crate) enum PurposeName {
    Debugging,
    Support,
    SecurityIncident,
    DataRequest,
    Legal,
    Quality,
}

/// How a grant came to be.
#[derive(ToSchema)]
#[schema(as = GrantKind, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::Kind`, which knows nothing of OpenAPI")]
pub(crate) enum KindName {
    Request,
    BreakGlass,
}

/// Why a request or grant is over.
#[derive(ToSchema)]
#[schema(as = GrantEnd, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::EndReason`, which knows nothing of OpenAPI")]
pub(crate) enum EndReasonName {
    Withdrawn,
    NotDecided,
    Denied,
    NotUsed,
    TimeOver,
    Revoked,
    GivenUp,
    ApprovalVoid,
}

/// What a review came to.
#[derive(ToSchema)]
#[schema(as = ReviewOutcome, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::grants::ReviewOutcome`, which knows nothing of OpenAPI")]
pub(crate) enum ReviewOutcomeName {
    Justified,
    Unjustified,
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GrantPerson)]
pub(crate) struct Person {
    #[schema(value_type = Uuid)]
    pub(crate) id: MemberId,
    /// Empty when the name has been erased.
    #[schema(value_type = String)]
    pub(crate) name: Personal<String>,
}

impl From<app::grants::Person> for Person {
    fn from(person: app::grants::Person) -> Self {
        Self { id: person.id, name: person.name }
    }
}

/// A request, and the grant that came of it: one thing with one id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantSummary {
    #[schema(value_type = Uuid)]
    id: GrantId,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = KindName)]
    kind: Kind,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = GrantStateName)]
    state: GrantState,
    requester: Person,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = VerbName)]
    verb: Verb,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = PurposeName)]
    purpose: Purpose,
    /// Why, in the requester's words.
    #[schema(value_type = String)]
    reason: Personal<String>,
    #[schema(value_type = String)]
    ticket: Personal<String>,
    /// How many sessions it names; 0 while its filter is not pinned by a first approval.
    sessions: usize,
    /// How long it holds once approved.
    minutes: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// A decision counts until then.
    #[schema(value_type = String, format = DateTime)]
    decide_by: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    approved_at: Option<Timestamp>,
    /// When it was first used.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    activated_at: Option<Timestamp>,
    /// It holds until then.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    ended_at: Option<Timestamp>,
    #[schema(value_type = Option<EndReasonName>, required)]
    ended_reason: Option<EndReason>,
    #[schema(required)]
    ended_by: Option<Person>,
    /// Of broken glass only.
    #[schema(required)]
    review: Option<Review>,
}

/// The review of a broken glass.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BreakGlassReview)]
pub(crate) struct Review {
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    reviewed_at: Option<Timestamp>,
    #[schema(required)]
    reviewed_by: Option<Person>,
    #[schema(value_type = Option<ReviewOutcomeName>, required)]
    outcome: Option<ReviewOutcome>,
    #[schema(value_type = Option<String>, required)]
    comment: Option<Personal<String>>,
}

impl From<app::grants::GrantSummary> for GrantSummary {
    fn from(grant: app::grants::GrantSummary) -> Self {
        Self {
            id: grant.id,
            kind: grant.kind,
            state: grant.state,
            requester: grant.requester.into(),
            verb: grant.verb,
            purpose: grant.purpose,
            reason: grant.reason,
            ticket: grant.ticket,
            sessions: grant.sessions,
            minutes: grant.duration_s / 60,
            created_at: grant.created_at,
            decide_by: grant.decide_by,
            approved_at: grant.approved_at,
            activated_at: grant.activated_at,
            expires_at: grant.expires_at,
            ended_at: grant.ended_at,
            ended_reason: grant.ended_reason,
            ended_by: grant.ended_by.map(Person::from),
            review: grant.review.map(|review| Review {
                due_at: review.due_at,
                reviewed_at: review.reviewed_at,
                reviewed_by: review.reviewed_by.map(Person::from),
                outcome: review.outcome,
                comment: review.comment,
            }),
        }
    }
}

/// What sessions are chosen by until the first approval pins them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedSessions {
    /// Of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    project: Option<ProjectId>,
    /// Started at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Started before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// With or without errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    has_error: Option<bool>,
    /// Of this release; a trailing `*` means "starts with".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    release: Option<String>,
    /// In this browser family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    browser: Option<String>,
    /// On this system family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    os: Option<String>,
}

impl From<app::grants::Wanted> for WantedSessions {
    fn from(wanted: app::grants::Wanted) -> Self {
        let app::grants::Wanted { project, from, to, has_error, release, browser, os } = wanted;
        Self { project, from, to, has_error, release, browser, os }
    }
}

impl From<WantedSessions> for app::grants::Wanted {
    fn from(wanted: WantedSessions) -> Self {
        let WantedSessions { project, from, to, has_error, release, browser, os } = wanted;
        Self { project, from, to, has_error, release, browser, os }
    }
}

/// A session as reviewers see it: nothing that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantSession {
    #[schema(value_type = Uuid)]
    id: SessionId,
    #[schema(value_type = Uuid)]
    project_id: ProjectId,
    project_name: String,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = crate::routes::sessions::SessionStateName)]
    state: SessionState,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    duration_ms: u64,
    has_error: bool,
    #[schema(required)]
    release: Option<String>,
    #[schema(required)]
    browser: Option<String>,
    #[schema(required)]
    os: Option<String>,
}

/// So many approvals by people in one of these roles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantNeed {
    approvals: u8,
    /// Anybody who may review when empty.
    reviewers: Vec<String>,
}

/// What one person said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantVote {
    by: Person,
    #[schema(value_type = VoteName)]
    vote: &'static str,
    #[schema(value_type = Option<String>, required)]
    comment: Option<Personal<String>>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Yes or no.
#[derive(ToSchema)]
#[schema(as = GrantVoteKind, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `store::Vote`, which knows nothing of OpenAPI")]
pub(crate) enum VoteName {
    Approve,
    Deny,
}

/// A request or grant with all that reviewers see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantView {
    #[serde(flatten)]
    summary: GrantSummary,
    /// What it opens. While a filter is not pinned: what it would open now. Its requester sees this once it is approved.
    named: Vec<GrantSession>,
    /// What the sessions are or were chosen by; null when they were named.
    #[schema(required)]
    filter: Option<WantedSessions>,
    /// What has to be met before it may be used, all of it; not told to its requester while a filter is not pinned.
    needs: Vec<GrantNeed>,
    votes: Vec<GrantVote>,
    /// Names exactly what is shown here; an approval carries it, so that nobody approves something else. For those who see
    /// everybody's requests.
    #[schema(required)]
    seen: Option<String>,
}

impl From<app::grants::GrantDetail> for GrantView {
    fn from(grant: app::grants::GrantDetail) -> Self {
        Self {
            summary: grant.summary.into(),
            named: grant
                .sessions
                .into_iter()
                .map(|session| GrantSession {
                    id: session.id,
                    project_id: session.project_id,
                    project_name: session.project_name,
                    state: session.state,
                    started_at: session.started_at,
                    duration_ms: session.duration_ms,
                    has_error: session.has_error,
                    release: session.release,
                    browser: session.browser,
                    os: session.os,
                })
                .collect(),
            filter: grant.wanted.map(WantedSessions::from),
            needs: grant
                .needs
                .into_iter()
                .map(|need| GrantNeed { approvals: need.approvals, reviewers: need.reviewers.into_iter().collect() })
                .collect(),
            votes: grant
                .votes
                .into_iter()
                .map(|vote| GrantVote {
                    by: vote.by.into(),
                    vote: vote.vote.as_str(),
                    comment: vote.comment,
                    at: vote.at,
                })
                .collect(),
            seen: grant.seen,
        }
    }
}

//! Proposals: changes that take two people.

pub(crate) mod approve;
pub(crate) mod cancel;
pub(crate) mod list;
pub(crate) mod reject;
pub(crate) mod view;

use domain::{MemberId, ProposalId, Timestamp};
use policy::proposals::{Change, ProposalState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    output::as_text,
    routes::{
        access_requests::Person,
        access_rules::{AccessRulesBody, body_of},
    },
};

/// Where a proposal stands.
#[derive(ToSchema)]
#[schema(as = ProposalState, rename_all = "kebab-case")]
#[expect(dead_code, reason = "documents `policy::proposals::ProposalState`, which knows nothing of OpenAPI")]
pub(crate) enum ProposalStateName {
    /// Waits for its second person, or in solo mode for its day.
    Open,
    /// Was carried out.
    Executed,
    /// A second person said no.
    Rejected,
    /// Taken back, or stopped in solo mode.
    Cancelled,
    /// Nobody decided in time.
    Expired,
    /// What it was to change is no longer as it was.
    Void,
}

/// The exact change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum ProposalChange {
    /// Give a member a role that decides over others.
    RoleGrant {
        #[schema(value_type = Uuid)]
        member: MemberId,
        role: String,
    },
    /// Replace the access rules by looser ones.
    AccessRules {
        /// The revision that they replace.
        base: u64,
        rules: AccessRulesBody,
    },
}

impl From<Change> for ProposalChange {
    fn from(change: Change) -> Self {
        match change {
            Change::RoleGrant { member, role } => Self::RoleGrant { member, role },
            Change::AccessRules { base, rules } => Self::AccessRules { base, rules: body_of(rules) },
        }
    }
}

/// A change that takes two people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalView {
    #[schema(value_type = Uuid)]
    id: ProposalId,
    proposer: Person,
    /// Null when what is stored is not what was proposed; such a proposal is never carried out.
    #[schema(required)]
    change: Option<ProposalChange>,
    /// SHA-256 of the change's canonical JSON, 64 hex digits: what an approval approves.
    hash: String,
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = ProposalStateName)]
    state: ProposalState,
    /// Nobody could approve it when it was proposed: it is carried out after a day, unless any member stops it.
    solo: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// In solo mode: when it is carried out.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    execute_after: Option<Timestamp>,
    /// It may be decided until then.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    decided_at: Option<Timestamp>,
    #[schema(required)]
    decided_by: Option<Person>,
}

impl From<app::proposals::ProposalView> for ProposalView {
    fn from(proposal: app::proposals::ProposalView) -> Self {
        Self {
            id: proposal.id,
            proposer: proposal.proposer.into(),
            change: proposal.change.map(ProposalChange::from),
            hash: proposal.hash,
            state: proposal.state,
            solo: proposal.execute_after.is_some(),
            created_at: proposal.created_at,
            execute_after: proposal.execute_after,
            expires_at: proposal.expires_at,
            decided_at: proposal.decided_at,
            decided_by: proposal.decided_by.map(Person::from),
        }
    }
}

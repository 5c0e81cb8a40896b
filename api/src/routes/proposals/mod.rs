//! Proposals: changes that take two people.

pub(crate) mod approve;
pub(crate) mod cancel;
pub(crate) mod list;
pub(crate) mod reject;
pub(crate) mod view;

use domain::{MemberId, ProposalId, SinkId, Timestamp};
use policy::proposals::{Change, ProposalState, WebhookActs, WebhookThen};
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
    /// Remove a receiver of the audit log.
    WebhookDelete {
        #[schema(value_type = Uuid)]
        webhook: SinkId,
        /// The revision that its proposer saw.
        base: u64,
        /// What it is called.
        name: String,
    },
    /// Make a receiver of the audit log hear less, or more about persons.
    WebhookUpdate {
        #[schema(value_type = Uuid)]
        webhook: SinkId,
        /// The revision that its proposer saw.
        base: u64,
        /// What it is called now.
        name: String,
        then: WebhookChange,
    },
}

/// What is to be otherwise about a receiver; what is absent stays.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Its address now and then, sealed; `addresses` of the proposal says them to those who may see receivers.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acts: Option<ActsChange>,
    /// Whether nothing is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<bool>,
    /// Whether it also gets what lies beside entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<bool>,
}

/// Acts whose entries a receiver gets; null for all.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookActsChange)]
pub(crate) struct ActsChange {
    #[schema(required)]
    now: Option<Vec<String>>,
    #[schema(required)]
    then: Option<Vec<String>>,
}

/// Where a receiver of the audit log is, and where it is to be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddressChange {
    now: String,
    then: String,
}

impl From<WebhookThen> for WebhookChange {
    fn from(then: WebhookThen) -> Self {
        let WebhookThen { name, address, acts, paused, detail } = then;
        let acts = acts.map(|WebhookActs { now, then }| ActsChange { now, then });
        Self { name, address, acts, paused, detail }
    }
}

impl From<Change> for ProposalChange {
    fn from(change: Change) -> Self {
        match change {
            Change::RoleGrant { member, role } => Self::RoleGrant { member, role },
            Change::AccessRules { base, rules } => Self::AccessRules { base, rules: body_of(rules) },
            Change::WebhookDelete { webhook, base, name } => Self::WebhookDelete { webhook, base, name },
            Change::WebhookUpdate { webhook, base, name, then } => {
                Self::WebhookUpdate { webhook, base, name, then: then.into() }
            }
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
    /// For a receiver that is to be elsewhere: its addresses. Null otherwise, and for who may not see receivers.
    #[schema(required)]
    addresses: Option<AddressChange>,
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
            addresses: proposal.addresses.map(|addresses| AddressChange {
                now: addresses.now.expose().clone(),
                then: addresses.then.expose().clone(),
            }),
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

//! What can be done, as values ([`Action`]) and as types ([`can`]).

use std::fmt;

use serde::{Serialize, Serializer};
use strum::{EnumCount, EnumIter, IntoEnumIterator as _};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Something a permit can be asked for, named `resource.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, EnumCount)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// The published name: what policies, audit leaves and `GET /v1/me/permissions` carry.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        /// One zero-size type per action: `Permit<can::SessionView>` is a permit to view sessions and nothing else.
        pub mod can {
            use super::{Action, Can};
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Can for $name {
                    const ACTION: Action = Action::$name;
                }
            )*
        }
    };
}

actions! {
    /// Read one's own account and permissions.
    MeRead = "me.read";
    /// Find sessions: search, list, live list.
    SessionList = "session.list";
    /// Open a session: details and recorded events.
    SessionView = "session.view";
    /// See who watched a session.
    SessionViewers = "session.viewers";
    /// Read a session's manifest and check it.
    SessionManifest = "session.manifest";
    /// Start sessions and renew their tokens.
    SessionRecord = "session.record";
    /// Add segments, tabs and identifiers to one's own session.
    SessionAppend = "session.append";
    /// Close a session and write its manifest.
    SessionSeal = "session.seal";
    /// Read projects.
    ProjectList = "project.list";
    /// Create a project.
    ProjectCreate = "project.create";
    /// Read agent keys.
    AgentKeyList = "agent-key.list";
    /// Create an agent key.
    AgentKeyCreate = "agent-key.create";
    /// Revoke an agent key.
    AgentKeyRevoke = "agent-key.revoke";
    /// Change one's own password, factors, sign-ins and notice preferences.
    MeManage = "me.manage";
    /// Change a project's name and sensitivity.
    ProjectManage = "project.manage";
    /// Open a session whose sensitivity is `restricted` without a grant.
    SessionViewRestricted = "session.view-restricted";
    /// Watch without view-time masking.
    SessionViewUnmasked = "session.view-unmasked";
    /// Take a session out of the system as a sealed file. No built-in role has it, so no role can give it: it takes a grant,
    /// and a role can deny it.
    SessionExport = "session.export";
    /// Put labels on a session.
    SessionLabel = "session.label";
    /// Read members.
    MemberList = "member.list";
    /// Invite a member and withdraw invitations.
    MemberInvite = "member.invite";
    /// Disable members, give and take roles.
    MemberManage = "member.manage";
    /// Read roles, their actions and conditions.
    RoleList = "role.list";
    /// Make and change custom roles.
    RoleManage = "role.manage";
    /// Read API keys.
    ApiKeyList = "api-key.list";
    /// Create an API key.
    ApiKeyCreate = "api-key.create";
    /// Revoke an API key.
    ApiKeyRevoke = "api-key.revoke";
    /// Ask for access to sessions, and withdraw the request.
    GrantRequest = "grant.request";
    /// Read everybody's access requests and grants.
    GrantList = "grant.list";
    /// Approve or deny an access request.
    GrantReview = "grant.review";
    /// End somebody's grant before its time.
    GrantRevoke = "grant.revoke";
    /// Break glass: open sessions at once, to be reviewed afterwards.
    BreakGlassUse = "break-glass.use";
    /// Review a broken glass.
    BreakGlassReview = "break-glass.review";
    /// Read two-person proposals.
    ProposalList = "proposal.list";
    /// Approve, reject or cancel a two-person proposal.
    ProposalVote = "proposal.vote";
    /// Change the tenant's access rules.
    TenantManage = "tenant.manage";
    /// Read the tenant's jobs.
    JobList = "job.list";
    /// Read the audit log and its proofs.
    AuditRead = "audit.read";
    /// Find a recorded person by what the customer's application calls them.
    SubjectSearch = "subject.search";
    /// Take the audit log out.
    AuditExport = "audit.export";
    /// Read the mails that this deployment keeps because it has no mail server.
    MailList = "mail.list";
    /// Send queued mail.
    MailSend = "mail.send";
    /// End grants and access requests whose time is over.
    GrantExpire = "grant.expire";
    /// End proposals whose time is over, and carry out those whose delay is.
    ProposalExpire = "proposal.expire";
    /// Remind of reviews that are due.
    ReviewRemind = "review.remind";
    /// Remind members of API keys that end soon.
    ApiKeyRemind = "api-key.remind";
    /// Tell people how the audit log stands.
    LedgerWatch = "ledger.watch";
    /// Look through the audit log for an export.
    AuditCount = "audit.count";
    /// Read receivers of the audit log and what was delivered to them.
    WebhookList = "webhook.list";
    /// Make, change, test and remove receivers of the audit log.
    WebhookManage = "webhook.manage";
    /// Hand the audit log on to its receivers.
    WebhookDeliver = "webhook.deliver";
    /// Remove what has no use any more: ended sign-ins' hashes, spent tokens, old counters.
    Tidy = "store.tidy";
}

/// A set of actions; copies cheaply.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ActionSet(u128);

impl ActionSet {
    /// Whether `action` is in the set.
    #[must_use]
    pub const fn contains(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }
    /// Whether every action of `other` is in the set.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
    /// The actions, in published order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::iter().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        Self(actions.into_iter().fold(0, |bits, action| bits | action.bit()))
    }
}

impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Action::as_str)).finish()
    }
}

/// What an action is about: the part of a tenant for which a role can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The member's own account, and asking: a role held for any part gives it.
    Own,
    /// One session: a role gives it for the sessions it is held for.
    Session,
    /// One project: a role gives it for the projects it is held for.
    Project,
    /// The tenant as a whole: only a role held without limits gives it.
    Tenant,
}

impl Action {
    pub(super) const fn bit(self) -> u128 {
        1 << self as u128
    }

    /// The action with this published name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::iter().find(|action| action.as_str() == name)
    }

    /// Every action that a person can have, in published order.
    pub fn of_people() -> impl Iterator<Item = Self> {
        Self::iter().filter(|action| !action.is_internal())
    }

    /// What it is about.
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::MeRead | Self::MeManage | Self::GrantRequest => Reach::Own,
            Self::SessionList
            | Self::SessionView
            | Self::SessionViewers
            | Self::SessionManifest
            | Self::SessionViewRestricted
            | Self::SessionViewUnmasked
            | Self::SessionExport
            | Self::SessionLabel
            | Self::BreakGlassUse => Reach::Session,
            Self::ProjectList
            | Self::ProjectManage
            | Self::AgentKeyList
            | Self::AgentKeyCreate
            | Self::AgentKeyRevoke => Reach::Project,
            Self::SessionRecord
            | Self::SessionAppend
            | Self::SessionSeal
            | Self::ProjectCreate
            | Self::MemberList
            | Self::MemberInvite
            | Self::MemberManage
            | Self::RoleList
            | Self::RoleManage
            | Self::ApiKeyList
            | Self::ApiKeyCreate
            | Self::ApiKeyRevoke
            | Self::GrantList
            | Self::GrantReview
            | Self::GrantRevoke
            | Self::BreakGlassReview
            | Self::ProposalList
            | Self::ProposalVote
            | Self::TenantManage
            | Self::JobList
            | Self::AuditRead
            | Self::SubjectSearch
            | Self::AuditExport
            | Self::MailList
            | Self::MailSend
            | Self::GrantExpire
            | Self::ProposalExpire
            | Self::ReviewRemind
            | Self::ApiKeyRemind
            | Self::LedgerWatch
            | Self::AuditCount
            | Self::WebhookList
            | Self::WebhookManage
            | Self::WebhookDeliver
            | Self::Tidy => Reach::Tenant,
        }
    }

    /// Whether it belongs to a credential or to background work and never to a person.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        matches!(
            self,
            Self::SessionRecord
                | Self::SessionAppend
                | Self::SessionSeal
                | Self::MailSend
                | Self::GrantExpire
                | Self::ProposalExpire
                | Self::ReviewRemind
                | Self::ApiKeyRemind
                | Self::LedgerWatch
                | Self::AuditCount
                | Self::WebhookDeliver
                | Self::Tidy
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Ties a type of [`can`] to its [`Action`].
pub trait Can: Send + Sync + 'static {
    /// The action that a `Permit<Self>` allows.
    const ACTION: Action;
}

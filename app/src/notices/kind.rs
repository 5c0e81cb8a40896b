//! What people are told about, and how they are told unless they chose otherwise.

use policy::access::{Role, RoleSet};
use store::NoticeMail;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What happened, in one word. A notice holds this word and an id, never content.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum NoticeKind { $($(#[$doc])* $name,)* }

        impl NoticeKind {
            /// Every kind, in the order in which preferences show them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored and published name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

kinds! {
    /// Somebody asks for access to sessions.
    AccessRequested = "access-requested";
    /// An access request of one's own was approved or denied.
    AccessDecided = "access-decided";
    /// A grant of one's own was ended before its time.
    GrantRevoked = "grant-revoked";
    /// A grant of one's own is over.
    GrantExpired = "grant-expired";
    /// Somebody broke glass.
    BreakGlassUsed = "break-glass-used";
    /// A broken glass waits for its review.
    BreakGlassReviewDue = "break-glass-review-due";
    /// A broken glass was reviewed.
    BreakGlassReviewed = "break-glass-reviewed";
    /// A two-person proposal waits for votes.
    ProposalOpened = "proposal-opened";
    /// A two-person proposal was decided.
    ProposalDecided = "proposal-decided";
    /// A change without a second person begins its delay, in which anybody may cancel it.
    SoloDelayStarted = "solo-delay-started";
    /// Somebody took a session out.
    SessionExported = "session-exported";
    /// Somebody's roles changed.
    RoleChanged = "role-changed";
    /// An invitation was accepted.
    MemberJoined = "member-joined";
    /// A member was disabled.
    MemberDisabled = "member-disabled";
    /// A refresh token of one's own was used twice; that sign-in was ended.
    RefreshReused = "refresh-reused";
    /// One's own password was changed.
    PasswordChanged = "password-changed";
    /// A second factor was added to one's own account.
    FactorAdded = "factor-added";
    /// A second factor was removed from one's own account.
    FactorRemoved = "factor-removed";
    /// A recovery code of one's own was used.
    RecoveryCodeUsed = "recovery-code-used";
    /// An API key was made.
    ApiKeyCreated = "api-key-created";
    /// An API key ends soon.
    KeyExpiring = "key-expiring";
    /// The audit log is behind: what happened is not signed yet.
    LedgerBehind = "ledger-behind";
    /// The audit log does not continue what was signed of it.
    LedgerRefused = "ledger-refused";
    /// A receiver of the audit log takes nothing any more.
    SinkFailing = "sink-failing";
    /// It takes entries again.
    SinkRecovered = "sink-recovered";
}

/// How somebody is told of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// In the inbox.
    pub inbox: bool,
    /// By mail.
    pub mail: NoticeMail,
}

impl NoticeKind {
    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Whether it always reaches the inbox: what warns of somebody else's hand must not be switched off by that hand.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        matches!(
            self,
            Self::BreakGlassUsed
                | Self::BreakGlassReviewDue
                | Self::SoloDelayStarted
                | Self::RefreshReused
                | Self::PasswordChanged
                | Self::FactorAdded
                | Self::FactorRemoved
                | Self::RecoveryCodeUsed
                | Self::LedgerRefused
        )
    }

    /// How somebody with these roles is told while they chose nothing else.
    #[must_use]
    pub fn default_for(self, roles: RoleSet) -> Delivery {
        // Who answers for the tenant hears of everybody's doings, so what is not urgent comes once a day; whoever else is
        // told, is told of their own affairs.
        let governs =
            [Role::Owner, Role::Admin, Role::PrivacyOfficer, Role::Security].iter().any(|role| roles.contains(*role));
        let mail = match self {
            Self::AccessRequested
            | Self::AccessDecided
            | Self::GrantRevoked
            | Self::BreakGlassUsed
            | Self::BreakGlassReviewDue
            | Self::ProposalOpened
            | Self::SoloDelayStarted
            | Self::SessionExported
            | Self::RefreshReused
            | Self::PasswordChanged
            | Self::FactorAdded
            | Self::FactorRemoved
            | Self::RecoveryCodeUsed
            | Self::KeyExpiring
            | Self::LedgerBehind
            | Self::LedgerRefused
            | Self::SinkFailing => NoticeMail::Now,
            Self::RoleChanged | Self::ApiKeyCreated if !governs => NoticeMail::Now,
            Self::RoleChanged
            | Self::ApiKeyCreated
            | Self::BreakGlassReviewed
            | Self::ProposalDecided
            | Self::SinkRecovered
            | Self::MemberDisabled => NoticeMail::Digest,
            Self::MemberJoined if governs => NoticeMail::Digest,
            Self::MemberJoined | Self::GrantExpired => NoticeMail::Off,
        };
        Delivery { inbox: true, mail }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fmt::Write as _};

    use super::*;

    #[test]
    fn names_are_words_and_told_apart() {
        let names: BTreeSet<_> = NoticeKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), NoticeKind::ALL.len());
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_name(kind.as_str()), Some(*kind));
            assert!(kind.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        }
        assert_eq!(NoticeKind::from_name("Access-Requested"), None);
    }

    /// The table that a reviewer reads.
    #[test]
    fn defaults_by_role() {
        let mut table = format!("{:<26}{:<11}", "", "inbox");
        for role in Role::of_members() {
            write!(table, "{:<17}", role.as_str()).expect("writes");
        }
        for kind in NoticeKind::ALL {
            let always = if kind.is_mandatory() { "always" } else { "yes" };
            write!(table, "\n{:<26}{always:<11}", kind.as_str()).expect("writes");
            for role in Role::of_members() {
                let delivery = kind.default_for([role].into_iter().collect());
                assert!(delivery.inbox);
                write!(table, "{:<17}", delivery.mail.as_str()).expect("writes");
            }
        }
        let table = table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(table);
    }
}

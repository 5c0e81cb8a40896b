//! Typed ids. All are UUIDs; those we mint are version 7 (RFC 9562 §5.7), so they sort by creation time.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Entropy, Timestamp};

/// The text is not a UUID in its hyphenated lower-case form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a hyphenated UUID")]
pub struct ParseIdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh UUIDv7: milliseconds of `now`, the rest from `entropy`.
            #[must_use]
            pub fn mint(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(mint_v7(now, entropy))
            }
            /// Wraps an id read from our own tables or a verified token.
            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }
            /// The bare UUID, for binding to a query.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
            /// The 16 bytes in network order, as they stand in sealed headers.
            #[must_use]
            pub const fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(s: &str) -> Result<Self, ParseIdError> {
                // One spelling per id: braces, `urn:uuid:` and upper case are refused, so that an id is also a safe key.
                let id = Uuid::try_parse(s).map_err(|_| ParseIdError)?;
                if *id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()) == *s { Ok(Self(id)) } else { Err(ParseIdError) }
            }
        }
    )* };
}

ids! {
    /// One customer organisation.
    TenantId;
    /// One application of a tenant.
    ProjectId;
    /// One recorded visit.
    SessionId;
    /// A person who works in the console; one per person and tenant.
    MemberId;
    /// A recorded person; random, never derived from an identifier.
    SubjectId;
    /// A public ingest key.
    AgentKeyId;
    /// One sign-in of a member: a refresh family.
    LoginId;
    /// One second factor of a member.
    FactorId;
    /// A key that seals one person's data.
    PersonKeyId;
    /// One stretch of a recording without data.
    GapId;
    /// One time that somebody watched.
    ViewId;
    /// One time that somebody took a session out.
    ExportId;
    /// One time that somebody took the audit log out.
    AuditExportId;
    /// One label of one session.
    LabelId;
    /// A tenant's own role.
    RoleId;
    /// One member in one role.
    RoleBindingId;
    /// An access request, and the grant that comes of it.
    GrantId;
    /// A proposal of the two-person rule.
    ProposalId;
    /// An invitation to become a member.
    InvitationId;
    /// A member's way to set a forgotten password anew.
    PasswordResetId;
    /// A key for programs that act for a member.
    ApiKeyId;
    /// A receiver of the audit log outside: a webhook or a syslog server.
    SinkId;
    /// One batch of the audit log on its way to a receiver.
    DeliveryId;
    /// One audit row.
    AuditId;
    /// One piece of background work.
    JobId;
    /// One line of a member's inbox.
    NoticeId;
    /// One letter.
    MailId;
    /// One HTTP request or one run of background work; ties answers, logs and audit together.
    RequestId;
}

impl TenantId {
    /// The reserved owner of what belongs to the deployment and to no customer (its signing keys).
    ///
    /// It is a tenant like any other to row security, so that those rows need no exception there.
    pub const DEPLOYMENT: Self = Self(Uuid::nil());
}

fn mint_v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0_u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn minted_ids_sort_by_time_and_are_version_7() {
        let entropy = SeededEntropy::new(1);
        let early = SessionId::mint(Timestamp::from_millis(1_000), &entropy);
        let late = SessionId::mint(Timestamp::from_millis(1_001), &entropy);
        assert!(early < late);
        assert_eq!(early.uuid().get_version_num(), 7);
    }

    #[test]
    fn an_id_has_one_spelling() {
        let text = "0190f3a1-0000-7000-8000-00000000000a";
        assert_eq!(text.parse::<SessionId>().map(|id| id.to_string()).as_deref(), Ok(text));
        for other in
            [&text.to_uppercase(), "{0190f3a1-0000-7000-8000-00000000000a}", "0190f3a10000700080000000000000ab", ""]
        {
            assert_eq!(other.parse::<SessionId>(), Err(ParseIdError), "{other}");
        }
    }
}

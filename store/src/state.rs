//! States that live in the tables only.

use std::str::FromStr;

use domain::UnknownName;

macro_rules! state {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// The stored name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;
            fn from_str(s: &str) -> Result<Self, UnknownName> {
                match s { $($text => Ok(Self::$variant),)+ _ => Err(UnknownName) }
            }
        }
    };
}

state! {
    /// Whether a tenant's people may sign in and its agents may record.
    TenantState {
        /// Open for business.
        Active = "active",
        /// Look-ups by credential find nothing.
        Suspended = "suspended",
    }
}

state! {
    /// Whether a member may sign in.
    MemberState {
        /// May sign in.
        Active = "active",
        /// May not; logins are revoked by the use case that disables.
        Disabled = "disabled",
    }
}

state! {
    /// Where an invitation stands. One whose time is over is still pending: it can be sent again.
    InvitationState {
        /// Waits to be accepted.
        Pending = "pending",
        /// Became a member.
        Accepted = "accepted",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

state! {
    /// Where a stored key stands (`sealing.md`, "Rotation, shred epochs, backups").
    KeyState {
        /// New wraps and seals use it.
        Active = "active",
        /// Still opens, no longer wraps.
        Retiring = "retiring",
        /// No live row names it.
        Retired = "retired",
        /// The wrapped bytes are gone; the row stays as a tombstone.
        Shredded = "shredded",
    }
}

state! {
    /// Where a piece of background work stands.
    JobState {
        /// Not begun, or to be tried again.
        Waiting = "waiting",
        /// Somebody works on it.
        Running = "running",
        /// It did what it should.
        Done = "done",
        /// It will not be tried again.
        Failed = "failed",
    }
}

state! {
    /// What somebody said to an access request.
    Vote {
        /// Yes.
        Approve = "approve",
        /// No.
        Deny = "deny",
    }
}

state! {
    /// What a second factor is.
    FactorKind {
        /// An authenticator app's six digits (RFC 6238).
        Totp = "totp",
        /// A security key or passkey (WebAuthn).
        SecurityKey = "security-key",
    }
}

state! {
    /// Where a letter stands.
    MailState {
        /// On its way.
        Queued = "queued",
        /// In the console's outbox, because there is no mail server.
        Kept = "kept",
        /// A mail server took it.
        Sent = "sent",
        /// It will not be tried again.
        Failed = "failed",
    }
}

state! {
    /// Whether a second factor counts.
    FactorState {
        /// Its first proof is awaited; it counts for nothing.
        Pending = "pending",
        /// In force.
        Active = "active",
    }
}

state! {
    /// Whether and when a notice is mailed.
    NoticeMail {
        /// At once.
        Now = "now",
        /// With others, once a day.
        Digest = "digest",
        /// Never.
        Off = "off",
    }
}

state! {
    /// What a challenge is about.
    ChallengePurpose {
        /// A sign-in whose password was right.
        SignIn = "sign-in",
        /// A signed-in member who proves themselves again.
        StepUp = "step-up",
        /// A signed-in member who registers a security key.
        Register = "register",
    }
}

state! {
    /// What ties a member to who did it.
    Influence {
        /// Invited into the tenant.
        Invited = "invited",
        /// Given a role.
        Promoted = "promoted",
        /// Password or second factor reset.
        Reset = "reset",
    }
}

state! {
    /// Why the signer refuses a log.
    AlarmReason {
        /// It is shorter than what was signed.
        Shrunk = "shrunk",
        /// It does not continue what was signed.
        Forked = "forked",
        /// What is stored of it contradicts itself.
        Changed = "changed",
        /// A checkpoint in the database is not of our key.
        Unsigned = "unsigned",
        /// What lies in WORM storage is not part of it.
        Anchor = "anchor",
    }
}

state! {
    /// What is at the other end of a receiver's address.
    SinkKind {
        /// An HTTPS endpoint (Standard Webhooks).
        Webhook = "webhook",
        /// A syslog server (RFC 5424 over TLS).
        Syslog = "syslog",
    }
}

state! {
    /// The form of an export of the audit log.
    AuditExportFormat {
        /// Entries, hashes and checkpoint, to be checked offline.
        Log = "log",
        /// Events for security tools.
        Ocsf = "ocsf",
        /// Rows for a spreadsheet.
        Csv = "csv",
    }
}

state! {
    /// What a delivery is.
    DeliveryKind {
        /// Entries of the log.
        Batch = "batch",
        /// A message that somebody asked for to see whether it arrives.
        Test = "test",
    }
}

state! {
    /// Where an export of the audit log stands.
    AuditExportState {
        /// Nobody looked yet.
        Waiting = "waiting",
        /// It is being looked through.
        Running = "running",
        /// It can be downloaded.
        Ready = "ready",
        /// It cannot be made.
        Failed = "failed",
        /// Nobody wants it any more.
        Cancelled = "cancelled",
    }
}

state! {
    /// Where a delivery stands.
    DeliveryState {
        /// To be tried, for the first time or again.
        Waiting = "waiting",
        /// The receiver has it.
        Delivered = "delivered",
        /// It is not tried any more.
        Failed = "failed",
    }
}

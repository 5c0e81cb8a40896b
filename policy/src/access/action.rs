//! What can be done, as values ([`Action`]) and as types ([`can`]).

use std::fmt;

use serde::{Serialize, Serializer};
use strum::{EnumCount, EnumIter};

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
}

impl Action {
    pub(super) const fn bit(self) -> u64 {
        1 << self as u64
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

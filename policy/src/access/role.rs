//! The built-in roles and sets of them.

use std::{fmt, str::FromStr};

use serde::Serialize;
use strum::{EnumCount, EnumIter, IntoEnumIterator as _};

/// What a member may be in a tenant, and the three roles that credentials and background work carry by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, EnumIter, EnumCount)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Answers for the tenant.
    Owner,
    /// Runs projects, keys and members.
    Admin,
    /// Answers for what is captured and for data requests.
    PrivacyOfficer,
    /// Watches over access and may revoke keys.
    Security,
    /// Watches sessions to find and fix failures.
    Engineer,
    /// Watches sessions to help the recorded person.
    Support,
    /// Reads who saw what; sees no recorded content.
    Auditor,
    /// Watches sessions, nothing else.
    Viewer,
    /// Internal: the holder of an agent key.
    Agent,
    /// Internal: the holder of one session's token.
    Session,
    /// Internal: background work.
    Worker,
}

impl Role {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Security => "security",
            Self::Engineer => "engineer",
            Self::Support => "support",
            Self::Auditor => "auditor",
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Session => "session",
            Self::Worker => "worker",
        }
    }

    /// Whether no member can hold this role: it follows from the kind of credential alone.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::Agent | Self::Session | Self::Worker)
    }

    /// Whether who watches by this role sees the page without its text, and nothing beside the page.
    #[must_use]
    pub const fn watches_masked(self) -> bool {
        matches!(self, Self::Support | Self::Viewer)
    }

    /// The roles a member can hold, in published order.
    pub fn of_members() -> impl Iterator<Item = Self> {
        Self::iter().filter(|role| !role.is_internal())
    }

    pub(super) const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no role that a member can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;
    /// Exact names of member roles only: internal names, other cases and look-alikes are unknown, so a stored binding
    /// cannot give a member an internal role.
    fn from_str(s: &str) -> Result<Self, UnknownRole> {
        Self::of_members().find(|role| role.as_str() == s).ok_or(UnknownRole)
    }
}

/// A set of roles; copies cheaply.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct RoleSet(u16);

impl RoleSet {
    /// No role at all.
    pub const EMPTY: Self = Self(0);

    /// Whether `role` is in the set.
    #[must_use]
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
    /// The roles, in published order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::iter().filter(move |role| self.contains(*role))
    }
    /// The set without internal roles.
    #[must_use]
    pub fn of_member(self) -> Self {
        self.iter().filter(|role| !role.is_internal()).collect()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

impl fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Role::as_str)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_role_names_round_trip_and_nothing_else_is_a_role() {
        for role in Role::of_members() {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for name in
            ["agent", "session", "worker", "Owner", "OWNER", "root", "*", "+", "", "owner ", "оwner", "privacy_officer"]
        {
            assert_eq!(name.parse::<Role>(), Err(UnknownRole), "{name:?}");
        }
    }

    #[test]
    fn a_set_keeps_what_it_was_given() {
        let set: RoleSet = [Role::Viewer, Role::Owner, Role::Worker].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Role::Owner, Role::Viewer, Role::Worker]);
        assert_eq!(set.of_member().iter().collect::<Vec<_>>(), [Role::Owner, Role::Viewer]);
        assert!(!RoleSet::EMPTY.contains(Role::Owner));
    }
}

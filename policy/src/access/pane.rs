//! The parts of a recording that a right can be limited to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator as _};

/// One part of what a player shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    /// What the page looked like and what the person did in it.
    Dom,
    /// Console lines and errors.
    Console,
    /// Requests.
    Network,
    /// Snapshots of the application's state.
    State,
}

impl Pane {
    /// The stored and published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dom => "dom",
            Self::Console => "console",
            Self::Network => "network",
            Self::State => "state",
        }
    }
}

impl fmt::Display for Pane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Pane {
    type Err = domain::UnknownName;
    fn from_str(s: &str) -> Result<Self, domain::UnknownName> {
        Self::iter().find(|pane| pane.as_str() == s).ok_or(domain::UnknownName)
    }
}

/// A set of panes; copies cheaply.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Panes(u8);

impl Panes {
    /// All of them.
    pub const ALL: Self = Self(0b1111);
    /// Those that are left when text is hidden: masks hide text, and a console or a request is nothing but text.
    pub const MASKED: Self = Self(1 << Pane::Dom as u8);
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Whether `pane` is in the set.
    #[must_use]
    pub const fn contains(self, pane: Pane) -> bool {
        self.0 & (1 << pane as u8) != 0
    }
    /// Whether nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// What is in one of them at least.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// What is in this and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
    /// The panes, in published order.
    pub fn iter(self) -> impl Iterator<Item = Pane> {
        Pane::iter().filter(move |pane| self.contains(*pane))
    }
}

impl FromIterator<Pane> for Panes {
    fn from_iter<I: IntoIterator<Item = Pane>>(panes: I) -> Self {
        Self(panes.into_iter().fold(0, |bits, pane| bits | 1 << pane as u8))
    }
}

impl fmt::Debug for Panes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Pane::as_str)).finish()
    }
}

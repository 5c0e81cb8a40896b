//! Where a request and its grant stand, and which step leads where.

use std::{fmt, str::FromStr};

use domain::UnknownName;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator as _};

use super::words::words;

words! {
    /// The life of a request and of the grant that comes of it.
    ///
    /// ```text
    /// pending ──▶ approved ──▶ active ──▶ expired
    ///    │           │            └─────▶ revoked
    ///    │           ├─▶ revoked
    ///    │           └─▶ lapsed            (nobody used it)
    ///    ├─▶ denied
    ///    └─▶ lapsed                        (nobody decided, or it was withdrawn)
    /// ```
    GrantState {
        /// Waits for approvals.
        Pending = "pending",
        /// Has them; nobody used it yet.
        Approved = "approved",
        /// In use.
        Active = "active",
        /// Was used, and its time is over.
        Expired = "expired",
        /// Ended before its time.
        Revoked = "revoked",
        /// Refused by a reviewer.
        Denied = "denied",
        /// Never came to be used.
        Lapsed = "lapsed",
    }

    /// Why it ended.
    EndReason {
        /// The requester took it back before anybody decided.
        Withdrawn = "withdrawn",
        /// Nobody decided in time.
        NotDecided = "not-decided",
        /// A reviewer said no.
        Denied = "denied",
        /// Approved, and not used in its time.
        NotUsed = "not-used",
        /// Its time was over.
        TimeOver = "time-over",
        /// Somebody who may revoke did.
        Revoked = "revoked",
        /// Its holder had done what was to do.
        GivenUp = "given-up",
        /// Approvals it stood on count no more: an approver lost the right to approve.
        ApprovalVoid = "approval-void",
    }
}

/// A step that the present state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request that is {from} cannot end as {reason:?}")]
pub struct IllegalTurn {
    /// Where it stands.
    pub from: GrantState,
    /// What was asked of it.
    pub reason: Option<EndReason>,
}

impl GrantState {
    /// Whether nothing leads on from here.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Pending | Self::Approved | Self::Active)
    }

    /// Whether it opens sessions, as far as the state alone can tell.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Approved | Self::Active)
    }

    /// The state after enough approvals.
    ///
    /// # Errors
    /// [`IllegalTurn`] unless it waits for them.
    pub const fn approved(self) -> Result<Self, IllegalTurn> {
        match self {
            Self::Pending => Ok(Self::Approved),
            from => Err(IllegalTurn { from, reason: None }),
        }
    }

    /// The state while it is used.
    ///
    /// # Errors
    /// [`IllegalTurn`] unless it was approved.
    pub const fn used(self) -> Result<Self, IllegalTurn> {
        match self {
            Self::Approved | Self::Active => Ok(Self::Active),
            from => Err(IllegalTurn { from, reason: None }),
        }
    }

    /// The state after an end for this reason.
    ///
    /// # Errors
    /// [`IllegalTurn`] when that reason cannot end what stands there.
    pub const fn ended(self, reason: EndReason) -> Result<Self, IllegalTurn> {
        use EndReason as R;
        Ok(match (self, reason) {
            (Self::Pending, R::Withdrawn | R::NotDecided) | (Self::Approved, R::NotUsed) => Self::Lapsed,
            (Self::Pending, R::Denied) => Self::Denied,
            (Self::Active, R::TimeOver) => Self::Expired,
            (Self::Approved | Self::Active, R::Revoked | R::GivenUp | R::ApprovalVoid) => Self::Revoked,
            (from, reason) => return Err(IllegalTurn { from, reason: Some(reason) }),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn names_round_trip() {
        for state in GrantState::iter() {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        for reason in EndReason::iter() {
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
    }

    #[test]
    fn the_whole_table_of_ends() {
        let mut table = String::new();
        for state in GrantState::iter() {
            for reason in EndReason::iter() {
                if let Ok(next) = state.ended(reason) {
                    writeln!(table, "{state} --{reason}--> {next}").expect("writes");
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_is_over_stays_over() {
        for state in GrantState::iter().filter(|state| state.is_over()) {
            assert!(state.approved().is_err() && state.used().is_err() && !state.is_usable());
            assert!(EndReason::iter().all(|reason| state.ended(reason).is_err()));
        }
    }
}

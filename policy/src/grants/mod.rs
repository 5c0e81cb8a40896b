//! Just-in-time access: who must agree before somebody may open what their roles do not open, and for how long.
//!
//! **Purpose.** Every yes and no about access requests, grants and broken glass is computed here, from values that the caller
//! read under a lock. No I/O, no clock.
//!
//! **Design.** A request and the grant that comes of it are one thing with one id and one state machine ([`GrantState`],
//! [`Life`]). What a request needs is computed from the tenant's [`AccessRules`] and the facts of the sessions it names
//! ([`Needs`]). A grant counts only while the people who approved it may still approve: [`Life::use_now`] asks again at every
//! use, so an approver who lost the right takes the grant along. [`break_glass`] has the exception that asks afterwards.
//!
//! **How to add one more verb.** A line in [`Verb`], what it covers in [`Verb::covers`], and the place in `app` that asks
//! for it.

pub mod break_glass;
mod life;
mod needs;
mod rules;
mod state;
mod words;

pub use life::{Life, Limits, Refusal, Reviewer, Turn};
pub use needs::{Need, Needs};
pub use rules::{AccessRules, ApprovalRule, RuledSession, RulesError};
pub use state::{EndReason, GrantState, IllegalTurn};
pub(crate) use words::words;
pub use words::{Kind, Purpose, ReviewOutcome, Verb};

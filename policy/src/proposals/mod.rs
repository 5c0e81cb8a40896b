//! The two-person rule: what one person proposes and another approves, or, where there is no other, what waits a day.
//!
//! **Purpose.** A few changes can undo every other protection: giving the roles that decide over others, asking for fewer
//! approvals, making a receiver of the audit log hear less. Nobody makes them alone.
//!
//! **Design.** A [`Change`] is a typed value; its canonical JSON is stored, and its SHA-256 is what a voter approves, so the
//! thing approved and the thing done are the same bytes. [`Proposal`] is the state machine, [`eligible`] the law of who may
//! approve: nobody who owes the proposer their place. A tenant in which nobody could approve is in *solo mode*: 24 hours in
//! which every member may stop it take the second person's place, unless the tenant's rules are strict.
//!
//! **How to add one more kind of change.** A variant of [`Change`] and its arms in `change.rs`; its preconditions and its doing
//! in `app/src/proposals/execute.rs` (the compiler asks for both); the use case that made the change calls
//! `Proposals::propose` instead; a case in `tests/api/proposals.rs`. The snapshot of canonical forms is extended, never
//! changed: stored proposals are read back.

mod change;
mod eligible;
mod hearing;
mod life;

pub use change::{Change, ChangeHash, WebhookActs, WebhookThen};
pub use eligible::{Candidate, FRESH, IN_ROLE, INFLUENCE, Ineligible, eligible, fresh_enough};
pub use hearing::Hearing;
pub use life::{Due, Proposal, ProposalState, Refusal, SOLO_DELAY, TIME_TO_DECIDE};

//! A server as its own process, and the two kinds of client that talk to it: what kills, traces and measures needs.
//!
//! The acceptance tests start the server inside the test; here it is the program itself, because only a process can be
//! killed, traced and weighed.

mod agent;
mod deployment;
mod member;
mod running;
mod tape;

pub use agent::{Ack, Agent, Refused, Session};
pub use deployment::{Account, Deployment, Sheet, binary_beside};
pub use member::Member;
pub use running::Running;
pub use tape::{Body, Tape};

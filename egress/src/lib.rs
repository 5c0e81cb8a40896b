//! The egress guard: the only way to dial an address that a tenant gave us.
//!
//! **Purpose.** A webhook's address is chosen by a customer, and the server that dials it stands where customers do not: beside
//! databases, metadata services and other people's machines. Here an address becomes a connection only when it leads to the
//! public internet, or to a place that the operator named.
//!
//! **Design.** A [`Target`] is a checked address: TLS only, no credentials, no fragment. The [`Guard`] looks its name up once,
//! refuses all of it when any answer is not global ([`is_global`]) or named in the operator's [`AllowList`], connects to the
//! very address that was checked, and asks the socket once more whom it reached, before a byte of ours is sent. There is no
//! second look-up for a name to change its mind in, no proxy, no redirect that is followed and no kept connection, because
//! nothing here has code for them. An exchange takes ten seconds at most; of an answer's head 64 KiB are read and of its body
//! nothing, so that no error and no log can hold what a stranger wrote. What the operator names in the configuration is another
//! matter: [`Guard::ask`] and [`Guard::call`] dial it as it is.
//!
//! **How to add one more thing that dials.** A variant of [`Kind`] with its scheme and usual ports, and a method beside
//! [`Guard::post`] that begins with [`Guard::connect`].

mod address;
mod allow;
mod guard;
mod post;
mod resolve;
mod target;

pub use address::is_global;
pub use allow::{AllowList, NotAPlace};
pub use guard::{Guard, Policy, Unusable};
pub use post::{Answer, Reply};
pub use resolve::{Resolve, SystemResolver};
pub use target::{BadTarget, Kind, Target};

/// Why nothing was handed over. Words of ours only: what the other side said is in none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The name leads nowhere, or somewhere that is not public and that the operator did not name. One answer for both: a
    /// tenant is not to learn which names exist inside.
    #[error("the address leads to no public place")]
    Address,
    /// Nobody accepted the connection.
    #[error("the connection was not accepted")]
    Connection,
    /// No TLS with a certificate for this name from an authority that we trust.
    #[error("no TLS connection with a trusted certificate for this name")]
    Tls,
    /// It took too long.
    #[error("there was no answer in time")]
    Timeout,
    /// The connection ended, or what came back is not HTTP.
    #[error("there was no complete answer")]
    Answer,
}

impl EgressError {
    /// The stable name, as delivery logs carry it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Address => "address-refused",
            Self::Connection => "no-connection",
            Self::Tls => "no-tls",
            Self::Timeout => "timeout",
            Self::Answer => "no-answer",
        }
    }
}

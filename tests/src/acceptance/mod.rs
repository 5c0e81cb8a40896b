//! The whole application inside a test: a real listener, a real database, a real folder of blobs; only time and
//! randomness are the test's.
//!
//! `SEALTAPE_TEST_DATABASE` chooses the database: `sqlite` (the default) or `postgres`, which needs `SEALTAPE_TEST_PG` and
//! stops the test when it is missing, because a test that skips proves nothing.

mod agent;
mod answer;
mod app;
mod behind;
mod bucket;
mod dns;
pub mod events;
mod factor;
mod mail;
mod receiver;
mod security_key;
mod segment;
mod tenant;
mod waiting;
mod witness;

pub use agent::{Agent, Recording};
pub use answer::{Answer, Client};
pub use app::TestApp;
pub use behind::Trace;
pub use bucket::BucketServer;
pub use dns::TestDns;
pub use factor::{AuthenticatorApp, Guarded};
pub use mail::{MailCatcher, Received};
pub use receiver::{HookMessage, HookReceiver, SyslogReceiver};
pub use security_key::SecurityKey;
pub use segment::{Form, Segment, gzip};
pub use tenant::{Member, Tenant};
pub use waiting::until;
pub use witness::WitnessServer;

//! What the operator sets, already checked. Every limit of the system that a caller can meet stands here or in
//! [`recording::Bounds`]; `docs/operations/limits.md` lists them.

use std::time::Duration;

use domain::Secret;
use recording::Bounds;
use serde::Deserialize;
use url::Url;

use crate::ledger::OutsideWitness;

pub use crate::proxies::{NotANetwork, TrustedProxies};

/// Settings that use cases and routes share.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the console and the API are reached; also the only origin that may send cookies.
    pub console_origin: Url,
    /// Where the player is served; never the console's host.
    pub replay_origin: Url,
    /// The sample shop of demo mode.
    pub shop_origin: Option<Url>,
    /// Whether this is the demo: loopback only, sample logins shown on the login page.
    pub demo: bool,
    /// Proxies whose word about the client's address counts.
    pub trusted_proxies: TrustedProxies,
    /// Bounds of one segment.
    pub bounds: Bounds,
    /// Bounds of one session and of ingest as a whole.
    pub limits: Limits,
    /// Cost of argon2id; tests take a cheaper one.
    pub password: PasswordCost,
    /// Bounds of background work.
    pub jobs: JobLimits,
    /// How mail leaves.
    pub mail: Mail,
    /// What is dialled of the addresses that tenants give.
    pub egress: egress::Policy,
    /// Who is asked to sign the deployment's own audit log besides us.
    pub witnesses: Vec<OutsideWitness>,
    /// Where checkpoints of that log are put so that nobody takes them back.
    pub anchors: Option<Anchors>,
}

/// Where checkpoints of the deployment's own audit log are put so that nobody takes them back.
#[derive(Debug, Clone)]
pub struct Anchors {
    /// The storage.
    pub place: vault::anchors::Place,
    /// Shortest time between two.
    pub every: Duration,
}

/// Bounds of background work in one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobLimits {
    /// Jobs worked on at one time; 0 leaves all work to other processes.
    pub slots: usize,
    /// Of those, jobs of one tenant.
    pub per_tenant: u64,
    /// A process that says nothing for so many seconds has lost its jobs to others.
    pub lease_seconds: u64,
    /// How often new work is looked for, in milliseconds.
    pub poll_ms: u64,
}

impl Default for JobLimits {
    fn default() -> Self {
        Self { slots: 8, per_tenant: 2, lease_seconds: 30, poll_ms: 500 }
    }
}

/// How mail leaves this deployment.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// The server that takes it; without one the console shows it in an outbox.
    pub server: Option<MailServer>,
    /// The language for people who chose none.
    pub language: Locale,
}

/// A language that we write letters in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Locale {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The stored and published name (BCP 47).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == name)
    }
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept private.
    pub tls: MailTls,
    /// Name and password to sign in with.
    pub account: Option<(String, Secret<String>)>,
    /// The address that letters come from.
    pub from: String,
    /// Certificates (PEM) to trust besides the public ones.
    pub ca: Option<Vec<u8>>,
    /// How long it may take to hand over one letter, from the connection to the last answer.
    pub patience: Duration,
}

impl MailServer {
    /// What a server that works needs many times over (RFC 5321 §4.5.3.2 would wait for minutes; the letter waits here instead).
    pub const PATIENCE: Duration = Duration::from_secs(60);
}

/// How the way to the mail server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// TLS from the first byte (`smtps`).
    Wrapped,
    /// STARTTLS before anything is said; a server that does not offer it gets nothing.
    Required,
    /// None at all.
    Plain,
}

/// Bounds of a session and of the work under way at one time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest session, in seconds of recording; it is closed then.
    pub session_seconds: u64,
    /// A session without a segment for so many seconds is closed.
    pub idle_seconds: u64,
    /// A session is closed so many seconds after the agent's `finish`, when nothing more came.
    pub finish_grace_seconds: u64,
    /// Segments are taken until so many seconds after the session's start (410 afterwards).
    pub upload_window_seconds: u64,
    /// Lifetime of a session token, in seconds.
    pub session_token_seconds: u64,
    /// Most tabs of one session.
    pub tabs_per_session: u16,
    /// Most segments of one tab.
    pub segments_per_tab: u32,
    /// Most stored bytes of one session.
    pub session_bytes: u64,
    /// Uploads being worked on at one time; more are told to come back (503).
    pub uploads_in_flight: usize,
    /// Threads that decode, redact, compress and seal.
    pub pipeline_threads: usize,
    /// How long a segment that is ahead of its tab waits for its predecessors, in milliseconds.
    pub ahead_wait_millis: u64,
    /// Tabs whose node map is kept in memory.
    pub lanes: u64,
    /// Session starts per agent key and minute (429 beyond).
    pub starts_per_minute: u32,
    /// Segments per project and second, sustained (429 beyond).
    pub segments_per_second: u32,
    /// Sign-in attempts per network address and minute (429 beyond).
    pub logins_per_minute: u32,
    /// How long the challenge for a second factor is open, in seconds.
    pub challenge_seconds: u64,
    /// Tries of one challenge.
    pub challenge_tries: u32,
    /// Most open challenges of one member and purpose; the oldest make room for new ones.
    pub open_challenges: u32,
    /// Wrong proofs of one member, over all challenges, within the window (429 beyond).
    pub factor_attempts: u32,
    /// That window, in seconds.
    pub factor_window_seconds: u64,
    /// How long a proof of who one is lasts for changes to one's own factors, in seconds.
    pub fresh_seconds: u64,
    /// Sign-in attempts per e-mail address and minute, from everywhere together (429 beyond).
    pub account_logins_per_minute: u32,
    /// Tries of invitation, password reset and set-up tokens per network address and minute (429 beyond).
    pub token_tries_per_minute: u32,
    /// Links for a new password asked for per e-mail address and hour (429 beyond).
    pub password_resets_per_hour: u32,
    /// Invitations sent by one member per hour (429 beyond).
    pub invitations_per_hour: u32,
    /// Sessions that one member takes out in 24 hours (429 beyond).
    pub exports_per_day: u32,
    /// Recorded people that one caller looks for in an hour.
    pub person_searches_per_hour: u32,
    /// Exports of the audit log that a tenant begins in 24 hours (429 beyond).
    pub audit_exports_per_day: u32,
    /// How long one can be downloaded, in seconds.
    pub audit_export_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_seconds: 4 * 3_600,
            idle_seconds: 30 * 60,
            finish_grace_seconds: 60,
            upload_window_seconds: 72 * 3_600,
            session_token_seconds: 3_600,
            tabs_per_session: 64,
            segments_per_tab: 100_000,
            session_bytes: 2 << 30,
            uploads_in_flight: 128,
            pipeline_threads: 2,
            ahead_wait_millis: 5_000,
            lanes: 4_096,
            starts_per_minute: 600,
            segments_per_second: 500,
            logins_per_minute: 20,
            challenge_seconds: 300,
            challenge_tries: 5,
            open_challenges: 20,
            factor_attempts: 10,
            factor_window_seconds: 900,
            fresh_seconds: 600,
            account_logins_per_minute: 10,
            token_tries_per_minute: 10,
            password_resets_per_hour: 5,
            invitations_per_hour: 60,
            exports_per_day: 20,
            person_searches_per_hour: 30,
            audit_exports_per_day: 10,
            audit_export_seconds: 7 * 24 * 3_600,
        }
    }
}

impl Limits {
    /// How long after its start a session takes segments.
    #[must_use]
    pub const fn upload_window(&self) -> Duration {
        Duration::from_secs(self.upload_window_seconds)
    }
}

/// Cost of argon2id (RFC 9106): memory in KiB, passes, lanes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Hashes computed at one time; others wait.
    pub at_once: usize,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1_024, passes: 3, lanes: 1, at_once: 2 }
    }
}

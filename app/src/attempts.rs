//! How often somebody may try: one shared table for all processes, that survives a restart (`store`'s `attempt`).
//!
//! Each kind of attempt counts by network and, where one is named, by account. Both are keyed: the table holds neither
//! addresses of machines nor of people. What is not admitted is not worked on, so that a limit also bounds the work.
//!
//! **How to add one more.** A variant of [`What`] with its paces, a setting in `settings::Limits`, a line in
//! `docs/operations/limits.md`.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use domain::{Clock, TenantId, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{Counted, Pace, Store};
use vault::chain::RowKey;

use crate::{AppError, keys::DeploymentKeys, limits::Allowance, settings::Limits};

/// After so many attempts, counts that are back to nothing are removed: whoever invents addresses fills no table.
const TIDY_EVERY: u32 = 256;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A password: at sign-in, or the old one when it is changed.
    Password,
    /// A token out of a link: invitation, password reset, set-up.
    Token,
    /// Asking for a new password, which sends a mail.
    Reset,
    /// Inviting somebody, which sends a mail.
    Invite,
    /// Taking a session out.
    Export,
    /// Finding a recorded person by name.
    PersonSearch,
    /// Taking the audit log out.
    AuditExport,
}

impl What {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::Reset => "password-reset",
            Self::Invite => "invite",
            Self::Export => "export",
            Self::PersonSearch => "person-search",
            Self::AuditExport => "audit-export",
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::Password => "too many sign-in attempts; wait a little",
            Self::Token => "too many attempts; wait a little",
            Self::Reset => "too many links were asked for; look into your mailbox, or wait a while",
            Self::Invite => "too many invitations; wait a little",
            Self::AuditExport => "the log was taken out too often; the earlier exports can still be downloaded",
            Self::Export => "too many sessions were taken out; that is for single ones",
            Self::PersonSearch => "too many people were looked for; each search is on record",
        }
    }
}

/// Counts attempts.
pub(crate) struct Attempts {
    store: Store,
    deployment: Arc<DeploymentKeys>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    asked: AtomicU32,
}

impl Attempts {
    pub(crate) const fn new(
        store: Store,
        deployment: Arc<DeploymentKeys>,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Self {
        Self { store, deployment, clock, limits, asked: AtomicU32::new(0) }
    }

    /// Counts one attempt from `network` on `account`; what is left of the limit that will refuse first.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when either has had enough.
    pub(crate) async fn admit(
        &self,
        what: What,
        network: Option<IpAddr>,
        account: Option<&[u8; 32]>,
    ) -> Result<Allowance, AppError> {
        let now = self.clock.now();
        let network = network.map(|address| self.key(what, b"network", &octets(address)));
        let account = account.map(|account| self.key(what, b"account", account));
        let counts = [network.zip(self.network_pace(what)), account.zip(self.account_pace(what))];
        let tx = self.store.tenant(TenantId::DEPLOYMENT).await?;
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            tx.attempt_tidy(now).await?;
        }
        let mut tightest: Option<Allowance> = None;
        let mut refused = None;
        // In this order: a network that has had enough does not use up what an account has left.
        for (key, pace) in counts.into_iter().flatten() {
            let counted = tx.attempt_admit(what.name(), &key, pace, now).await?;
            let left = left_of(what, pace, counted, now);
            if !counted.admitted {
                refused = Some((left, wait(pace, counted, now)));
                break;
            }
            tightest = Some(tightest.map_or(left, |other| other.tighter(left)));
        }
        tx.commit().await?;
        match (refused, tightest) {
            (Some((left, retry_after)), _) => {
                Err(AppError::TooMany { retry_after, detail: what.detail(), allowance: Some(left) })
            }
            (None, Some(left)) => Ok(left),
            (None, None) => Err(AppError::internal("an attempt was counted for nobody")),
        }
    }

    fn network_pace(&self, what: What) -> Option<Pace> {
        match what {
            What::Password => Some(per_minute(self.limits.logins_per_minute)),
            What::Token | What::Reset => Some(per_minute(self.limits.token_tries_per_minute)),
            What::Invite | What::Export | What::PersonSearch | What::AuditExport => None,
        }
    }

    fn account_pace(&self, what: What) -> Option<Pace> {
        match what {
            What::Password => Some(per_minute(self.limits.account_logins_per_minute)),
            What::Token => None,
            What::Reset => Some(per_hour(self.limits.password_resets_per_hour)),
            What::Invite => Some(per_hour(self.limits.invitations_per_hour)),
            What::Export => Some(per_day(self.limits.exports_per_day)),
            What::PersonSearch => Some(per_hour(self.limits.person_searches_per_hour)),
            What::AuditExport => Some(per_day(self.limits.audit_exports_per_day)),
        }
    }

    fn key(&self, what: What, of: &[u8], value: &[u8]) -> [u8; 32] {
        let mut bound = Sha256::new();
        bound.update(b"sealtape/attempt/v1\0");
        bound.update(what.name());
        bound.update([0]);
        bound.update(of);
        bound.update([0]);
        bound.update(value);
        RowKey::derive(&self.deployment.lookup).body_mac(&bound.finalize().into())
    }
}

/// One household or machine has a /64 of version 6: counting more precisely would be no limit at all.
fn octets(network: IpAddr) -> Vec<u8> {
    match network.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    }
}

fn per_minute(number: u32) -> Pace {
    pace(number, Duration::from_secs(60))
}

fn per_hour(number: u32) -> Pace {
    pace(number, Duration::from_secs(3_600))
}

fn per_day(number: u32) -> Pace {
    pace(number, Duration::from_secs(24 * 3_600))
}

fn pace(number: u32, of: Duration) -> Pace {
    let burst = number.max(1);
    Pace { burst, every: of / burst }
}

/// What callers are told of a limit after one attempt.
fn left_of(what: What, pace: Pace, counted: Counted, now: Timestamp) -> Allowance {
    let reset = until(now, counted.whole_at);
    let used = u32::try_from(reset.as_micros().div_ceil(pace.every.as_micros().max(1))).unwrap_or(u32::MAX);
    Allowance {
        limit: what.name(),
        quota: pace.burst,
        window: pace.every * pace.burst,
        remaining: if counted.admitted { pace.burst.saturating_sub(used) } else { 0 },
        reset,
    }
}

/// How long until the next one is admitted.
fn wait(pace: Pace, counted: Counted, now: Timestamp) -> Duration {
    (until(now, counted.whole_at) + pace.every).saturating_sub(pace.every * pace.burst)
}

fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(then.micros_since(now)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_an_address_of_version_4_or_a_64_of_version_6() {
        let of = |text: &str| octets(text.parse().expect("an address"));
        assert_eq!(of("203.0.113.9"), of("::ffff:203.0.113.9"), "one machine, two spellings");
        assert_ne!(of("203.0.113.9"), of("203.0.113.10"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }

    #[test]
    fn what_is_left_follows_from_when_all_is_there_again() {
        let (pace, now) = (pace(6, Duration::from_secs(60)), Timestamp::from_millis(0));
        let counted = |admitted, seconds| Counted { admitted, whole_at: now.plus(Duration::from_secs(seconds)) };
        let left = left_of(What::Password, pace, counted(true, 30), now);
        assert_eq!((left.quota, left.window.as_secs(), left.remaining, left.reset.as_secs()), (6, 60, 3, 30));
        assert_eq!(left_of(What::Password, pace, counted(true, 60), now).remaining, 0);
        assert_eq!(wait(pace, counted(false, 60), now).as_secs(), 10);
        assert_eq!(wait(pace, counted(false, 51), now).as_secs(), 1);
        assert_eq!(super::pace(0, Duration::from_secs(60)).burst, 1, "a limit of nothing would lock everybody out");
    }
}

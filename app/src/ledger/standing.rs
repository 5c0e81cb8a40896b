//! How far a log is behind what it tells of, and what may not be done meanwhile (`ledger.md`, "When it lags").

use std::time::Duration;

use domain::{TenantId, Timestamp};
use policy::access::{Action, Permit, can};
use store::{AlarmReason, AuditCheckpointRow, TenantRead};

use super::Ledger;
use crate::{AppError, Page, Paged, paging::Cursors};

/// An act that is not in a signed checkpoint after this time is an alarm.
const LATE: Duration = Duration::from_secs(60);
/// After this time acts that a person chooses wait until they can be proved.
const BEHIND: Duration = Duration::from_secs(5 * 60);
/// After this time nothing is destroyed any more, whoever wants it.
const STOPPED: Duration = Duration::from_secs(24 * 3_600);

/// How a log stands, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// What happened is signed, or is about to be.
    Ok,
    /// Something waits for over a minute.
    Late,
    /// Something waits for over five minutes: exports and what destroys at a person's wish are refused.
    Behind,
    /// Something waits for over a day: nothing is destroyed.
    Stopped,
    /// The signer refuses the log: it does not continue what was signed. Nothing is destroyed.
    Refused,
}

impl Standing {
    /// Its published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Behind => "behind",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
        }
    }

    fn after(waited: Duration) -> Self {
        match waited {
            _ if waited > STOPPED => Self::Stopped,
            _ if waited > BEHIND => Self::Behind,
            _ if waited > LATE => Self::Late,
            _ => Self::Ok,
        }
    }
}

/// Why the signer refuses a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: AlarmReason,
    /// The first index that does not fit, where there is one.
    pub index: Option<u64>,
}

/// A head as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointView {
    /// The log's name.
    pub origin: String,
    /// Number of its entries.
    pub size: u64,
    /// Its root.
    pub root: [u8; 32],
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// How a log stands, with what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// In a word.
    pub standing: Standing,
    /// Leaves without a place.
    pub waiting: u64,
    /// When the oldest act happened that no signed checkpoint holds.
    pub unproved_since: Option<Timestamp>,
    /// Entries that have a place.
    pub size: u64,
    /// The newest checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// Why the signer refuses it, when it does.
    pub alarm: Option<Alarm>,
    /// Receivers outside that take nothing, for who may see receivers.
    pub failing_sinks: Option<FailingSinks>,
    /// What witnesses saw of it last; nothing where nobody is asked.
    pub witnessed: Option<Covered>,
    /// What lies of it in WORM storage; nothing where none is named.
    pub anchored: Option<Covered>,
}

/// How much of a log is covered by a checkpoint of the deployment's that somebody outside holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    /// Entries of the log that it covers.
    pub size: u64,
    /// Since when; nothing while it covers none.
    pub at: Option<Timestamp>,
}

/// Receivers of the log that take nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailingSinks {
    /// How many.
    pub count: u64,
    /// Since when the first of them does.
    pub since: Option<Timestamp>,
}

impl Ledger {
    /// How the tenant's log stands.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn health(&self, permit: &Permit<can::AuditRead>) -> Result<Health, AppError> {
        let read = self.store.tenant_read(permit.tenant()).await?;
        let mut health = health(&read, self.clock.now()).await?;
        if permit.holdings().decide(Action::WebhookList).is_some() {
            let (count, since) = read.sink_failing().await?;
            health.failing_sinks = Some(FailingSinks { count, since });
        }
        drop(read);
        (health.witnessed, health.anchored) = self.covered_outside(permit.tenant()).await?;
        Ok(health)
    }

    /// Signed checkpoints, newest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a page that is none.
    pub async fn checkpoints(
        &self,
        permit: &Permit<can::AuditRead>,
        page: Page,
    ) -> Result<Paged<CheckpointView>, AppError> {
        let (tenant, size, bound) = (permit.tenant(), page.size()?, "checkpoints");
        let cursors = Cursors::new(&self.deployment.cursor);
        let before = page.cursor.map(|cursor| cursors.read::<(u64, i64)>(tenant, bound, &cursor)).transpose()?;
        let before = before.map(|(size, micros)| (size, Timestamp::from_micros(micros)));
        let mut rows = self.store.tenant_read(tenant).await?.audit_checkpoint_list(before, size as u64 + 1).await?;
        let next_cursor = cursors.cut(tenant, bound, &mut rows, size, |row| (row.size, row.signed_at.as_micros()))?;
        Ok(Paged { items: rows.iter().map(view).collect(), next_cursor })
    }

    /// How a tenant's log stands, for whoever watches over all of them.
    pub(crate) async fn standing_of(&self, tenant: TenantId) -> Result<Health, AppError> {
        health(&self.store.tenant_read(tenant).await?, self.clock.now()).await
    }
}

/// How the log of whoever is read stands at `now`.
async fn health(read: &TenantRead, now: Timestamp) -> Result<Health, AppError> {
    let newest = read.audit_checkpoint_newest().await?;
    let behind = read.audit_standing(newest.as_ref().map_or(0, |signed| signed.size)).await?;
    let alarm = read.audit_alarm_find().await?;
    let waited = behind
        .unproved_since
        .map(|since| Standing::after(Duration::from_micros(u64::try_from(now.micros_since(since)).unwrap_or(0))));
    let standing = if alarm.is_some() { Standing::Refused } else { waited.unwrap_or(Standing::Ok) };
    Ok(Health {
        standing,
        waiting: behind.waiting,
        unproved_since: behind.unproved_since,
        size: behind.size,
        checkpoint: newest.as_ref().map(view),
        alarm: alarm.map(|row| Alarm { since: row.since, reason: row.reason, index: row.place }),
        failing_sinks: None,
        witnessed: None,
        anchored: None,
    })
}

/// Refuses what a person chooses (an export, a release, a destruction by hand) while the log is behind: it could not be
/// proved.
///
/// # Errors
/// [`AppError::Conflict`] `ledger-behind`.
pub(crate) async fn admit_chosen(read: &TenantRead, now: Timestamp) -> Result<(), AppError> {
    let detail = match health(read, now).await?.standing {
        Standing::Ok | Standing::Late => return Ok(()),
        Standing::Behind | Standing::Stopped => {
            "the audit log is behind: what is done now could not be proved. Try again once its newest checkpoint is current"
        }
        Standing::Refused => {
            "the audit log does not continue what was signed of it; an operator has to look before anything is taken out \
             or destroyed"
        }
    };
    Err(AppError::Conflict { code: "ledger-behind", detail: detail.to_owned(), next: None })
}

/// The origin is the note's own first line: a log that was begun anew has checkpoints of two names.
fn view(row: &AuditCheckpointRow) -> CheckpointView {
    CheckpointView { origin: origin_of(row), size: row.size, root: row.root, signed_at: row.signed_at }
}

/// The log that a checkpoint names.
pub(super) fn origin_of(row: &AuditCheckpointRow) -> String {
    row.note.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_late_then_behind_then_stopped() {
        let after = |seconds| Standing::after(Duration::from_secs(seconds));
        let [minute, five, day] = [60, 300, 86_400];
        assert_eq!([0, minute].map(after), [Standing::Ok; 2]);
        assert_eq!([minute + 1, five].map(after), [Standing::Late; 2]);
        assert_eq!([five + 1, day].map(after), [Standing::Behind; 2]);
        assert_eq!(after(day + 1), Standing::Stopped);
        assert!(Standing::Stopped < Standing::Refused);
    }
}

//! Telling people that a log is behind or refused.

use std::time::Duration;

use domain::TenantId;
use ledger::Object;
use policy::access::{Action, Permit, can};
use serde::{Deserialize, Serialize};

use super::{Ledger, Standing};
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    notices::{Audience, Notice, NoticeKind, Notices},
};

/// Somebody who was told is not told again before this time is over.
const AGAIN: Duration = Duration::from_secs(24 * 3_600);

/// The job that tells how a log stands.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchLedger {}

impl Payload for WatchLedger {
    const KIND: JobKind = JobKind::new("ledger-watch");
}

/// What one run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct WatchLedgerReport {
    /// Alarms of which people were told.
    pub told: u64,
}

impl Report for WatchLedgerReport {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

impl Ledger {
    /// Whether somebody is to be told of this tenant's log.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn watch_wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        Ok(self.standing_of(tenant).await?.standing > Standing::Ok)
    }

    /// Tells those who may read the log when it is late or refused, once a day for each of the two.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn watch(
        &self,
        permit: &Permit<can::LedgerWatch>,
        notices: &Notices,
    ) -> Result<WatchLedgerReport, AppError> {
        let tenant = permit.tenant();
        let kind = match self.standing_of(tenant).await?.standing {
            Standing::Ok => return Ok(WatchLedgerReport::default()),
            Standing::Late | Standing::Behind | Standing::Stopped => NoticeKind::LedgerBehind,
            Standing::Refused => NoticeKind::LedgerRefused,
        };
        let tx = self.store.tenant(tenant).await?;
        if tx.notice_since(kind.as_str(), self.clock.now().minus(AGAIN)).await? {
            return Ok(WatchLedgerReport::default());
        }
        let object = Object::Tenant(tenant);
        self.audit().allowed(&tx, permit, "ledger.alarm", object).await?;
        let audience = Audience::Holders(Action::AuditRead);
        notices.notify(&tx, Notice { kind, audience, about: Some(object) }).await?;
        tx.commit().await?;
        Ok(WatchLedgerReport { told: 1 })
    }
}

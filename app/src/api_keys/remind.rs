//! Telling members of their keys that end soon: two weeks before, and three days before, once each.

use std::time::Duration;

use domain::{ApiKeyId, MemberId, TenantId};
use ledger::Object;
use policy::access::{Permit, can};
use serde::{Deserialize, Serialize};

use super::ApiKeys;
use crate::{
    AppError,
    jobs::{JobKind, Payload, Report},
    notices::{Audience, NoticeKind},
};

const DAY: u64 = 24 * 3_600;
/// How long before a key's end, and the how manieth reminder that is. The last one first: a key of which nobody could be
/// reminded in time gives one notice and not two.
const REMINDERS: [(Duration, u32); 2] = [(Duration::from_secs(3 * DAY), 2), (Duration::from_secs(14 * DAY), 1)];
/// Keys of one run; the next hour takes the rest.
const AT_ONCE: u64 = 200;

/// The job that reminds of keys.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemindKeys {}

impl Payload for RemindKeys {
    const KIND: JobKind = JobKind::new("api-key-remind");
}

/// What one run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RemindKeysReport {
    /// Keys of which their member was reminded.
    pub reminded: u64,
}

impl Report for RemindKeysReport {
    fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

impl ApiKeys {
    /// Whether a member of this tenant is to be reminded now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remind_wanted(&self, tenant: TenantId) -> Result<bool, AppError> {
        let (read, now) = (self.parts.store.tenant_read(tenant).await?, self.parts.clock.now());
        for (before, times) in REMINDERS {
            if !read.api_key_ending(now, before, times, 1).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells members of their keys that end soon. A key that was never good for as long as the time before its end is not told.
    ///
    /// # Errors
    /// When the store does not answer; whoever was told stays told, once.
    pub async fn remind(&self, permit: &Permit<can::ApiKeyRemind>) -> Result<RemindKeysReport, AppError> {
        let (tenant, now, mut report) = (permit.tenant(), self.parts.clock.now(), RemindKeysReport::default());
        for (before, times) in REMINDERS {
            let due = self.parts.store.tenant_read(tenant).await?.api_key_ending(now, before, times, AT_ONCE).await?;
            for (id, member) in due {
                report.reminded += u64::from(self.remind_of(permit, id, member, times).await?);
            }
        }
        Ok(report)
    }

    async fn remind_of(
        &self,
        permit: &Permit<can::ApiKeyRemind>,
        id: ApiKeyId,
        member: MemberId,
        times: u32,
    ) -> Result<bool, AppError> {
        let tx = self.parts.store.tenant(permit.tenant()).await?;
        if !tx.api_key_reminded(id, times).await? {
            return Ok(false);
        }
        self.parts.audit().allowed(&tx, permit, "api-key.remind", Object::ApiKey(id)).await?;
        self.parts.tell(&tx, NoticeKind::KeyExpiring, Audience::Member(member), Object::ApiKey(id)).await?;
        tx.commit().await?;
        Ok(true)
    }
}

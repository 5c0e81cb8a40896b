//! `attempt`: how often something was tried, in rows of the deployment, because it is tried before a tenant is known.
//!
//! One row per thing counted holds one time: when the count would be back to nothing (the generic cell rate algorithm's
//! theoretical arrival time, ITU-T I.371). Admitting is one conditional statement, so any number of processes agree, and
//! a restart forgets nothing.

use std::time::Duration;

use domain::{TenantId, Timestamp};

use crate::stored::text;
use crate::{StoreError, TenantTx};

/// How much of something is admitted: `burst` at once, and one more each `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Most at one time.
    pub burst: u32,
    /// Until one more is admitted.
    pub every: Duration,
}

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Whether it was admitted, and counted.
    pub admitted: bool,
    /// When the whole burst is there again, if nothing more is tried until then.
    pub whole_at: Timestamp,
}

impl TenantTx {
    /// Counts one attempt, if the pace admits it.
    ///
    /// Only in a transaction of [`TenantId::DEPLOYMENT`].
    pub async fn attempt_admit(
        &self,
        kind: &str,
        key: &[u8; 32],
        pace: Pace,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        if self.tenant() != TenantId::DEPLOYMENT {
            return Err(StoreError::WrongTenant);
        }
        let micros = |duration: Duration| i64::try_from(duration.as_micros()).map_err(|_| StoreError::OutOfRange);
        let (now, every) = (now.as_micros(), micros(pace.every)?);
        let window = every.checked_mul(i64::from(pace.burst.max(1))).ok_or(StoreError::OutOfRange)?;
        let sql = "INSERT INTO attempt (tenant_id, kind, key, tat) VALUES ($1, $2, $3, $4 + $5)
                   ON CONFLICT (tenant_id, kind, key) DO UPDATE
                   SET tat = (CASE WHEN attempt.tat > $4 THEN attempt.tat ELSE $4 END) + $5
                   WHERE (CASE WHEN attempt.tat > $4 THEN attempt.tat ELSE $4 END) + $5 <= $4 + $6
                   RETURNING tat";
        let values = vec![text(kind)?.into(), key.to_vec().into(), now.into(), every.into(), window.into()];
        if let Some(row) = self.row(sql, values).await? {
            return Ok(Counted { admitted: true, whole_at: Timestamp::from_micros(row.try_get("", "tat")?) });
        }
        let sql = "SELECT tat FROM attempt WHERE tenant_id = $1 AND kind = $2 AND key = $3";
        let row = self.row(sql, vec![text(kind)?.into(), key.to_vec().into()]).await?;
        let tat: i64 = row.map(|row| row.try_get("", "tat")).transpose()?.unwrap_or(now);
        Ok(Counted { admitted: false, whole_at: Timestamp::from_micros(tat) })
    }

    /// Removes counts that are back to nothing, and says how many there were.
    pub async fn attempt_tidy(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM attempt WHERE tenant_id = $1 AND tat < $2";
        self.run(sql, vec![now.as_micros().into()]).await
    }
}

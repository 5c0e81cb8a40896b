//! Removing what has no use any more. Every step takes at most `limit` rows, so that no transaction is long.

use domain::{LoginId, Timestamp};
use uuid::Uuid;

use crate::stored::{Stored as _, text};
use crate::{Backend, StoreError, TenantRead, TenantTx};

impl TenantRead {
    /// Sign-ins that ended before `before` and whose refresh hashes can still be looked up.
    pub async fn login_untidied(&self, before: Timestamp, limit: u64) -> Result<Vec<LoginId>, StoreError> {
        let sql = "SELECT id FROM login
                   WHERE tenant_id = $1 AND tidied_at IS NULL AND (expires_at <= $2 OR revoked_at <= $2)
                   ORDER BY expires_at LIMIT $3";
        let rows = self.rows(sql, vec![before.as_micros().into(), limit.store()?.into()]).await?;
        rows.iter().map(|row| Ok(LoginId::from_uuid(row.try_get("", "id")?))).collect()
    }
}

impl TenantTx {
    /// Forgets every hash by which a credential of `kind` that stands for the row `id` can be found; says how many.
    pub async fn credential_forget(&self, kind: &str, id: Uuid) -> Result<u64, StoreError> {
        let values = vec![text(kind)?.into(), id.into()];
        match self.backend() {
            Backend::Sqlite => {
                self.run("DELETE FROM credential_index WHERE tenant_id = $1 AND kind = $2 AND id = $3", values).await
            }
            Backend::Postgres => {
                let row = self.row("SELECT credential_forget($1, $2, $3) AS forgotten", values).await?;
                let forgotten: i64 = row.map(|row| row.try_get("", "forgotten")).transpose()?.unwrap_or(0);
                Ok(u64::try_from(forgotten).unwrap_or(0))
            }
        }
    }

    /// Notes that an ended sign-in has nothing left to tidy.
    pub async fn login_tidied(&self, id: LoginId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE login SET tidied_at = $3 WHERE tenant_id = $1 AND id = $2 AND tidied_at IS NULL";
        self.won(sql, vec![id.uuid().into(), now.as_micros().into()]).await
    }

    /// Removes finished jobs: quiet ones older than `quiet`, others older than `loud`.
    pub async fn job_run_prune(&self, quiet: Timestamp, loud: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM job_run WHERE tenant_id = $1 AND id IN (
                     SELECT id FROM (
                       SELECT id, finished_at FROM job_run
                       WHERE tenant_id = $1 AND finished_at IS NOT NULL AND finished_at <= $3
                       UNION ALL
                       SELECT id, finished_at FROM job_run
                       WHERE tenant_id = $1 AND quiet AND finished_at IS NOT NULL AND finished_at <= $2) over
                     LIMIT $4)";
        self.run(sql, vec![quiet.as_micros().into(), loud.as_micros().into(), limit.store()?.into()]).await
    }

    /// Removes notices: read ones older than `read`, all older than `all`.
    pub async fn notice_prune(&self, read: Timestamp, all: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM notice WHERE tenant_id = $1 AND id IN (
                     SELECT id FROM notice WHERE tenant_id = $1
                       AND (created_at <= $3 OR (read_at IS NOT NULL AND created_at <= $2)) ORDER BY id LIMIT $4)";
        self.run(sql, vec![read.as_micros().into(), all.as_micros().into(), limit.store()?.into()]).await
    }

    /// Forgets what was created under an `Idempotency-Key` before `before`.
    pub async fn once_prune(&self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM once WHERE tenant_id = $1 AND (member_id, key) IN (
                     SELECT member_id, key FROM once WHERE tenant_id = $1 AND created_at < $2 ORDER BY created_at LIMIT $3)";
        self.run(sql, vec![before.as_micros().into(), limit.store()?.into()]).await
    }

    /// Removes letters: kept ones older than `kept`, sent and given-up ones older than `settled`; and queued ones that are
    /// so old, which no job can be working on any more.
    pub async fn mail_prune(&self, kept: Timestamp, settled: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM mail WHERE tenant_id = $1 AND id IN (
                     SELECT id FROM mail WHERE tenant_id = $1 AND settled_at IS NOT NULL
                       AND ((state = 'kept' AND settled_at <= $2) OR settled_at <= $3) ORDER BY settled_at LIMIT $4)
                   OR tenant_id = $1 AND state = 'queued' AND created_at <= $3";
        self.run(sql, vec![kept.as_micros().into(), settled.as_micros().into(), limit.store()?.into()]).await
    }
}

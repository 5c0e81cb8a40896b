//! `job`: the queue of background work, seen before a tenant is known.
//!
//! A claim is one conditional UPDATE that moves `due` to the end of the lease: "due" then also finds what a dead process
//! left behind. `attempt` grows with every claim, so whoever holds the highest number holds the job, and the word of
//! anybody slower counts for nothing ([`TenantTx::job_begin`](crate::TenantTx::job_begin) and
//! [`TenantTx::job_end`](crate::TenantTx::job_end) compare it).

use domain::{JobId, TenantId, Timestamp};
use sea_orm::{ConnectionTrait as _, Statement, Value};
use uuid::Uuid;

use crate::stored::Stored;
use crate::{Backend, Store, StoreError, SystemTx};

/// A job that a runner has just taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobClaim {
    /// Whose.
    pub tenant_id: TenantId,
    /// Which.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// The number of this claim; the highest one holds the job.
    pub attempt: u32,
}

/// What waits although its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobBacklog {
    /// Jobs.
    pub due: u64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Timestamp>,
}

/// Both databases walk the index `job_turn` in the tenants' order up to the first job that is due.
const NEXT_TENANT: &str = "SELECT tenant_id FROM job WHERE due <= $1 ORDER BY tenant_id LIMIT 1";
const NEXT_TENANT_AFTER: &str =
    "SELECT tenant_id FROM job WHERE tenant_id > $2 AND due <= $1 ORDER BY tenant_id LIMIT 1";

fn claim_sql(backend: Backend) -> String {
    let skip = match backend {
        Backend::Sqlite => "",
        // Two runners look at the same row at the same moment: the slower one takes the next.
        Backend::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    format!(
        "UPDATE job SET lease = $3, due = $4, attempt = attempt + 1
         WHERE tenant_id = $1 AND id = (
             SELECT id FROM job WHERE tenant_id = $1 AND due <= $2 ORDER BY due, id LIMIT 1{skip})
           AND (SELECT count(*) FROM job WHERE tenant_id = $1 AND lease IS NOT NULL AND due > $2) < $5
         RETURNING id, kind, attempt"
    )
}

impl SystemTx {
    /// The next tenant in turn that has something due; without `after` the first.
    pub async fn job_next_tenant(
        &self,
        after: Option<TenantId>,
        now: Timestamp,
    ) -> Result<Option<TenantId>, StoreError> {
        let now = now.as_micros().into();
        let statement = match after {
            None => self.statement(NEXT_TENANT, vec![now]),
            Some(after) => self.statement(NEXT_TENANT_AFTER, vec![now, after.uuid().into()]),
        };
        let row = self.db().query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get("", "tenant_id")).transpose()?.map(TenantId::from_uuid))
    }

    /// Takes the tenant's longest waiting job for `lease` until `until`; `None` when nothing is due, or when `most` of
    /// its jobs are being worked on.
    pub async fn job_claim(
        &self,
        tenant: TenantId,
        lease: Uuid,
        now: Timestamp,
        until: Timestamp,
        most: u64,
    ) -> Result<Option<JobClaim>, StoreError> {
        let values = vec![
            tenant.uuid().into(),
            now.as_micros().into(),
            lease.into(),
            until.as_micros().into(),
            most.store()?.into(),
        ];
        let statement = self.statement(&claim_sql(self.backend()), values);
        let Some(row) = self.db().query_one_raw(statement).await? else { return Ok(None) };
        let attempt = Stored::load(row.try_get::<i64>("", "attempt")?)
            .ok_or(StoreError::Corrupt { table: "job", column: "attempt" })?;
        let id = JobId::from_uuid(row.try_get("", "id")?);
        Ok(Some(JobClaim { tenant_id: tenant, id, kind: row.try_get("", "kind")?, attempt }))
    }

    /// Moves the end of `lease` for those of `jobs` that it still holds, and says which these are.
    pub async fn job_keep(&self, lease: Uuid, jobs: &[JobId], until: Timestamp) -> Result<Vec<JobId>, StoreError> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (3..).take(jobs.len()).map(|place| format!("${place}")).collect();
        let sql = format!("UPDATE job SET due = $2 WHERE lease = $1 AND id IN ({}) RETURNING id", places.join(", "));
        let values = [Value::from(lease), until.as_micros().into()];
        let values = values.into_iter().chain(jobs.iter().map(|job| job.uuid().into())).collect();
        let rows = self.db().query_all_raw(self.statement(&sql, values)).await?;
        rows.iter().map(|row| Ok(JobId::from_uuid(row.try_get("", "id")?))).collect()
    }
}

impl Store {
    /// Whether anything is due; asked often, so it takes no lock and writes nothing.
    pub async fn job_any_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM job WHERE due <= $1) THEN 1 ELSE 0 END AS due";
        let row = self.system_reader().query_one_raw(self.queue_statement(sql, now)).await?;
        // PostgreSQL's plain number is 32 bits wide, SQLite's is not.
        let due = row.map(|row| row.try_get::<i32>("", "due")).transpose()?;
        Ok(due == Some(1))
    }

    /// How much waits although its time has come.
    pub async fn job_backlog(&self, now: Timestamp) -> Result<JobBacklog, StoreError> {
        let sql = "SELECT count(*) AS waiting, min(due) AS oldest FROM job WHERE due <= $1";
        let Some(row) = self.system_reader().query_one_raw(self.queue_statement(sql, now)).await? else {
            return Ok(JobBacklog::default());
        };
        let due: i64 = row.try_get("", "waiting")?;
        let oldest: Option<i64> = row.try_get("", "oldest")?;
        Ok(JobBacklog { due: u64::try_from(due).unwrap_or(0), oldest: oldest.map(Timestamp::from_micros) })
    }

    fn queue_statement(&self, sql: &str, now: Timestamp) -> Statement {
        Statement::from_sql_and_values(self.backend().sea_orm(), sql, [now.as_micros().into()])
    }
}

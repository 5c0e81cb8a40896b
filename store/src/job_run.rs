//! `job_run`: what a tenant may know of its background work, and the half of the queue that knows the tenant.

use domain::{JobId, TenantId, Timestamp};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::scope::{TenantScoped as _, table};
use crate::stored::{Stored as _, text};
use crate::{Backend, JobState, StoreError, TenantRead, TenantTx};

table! {
    /// One piece of background work.
    JobRunRow in job_run = "job_run" {
        key {
            /// Whose.
            tenant_id: TenantId = Uuid,
            /// Its id, the same as in the queue.
            id: JobId = Uuid,
        }
        /// What kind of work.
        kind: String = String,
        /// Where it stands.
        state: JobState = String,
        /// What may be there once: a second job of the kind with the same slot is not added.
        slot: Option<String> = Option<String>,
        /// The claim that last began it.
        attempt: u32 = i64,
        /// How often it failed or its process died.
        failures: u32 = i64,
        /// What to do, as JSON: ids and numbers, nothing personal.
        payload: String = String,
        /// What was done, as JSON.
        report: Option<String> = Option<String>,
        /// Done, and of no interest later.
        quiet: bool = bool,
        /// Why it was put off or given up.
        reason: Option<String> = Option<String>,
        /// When it was added.
        created_at: Timestamp = i64,
        /// Not before.
        due_at: Timestamp = i64,
        /// When it last began.
        started_at: Option<Timestamp> = Option<i64>,
        /// When it was done or given up.
        finished_at: Option<Timestamp> = Option<i64>,
    }
}
use job_run::Column;

/// A slot of this name is free again once its job is over; any other stays taken.
const WHILE_UNFINISHED: &str = "unfinished";

/// A job to be added.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What kind of work.
    pub kind: &'static str,
    /// What may be there once.
    pub slot: Option<String>,
    /// What to do, as JSON.
    pub payload: String,
    /// When it is added.
    pub created_at: Timestamp,
    /// Not before.
    pub due_at: Timestamp,
}

impl NewJob {
    /// The slot for "not while another one is unfinished".
    #[must_use]
    pub fn while_unfinished() -> String {
        WHILE_UNFINISHED.to_owned()
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// It did what it should.
    Done {
        /// What was done, as JSON.
        report: String,
        /// It is of no interest later.
        quiet: bool,
    },
    /// It is not tried again.
    Failed {
        /// Why.
        reason: String,
    },
    /// It is tried again.
    Again {
        /// Not before.
        due: Timestamp,
        /// Why; nothing when nothing went wrong (the process is stopping).
        reason: Option<String>,
    },
}

const BEGIN: &str = "
    UPDATE job_run SET attempt = $3, started_at = $4, reason = NULL, state = 'running',
      failures = failures + CASE WHEN state = 'running' THEN 1 ELSE 0 END
    WHERE tenant_id = $1 AND id = $2 AND attempt < $3 AND state IN ('waiting', 'running')";

const END: &str = "
    UPDATE job_run SET state = $4, report = $5, quiet = $6, reason = $7, failures = failures + $8,
      due_at = COALESCE($9, due_at), finished_at = $10,
      slot = CASE WHEN $10 IS NOT NULL AND slot = 'unfinished' THEN NULL ELSE slot END
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";

impl TenantRead {
    /// One job.
    pub async fn job_run_find(&self, id: JobId) -> Result<Option<JobRunRow>, StoreError> {
        self.one(job_run::Entity::scoped(self.tenant()).filter(Column::Id.eq(id.uuid()))).await
    }

    /// Whether an unfinished job of the same kind as the job `id` is in `slot`.
    pub async fn job_run_slot_taken(&self, id: JobId, slot: &str) -> Result<bool, StoreError> {
        let sql =
            "SELECT 1 AS taken FROM job_run WHERE tenant_id = $1 AND slot = $3 AND state IN ('waiting', 'running')
                     AND kind = (SELECT kind FROM job_run WHERE tenant_id = $1 AND id = $2)";
        Ok(self.row(sql, vec![id.uuid().into(), text(slot)?.into()]).await?.is_some())
    }

    /// One page of jobs, newest first.
    pub async fn job_run_list(
        &self,
        state: Option<JobState>,
        before: Option<JobId>,
        limit: u64,
    ) -> Result<Vec<JobRunRow>, StoreError> {
        self.all(self.job_run_page(state, before, limit)).await
    }

    pub(crate) fn job_run_page(
        &self,
        state: Option<JobState>,
        before: Option<JobId>,
        limit: u64,
    ) -> Select<job_run::Entity> {
        let mut select = job_run::Entity::scoped(self.tenant());
        if let Some(state) = state {
            select = select.filter(Column::State.eq(state.as_str()));
        }
        if let Some(before) = before {
            select = select.filter(Column::Id.lt(before.uuid()));
        }
        select.order_by_desc(Column::Id).limit(limit)
    }
}

impl TenantTx {
    /// Adds a job; false when its slot is taken.
    pub async fn job_insert(&self, job: NewJob) -> Result<bool, StoreError> {
        let sql = "INSERT INTO job_run
                     (tenant_id, id, kind, state, slot, attempt, failures, payload, quiet, created_at, due_at)
                   VALUES ($1, $2, $3, 'waiting', $4, 0, 0, $5, FALSE, $6, $7)
                   ON CONFLICT (tenant_id, kind, slot) DO NOTHING";
        let values = vec![
            job.id.uuid().into(),
            job.kind.into(),
            job.slot.map(text).transpose()?.into(),
            text(job.payload)?.into(),
            job.created_at.as_micros().into(),
            job.due_at.as_micros().into(),
        ];
        if !self.won(sql, values).await? {
            return Ok(false);
        }
        let values = vec![job.id.uuid().into(), job.kind.into(), job.due_at.as_micros().into()];
        match self.backend() {
            Backend::Sqlite => {
                self.run("INSERT INTO job (tenant_id, id, kind, due, attempt) VALUES ($1, $2, $3, $4, 0)", values)
                    .await?;
            }
            // The function takes the tenant from row security's setting, so a caller cannot name another one.
            Backend::Postgres => {
                self.row("SELECT job_put($1, $2, $3, $4)", values).await?;
            }
        }
        Ok(true)
    }

    /// Begins an attempt that was claimed; `None` when a later claim has begun, or the job is over. One that finds its job
    /// running counts the attempt before as failed: that process died.
    pub async fn job_begin(&self, id: JobId, attempt: u32, now: Timestamp) -> Result<Option<JobRunRow>, StoreError> {
        let values = vec![id.uuid().into(), attempt.store()?.into(), now.as_micros().into()];
        if self.won(BEGIN, values).await? { self.job_run_find(id).await } else { Ok(None) }
    }

    /// Ends an attempt; false when it no longer holds the job, and then nothing may be committed.
    ///
    /// Called in the transaction of the job's effect, either both are durable or neither: the effect happens once.
    pub async fn job_end(&self, id: JobId, attempt: u32, end: &JobEnd, now: Timestamp) -> Result<bool, StoreError> {
        let (state, report, quiet, reason, failures, due) = match end {
            JobEnd::Done { report, quiet } => (JobState::Done, Some(report), *quiet, None, 0_i64, None),
            JobEnd::Failed { reason } => (JobState::Failed, None, false, Some(reason), 1, None),
            JobEnd::Again { due, reason } => {
                (JobState::Waiting, None, false, reason.as_ref(), i64::from(reason.is_some()), Some(*due))
            }
        };
        let due = due.map(Timestamp::as_micros);
        let finished = due.is_none().then(|| now.as_micros());
        let values = vec![
            id.uuid().into(),
            attempt.store()?.into(),
            state.as_str().into(),
            report.map(text).transpose()?.into(),
            quiet.into(),
            reason.map(text).transpose()?.into(),
            failures.into(),
            due.into(),
            finished.into(),
        ];
        Ok(self.won(END, values).await? && self.job_settle(id, attempt, due).await?)
    }

    /// Takes a job out of the queue, or puts it back to be due at `next`.
    async fn job_settle(&self, id: JobId, attempt: u32, next: Option<i64>) -> Result<bool, StoreError> {
        let mut values = vec![id.uuid().into(), attempt.store()?.into()];
        match (self.backend(), next) {
            (Backend::Sqlite, None) => {
                self.won("DELETE FROM job WHERE tenant_id = $1 AND id = $2 AND attempt = $3", values).await
            }
            (Backend::Sqlite, Some(next)) => {
                values.push(next.into());
                let sql = "UPDATE job SET due = $4, lease = NULL WHERE tenant_id = $1 AND id = $2 AND attempt = $3";
                self.won(sql, values).await
            }
            (Backend::Postgres, next) => {
                values.push(next.into());
                let row = self.row("SELECT job_settle($1, $2, $3, $4) AS settled", values).await?;
                Ok(row.map(|row| row.try_get("", "settled")).transpose()?.unwrap_or(false))
            }
        }
    }
}

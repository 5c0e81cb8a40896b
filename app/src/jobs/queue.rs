//! The runner's half: taking jobs in turn, beginning them, keeping them, ending them.

use std::{fmt, time::Duration};

use domain::{JobId, TenantId, Timestamp};
use store::{JobBacklog, JobClaim, JobEnd, TenantTx};
use uuid::Uuid;

use super::{Jobs, Report, once, versioned};
use crate::AppError;

/// An attempt that was claimed. Whoever has the highest attempt of a job holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    tenant: TenantId,
    id: JobId,
    attempt: u32,
}

impl Held {
    /// Whose job.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }
    /// Which job.
    #[must_use]
    pub const fn id(&self) -> JobId {
        self.id
    }
}

impl From<&JobClaim> for Held {
    fn from(claim: &JobClaim) -> Self {
        Self { tenant: claim.tenant_id, id: claim.id, attempt: claim.attempt }
    }
}

/// A job whose work begins.
#[derive(Debug, Clone)]
pub struct Begun {
    /// What to do, as stored.
    pub payload: String,
    /// How often it failed before.
    pub failures: u32,
    /// Since when it could have been worked on.
    pub due_at: Timestamp,
}

/// Why an attempt did not do what it should. Words and codes of ours only: an error's text could quote content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is tried again; the code of the error.
    Retry(&'static str),
    /// Trying again cannot help; the code of the error.
    Refused(&'static str),
    /// It was tried often enough; the code of the last error.
    Exhausted(&'static str),
    /// The processes that worked on it died, each time.
    Died,
    /// Its payload is none of this kind.
    Unreadable,
}

impl Reason {
    /// The code of the last error, or the word for what happened instead of one.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Retry(code) | Self::Refused(code) | Self::Exhausted(code) => code,
            Self::Died => "died",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry(code) => write!(f, "retry/{code}"),
            Self::Refused(code) => write!(f, "refused/{code}"),
            Self::Exhausted(code) => write!(f, "exhausted/{code}"),
            Self::Died | Self::Unreadable => f.write_str(self.code()),
        }
    }
}

/// Whose turn it was last: tenants with due jobs are served one after the other, in a circle.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turn(Option<TenantId>);

/// What a runner takes.
#[derive(Debug, Clone, Copy)]
pub struct Take {
    /// The runner's own id, new with every start of a process.
    pub runner: Uuid,
    /// At most so many jobs.
    pub most: usize,
    /// At most so many of one tenant at one time, those of other processes included (two processes that look at the same
    /// moment can go over it by one).
    pub per_tenant: u64,
    /// For so long, unless it is prolonged.
    pub lease: Duration,
}

/// The lease is gone: somebody else works on this job, so nothing of this attempt may be committed.
const LOST: &str = "job-lost";

impl Jobs {
    /// Whether anything is due.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn any_due(&self) -> Result<bool, AppError> {
        Ok(self.store.job_any_due(self.clock.now()).await?)
    }

    /// How much waits although its time has come.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn backlog(&self) -> Result<JobBacklog, AppError> {
        Ok(self.store.job_backlog(self.clock.now()).await?)
    }

    /// Takes due jobs, one tenant after the other, starting behind whoever was last in `turn`.
    ///
    /// # Errors
    /// When the store does not answer; then nothing was taken.
    pub async fn claim(&self, take: &Take, turn: &mut Turn) -> Result<Vec<JobClaim>, AppError> {
        let now = self.clock.now();
        let until = now.plus(take.lease);
        let system = self.store.system("job.claim").await?;
        let (mut claims, mut last, mut useful) = (Vec::new(), turn.0, true);
        while claims.len() < take.most {
            match system.job_next_tenant(last, now).await? {
                Some(tenant) => {
                    last = Some(tenant);
                    if let Some(claim) = system.job_claim(tenant, take.runner, now, until, take.per_tenant).await? {
                        claims.push(claim);
                        useful = true;
                    }
                }
                // The circle closes. A round that brought nothing is the last one.
                None if last.is_none() || !useful => break,
                None => (last, useful) = (None, false),
            }
        }
        system.commit().await?;
        turn.0 = last;
        Ok(claims)
    }

    /// Begins a claimed attempt; `None` when somebody else has begun a later one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(&self, held: &Held) -> Result<Option<Begun>, AppError> {
        let tx = self.store.tenant(held.tenant).await?;
        let Some(row) = tx.job_begin(held.id, held.attempt, self.clock.now()).await? else { return Ok(None) };
        tx.commit().await?;
        Ok(Some(Begun { payload: row.payload, failures: row.failures, due_at: row.due_at }))
    }

    /// Whether a job of the same kind waits or is worked on in [`super::Slot::Once`] of this name.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn overtaken(&self, held: &Held, by: &str) -> Result<bool, AppError> {
        let read = self.store.tenant_read(held.tenant).await?;
        Ok(read.job_run_slot_taken(held.id, &once(by)).await?)
    }

    /// Prolongs the leases of `jobs` and says which of them are still held.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn keep(&self, runner: Uuid, jobs: &[JobId], lease: Duration) -> Result<Vec<JobId>, AppError> {
        let system = self.store.system("job.keep").await?;
        let kept = system.job_keep(runner, jobs, self.clock.now().plus(lease)).await?;
        system.commit().await?;
        Ok(kept)
    }

    /// Ends an attempt that did what it should, in a transaction of its own. False when the attempt no longer holds the
    /// job, or has ended it itself.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn complete<R: Report>(&self, held: &Held, report: &R) -> Result<bool, AppError> {
        let end = JobEnd::Done { report: versioned(R::VERSION, report)?, quiet: report.is_quiet() };
        self.end(held, &end).await
    }

    /// Ends an attempt in the transaction of its effect: both are durable or neither, so the effect happens once however
    /// often the job is begun. The runner notices that the job is over.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the attempt no longer holds the job; `tx` must not be committed.
    pub async fn complete_in<R: Report>(&self, tx: &TenantTx, held: &Held, report: &R) -> Result<(), AppError> {
        let end = JobEnd::Done { report: versioned(R::VERSION, report)?, quiet: report.is_quiet() };
        if tx.job_end(held.id, held.attempt, &end, self.clock.now()).await? {
            return Ok(());
        }
        Err(AppError::Conflict { code: LOST, detail: "another process works on this job now".to_owned(), next: None })
    }

    /// Ends an attempt that is to be repeated at `due`; without a reason it does not count as a failure.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn put_off(&self, held: &Held, due: Timestamp, reason: Option<Reason>) -> Result<bool, AppError> {
        self.end(held, &JobEnd::Again { due, reason: reason.map(|reason| reason.to_string()) }).await
    }

    /// Ends a job that cannot be done.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn give_up(&self, held: &Held, reason: Reason) -> Result<bool, AppError> {
        self.end(held, &JobEnd::Failed { reason: reason.to_string() }).await
    }

    async fn end(&self, held: &Held, end: &JobEnd) -> Result<bool, AppError> {
        let tx = self.store.tenant(held.tenant).await?;
        let ended = tx.job_end(held.id, held.attempt, end, self.clock.now()).await?;
        if ended {
            tx.commit().await?;
        }
        Ok(ended)
    }
}

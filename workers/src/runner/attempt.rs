//! One try of one job.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use app::{
    AppError,
    jobs::{Begun, Held, JobClaim, PayloadError, Reason},
};
use domain::RequestId;
use futures::FutureExt as _;
use tokio::time::{Instant, timeout};

use super::Runner;
use crate::{
    JobCx, JobError,
    catalogue::{Ended, Entry, Failure},
};

/// A job that only newer processes understand is offered again after so long.
const FOR_OTHERS: Duration = Duration::from_secs(60);

/// How a try ended, as far as the runner is concerned.
enum End {
    Done,
    Failed(Failure),
    TimedOut,
    Panicked,
    /// The processes that tried before died of it, often enough.
    Died,
    /// Somebody else holds the job: nothing of ours counts.
    Lost,
    /// The process stops: somebody else is to do it.
    Stopped,
}

/// A try and what belongs to it.
struct Try<'a> {
    entry: &'a Entry,
    cx: JobCx,
    begun: Begun,
}

impl Runner {
    /// Works on a claimed job. Whatever goes wrong is written down or logged; a job whose end cannot be written down is due
    /// again when its lease runs out.
    pub(super) async fn attempt(&self, claim: JobClaim) {
        let held = Held::from(&claim);
        let begun = match self.app().jobs().begin(&held).await {
            Ok(Some(begun)) => begun,
            Ok(None) => return,
            Err(error) => return tracing::warn!(job.id = %claim.id, error = ?error, "a job could not be begun"),
        };
        let Some(entry) = self.catalogue.get(&claim.kind) else { return self.leave(&held).await };
        let started = Instant::now();
        let try_of = Try { entry, cx: self.context(entry, held), begun };
        let end = self.end_of(&claim, &try_of).await;
        let outcome = self.settle(&try_of, end).await;
        metrics::counter!("sealtape_jobs_total", "kind" => entry.kind.as_str(), "outcome" => outcome).increment(1);
        metrics::histogram!("sealtape_job_seconds", "kind" => entry.kind.as_str())
            .record(started.elapsed().as_secs_f64());
    }

    fn context(&self, entry: &Entry, held: Held) -> JobCx {
        JobCx {
            app: self.app().clone(),
            authorizer: Arc::clone(&self.authorizer),
            catalogue: Arc::clone(&self.catalogue),
            kind: entry.kind,
            held,
            run: RequestId::mint(self.app().clock().now(), self.app().entropy()),
            stopping: self.stopping.clone(),
        }
    }

    async fn end_of(&self, claim: &JobClaim, Try { entry, cx, begun }: &Try<'_>) -> End {
        if begun.failures >= entry.attempts {
            // Only crashes count without being settled: it takes the process down each time.
            return End::Died;
        }
        let lost = self.under_way().get(&claim.id).map(|attempt| attempt.lost.clone()).unwrap_or_default();
        let work = AssertUnwindSafe((entry.run)(cx, &begun.payload)).catch_unwind();
        tokio::select! {
            biased;
            () = self.dead.cancelled() => std::future::pending().await,
            () = lost.cancelled() => End::Lost,
            done = timeout(entry.limit, work) => match done {
                Ok(Ok(Ok(Ended::Done))) => End::Done,
                Ok(Ok(Ok(Ended::Unfinished))) => End::Stopped,
                Ok(Ok(Err(failure))) => End::Failed(failure),
                Ok(Err(_)) => End::Panicked,
                Err(_) => End::TimedOut,
            },
            () = self.over.cancelled() => End::Stopped,
        }
    }

    /// Writes down how a try ended; the word for it that metrics use.
    async fn settle(&self, job: &Try<'_>, end: End) -> &'static str {
        let (entry, held) = (job.entry, job.cx.held());
        match end {
            End::Done => "done",
            End::Died => self.give_up(job, Reason::Died).await,
            End::Lost => {
                tracing::warn!(job.id = %held.id(), job.kind = %entry.kind, "the lease of a job ran out while it was worked on");
                "lost"
            }
            End::Stopped => {
                note(held, self.app().jobs().put_off(held, self.app().clock().now(), None).await);
                "put-back"
            }
            End::Failed(Failure::Payload(PayloadError::Newer)) => {
                self.leave(held).await;
                "left"
            }
            End::Failed(Failure::Payload(PayloadError::Unreadable)) => self.give_up(job, Reason::Unreadable).await,
            End::Failed(Failure::Job(JobError::GiveUp(error))) => {
                tracing::error!(job.id = %held.id(), job.kind = %entry.kind, error = ?error, "a job cannot be done");
                self.give_up(job, Reason::Refused(error.code())).await
            }
            End::Failed(Failure::Job(JobError::Retry(error))) => {
                let after = retry_after(&error);
                tracing::warn!(job.id = %held.id(), job.kind = %entry.kind, error = ?error, "a job failed");
                self.again(job, error.code(), after).await
            }
            End::TimedOut => self.again(job, "timed-out", Duration::ZERO).await,
            End::Panicked => {
                tracing::error!(job.id = %held.id(), job.kind = %entry.kind, "a job panicked");
                self.again(job, "panicked", Duration::ZERO).await
            }
        }
    }

    async fn again(&self, job: &Try<'_>, code: &'static str, at_least: Duration) -> &'static str {
        let failures = job.begun.failures + 1;
        if failures >= job.entry.attempts {
            return self.give_up(job, Reason::Exhausted(code)).await;
        }
        let pause = job.entry.backoff.pause(failures, self.app().entropy()).max(at_least);
        let due = self.app().clock().now().plus(pause);
        note(job.cx.held(), self.app().jobs().put_off(job.cx.held(), due, Some(Reason::Retry(code))).await);
        "retry"
    }

    async fn give_up(&self, Try { entry, cx, begun }: &Try<'_>, reason: Reason) -> &'static str {
        let held = cx.held();
        tracing::error!(job.id = %held.id(), job.kind = %entry.kind, %reason, "a job was given up");
        let told = AssertUnwindSafe((entry.given_up)(cx, &begun.payload, reason)).catch_unwind().await;
        if !matches!(told, Ok(Ok(()))) {
            // What the job leaves behind is not in order, so the job is not over: its lease runs out, and it is given up again.
            tracing::error!(job.id = %held.id(), job.kind = %entry.kind, result = ?told.ok(), "a job could not be given up");
            return "lost";
        }
        note(held, self.app().jobs().give_up(held, reason).await);
        "failed"
    }

    /// Leaves a job to processes that understand it.
    async fn leave(&self, held: &Held) {
        let due = self.app().clock().now().plus(FOR_OTHERS);
        note(held, self.app().jobs().put_off(held, due, None).await);
    }
}

/// What cannot be written down is begun again when the lease runs out.
fn note(held: &Held, written: Result<bool, AppError>) {
    if let Err(error) = written {
        tracing::warn!(job.id = %held.id(), error = ?error, "the end of a job could not be written down");
    }
}

/// What the error says about when trying again makes sense.
const fn retry_after(error: &AppError) -> Duration {
    match error {
        AppError::Unavailable { retry_after, .. } | AppError::TooMany { retry_after, .. } => *retry_after,
        _ => Duration::ZERO,
    }
}

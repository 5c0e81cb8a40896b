//! What a job is.

use std::{future::Future, sync::Arc, time::Duration};

use app::{
    App, AppError,
    jobs::{Held, JobKind, Payload, Reason, Report},
};
use domain::{RequestId, TenantId};
use policy::access::{Actor, Authorizer, Can, Holdings, Permit, Subject};
use tokio_util::sync::CancellationToken;

use crate::{Backoff, Catalogue};

/// A kind of background work: its payload, and how it is worked on.
pub trait Job: Payload {
    /// What was done.
    type Report: Report;
    /// So often it is tried, then it is given up.
    const ATTEMPTS: u32 = 10;
    /// Pauses between tries.
    const BACKOFF: Backoff = Backoff::USUAL;
    /// One try may take so long, then it is ended and counts as failed.
    const LIMIT: Duration = Duration::from_secs(300);

    /// Does it. Called again after a failure or a crash, so it must be harmless to do twice.
    fn run(self, cx: &JobCx) -> impl Future<Output = Result<Outcome<Self::Report>, JobError>> + Send;

    /// It will not be tried again, whatever the reason: its error, its time, or the process that it took down each time.
    /// Called before that is written down, and again if it fails, so it must be harmless to do twice.
    fn given_up(self, cx: &JobCx, reason: Reason) -> impl Future<Output = Result<(), AppError>> + Send {
        let _ = (cx, reason);
        std::future::ready(Ok(()))
    }
}

/// A job without input that a schedule adds for every tenant that needs it.
pub trait Sweep: Job + Default {
    /// Whether the deployment's own rows are swept too.
    const DEPLOYMENT_TOO: bool = false;

    /// Whether there is anything to do in this tenant: a cheap read.
    #[must_use]
    fn wanted(app: &App, tenant: TenantId) -> impl Future<Output = Result<bool, AppError>> + Send {
        let _ = (app, tenant);
        std::future::ready(Ok(true))
    }
}

/// How a try went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<R> {
    /// The runner is to store this report.
    Report(R),
    /// The use case stored it in the transaction of its effect (`Jobs::complete_in`).
    Recorded,
    /// The process is about to stop and work is left: somebody else is to take it up at once. No failure.
    Unfinished,
}

/// How a try failed. The job decides; the runner only obeys.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again may help.
    #[error("to be tried again")]
    Retry(#[source] AppError),
    /// Trying again cannot help.
    #[error("given up")]
    GiveUp(#[source] AppError),
}

impl From<AppError> for JobError {
    /// What passes by itself is tried again, and what may be a defect of ours too: the next version may do better. What
    /// says something about the job's object does not change by asking again.
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unavailable { .. }
            | AppError::TooMany { .. }
            | AppError::Conflict { .. }
            | AppError::Internal(_) => Self::Retry(error),
            AppError::Unauthenticated { .. }
            | AppError::Forbidden { .. }
            | AppError::StepUpRequired(_)
            | AppError::NotFound { .. }
            | AppError::Gone { .. }
            | AppError::Invalid { .. }
            | AppError::Rejected(_) => Self::GiveUp(error),
        }
    }
}

/// What a try has to work with.
pub struct JobCx {
    pub(crate) app: App,
    pub(crate) authorizer: Arc<Authorizer>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) kind: JobKind,
    pub(crate) held: Held,
    pub(crate) run: RequestId,
    pub(crate) stopping: CancellationToken,
}

impl JobCx {
    /// The use cases.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Whose job it is.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.held.tenant()
    }

    /// The proof that this job may do `A` in its tenant; audit rows name the job as the actor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when `policy.csv` does not give `A` to the role `worker`.
    pub fn permit<A: Can>(&self) -> Result<Permit<A>, AppError> {
        let actor = Actor::Worker { name: self.kind.as_str() };
        let subject = Subject { tenant: self.tenant(), actor, holdings: Holdings::default(), request: self.run };
        self.authorizer.authorize(subject).map_err(|_| AppError::Forbidden {
            code: "forbidden",
            detail: "the access policy does not give this action to background work",
        })
    }

    /// The claim, for a use case that ends the job in the transaction of its effect.
    #[must_use]
    pub const fn held(&self) -> &Held {
        &self.held
    }

    /// Whether the process is about to stop: a long job may end early and say what it has done; the rest is swept later.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }
}

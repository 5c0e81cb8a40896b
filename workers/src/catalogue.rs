//! The jobs that a process knows, by name.

use std::{collections::BTreeMap, time::Duration};

use app::{
    App, AppError,
    jobs::{JobKind, PayloadError, Reason, Slot, read_payload},
};
use domain::TenantId;
use futures::future::BoxFuture;

use crate::{Backoff, Job, JobCx, JobError, Outcome, Sweep};

/// Why a try ended without doing what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The payload is none of this job's.
    Payload(PayloadError),
    /// The job says so.
    Job(JobError),
}

/// How a try ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its report is stored.
    Done,
    /// It is to be taken up again.
    Unfinished,
}

type Run = Box<dyn for<'a> Fn(&'a JobCx, &'a str) -> BoxFuture<'a, Result<Ended, Failure>> + Send + Sync>;
type GivenUp = Box<dyn for<'a> Fn(&'a JobCx, &'a str, Reason) -> BoxFuture<'a, Result<(), AppError>> + Send + Sync>;
type Spread = Box<dyn for<'a> Fn(&'a App, TenantId) -> BoxFuture<'a, Result<bool, AppError>> + Send + Sync>;

/// One kind of work.
pub(crate) struct Entry {
    pub(crate) kind: JobKind,
    pub(crate) attempts: u32,
    pub(crate) backoff: Backoff,
    pub(crate) limit: Duration,
    pub(crate) run: Run,
    pub(crate) given_up: GivenUp,
    /// Adds the job to a tenant that needs it; for those that a schedule names.
    pub(crate) spread: Option<Spread>,
    pub(crate) deployment_too: bool,
}

/// The jobs that a process knows.
#[derive(Default)]
pub struct Catalogue(BTreeMap<&'static str, Entry>);

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Catalogue {
    /// Adds a job.
    ///
    /// # Panics
    /// When another job has its name: a defect of the program, seen at its first start.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let entry = Entry {
            kind: J::KIND,
            attempts: J::ATTEMPTS.max(1),
            backoff: J::BACKOFF,
            limit: J::LIMIT,
            run: Box::new(|cx, payload| Box::pin(run::<J>(cx, payload))),
            given_up: Box::new(|cx, payload, reason| Box::pin(given_up::<J>(cx, payload, reason))),
            spread: None,
            deployment_too: false,
        };
        let known = self.0.insert(J::KIND.as_str(), entry);
        assert!(known.is_none(), "two jobs are called {}", J::KIND);
        self
    }

    /// Adds a job that schedules may name.
    ///
    /// # Panics
    /// When another job has its name.
    #[must_use]
    pub fn with_sweep<S: Sweep>(self) -> Self {
        let mut all = self.with::<S>();
        if let Some(entry) = all.0.get_mut(S::KIND.as_str()) {
            entry.spread = Some(Box::new(|app, tenant| Box::pin(spread::<S>(app, tenant))));
            entry.deployment_too = S::DEPLOYMENT_TOO;
        }
        all
    }

    /// The names of all jobs.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    pub(crate) fn get(&self, kind: &str) -> Option<&Entry> {
        self.0.get(kind)
    }
}

async fn run<J: Job>(cx: &JobCx, payload: &str) -> Result<Ended, Failure> {
    let job: J = read_payload(payload).map_err(Failure::Payload)?;
    match job.run(cx).await.map_err(Failure::Job)? {
        Outcome::Recorded => Ok(Ended::Done),
        Outcome::Unfinished => Ok(Ended::Unfinished),
        Outcome::Report(report) => {
            // False: a later attempt holds the job, and its word counts.
            let done = cx.app.jobs().complete(&cx.held, &report).await;
            done.map(|_| Ended::Done).map_err(|error| Failure::Job(error.into()))
        }
    }
}

async fn given_up<J: Job>(cx: &JobCx, payload: &str, reason: Reason) -> Result<(), AppError> {
    match read_payload::<J>(payload) {
        Ok(job) => job.given_up(cx, reason).await,
        // It is given up because nobody can read what it was about.
        Err(_) => Ok(()),
    }
}

async fn spread<S: Sweep>(app: &App, tenant: TenantId) -> Result<bool, AppError> {
    if !S::wanted(app, tenant).await? {
        return Ok(false);
    }
    let added = app.jobs().add(tenant, Slot::WhileUnfinished, &S::default(), app.clock().now()).await?;
    Ok(added.is_some())
}

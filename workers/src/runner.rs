//! Claiming jobs and working on them.

mod attempt;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::{
    App, AppError,
    jobs::{JobClaim, Take, Turn},
    settings::JobLimits,
};
use domain::{JobId, RequestId};
use policy::access::Authorizer;
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Catalogue, Schedule, ScheduleError, schedule};

/// After the time to stop is over, jobs that are being put back get so long.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How often the length of the queue is measured.
const MEASURE: Duration = Duration::from_secs(15);

/// Works on the queue, once started or when asked to.
pub struct Runner {
    app: App,
    authorizer: Arc<Authorizer>,
    catalogue: Arc<Catalogue>,
    schedules: Vec<Schedule>,
    limits: JobLimits,
    /// New with every start, so that a restarted process does not take its old leases for its own.
    id: uuid::Uuid,
    under_way: Mutex<HashMap<JobId, Attempt>>,
    look: Notify,
    /// The process is about to stop: nothing new is begun.
    stopping: CancellationToken,
    /// Time is over: what is not done is put back.
    over: CancellationToken,
    /// As if the process had been killed: nothing is put back.
    dead: CancellationToken,
}

/// What the heart-beat knows of an attempt: its number, and how to end it when its lease is gone.
struct Attempt {
    number: u32,
    lost: CancellationToken,
}

/// A runner at work. Dropping it leaves it running.
pub struct Running {
    runner: Arc<Runner>,
    jobs: TaskTracker,
    tasks: TaskTracker,
}

impl Runner {
    /// A runner of these jobs and schedules, which does nothing yet.
    ///
    /// # Errors
    /// When the access policy does not compile.
    pub async fn new(
        app: App,
        limits: JobLimits,
        (catalogue, schedules): (Catalogue, Vec<Schedule>),
    ) -> Result<Self, AppError> {
        let authorizer = Arc::new(Authorizer::builtin().await.map_err(AppError::internal)?);
        let id = RequestId::mint(app.clock().now(), app.entropy()).uuid();
        Ok(Self {
            app,
            authorizer,
            catalogue: Arc::new(catalogue),
            schedules,
            limits,
            id,
            under_way: Mutex::default(),
            look: Notify::new(),
            stopping: CancellationToken::new(),
            over: CancellationToken::new(),
            dead: CancellationToken::new(),
        })
    }

    /// Starts working: schedules, claims, heart-beat.
    ///
    /// # Errors
    /// When the schedules do not start.
    pub async fn start(self) -> Result<Running, ScheduleError> {
        let running = Running { runner: Arc::new(self), jobs: TaskTracker::new(), tasks: TaskTracker::new() };
        let Running { runner, jobs, tasks } = &running;
        if runner.limits.slots > 0 {
            schedule::start(Arc::clone(runner), tasks, runner.stopping.clone()).await?;
            // Among the jobs: whoever waits for these waits for the claim that is under way, too.
            jobs.spawn(Arc::clone(runner).work(jobs.clone()));
            tasks.spawn(Arc::clone(runner).beat());
            tasks.spawn(Arc::clone(runner).measure());
        }
        tasks.close();
        Ok(running)
    }

    /// Works on everything that is due now, one job after the other, until told to stop, and says how many attempts that
    /// were. For tests and commands: it needs neither time nor tasks.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn drain(&self) -> Result<usize, AppError> {
        let (mut turn, mut attempts) = (Turn::default(), 0);
        while !self.stopping.is_cancelled() {
            let claims = self.claim(&mut turn, 1).await?;
            if claims.is_empty() {
                break;
            }
            for claim in claims {
                self.attempt(claim).await;
                attempts += 1;
            }
        }
        Ok(attempts)
    }

    /// Cancelling it stops the runner after what it is working on.
    #[must_use]
    pub fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Schedules, in the order they were given.
    #[must_use]
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    pub(crate) const fn app(&self) -> &App {
        &self.app
    }

    /// Looks for work without waiting for the next poll.
    pub(crate) fn look_now(&self) {
        self.look.notify_one();
    }

    async fn claim(&self, turn: &mut Turn, most: usize) -> Result<Vec<JobClaim>, AppError> {
        if !self.app.jobs().any_due().await? {
            return Ok(Vec::new());
        }
        let take = Take { runner: self.id, most, per_tenant: self.limits.per_tenant, lease: self.lease() };
        self.app.jobs().claim(&take, turn).await
    }

    const fn lease(&self) -> Duration {
        Duration::from_secs(self.limits.lease_seconds)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<JobId, Attempt>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims work whenever there is room for it.
    async fn work(self: Arc<Self>, jobs: TaskTracker) {
        let mut turn = Turn::default();
        let poll = Duration::from_millis(self.limits.poll_ms);
        loop {
            let free = self.limits.slots.saturating_sub(self.under_way().len());
            if free > 0 {
                match self.claim(&mut turn, free).await {
                    Ok(claims) => self.begin(claims, &jobs),
                    Err(error) => tracing::warn!(error = ?error, "no job could be claimed"),
                }
            }
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => break,
                () = self.look.notified() => {}
                () = sleep(poll) => {}
            }
        }
    }

    fn begin(self: &Arc<Self>, claims: Vec<JobClaim>, jobs: &TaskTracker) {
        for claim in claims {
            let (id, number) = (claim.id, claim.attempt);
            // Before it begins: the heart-beat must not miss it.
            let before = self.under_way().insert(id, Attempt { number, lost: CancellationToken::new() });
            if let Some(before) = before {
                // Our own lease ran out and the job came back to us: the later claim is the one that counts.
                before.lost.cancel();
            }
            let runner = Arc::clone(self);
            jobs.spawn(async move {
                runner.attempt(claim).await;
                let mut under_way = runner.under_way();
                // A job that was lost may have come back to this very process.
                if under_way.get(&id).is_some_and(|attempt| attempt.number == number) {
                    under_way.remove(&id);
                }
                metrics::gauge!("sealtape_jobs_in_flight").set(count(under_way.len()));
                drop(under_way);
                runner.look_now();
            });
        }
        metrics::gauge!("sealtape_jobs_in_flight").set(count(self.under_way().len()));
    }

    /// Shows others that this process lives, and ends attempts whose lease is gone all the same.
    async fn beat(self: Arc<Self>) {
        let mut beats = interval(self.lease() / 3);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = self.over.cancelled() => return,
                () = self.dead.cancelled() => return,
                _ = beats.tick() => {}
            }
            let mine: HashMap<JobId, u32> =
                self.under_way().iter().map(|(id, attempt)| (*id, attempt.number)).collect();
            if mine.is_empty() {
                continue;
            }
            let ids: Vec<JobId> = mine.keys().copied().collect();
            match self.app.jobs().keep(self.id, &ids, self.lease()).await {
                Ok(kept) => self.end_lost(&mine, &kept),
                Err(error) => tracing::warn!(error = ?error, "leases could not be prolonged"),
            }
        }
    }

    /// Only the attempts that were asked about: a job may have been put off and claimed again since.
    fn end_lost(&self, mine: &HashMap<JobId, u32>, kept: &[JobId]) {
        let under_way = self.under_way();
        for (lost, number) in mine.iter().filter(|(id, _)| !kept.contains(id)) {
            if let Some(attempt) = under_way.get(lost).filter(|attempt| attempt.number == *number) {
                attempt.lost.cancel();
            }
        }
    }

    async fn measure(self: Arc<Self>) {
        let mut ticks = interval(MEASURE);
        loop {
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Ok(backlog) = self.app.jobs().backlog().await {
                let now = self.app.clock().now();
                let micros = backlog.oldest.map_or(0, |oldest| now.micros_since(oldest).max(0));
                let age = Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_secs_f64();
                metrics::gauge!("sealtape_jobs_due").set(count(usize::try_from(backlog.due).unwrap_or(usize::MAX)));
                metrics::gauge!("sealtape_jobs_oldest_due_age").set(age);
            }
        }
    }
}

impl Running {
    /// Begins nothing new, lets jobs under way finish for `within`, puts back what is not done by then, and returns when
    /// all have ended. Other processes can take what was put back at once.
    pub async fn stop(self, within: Duration) {
        let Self { runner, jobs, tasks } = self;
        let give_up = Instant::now() + within;
        runner.stopping.cancel();
        jobs.close();
        if timeout(give_up.saturating_duration_since(Instant::now()), jobs.wait()).await.is_err() {
            tracing::info!("the time to stop is over: jobs under way are put back");
        }
        runner.over.cancel();
        if timeout(LAST_WORDS, async { tokio::join!(jobs.wait(), tasks.wait()) }).await.is_err() {
            tracing::warn!("background work did not end; its leases run out by themselves");
            runner.dead.cancel();
        }
    }

    /// Ends at once and puts nothing back, as a crash would: leases run out.
    pub fn abort(self) {
        self.runner.dead.cancel();
        self.runner.stopping.cancel();
    }

    /// The runner.
    #[must_use]
    pub const fn runner(&self) -> &Arc<Runner> {
        &self.runner
    }
}

/// Gauges are floating point; counts of jobs are far below where that matters.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

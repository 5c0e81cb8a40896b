//! Jobs of the tests: each does what it is told, when its test lets it.

use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use app::{
    App, AppError,
    jobs::{JobKind, Payload, Report},
};
use domain::{Clock as _, Sensitivity, TenantId};
use policy::access::can;
use sealtape_tests::acceptance::{TestApp, until};
use serde::{Deserialize, Serialize};
use store::{ProjectRow, Store};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use workers::{Backoff, Catalogue, Job, JobCx, JobError, Outcome, Schedule, Sweep};

/// What a probe does when it is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Act {
    /// Reports.
    Report,
    /// Makes a project in the transaction that ends the job.
    Project,
    /// Fails so that trying again may help.
    Fail,
    /// Fails for good.
    Refuse,
    /// Panics.
    Panic,
    /// Takes longer than it may.
    Hang,
}

/// A job of the tests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Probe {
    /// Whose script it follows.
    script: String,
    act: Act,
}

/// What a test sees of its probes, and when it lets them go on.
pub(crate) struct Script {
    begun: AtomicU32,
    pub(crate) log: Mutex<Vec<TenantId>>,
    pub(crate) gate: Semaphore,
    store: Store,
}

static SCRIPTS: LazyLock<Mutex<HashMap<String, Arc<Script>>>> = LazyLock::new(Mutex::default);

#[derive(Serialize)]
pub(crate) struct Probed {
    probed: bool,
}

impl Report for Probed {
    fn is_quiet(&self) -> bool {
        false
    }
}

impl Payload for Probe {
    const KIND: JobKind = JobKind::new("test-probe");
}

impl Job for Probe {
    type Report = Probed;
    const ATTEMPTS: u32 = 3;
    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(10), longest: Duration::from_secs(60) };
    const LIMIT: Duration = Duration::from_millis(200);

    async fn run(self, cx: &JobCx) -> Result<Outcome<Probed>, JobError> {
        // Only the role of background work has such permits, and only for what jobs do.
        assert!(cx.permit::<can::MailSend>().is_ok() && cx.permit::<can::SessionView>().is_err());
        let script = Arc::clone(&SCRIPTS.lock().unwrap()[&self.script]);
        script.log.lock().unwrap().push(cx.tenant());
        script.begun.fetch_add(1, Ordering::SeqCst);
        if self.act != Act::Hang {
            // The gate is not part of the job's own time.
            script.gate.acquire().await.unwrap().forget();
        }
        let again = || AppError::Unavailable { retry_after: Duration::from_secs(1), detail: "a test says so" };
        match self.act {
            Act::Report => Ok(Outcome::Report(Probed { probed: true })),
            Act::Project => {
                let tx = script.store.tenant(cx.tenant()).await.unwrap();
                let now = cx.app().clock().now();
                let id = domain::ProjectId::mint(now, cx.app().entropy());
                let sensitivity = Sensitivity::Normal;
                let row = ProjectRow {
                    tenant_id: cx.tenant(),
                    id,
                    name: id.to_string(),
                    created_at: now,
                    sensitivity,
                    environment: None,
                };
                tx.project_insert(row).await.unwrap();
                cx.app().jobs().complete_in(&tx, cx.held(), &Probed { probed: true }).await?;
                tx.commit().await.unwrap();
                Ok(Outcome::Recorded)
            }
            Act::Fail => Err(JobError::Retry(again())),
            Act::Refuse => Err(AppError::NotFound { kind: "test" }.into()),
            Act::Panic => panic!("a test says so"),
            Act::Hang => std::future::pending().await,
        }
    }
}

/// Longer than any gate stays closed in a test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Patient(Probe);

impl Payload for Patient {
    const KIND: JobKind = JobKind::new("test-patient");
}

impl Job for Patient {
    type Report = Probed;
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<Probed>, JobError> {
        self.0.run(cx).await
    }
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Swept {}

impl Payload for Swept {
    const KIND: JobKind = JobKind::new("test-sweep");
}

impl Job for Swept {
    type Report = Probed;

    async fn run(self, _: &JobCx) -> Result<Outcome<Probed>, JobError> {
        Ok(Outcome::Report(Probed { probed: true }))
    }
}

impl Sweep for Swept {}

/// A sweep during which the process is told to stop.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Interrupted {}

static INTERRUPTION: Mutex<Option<(u32, CancellationToken)>> = Mutex::new(None);

impl Interrupted {
    /// `stop` once so many tenants were looked at.
    pub(crate) fn after(tenants: u32, stop: CancellationToken) {
        *INTERRUPTION.lock().unwrap() = Some((tenants, stop));
    }
}

impl Payload for Interrupted {
    const KIND: JobKind = JobKind::new("test-interrupted");
}

impl Job for Interrupted {
    type Report = Probed;

    async fn run(self, _: &JobCx) -> Result<Outcome<Probed>, JobError> {
        Ok(Outcome::Report(Probed { probed: true }))
    }
}

impl Sweep for Interrupted {
    async fn wanted(_: &App, _: TenantId) -> Result<bool, AppError> {
        let mut interruption = INTERRUPTION.lock().unwrap();
        if let Some((left, stop)) = interruption.as_mut() {
            *left -= 1;
            if *left == 0 {
                stop.cancel();
                *interruption = None;
            }
        }
        Ok(true)
    }
}

pub(crate) fn probes() -> (Catalogue, Vec<Schedule>) {
    (Catalogue::default().with::<Probe>().with::<Patient>(), Vec::new())
}

impl Script {
    /// A new script whose gate lets `open` probes through.
    pub(crate) async fn new(app: &TestApp, name: &str, open: usize) -> Arc<Self> {
        let store = app.store().await;
        let script =
            Arc::new(Self { begun: AtomicU32::new(0), log: Mutex::default(), gate: Semaphore::new(open), store });
        SCRIPTS.lock().unwrap().insert(name.to_owned(), Arc::clone(&script));
        script
    }

    pub(crate) fn begun(&self) -> u32 {
        self.begun.load(Ordering::SeqCst)
    }

    pub(crate) async fn until_begun(&self, count: u32) {
        until("the jobs have begun", || async { (self.begun() >= count).then_some(()) }).await;
    }

    pub(crate) async fn add<P: Payload>(&self, app: &TestApp, tenant: TenantId, payload: &P) {
        // Ids of one millisecond have no order.
        app.clock.advance(Duration::from_millis(1));
        let tx = self.store.tenant(tenant).await.unwrap();
        app.app().jobs().enqueue(&tx, payload, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) fn probe(script: &str, act: Act) -> Probe {
    Probe { script: script.to_owned(), act }
}

pub(crate) fn patient(script: &str, act: Act) -> Patient {
    Patient(probe(script, act))
}

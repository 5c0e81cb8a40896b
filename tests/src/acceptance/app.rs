//! One process of the service, and what it shares with the others.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle};
use app::{
    App, AppError, AppParts,
    finisher::FinisherReport,
    settings::{JobLimits, Limits, Mail, PasswordCost, Settings, TrustedProxies},
};
use domain::{Clock as _, ManualClock, RequestId, SeededEntropy, Timestamp};
use policy::access::{Actor, Authorizer, Holdings, Role, Subject};
use recording::Bounds;
use reqwest::{
    header::{HOST, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde_json::json;
use store::Store;
use tempfile::TempDir;
use testkit::{TestDatabase, Wire};
use url::Url;
use vault::{blob::BlobStore, root::FileKeyring};
use workers::{Catalogue, Runner, Schedule};

use super::{Agent, Client, Tenant, TestDns, until};

/// Where tests begin: 2026-11-22T00:00:00Z in milliseconds.
const START_MS: i64 = 1_795_305_600_000;
/// The console's origin. No name is looked up: each client knows its server's address.
const CONSOLE: &str = "http://console.test";
/// The page that agent keys are good for.
pub(super) const SHOP: &str = "https://shop.example";
/// Tokens are fetched anew a little before they end.
const TOKEN_LIFE: Duration = Duration::from_secs(240);

/// One running process: use cases, listener, clients. Others on the same database and folders come from
/// [`TestApp::another`]. When the last of them is dropped, no blob may be left that no row names.
pub struct TestApp {
    /// The time, for all processes.
    pub clock: Arc<ManualClock>,
    /// The tenant that a test is about.
    pub ours: Tenant,
    /// The tenant that must notice nothing and give nothing away.
    pub theirs: Tenant,
    home: Arc<Home>,
    app: App,
    server: ServerHandle,
    http: reqwest::Client,
    base: String,
    tokens: Mutex<HashMap<String, (Timestamp, String)>>,
}

/// What processes share.
struct Home {
    database: TestDatabase,
    folder: TempDir,
    clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
    /// What names lead to. The machine's resolver is asked for nothing.
    dns: Arc<TestDns>,
    settings: Settings,
    processes: AtomicU32,
    damaged: AtomicBool,
}

impl TestApp {
    /// A process on an empty database and empty folders, with two tenants.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::empty(change).await.with_tenants().await
    }

    async fn with_tenants(mut self) -> Self {
        self.ours = Tenant::create(&self, "ours").await;
        self.theirs = Tenant::create(&self, "theirs").await;
        self
    }

    /// A process on an empty database and empty folders, without any tenant.
    pub async fn empty(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self::on(database().await, settings).await
    }

    /// A process on PostgreSQL, whatever the environment says: for what only several machines can meet.
    pub async fn on_postgres() -> Self {
        Self::on(TestDatabase::postgres().await, settings()).await.with_tenants().await
    }

    async fn on(database: TestDatabase, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(START_MS)));
        let home = Arc::new(Home {
            database,
            folder: TempDir::with_prefix("sealtape-test-").expect("a temporary folder"),
            clock,
            entropy: Arc::new(SeededEntropy::new(seed())),
            dns: Arc::default(),
            settings,
            processes: AtomicU32::new(0),
            damaged: AtomicBool::new(false),
        });
        let store = home.database.store().await;
        Self::open(home, store, None).await.expect("opens")
    }

    /// One more process on the same database and folders: a replica, or the same one after a restart.
    pub async fn another(&self) -> Self {
        self.try_another().await.expect("opens")
    }

    /// The same, when it starts at all.
    ///
    /// # Errors
    /// What the start failed with.
    pub async fn try_another(&self) -> Result<Self, AppError> {
        let store = self.home.database.store().await;
        Self::open(Arc::clone(&self.home), store, Some((&self.ours, &self.theirs))).await
    }

    /// One more process with other settings.
    pub async fn another_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.home.settings.clone();
        change(&mut settings);
        let store = self.home.database.store().await;
        let tenants = Some((&self.ours, &self.theirs));
        Self::open_with(Arc::clone(&self.home), store, settings, tenants).await.expect("opens")
    }

    /// One more process whose line to the database can be cut. PostgreSQL only.
    pub async fn another_over_a_wire(&self) -> (Self, Wire) {
        let wire = Wire::to(&self.home.database);
        let store = Store::connect(wire.config()).await.expect("connects");
        let app = Self::open(Arc::clone(&self.home), store, Some((&self.ours, &self.theirs))).await;
        (app.expect("opens"), wire)
    }

    async fn open(home: Arc<Home>, store: Store, tenants: Option<(&Tenant, &Tenant)>) -> Result<Self, AppError> {
        let settings = home.settings.clone();
        Self::open_with(home, store, settings, tenants).await
    }

    async fn open_with(
        home: Arc<Home>,
        store: Store,
        settings: Settings,
        tenants: Option<(&Tenant, &Tenant)>,
    ) -> Result<Self, AppError> {
        let folder = home.folder.path();
        let keyring = FileKeyring::open_or_create(&folder.join("keyring"), home.entropy.clone());
        let app = App::open(AppParts {
            store,
            blobs: BlobStore::local(&folder.join("blobs")).expect("a blob folder"),
            kms: Arc::new(keyring.map_err(AppError::internal)?),
            deployment: "test".to_owned(),
            clock: home.clock.clone(),
            entropy: home.entropy.clone(),
            resolver: Arc::clone(&home.dns) as Arc<dyn egress::Resolve>,
            settings,
        })
        .await?;
        let (server, addr) = serve(&home, &app);
        home.processes.fetch_add(1, Ordering::SeqCst);
        // The port belongs to the connection and not to the name: all processes answer for one origin.
        let host = HeaderMap::from_iter([(HOST, HeaderValue::from_static("console.test"))]);
        let http = reqwest::Client::builder().default_headers(host).redirect(Policy::none()).no_proxy();
        let nobody = |slug| Tenant {
            id: domain::TenantId::DEPLOYMENT,
            slug,
            project: String::new(),
            agent_key: String::new(),
            agent_key_id: String::new(),
            members: std::collections::BTreeMap::new(),
        };
        let (ours, theirs) =
            tenants.map_or_else(|| (nobody("ours"), nobody("theirs")), |(ours, theirs)| (ours.clone(), theirs.clone()));
        Ok(Self {
            clock: Arc::clone(&home.clock),
            ours,
            theirs,
            app,
            server,
            http: http.build().expect("a client"),
            base: format!("http://{addr}"),
            tokens: Mutex::default(),
            home,
        })
    }

    /// The use cases.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where this process listens: `host:port`.
    #[must_use]
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// A client with this bearer token.
    #[must_use]
    pub fn client(&self, token: &str) -> Client {
        self.anonymous().with_credential(Some(format!("Bearer {token}")))
    }

    /// A client without a credential.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client { http: self.http.clone(), base: self.base.clone(), credential: None }
    }

    /// Our member of this role, signed in.
    pub async fn as_role(&self, role: Role) -> Client {
        self.member(&self.ours, role).await
    }

    /// A tenant's member of this role, signed in.
    pub async fn member(&self, tenant: &Tenant, role: Role) -> Client {
        let member = &tenant.members[&role];
        let now = self.clock.now();
        let known = self.tokens.lock().expect("not poisoned").get(&member.email).cloned();
        if let Some((since, token)) = known
            && now < since.plus(TOKEN_LIFE)
        {
            return self.client(&token);
        }
        let body = json!({ "email": member.email, "password": member.password });
        let answer = self.anonymous().post("/v1/auth/login", &body).await.is(200).json();
        let token = answer["access_token"].as_str().expect("a token").to_owned();
        self.tokens.lock().expect("not poisoned").insert(member.email.clone(), (now, token.clone()));
        self.client(&token)
    }

    /// An agent with our key.
    #[must_use]
    pub fn agent(&self) -> Agent {
        self.ours.agent(self)
    }

    /// The console's origin, as its pages send it.
    #[must_use]
    pub const fn console_origin(&self) -> &'static str {
        CONSOLE
    }

    /// What names lead to that tenants give.
    #[must_use]
    pub fn dns(&self) -> &TestDns {
        &self.home.dns
    }

    /// Milliseconds since the epoch, now.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now().as_millis()
    }

    /// Moves the clock.
    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Finishes the sessions of all tenants that are due, without the queue.
    pub async fn finish_due(&self) -> FinisherReport {
        let authorizer = Authorizer::builtin().await.expect("compiles");
        let mut all = FinisherReport::default();
        for tenant in self.app.tenants().list().await.expect("tenants") {
            let actor = Actor::Worker { name: "session-finisher" };
            let request = RequestId::mint(self.clock.now(), self.app.entropy());
            let subject = Subject { tenant: tenant.id, actor, holdings: Holdings::default(), request };
            let permit = authorizer.authorize(subject).expect("a worker may");
            // A tenant that fails does not stop the others, as in the queue.
            let Ok(report) = self.app.finisher().tenant(&permit).await else { continue };
            all.closed += report.closed;
            all.resealed += report.resealed;
            all.progressed += report.progressed;
            all.postponed += report.postponed;
            all.failed += report.failed;
        }
        all
    }

    /// A runner of every job of Sealtape, which works when it is told to.
    pub async fn runner(&self) -> Runner {
        self.runner_of(workers::standard(Duration::from_secs(4))).await
    }

    /// A runner of other jobs.
    pub async fn runner_of(&self, jobs: (Catalogue, Vec<Schedule>)) -> Runner {
        Runner::new(self.app.clone(), self.app.settings().jobs, jobs).await.expect("compiles")
    }

    /// One more connection to the same database, for what only use cases do otherwise.
    pub async fn store(&self) -> Store {
        self.home.database.store().await
    }

    /// Places and signs what is in the audit logs, as the server does all the time.
    pub async fn tend_ledger(&self) {
        let mut signer = self.app.ledger().signer(&self.signer_file()).await.expect("has its key and memory");
        // Once for the tenants' logs and once for the deployment's, in which their heads are then.
        for _ in 0..2 {
            while self.app.ledger().sequence().await.expect("places") > 0 {}
            signer.sign().await.expect("signs");
        }
    }

    /// Works on every job that is due, those of schedules included, on current audit logs; how many attempts that were.
    pub async fn work_on_jobs(&self) -> usize {
        self.tend_ledger().await;
        self.work_on_jobs_alone().await
    }

    /// The same while nobody tends the audit logs.
    pub async fn work_on_jobs_alone(&self) -> usize {
        let runner = self.runner().await;
        for schedule in runner.schedules() {
            runner.fire(schedule).await.expect("adds a sweep");
        }
        runner.drain().await.expect("works")
    }

    /// The folder of blobs.
    #[must_use]
    pub fn blob_folder(&self) -> PathBuf {
        self.home.folder.path().join("blobs")
    }

    /// The folder of root keys.
    #[must_use]
    pub fn keyring_folder(&self) -> PathBuf {
        self.home.folder.path().join("keyring")
    }

    /// What the signer of audit logs remembers.
    #[must_use]
    pub fn signer_file(&self) -> PathBuf {
        self.home.folder.path().join("ledger-signer.json")
    }

    /// Says that the test breaks what is stored: nothing is checked at the end.
    pub fn expect_damage(&self) {
        self.home.damaged.store(true, Ordering::SeqCst);
    }

    pub(super) fn database(&self) -> &TestDatabase {
        &self.home.database
    }

    async fn assert_no_orphans(&self) {
        until("every blob is named by a row", || async {
            let (there, named) = (self.blob_files(), self.named_blobs().await);
            (there == named).then_some(())
        })
        .await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.server.stop(false));
        let last = self.home.processes.fetch_sub(1, Ordering::SeqCst) == 1;
        if !last || std::thread::panicking() || self.home.damaged.load(Ordering::SeqCst) {
            return;
        }
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.assert_no_orphans()));
    }
}

fn serve(home: &Home, app: &App) -> (ServerHandle, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("has an address");
    let interface =
        api::Interface::new(app.clone(), home.clock.clone(), home.entropy.clone(), None).expect("origins differ");
    let server = HttpServer::new(move || interface.service())
        .workers(1)
        .disable_signals()
        .listen(listener)
        .expect("listens")
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    (handle, addr)
}

fn settings() -> Settings {
    let url = |text: &str| Url::parse(text).expect("a url");
    Settings {
        console_origin: url(CONSOLE),
        replay_origin: url("http://replay.test"),
        shop_origin: None,
        demo: false,
        trusted_proxies: TrustedProxies::default(),
        bounds: Bounds::default(),
        // Rates are real time: a test that is not about them must not meet them.
        limits: Limits {
            logins_per_minute: 100_000,
            account_logins_per_minute: 100_000,
            token_tries_per_minute: 100_000,
            password_resets_per_hour: 100_000,
            invitations_per_hour: 100_000,
            exports_per_day: 100_000,
            person_searches_per_hour: 100_000,
            audit_exports_per_day: 100_000,
            ahead_wait_millis: 100,
            ..Limits::default()
        },
        password: PasswordCost { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 },
        jobs: JobLimits::default(),
        mail: Mail::default(),
        egress: egress::Policy::default(),
        witnesses: Vec::new(),
        anchors: None,
    }
}

async fn database() -> TestDatabase {
    match std::env::var("SEALTAPE_TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => TestDatabase::sqlite().await,
        Ok("postgres") => {
            let given = std::env::var_os("SEALTAPE_TEST_PG").is_some();
            assert!(
                given,
                "SEALTAPE_TEST_DATABASE=postgres needs SEALTAPE_TEST_PG: set it to what `tests/pg.sh start DIR` prints"
            );
            TestDatabase::postgres().await
        }
        Ok(other) => panic!("SEALTAPE_TEST_DATABASE is sqlite or postgres, not {other}"),
    }
}

/// One seed per test: runs repeat, and no two tests share ids.
fn seed() -> u64 {
    let mut hasher = DefaultHasher::new();
    std::thread::current().name().unwrap_or("main").hash(&mut hasher);
    hasher.finish()
}

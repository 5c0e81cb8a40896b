//! A deployment in this process on one database, and the plain tables beside it.

use std::sync::{Arc, Mutex};

use app::{
    App, AppParts,
    settings::{JobLimits, Limits, Mail, PasswordCost, Settings, TrustedProxies},
};
use domain::{Clock as _, LoginId, MemberId, ProjectId, RequestId, Sensitivity, SystemClock, SystemEntropy, TenantId};
use ledger::{Actor as LeafActor, Leaf, Object, Outcome};
use policy::access::{Actor, Authorizer, POLICY_NAME, Permit, Role, Subject, can};
use recording::Bounds;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement, Value};
use store::{Backend, ProjectRow, Store};
use tempfile::TempDir;
use testkit::TestDatabase;
use tokio::time::Instant;
use url::Url;
use vault::{blob::BlobStore, root::FileKeyring};

use super::{CLIENTS, chain};

/// The plain tables: what an act writes, without anything that protects it.
const PLAIN: &str = "CREATE TABLE bench_plain (
  tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, created_at bigint NOT NULL, sensitivity text NOT NULL,
  environment text, PRIMARY KEY (tenant_id, id))";

/// One tenant, somebody who may act in it, and how acts are done.
pub(super) struct Deployed {
    pub(super) app: App,
    pub(super) store: Store,
    pub(super) tenant: TenantId,
    /// Acts that were acknowledged, and when.
    pub(super) done: Mutex<Vec<(ProjectId, Instant)>>,
    permit: Permit<can::ProjectCreate>,
    /// As one who may do everything and whom row security does not bind: what it is compared with gets the best of it.
    plain: DatabaseConnection,
    folder: TempDir,
    database: TestDatabase,
}

impl Deployed {
    pub(super) async fn on(database: TestDatabase) -> Arc<Self> {
        let folder = TempDir::with_prefix("sealtape-bench-").expect("a temporary folder");
        let mut config = database.config().clone();
        config.max_connections = u32::try_from(CLIENTS).expect("few");
        let store = Store::connect(&config).await.expect("connects");
        let keyring = FileKeyring::open_or_create(&folder.path().join("keyring"), Arc::new(SystemEntropy));
        let app = App::open(AppParts {
            store: store.clone(),
            blobs: BlobStore::local(&folder.path().join("blobs")).expect("a blob folder"),
            kms: Arc::new(keyring.expect("a keyring")),
            deployment: "bench".to_owned(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            resolver: Arc::new(egress::SystemResolver),
            settings: settings(),
        });
        let app = app.await.expect("opens");
        let tenant = app.tenants().create("bench", "bench", false).await.expect("makes a tenant");
        let (now, permit) = (SystemClock.now(), Authorizer::builtin().await.expect("compiles"));
        let actor =
            Actor::Member { id: MemberId::mint(now, &SystemEntropy), login: LoginId::mint(now, &SystemEntropy) };
        let holdings = permit.holdings([Role::Owner].into_iter().collect());
        let request = RequestId::mint(now, &SystemEntropy);
        let permit = permit.authorize(Subject { tenant, actor, holdings, request }).expect("an owner may");
        let plain = plain(&database).await;
        plain.execute_unprepared(PLAIN).await.expect("makes a table");
        chain::create(&plain, tenant).await;
        Arc::new(Self { app, store, tenant, done: Mutex::default(), permit, plain, folder, database })
    }

    /// The use case: a small row and its leaf in one transaction.
    pub(super) async fn audited(&self) {
        let made = self.app.projects().create(&self.permit, name(), None).await.expect("acts");
        self.done.lock().expect("not poisoned").push((made.id, Instant::now()));
    }

    /// The same transaction without its leaf.
    pub(super) async fn unaudited(&self) {
        let tx = self.store.tenant(self.tenant).await.expect("begins");
        tx.project_insert(self.row()).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    /// The same row as one statement, in a table with nothing but its key.
    pub(super) async fn plain(&self) {
        self.plain.execute_raw(self.plain_insert()).await.expect("inserts");
    }

    /// The same row with a chain of hashes, kept behind a lock.
    pub(super) async fn chained(&self) {
        let row = self.row();
        chain::act(&self.plain, self.plain_insert(), self.tenant, &self.leaf(row.id)).await;
    }

    /// One more connection, for looks that must not wait for clients.
    pub(super) async fn observer(&self) -> Store {
        let mut config = self.database.config().clone();
        config.max_connections = 1;
        Store::connect(&config).await.expect("connects")
    }

    /// What the signer remembers.
    pub(super) fn signer_file(&self) -> std::path::PathBuf {
        self.folder.path().join("ledger-signer.json")
    }

    fn row(&self) -> ProjectRow {
        let now = SystemClock.now();
        ProjectRow {
            tenant_id: self.tenant,
            id: ProjectId::mint(now, &SystemEntropy),
            name: name(),
            created_at: now,
            sensitivity: Sensitivity::Normal,
            environment: None,
        }
    }

    fn plain_insert(&self) -> Statement {
        let row = self.row();
        let values: [Value; 5] = [
            row.tenant_id.uuid().into(),
            row.id.uuid().into(),
            row.name.into(),
            row.created_at.as_micros().into(),
            row.sensitivity.as_str().into(),
        ];
        let sql = "INSERT INTO bench_plain (tenant_id, id, name, created_at, sensitivity) VALUES ($1, $2, $3, $4, $5)";
        Statement::from_sql_and_values(self.plain.get_database_backend(), sql, values)
    }

    /// The bytes that the use case puts on record.
    fn leaf(&self, project: ProjectId) -> Vec<u8> {
        let (now, Actor::Member { id, .. }) = (SystemClock.now(), self.permit.actor()) else {
            unreachable!("the permit is a member's")
        };
        let leaf = Leaf {
            id: domain::AuditId::mint(now, &SystemEntropy),
            t: now,
            tenant: self.tenant,
            actor: LeafActor::User(*id),
            act: "project.create".into(),
            obj: Object::Project(project),
            out: Outcome::Allow,
            rule: format!("{POLICY_NAME}/owner/project.create"),
            req: self.permit.request(),
            d: None,
        };
        leaf.to_bytes().expect("is a leaf")
    }
}

/// As long as a short note, and nobody else's.
fn name() -> String {
    format!("{} {}", ProjectId::mint(SystemClock.now(), &SystemEntropy), "note".repeat(8))
}

async fn plain(database: &TestDatabase) -> DatabaseConnection {
    let is_sqlite = database.backend() == Backend::Sqlite;
    let mut options = ConnectOptions::new(database.admin_url());
    let connections = if is_sqlite { 1 } else { u32::try_from(CLIENTS).expect("few") };
    options.max_connections(connections).min_connections(connections).sqlx_logging(false);
    let plain = Database::connect(options).await.expect("connects");
    if is_sqlite {
        // As the store has it: one writer, durable at each commit.
        let pragmas = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 0";
        plain.execute_unprepared(pragmas).await.expect("sets");
    } else {
        let asked = Statement::from_string(plain.get_database_backend(), "SHOW fsync");
        let row = plain.query_one_raw(asked).await.expect("answers").expect("one row");
        assert_eq!(row.try_get::<String>("", "fsync").expect("text"), "on", "tests/bench.sh starts a durable cluster");
    }
    plain
}

fn settings() -> Settings {
    let url = |text: &str| Url::parse(text).expect("a url");
    Settings {
        console_origin: url("http://console.test"),
        replay_origin: url("http://replay.test"),
        shop_origin: None,
        demo: false,
        trusted_proxies: TrustedProxies::default(),
        bounds: Bounds::default(),
        limits: Limits::default(),
        password: PasswordCost::default(),
        jobs: JobLimits::default(),
        mail: Mail::default(),
        egress: egress::Policy::default(),
        witnesses: Vec::new(),
        anchors: None,
    }
}

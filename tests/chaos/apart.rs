//! `sealtape sign` apart from `serve`, on PostgreSQL: the server alone signs nothing and says so; a signer that is killed at work
//! goes on where it was.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use domain::{AuditId, Clock as _, RequestId, SeededEntropy, SystemClock, SystemEntropy, TenantId};
use ledger::{Actor, Leaf, Object, Outcome};
use sealtape_tests::process::{Account, Member};
use serde_json::{Value, json};
use store::{AuditOutboxRow, Store};
use testkit::TestDatabase;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::{Instant, timeout},
};

use crate::{
    binary,
    kill::{TellSeed, draw, number},
    ledger::Auditor,
};

/// The longest that a process or a signature may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at what no event tells.
const LOOK: Duration = Duration::from_millis(50);
/// A signer of the same process would have signed several times within this.
const SIGNED_BY_THEN: Duration = Duration::from_secs(3);
/// Acts between two kills.
const BURST: usize = 20;
/// Longest time between the begin of a burst and the kill.
const AT_WORK_US: u64 = 1_500_000;
const PASSWORD: &str = "correct horse battery 9";
const ANY: &str = "127.0.0.1:0";

/// A process of the deployment, killed when dropped.
struct Process {
    child: Child,
    said: Vec<String>,
}

impl Process {
    /// Starts `sealtape` with these words and waits until it says that it is ready.
    async fn start(words: &[&str], database: &TestDatabase, folder: &Path, data: &str) -> Self {
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SEALTAPE__")) {
            command.env_remove(name);
        }
        command.args(words).args(["--metrics-listen", ANY, "--data", data]).current_dir(folder);
        command.env("SEALTAPE__DATABASE__URL", &database.config().url);
        command.env("SEALTAPE__DATABASE__SYSTEM_URL", database.config().system_url.as_ref().expect("has one"));
        command.env("SEALTAPE__KEYS__ACCEPT_FILE_KEYRING", "true").env("SEALTAPE__LEDGER__SIGN", "false");
        command.env("SEALTAPE__PASSWORD__MEMORY_KIB", "64").env("SEALTAPE__PASSWORD__PASSES", "1");
        let log = std::fs::File::create(folder.join(format!("{data}.log"))).expect("a log file");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().expect("starts");
        let mut out = BufReader::new(child.stdout.take().expect("is piped")).lines();
        let mut said = Vec::new();
        let ready = async {
            while let Some(line) = out.next_line().await.expect("reads") {
                said.push(line);
                if said.last().is_some_and(|line| line.starts_with("ready: ")) {
                    return true;
                }
            }
            false
        };
        let ready = timeout(PATIENCE, ready).await.unwrap_or(false);
        let log = || std::fs::read_to_string(folder.join(format!("{data}.log"))).unwrap_or_default();
        assert!(ready, "{words:?} said {said:?} and {}", log());
        Self { child, said }
    }

    /// The word behind the last space of the line that begins so.
    fn told(&self, begin: &str, word: usize) -> String {
        let line = self.said.iter().find(|line| line.starts_with(begin));
        let line = line.unwrap_or_else(|| panic!("{begin}: {:?}", self.said));
        line.split(' ').nth(word).expect("has that word").to_owned()
    }

    async fn kill(mut self) {
        self.child.kill().await.expect("can be killed");
    }
}

/// The root keys and the deployment's name, as an operator gives them to the machine that signs.
fn hand_over(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("makes it");
    for entry in std::fs::read_dir(from).expect("is there") {
        let entry = entry.expect("an entry");
        let copy = to.join(entry.file_name());
        if entry.path().is_dir() {
            hand_over(&entry.path(), &copy);
        } else {
            std::fs::copy(entry.path(), copy).expect("copies");
        }
    }
}

/// The first tenant, and its owner signed in.
async fn set_up(server: &Process) -> Member {
    let address: SocketAddr = server.told("listening on ", 2).parse().expect("an address");
    let line = server.said.iter().find(|line| line.starts_with("set-up: open ")).expect("says how");
    let token = line.rsplit(' ').next().expect("a token");
    let origin = format!("http://localhost:{}", address.port());
    let http = reqwest::Client::builder().resolve("localhost", address).timeout(PATIENCE);
    let http = http.pool_idle_timeout(Duration::from_secs(2)).build().expect("a client");
    let first = json!({
        "setup_token": token,
        "tenant": { "slug": "acme", "name": "Acme" },
        "owner": { "name": "Ada", "email": "ada@acme.example", "password": PASSWORD },
        "privacy_officer": { "email": "grace@acme.example" },
    });
    let done = http.post(format!("{origin}/v1/setup")).json(&first).send().await.expect("an answer");
    assert_eq!(done.status(), 201, "{}", done.text().await.unwrap_or_default());
    let owner: Account =
        serde_json::from_value(json!({ "email": "ada@acme.example", "password": PASSWORD })).expect("an account");
    Member::sign_in(http, origin, &owner).await
}

/// An act of two minutes ago that was put on record by somebody else.
async fn act_of_long_ago(store: &Store, tenant: TenantId) {
    let then = SystemClock.now().minus(Duration::from_secs(120));
    let leaf = Leaf {
        id: AuditId::mint(then, &SystemEntropy),
        t: then,
        tenant,
        actor: Actor::Worker("test".into()),
        act: "test.add".into(),
        obj: Object::Tenant(tenant),
        out: Outcome::Allow,
        rule: "test".to_owned(),
        req: RequestId::mint(then, &SystemEntropy),
        d: None,
    };
    let tx = store.tenant(tenant).await.expect("begins");
    let row = AuditOutboxRow {
        tenant_id: tenant,
        id: leaf.id,
        leaf: leaf.to_bytes().expect("small"),
        detail_sealed: None,
        leaf_index: None,
        created_at: then,
    };
    tx.audit_insert(row).await.expect("inserts");
    tx.commit().await.expect("commits");
}

/// Acts that are acknowledged: projects of these names.
async fn acts(owner: &Member, burst: usize) {
    for number in 0..BURST {
        let made = owner.post("/v1/projects", &json!({ "name": format!("project {burst}-{number}") })).await;
        assert_eq!(made.status(), 201);
    }
}

async fn health(owner: &Member) -> Value {
    owner.json("/v1/audit/health").await
}

/// All checkpoints there are: sizes with their roots.
async fn checkpoints(owner: &Member) -> BTreeMap<u64, String> {
    let (mut roots, mut path) = (BTreeMap::new(), "/v1/audit/checkpoints?limit=200".to_owned());
    loop {
        let page = owner.json(&path).await;
        for item in page["items"].as_array().expect("items") {
            let root = item["root"].as_str().expect("a root").to_owned();
            let size = item["size"].as_u64().expect("a size");
            let known = roots.entry(size).or_insert_with(|| root.clone());
            assert_eq!(*known, root, "two roots for {size} entries: a fork");
        }
        let Some(cursor) = page["next_cursor"].as_str() else { return roots };
        path = format!("/v1/audit/checkpoints?limit=200&cursor={cursor}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_apart_goes_on_after_kill_9_and_the_server_alone_signs_nothing() {
    let kills = number("SEALTAPE_PROVE_KILL").unwrap_or(3);
    let seed = number("SEALTAPE_PROVE_SEED").unwrap_or_else(|| SystemClock.now().as_micros().unsigned_abs());
    let _told = TellSeed(seed);
    let moments = SeededEntropy::new(seed);
    let database = TestDatabase::postgres().await;
    let folder = tempfile::tempdir().expect("a folder");
    let serve = ["serve", "--listen", ANY];
    let server = Process::start(&serve, &database, folder.path(), "serving").await;
    let owner = set_up(&server).await;
    let tenant: TenantId = owner.json("/v1/me").await["tenant"]["id"].as_str().expect("an id").parse().expect("an id");
    let store = database.store().await;

    // Alone: nothing gets a place or a signature, and whoever may read the log is told so.
    act_of_long_ago(&store, tenant).await;
    acts(&owner, 0).await;
    let until = Instant::now() + SIGNED_BY_THEN;
    while Instant::now() < until {
        let alone = health(&owner).await;
        assert_eq!((&alone["state"], &alone["size"], &alone["checkpoint"]), (&json!("late"), &json!(0), &Value::Null));
        tokio::time::sleep(LOOK).await;
    }
    assert!(health(&owner).await["waiting"].as_u64().expect("a number") > BURST as u64);

    // The signer has a data folder and a state folder of its own, with the deployment's keys.
    hand_over(&folder.path().join("serving-state"), &folder.path().join("signing-state"));
    let mut signer = Process::start(&["sign"], &database, folder.path(), "signing").await;
    let auditor = Auditor::signed_in(owner.clone()).await;
    let mut kept = vec![auditor.beyond(BURST as u64).await];
    for kill in 0..kills {
        // At work: acts go on while it is killed, at any moment of placing, remembering and signing.
        let at_work = async {
            tokio::time::sleep(Duration::from_micros(draw(&moments, AT_WORK_US))).await;
            signer.kill().await;
        };
        tokio::join!(acts(&owner, 1 + usize::try_from(kill).expect("few")), at_work);
        let before = checkpoints(&owner).await;
        let memory = std::fs::read(folder.path().join("signing-state/ledger-signer.json")).expect("is whole");
        serde_json::from_slice::<Value>(&memory).expect("is whole");
        // The server goes on alone, and signs nothing of it.
        acts(&owner, 100 + usize::try_from(kill).expect("few")).await;
        assert_eq!(checkpoints(&owner).await, before);

        signer = Process::start(&["sign"], &database, folder.path(), "signing").await;
        let size = *before.keys().next_back().expect("something was signed");
        kept.push(auditor.beyond(size).await);
        let after = checkpoints(&owner).await;
        assert!(before.iter().all(|(size, root)| after.get(size) == Some(root)), "nothing signed has changed");
    }

    // In the end everything acknowledged is in one tree, which continues every head that anybody has seen.
    let all = 1 + BURST * usize::try_from(1 + 2 * kills).expect("few");
    let patience = Instant::now() + PATIENCE;
    let head = loop {
        let head = auditor.beyond(kept.last().expect("one at least").size - 1).await;
        let leaves = auditor.leaves(head).await;
        assert!(leaves.iter().all(|leaf| leaf.act != "integrity.fail"), "nothing was refused");
        if leaves.iter().filter(|leaf| matches!(&*leaf.act, "project.create" | "test.add")).count() == all {
            break head;
        }
        assert!(Instant::now() < patience, "everything acknowledged is signed in the end");
        tokio::time::sleep(LOOK).await;
    };
    for earlier in kept {
        auditor.check_consistency(earlier, head).await;
    }
    assert_eq!(health(&owner).await["alarm"], Value::Null);
    let said: PathBuf = folder.path().join("signing.log");
    assert!(!std::fs::read_to_string(said).expect("a log").contains("is refused"));
    signer.kill().await;
    store.close().await.expect("closes");
}

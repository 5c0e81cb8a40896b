//! The real server on free ports in a folder of its own.

use std::{
    net::SocketAddr,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
};

const ANY: &str = "127.0.0.1:0";
/// A command that should end and does not is a failure, not a hang.
const PATIENCE: Duration = Duration::from_secs(30);

struct Process {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Process {
    fn start(folder: &Path, flags: &[&str]) -> Self {
        let mut child = sealtape(folder);
        child
            .args(["serve", "--listen", ANY, "--metrics-listen", ANY])
            .args(flags)
            .arg("--data")
            .arg(folder.join("data"));
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().expect("starts");
        let out = BufReader::new(child.stdout.take().expect("is piped")).lines();
        Self { child, out, said: Vec::new() }
    }

    async fn ready(&mut self) {
        while let Some(line) = self.out.next_line().await.expect("reads") {
            self.said.push(line);
            if self.said.last().is_some_and(|line| line.starts_with("ready: ")) {
                return;
            }
        }
        panic!("ended without being ready: {:?}", self.said);
    }

    fn addr(&self, what: &str) -> SocketAddr {
        let line = self.said.iter().find(|line| line.starts_with("listening on ") && line.contains(what));
        let line = line.unwrap_or_else(|| panic!("{what}: {:?}", self.said));
        line.split(' ').nth(2).and_then(|addr| addr.parse().ok()).expect("an address")
    }

    async fn stop(mut self) -> ExitStatus {
        let id = self.child.id().expect("runs").to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs");
        assert!(killed.success());
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("ends").expect("waits")
    }
}

fn sealtape(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealtape"));
    // Cheap hashes: what they cost is not what is tested here.
    command.current_dir(folder).env("SEALTAPE__PASSWORD__MEMORY_KIB", "64").env("SEALTAPE__PASSWORD__PASSES", "1");
    command
}

async fn run(folder: &Path, args: &[&str]) -> (bool, String, String) {
    let output = sealtape(folder).args(args).kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, output).await.expect("ends").expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

async fn get(addr: SocketAddr, host: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(addr).await.expect("connects");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sends");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("reads");
    let answer = String::from_utf8(answer).expect("is text");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer.split_once("\r\n\r\n").expect("has a body").1.to_owned())
}

#[tokio::test]
async fn serves_its_own_hosts_and_stops_when_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Process::start(folder.path(), &[]);
    server.ready().await;
    let addr = server.addr("console");

    let (status, body) = get(addr, &format!("localhost:{}", addr.port()), "/v1/deployment").await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains(&format!(r#""replay_origin":"http://127.0.0.1:{}""#, addr.port())), "{body}");
    assert!(body.contains(r#""demo":false"#), "{body}");
    let (status, body) = get(addr, "evil.test", "/v1/deployment").await;
    assert_eq!(status, 421, "{body}");

    let probes = server.addr("probes");
    assert_eq!(get(probes, "any", "/healthz").await.0, 200);
    assert_eq!(get(probes, "any", "/readyz").await.0, 200);
    let (_, metrics) = get(probes, "any", "/metrics").await;
    assert!(metrics.contains("sealtape_http_request_seconds"), "{metrics}");

    let mut second = Process::start(folder.path(), &[]);
    let ended = tokio::time::timeout(PATIENCE, second.child.wait()).await.expect("a second process on one folder ends");
    assert!(!ended.expect("waits").success());
    assert!(server.stop().await.success());
    let mut again = Process::start(folder.path(), &[]);
    again.ready().await;
    assert!(again.stop().await.success());
}

async fn post(addr: SocketAddr, path: &str, body: &serde_json::Value) -> (u16, String) {
    let mut stream = TcpStream::connect(addr).await.expect("connects");
    let body = body.to_string();
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close", addr.port());
    let request = format!("{head}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.expect("sends");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("reads");
    let answer = String::from_utf8(answer).expect("is text");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer.split_once("\r\n\r\n").expect("has a body").1.to_owned())
}

fn first_run(token: &str) -> serde_json::Value {
    serde_json::json!({
        "setup_token": token,
        "tenant": { "slug": "acme", "name": "Acme" },
        "owner": { "name": "Ada", "email": "ada@acme.example", "password": "correct horse battery 9" },
        "privacy_officer": { "email": "grace@acme.example" },
    })
}

#[tokio::test]
async fn the_first_run_is_by_the_token_of_the_terminal_or_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Process::start(folder.path(), &[]);
    server.ready().await;
    let line = server.said.iter().find(|line| line.starts_with("set-up: open ")).expect("says how");
    let token = line.rsplit(' ').next().expect("a token").to_owned();
    let addr = server.addr("console");
    assert!(line.contains(&format!("http://localhost:{}/setup", addr.port())), "{line}");
    assert_eq!(post(addr, "/v1/setup", &first_run("wrong")).await.0, 403);
    // A token is good for one run of the server.
    assert!(server.stop().await.success());
    std::fs::write(folder.path().join("token"), "a-token-from-a-secret-file\n").expect("writes");
    std::fs::write(folder.path().join("sealtape.toml"), "[server]\nsetup_token_file = \"token\"\n").expect("writes");
    let mut server = Process::start(folder.path(), &[]);
    server.ready().await;
    assert!(!server.said.iter().any(|line| line.contains("a-token-from-a-secret-file")), "{:?}", server.said);
    let addr = server.addr("console");
    assert_eq!(post(addr, "/v1/setup", &first_run(&token)).await.0, 403);
    let (status, done) = post(addr, "/v1/setup", &first_run("a-token-from-a-secret-file")).await;
    assert_eq!(status, 201, "{done}");
    assert!(done.contains(&format!("http://localhost:{}/invitation#", addr.port())), "{done}");
    assert!(server.stop().await.success());
    // Then the file is not needed any more, and nothing is offered.
    std::fs::remove_file(folder.path().join("token")).expect("removes");
    let mut server = Process::start(folder.path(), &[]);
    server.ready().await;
    assert!(!server.said.iter().any(|line| line.starts_with("set-up")), "{:?}", server.said);
    let addr = server.addr("console");
    assert_eq!(post(addr, "/v1/setup", &first_run("a-token-from-a-secret-file")).await.0, 409);
    assert!(server.stop().await.success());

    let other = tempfile::tempdir().expect("a folder");
    for text in ["", "short"] {
        std::fs::write(other.path().join("token"), text).expect("writes");
        std::fs::write(other.path().join("sealtape.toml"), "[server]\nsetup_token_file = \"token\"\n").expect("writes");
        let args = ["serve", "--data", "data", "--listen", ANY, "--metrics-listen", ANY];
        let (good, _, error) = run(other.path(), &args).await;
        assert!(!good && error.contains("server.setup_token_file: the token must have at least 20"), "{error}");
    }
}

#[cfg(feature = "demo")]
#[tokio::test]
async fn a_demo_is_made_once_and_told_to_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = ["--demo", "--shop-listen", ANY];
    let mut server = Process::start(folder.path(), &flags);
    server.ready().await;
    let demo_args = ["demo", "--json", "--data", "data"];
    let (good, sheet, error) = run(folder.path(), &demo_args).await;
    assert!(good, "{error}");
    let sheet: serde_json::Value = serde_json::from_str(&sheet).expect("is JSON");
    assert_eq!(sheet["tenant"]["slug"], "demo");
    let password = sheet["engineer"]["password"].as_str().expect("a password");
    assert!(server.said.iter().any(|line| line.contains(password)), "the box shows it");

    let addr = server.addr("console");
    let (status, told) = get(addr, &format!("localhost:{}", addr.port()), "/v1/demo").await;
    assert_eq!(status, 200);
    assert!(told.contains(password) && told.contains(r#""role":"privacy-officer""#), "{told}");
    let shop = server.addr("shop");
    let (status, products) = get(shop, &shop.to_string(), "/api/products").await;
    assert_eq!(status, 200);
    assert!(products.contains("moon-vase"));
    assert_eq!(get(shop, "localhost:8080", "/api/products").await.0, 421);
    assert!(server.stop().await.success());

    let mut again = Process::start(folder.path(), &flags);
    again.ready().await;
    let (_, kept, _) = run(folder.path(), &demo_args).await;
    let kept: serde_json::Value = serde_json::from_str(&kept).expect("is JSON");
    assert_eq!(kept["engineer"], sheet["engineer"], "passwords stay with the folder");
    assert_ne!(kept["agent_key"], sheet["agent_key"], "the shop moved to another port: another origin, another key");
    assert!(again.stop().await.success());

    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(folder.path().join("data-state/demo.json")).expect("is there").permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let (good, _, error) =
        run(folder.path(), &["serve", "--data", "data", "--listen", ANY, "--metrics-listen", ANY]).await;
    assert!(!good && error.contains("this data folder belongs to a demo"), "{error}");
}

#[cfg(feature = "demo")]
#[tokio::test]
async fn a_demo_can_be_made_without_a_server_and_refuses_what_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, first, error) = run(folder.path(), &["demo", "--json", "--data", "data"]).await;
    assert!(good, "{error}");
    let (_, second, _) = run(folder.path(), &["demo", "--json", "--data", "data"]).await;
    assert_eq!(first, second);

    let open = ["serve", "--demo", "--data", "data", "--listen", "0.0.0.0:0", "--metrics-listen", ANY];
    let origins = ["--console-origin", "https://a.test", "--replay-origin", "https://b.test"];
    let (good, _, error) = run(folder.path(), &[&open[..], &origins[..]].concat()).await;
    assert!(!good && error.contains("listens on this machine only: --listen 0.0.0.0:0 is refused"), "{error}");

    let real = folder.path().join("real");
    std::fs::create_dir(&real).expect("makes it");
    make_real_tenant(&real).await;
    let (good, _, error) = run(folder.path(), &["demo", "--json", "--data", "real"]).await;
    assert!(!good && error.contains("it holds a tenant that is not the demo's"), "{error}");
}

#[cfg(feature = "demo")]
async fn make_real_tenant(data: &Path) {
    use domain::{SystemEntropy, TenantId, Timestamp};
    let file = data.join("sealtape.db");
    let now = Timestamp::from_millis(1_790_000_000_000);
    store::migrate_embedded(&file, now).await.expect("migrates");
    let store = store::Store::connect(&store::DatabaseConfig::sqlite(&file)).await.expect("opens");
    let system = store.system("test").await.expect("opens");
    let row = store::TenantRow {
        id: TenantId::mint(now, &SystemEntropy),
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        state: store::TenantState::Active,
        demo: false,
        key_epoch: 1,
        created_at: now,
    };
    system.tenant_insert(row).await.expect("inserts");
    system.commit().await.expect("commits");
    store.close().await.expect("closes");
}

#[tokio::test]
async fn commands_print_their_result_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, document, error) = run(folder.path(), &["openapi"]).await;
    assert!(good, "{error}");
    assert!(document.starts_with("{\n") && document.ends_with("}\n"));
    serde_json::from_str::<serde_json::Value>(&document).expect("is JSON");

    let (good, settings, error) = run(folder.path(), &["check-config", "--listen", "127.0.0.1:7000"]).await;
    assert!(good, "{error}");
    assert!(
        settings
            .lines()
            .any(|line| line.starts_with("listen = \"127.0.0.1:7000\"") && line.ends_with("# the command line"))
    );
    std::fs::write(folder.path().join("sealtape.toml"), "[server]\nlistn = 1\n").expect("writes");
    let (good, _, error) = run(folder.path(), &["check-config"]).await;
    assert!(!good && error.starts_with("sealtape: sealtape.toml: server.listn: no such setting"), "{error}");
    std::fs::remove_file(folder.path().join("sealtape.toml")).expect("removes");

    for _ in 0..2 {
        let (good, said, error) = run(folder.path(), &["migrate", "--data", "fresh"]).await;
        assert!(good && said == "the database is up to date\n", "{said} {error}");
    }
}

/// Beside a server that runs and without one: the whole log in a file, and the verifier agrees.
#[tokio::test]
async fn the_audit_log_is_taken_out_at_the_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let export = async |out: &str, more: &[&str]| {
        run(folder.path(), &[&["audit", "export", "--data", "data", "--out", out][..], more].concat()).await
    };
    let (done, _, err) = export("none", &[]).await;
    assert!(!done && err.contains("there is no database in"), "{err}");
    let mut server = Process::start(folder.path(), &["--demo", "--shop-listen", ANY]);
    server.ready().await;
    let signed = async {
        loop {
            let (done, out, err) = export("log", &[]).await;
            if done {
                return out;
            }
            assert!(err.contains("nothing of the audit log is signed yet"), "{err}");
        }
    };
    let said = tokio::time::timeout(PATIENCE, signed).await.expect("a checkpoint is signed within seconds");
    assert!(said.contains(" entries of sealtape/") && said.contains(" are in log"), "{said}");
    let (done, _, err) = export("log", &[]).await;
    assert!(!done && err.contains("cannot write log"), "never over a file: {err}");
    assert!(server.stop().await.success());

    let (done, again, err) = export("later", &["--tenant", "demo"]).await;
    assert!(done, "{err}");
    let key = again.lines().find_map(|line| line.strip_prefix("key as this database has it: ")).expect("the key");
    for file in ["log", "later"] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("was written");
        let origin = key.split('+').next().expect("a name");
        assert!(
            text.starts_with(&format!(r#"{{"log":{{"format":"sealtape-audit-log/v1","origin":"{origin}""#)),
            "{text}"
        );
        assert!(text.lines().last().is_some_and(|line| line.starts_with(r#"{"checkpoint":"#)), "{text}");
    }
    let (done, _, err) = export("other", &["--tenant", "nobody"]).await;
    assert!(!done && err.contains("there is no tenant nobody"), "{err}");
}

/// What only an operator may do to the audit log says what is in its way, and does nothing.
#[tokio::test]
async fn signing_apart_and_beginning_anew_say_what_they_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let (done, _, err) = run(folder.path(), &["sign"]).await;
    assert!(!done && err.contains("`serve` signs its audit log itself; set database.url"), "{err}");
    let (done, _, err) = run(folder.path(), &["audit", "begin-epoch"]).await;
    assert!(!done && err.contains("is not this deployment's state folder"), "{err}");

    let mut server = Process::start(folder.path(), &[]);
    server.ready().await;
    let (done, _, err) = run(folder.path(), &["audit", "begin-epoch"]).await;
    assert!(!done && err.contains("stop what runs `serve` or `sign` first"), "{err}");
    assert!(server.stop().await.success());
    let (done, _, err) = run(folder.path(), &["audit", "begin-epoch"]).await;
    assert!(!done && err.contains("there is no tenant yet"), "{err}");
}

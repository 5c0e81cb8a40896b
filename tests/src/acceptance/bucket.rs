//! A real S3 server with object lock for anchors: `moto`, which nobody here wrote, in the Python environment that the
//! Makefile makes. It is reached over a line that can be parted.

use std::{path::PathBuf, process::Stdio};

use app::settings::Anchors;
use domain::Secret;
use reqwest::{Method, Response, header::AUTHORIZATION};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::watch,
};
use url::Url;
use vault::anchors::{Bucket, Place};

const NAME: &str = "worm";
/// The server asks who calls and believes what it is told.
const SOMEBODY: &str =
    "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/// A server with one bucket that keeps every object for a year. It ends with the test.
pub struct BucketServer {
    // Killed when dropped.
    _running: Child,
    port: u16,
    line: u16,
    parted: watch::Sender<bool>,
    http: reqwest::Client,
}

impl BucketServer {
    /// Starts one.
    pub async fn start() -> Self {
        let python = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/venv/bin/python"));
        assert!(python.exists(), "run `make target/venv/ready` first: the storage is a Python package");
        let mut command = Command::new(python);
        command.args(["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]).kill_on_drop(true);
        let mut running = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("python starts");
        let mut lines = BufReader::new(running.stderr.take().expect("is piped")).lines();
        let port = loop {
            let line = lines.next_line().await.expect("reads").expect("the server says where it listens");
            if let Some((_, port)) = line.split_once("Running on http://127.0.0.1:") {
                break port.trim().parse().expect("a port");
            }
        };
        // Read on: a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (parted, is_parted) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let line = listener.local_addr().expect("has an address").port();
        tokio::spawn(relay(listener, port, is_parted));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let server = Self { _running: running, port, line, parted, http };
        server.make_bucket().await;
        server
    }

    async fn make_bucket(&self) {
        let made = self.request(Method::PUT, "").header("x-amz-bucket-object-lock-enabled", "true").send().await;
        assert!(made.expect("answers").status().is_success());
        let lock = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
                    <Mode>COMPLIANCE</Mode><Days>365</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
        let locked = self.request(Method::PUT, "?object-lock").body(lock).send().await.expect("answers");
        assert!(locked.status().is_success(), "{}", locked.text().await.expect("a body"));
    }

    /// The setting that names it, with ten minutes between anchors.
    ///
    /// # Panics
    /// Never: the address is good.
    #[must_use]
    pub fn setting(&self) -> Anchors {
        let endpoint = Url::parse(&format!("http://127.0.0.1:{}", self.line)).expect("a url");
        Anchors {
            place: Place::Bucket(Bucket {
                name: NAME.to_owned(),
                prefix: "audit/anchors".to_owned(),
                endpoint: Some(endpoint),
                region: "us-east-1".to_owned(),
                key_id: "test".to_owned(),
                key: Secret::new("secret".to_owned()),
            }),
            every: std::time::Duration::from_secs(600),
        }
    }

    /// Whether nobody reaches it.
    pub fn part(&self, parted: bool) {
        self.parted.send_replace(parted);
    }

    /// The names of all versions of all objects, in order; deleted ones too.
    pub async fn names(&self) -> Vec<String> {
        let listed = self.send(Method::GET, "?versions", "").await.text().await.expect("a body");
        let keys = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        keys.map(str::to_owned).collect()
    }

    /// Sends a request of anybody's, by the name of an object.
    pub async fn send(&self, method: Method, name: &str, body: &str) -> Response {
        self.request(method, name).body(body.to_owned()).send().await.expect("answers")
    }

    fn request(&self, method: Method, name: &str) -> reqwest::RequestBuilder {
        let join = if name.is_empty() || name.starts_with('?') { "" } else { "/" };
        let url = format!("http://127.0.0.1:{}/{NAME}{join}{name}", self.port);
        // An object that is to be kept is taken with a digest only.
        let request = self.http.request(method, url).header("x-amz-sdk-checksum-algorithm", "SHA256");
        request.header(AUTHORIZATION, SOMEBODY)
    }
}

/// Passes connections on, and ends those that come while the line is parted.
async fn relay(listener: TcpListener, port: u16, parted: watch::Receiver<bool>) {
    while let Ok((mut client, _)) = listener.accept().await {
        if *parted.borrow() {
            continue;
        }
        tokio::spawn(async move {
            let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
            copy_bidirectional(&mut client, &mut server).await
        });
    }
}

//! Receivers of the audit log on this machine: an HTTPS server and a syslog server over TLS, with certificates of their own.

use std::{
    collections::{BTreeMap, VecDeque},
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use app::settings::Settings;
use http_body_util::{BodyExt as _, Empty};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// One request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookMessage {
    /// Path and query.
    pub path: String,
    /// Headers, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl HookMessage {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body is JSON")
    }

    /// One header.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        &self.headers[name]
    }
}

/// A certificate, its key, and where somebody listens with it.
struct Listener {
    addr: SocketAddr,
    ca: String,
    down: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    /// Hands every TLS connection to `serve`.
    async fn start<F, S>(name: &str, serve: S) -> Self
    where
        S: Fn(TlsStream<TcpStream>) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a key");
        let (acceptor, listener) =
            (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.expect("a port"));
        let (down, connections) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let this = Self {
            addr: listener.local_addr().expect("bound"),
            ca: made.cert.pem(),
            down: Arc::clone(&down),
            connections: Arc::clone(&connections),
        };
        let serve = Arc::new(serve);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                connections.fetch_add(1, Ordering::SeqCst);
                // Down is not answering: whoever connects is hung up on.
                if down.load(Ordering::SeqCst) {
                    continue;
                }
                let (acceptor, serve) = (acceptor.clone(), Arc::clone(&serve));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream).await;
                    }
                });
            }
        });
        this
    }

    /// Opens the way here for everybody who has these settings.
    fn allow(&self, settings: &mut Settings) {
        let place = format!("127.0.0.1:{}", self.addr.port());
        settings.egress.allow.extend(place.parse().expect("a place"));
        settings.egress.ca.get_or_insert_default().extend(self.ca.as_bytes());
    }
}

/// What an HTTPS receiver says next.
type Says = Arc<Mutex<VecDeque<(u16, Option<&'static str>)>>>;

/// An HTTPS server that keeps what it gets and says 204, unless it was told to say something else.
pub struct HookReceiver {
    listener: Listener,
    says: Says,
    received: Arc<Mutex<Vec<HookMessage>>>,
}

impl HookReceiver {
    /// With a certificate for `name`.
    pub async fn start(name: &str) -> Self {
        let (says, received): (Says, Arc<Mutex<Vec<HookMessage>>>) = Default::default();
        let (next, kept) = (Arc::clone(&says), Arc::clone(&received));
        let listener = Listener::start(name, move |stream| {
            let (next, kept) = (Arc::clone(&next), Arc::clone(&kept));
            async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let (next, kept) = (Arc::clone(&next), Arc::clone(&kept));
                    async move { Ok::<_, Infallible>(take(request, &next, &kept).await) }
                });
                // Whoever sends hangs up after the answer.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            }
        })
        .await;
        Self { listener, says, received }
    }

    /// Where it listens, under `name`.
    #[must_use]
    pub fn url(&self, name: &str, path: &str) -> String {
        format!("https://{name}:{}{path}", self.listener.addr.port())
    }

    /// Opens the way here.
    pub fn allow(&self, settings: &mut Settings) {
        self.listener.allow(settings);
    }

    /// What it says next, one after the other; then 204 again.
    pub fn say(&self, answers: &[(u16, Option<&'static str>)]) {
        self.says.lock().expect("not poisoned").extend(answers);
    }

    /// Hangs up on everybody, or does not any more.
    pub fn set_down(&self, down: bool) {
        self.listener.down.store(down, Ordering::SeqCst);
    }

    /// How often somebody connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.listener.connections.load(Ordering::SeqCst)
    }

    /// Everything that arrived since it was last asked.
    #[must_use]
    pub fn take(&self) -> Vec<HookMessage> {
        std::mem::take(&mut *self.received.lock().expect("not poisoned"))
    }
}

async fn take(
    request: Request<Incoming>,
    says: &Says,
    kept: &Mutex<Vec<HookMessage>>,
) -> Response<Empty<bytes::Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    kept.lock().expect("not poisoned").push(HookMessage { path: head.uri.to_string(), headers, body });
    let (status, retry_after) = says.lock().expect("not poisoned").pop_front().unwrap_or((204, None));
    let answer = Response::builder().status(status);
    let answer = match retry_after {
        Some(after) => answer.header("retry-after", after),
        None => answer,
    };
    answer.body(Empty::new()).expect("an answer")
}

/// A syslog server over TLS that keeps the messages it gets (RFC 5425).
pub struct SyslogReceiver {
    listener: Listener,
    messages: Arc<Mutex<Vec<String>>>,
}

impl SyslogReceiver {
    /// With a certificate for `name`.
    pub async fn start(name: &str) -> Self {
        let messages: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&messages);
        let listener = Listener::start(name, move |mut stream| {
            let kept = Arc::clone(&kept);
            async move {
                let mut bytes = Vec::new();
                if stream.read_to_end(&mut bytes).await.is_ok() {
                    kept.lock().expect("not poisoned").extend(frames(&bytes));
                    // RFC 5425 §4.4: a `close_notify` is answered with one.
                    let _ = stream.shutdown().await;
                }
            }
        })
        .await;
        Self { listener, messages }
    }

    /// Where it listens, under `name`.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("syslog+tls://{name}:{}", self.listener.addr.port())
    }

    /// Opens the way here.
    pub fn allow(&self, settings: &mut Settings) {
        self.listener.allow(settings);
    }

    /// Hangs up on everybody, or does not any more.
    pub fn set_down(&self, down: bool) {
        self.listener.down.store(down, Ordering::SeqCst);
    }

    /// Everything that arrived since it was last asked.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.messages.lock().expect("not poisoned"))
    }
}

/// Messages, each behind its length.
fn frames(mut bytes: &[u8]) -> Vec<String> {
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let space = bytes.iter().position(|byte| *byte == b' ').expect("a length");
        let length: usize = std::str::from_utf8(&bytes[..space]).expect("digits").parse().expect("a number");
        let (message, rest) = bytes[space + 1..].split_at(length);
        messages.push(String::from_utf8(message.to_vec()).expect("text"));
        bytes = rest;
    }
    messages
}

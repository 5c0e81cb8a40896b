//! The guard against real sockets: what it dials, what it refuses, and what it never does.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use egress::{Answer, EgressError, Guard, Kind, Policy, Resolve, Target};
use futures::future::BoxFuture;
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// A DNS of our own: for each name its answers one after the other, the last of them for good.
#[derive(Debug, Default)]
struct Dns {
    answers: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    asked: AtomicUsize,
}

impl Dns {
    fn with(name: &str, answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().expect("an address")).collect();
        let dns = Self::default();
        dns.answers.lock().expect("not poisoned").insert(name.to_owned(), answers.iter().map(parse).collect());
        Arc::new(dns)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Resolve for Dns {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("not poisoned");
        let answer = match answers.get_mut(name) {
            Some(left) if left.len() > 1 => Ok(left.remove(0)),
            Some(left) => Ok(left[0].clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// A TLS server on this machine that says `says` to everybody and counts them.
struct Server {
    addr: SocketAddr,
    ca: Vec<u8>,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    /// With a certificate for `name`.
    async fn start(name: &str, says: Vec<u8>) -> Self {
        let key = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let ca = key.cert.pem().into_bytes();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![key.cert.der().clone()], private)
            .expect("a key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::default()));
        let server = Self {
            addr: listener.local_addr().expect("bound"),
            ca,
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
        };
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                connections.fetch_add(1, Ordering::SeqCst);
                let (acceptor, requests, says) = (acceptor.clone(), Arc::clone(&requests), says.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut request = vec![0; 64 * 1_024];
                    let read = stream.read(&mut request).await.unwrap_or(0);
                    request.truncate(read);
                    requests.lock().expect("not poisoned").push(request);
                    if says.is_empty() {
                        return std::future::pending().await;
                    }
                    let _ = stream.write_all(&says).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        server
    }

    fn port(&self) -> u16 {
        self.addr.port()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn guard(&self, allow: &str, dns: &Arc<Dns>) -> Guard {
        let policy = Policy {
            allow: allow.parse().expect("places"),
            ca: Some(self.ca.clone()),
            patience: Duration::from_millis(1_500),
        };
        Guard::new(&policy, Arc::clone(dns) as Arc<dyn Resolve>).expect("a certificate")
    }
}

fn webhook(text: &str) -> Target {
    Target::parse(Kind::Webhook, text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn post(guard: &Guard, url: &str) -> Result<Answer, EgressError> {
    guard.post(&webhook(url), &[], Bytes::from_static(b"{}")).await
}

const OK: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn what_the_operator_opened_is_reached_by_name_and_by_network() {
    let server = Server::start("hooks.test", OK.to_vec()).await;
    let dns = Dns::with("hooks.test", &[&["127.0.0.1"]]);
    let url = format!("https://hooks.test:{}/in?a=b", server.port());
    for allow in [format!("hooks.test:{}", server.port()), format!("127.0.0.0/8:{}", server.port())] {
        let guard = server.guard(&allow, &dns);
        guard.admit(&webhook(&url)).unwrap();
        assert_eq!(post(&guard, &url).await, Ok(Answer { status: 204, retry_after: None }), "{allow}");
    }
    let request = String::from_utf8(server.requests.lock().unwrap()[0].clone()).unwrap();
    assert!(request.starts_with("POST /in?a=b HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains(&format!("host: hooks.test:{}\r\n", server.port())), "{request}");
}

/// However an inside address is spelled or named: refused before a connection, and before it is saved where it is a number.
#[tokio::test]
async fn attack_35_no_spelling_and_no_name_leads_inside() {
    let server = Server::start("hooks.test", OK.to_vec()).await;
    for spelled in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "192.168.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "255.255.255.255",
        "224.0.0.1",
        "168.63.129.16",
    ] {
        let dns = Dns::with("none.test", &[&["127.0.0.1"]]);
        let guard = server.guard("", &dns);
        let url = format!("https://{spelled}/");
        assert_eq!(guard.admit(&webhook(&url)), Err(egress::BadTarget::NotGlobal), "{spelled}");
        assert_eq!(post(&guard, &url).await, Err(EgressError::Address), "{spelled}");
        // As the answer to a name, as `nip.io` and one's own zone give it.
        let address = match webhook(&url).to_string().trim_start_matches("https://").trim_matches(['/', '[', ']']) {
            text if text.starts_with("https") => unreachable!("{text}"),
            text => text.to_owned(),
        };
        let dns = Dns::with("127-0-0-1.nip.example", &[&[&address]]);
        let guard = server.guard("", &dns);
        guard.admit(&webhook("https://127-0-0-1.nip.example/")).unwrap();
        assert_eq!(post(&guard, "https://127-0-0-1.nip.example/").await, Err(EgressError::Address), "{spelled}");
    }
    assert_eq!(server.connections(), 0);
}

/// One inside address among public ones: refused, not skipped.
#[tokio::test]
async fn attack_35_a_name_with_one_inside_address_is_refused() {
    let server = Server::start("hooks.test", OK.to_vec()).await;
    for answer in [&["93.184.216.34", "127.0.0.1"][..], &["127.0.0.1", "93.184.216.34"], &["2606:4700::1", "::1"], &[]]
    {
        let guard = server.guard("", &Dns::with("hooks.test", &[answer]));
        assert_eq!(post(&guard, "https://hooks.test/").await, Err(EgressError::Address), "{answer:?}");
    }
    assert_eq!(server.connections(), 0);
}

/// A name that is public when it is looked at and inside when it is dialled: there is one look for both.
#[tokio::test]
async fn attack_35_a_name_has_no_second_look_up_to_change_its_mind_in() {
    let server = Server::start("hooks.test", OK.to_vec()).await;
    // Nobody listens at the place that may be reached, so that whoever connects was led to the other one.
    let dns = Dns::with("hooks.test", &[&["127.0.0.2"], &["127.0.0.1"]]);
    let guard = server.guard(&format!("127.0.0.2:{}", server.port()), &dns);
    let url = format!("https://hooks.test:{}/", server.port());
    assert_eq!(post(&guard, &url).await, Err(EgressError::Connection));
    assert_eq!(dns.asked(), 1, "looked up once");
    assert_eq!(post(&guard, &url).await, Err(EgressError::Address));
    assert_eq!((dns.asked(), server.connections()), (2, 0));
}

/// The other ports of a public host, and the other ports of an opened one.
#[tokio::test]
async fn attack_35_only_the_usual_ports_and_opened_ones_are_dialled() {
    let server = Server::start("hooks.test", OK.to_vec()).await;
    let guard = server.guard("10.0.0.0/8:9443", &Dns::with("hooks.test", &[&["93.184.216.34"]]));
    for port in [22, 25, 80, 6_379, 8_080, 5_432] {
        assert_eq!(
            guard.admit(&webhook(&format!("https://hooks.test:{port}/"))),
            Err(egress::BadTarget::Port),
            "{port}"
        );
        assert_eq!(guard.admit(&webhook(&format!("https://8.8.8.8:{port}/"))), Err(egress::BadTarget::Port), "{port}");
    }
    // The name could lead into the opened network; it does not.
    guard.admit(&webhook("https://hooks.test:9443/")).unwrap();
    assert_eq!(post(&guard, "https://hooks.test:9443/").await, Err(EgressError::Address));
    assert_eq!(guard.admit(&webhook("https://10.0.0.1:443/")), Err(egress::BadTarget::NotGlobal));
    guard.admit(&webhook("https://10.0.0.1:9443/")).unwrap();
}

/// A redirect is an answer like any other: it is told, and not followed.
#[tokio::test]
async fn attack_35_no_redirect_is_followed() {
    let inside = Server::start("inside.test", OK.to_vec()).await;
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} x\r\nLocation: https://inside.test:{}/\r\n\r\n", inside.port());
        let server = Server::start("hooks.test", head.into_bytes()).await;
        let allow = format!("127.0.0.1:{},127.0.0.1:{}", server.port(), inside.port());
        let guard = server.guard(&allow, &Dns::with("hooks.test", &[&["127.0.0.1"]]));
        let answer = post(&guard, &format!("https://hooks.test:{}/", server.port())).await.unwrap();
        assert_eq!(answer.status, status);
    }
    assert_eq!(inside.connections(), 0);
}

/// A proxy of the environment would dial for us, with addresses that nobody checked.
#[tokio::test]
async fn attack_35_no_proxy_of_the_environment_is_used() {
    // Held by construction: the guard has no code that reads these. The process's own environment is not ours to change.
    let sources = ["guard.rs", "post.rs", "resolve.rs", "target.rs", "allow.rs", "lib.rs"];
    for source in sources {
        let text = std::fs::read_to_string(format!("{}/src/{source}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(!text.contains("env::var") && !text.to_lowercase().contains("http_proxy"), "{source}");
    }
}

#[tokio::test]
async fn a_certificate_is_for_the_name_and_from_somebody_we_trust() {
    let other = Server::start("other.test", OK.to_vec()).await;
    let server = Server::start("hooks.test", OK.to_vec()).await;
    let dns = Dns::with("hooks.test", &[&["127.0.0.1"]]);
    let allow = format!("127.0.0.1:{},127.0.0.1:{}", server.port(), other.port());
    let misnamed = other.guard(&allow, &dns);
    assert_eq!(post(&misnamed, &format!("https://hooks.test:{}/", other.port())).await, Err(EgressError::Tls));
    assert_eq!(
        post(&misnamed, &format!("https://hooks.test:{}/", server.port())).await,
        Err(EgressError::Tls),
        "not ours"
    );
    let policy = Policy { allow: allow.parse().unwrap(), ..Policy::default() };
    let public = Guard::new(&policy, dns).unwrap();
    assert_eq!(
        post(&public, &format!("https://hooks.test:{}/", server.port())).await,
        Err(EgressError::Tls),
        "public only"
    );
    assert!(other.requests.lock().unwrap().is_empty() && server.requests.lock().unwrap().is_empty());
    let none = Policy { ca: Some(b"no certificate".to_vec()), ..Policy::default() };
    assert!(Guard::new(&none, Arc::new(egress::SystemResolver)).is_err());
}

/// What the other side says costs a bounded time and space, and is in no error.
#[tokio::test]
async fn an_answer_is_bounded_and_its_body_is_not_read() {
    let said: [(&[u8], Result<u16, EgressError>); 6] = [
        (b"", Err(EgressError::Timeout)),
        (b"220 mail.example ESMTP\r\n", Err(EgressError::Answer)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nunfinished", Ok(200)),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Ok(410)),
        (b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n", Err(EgressError::Answer)),
        (b"HTTP/1.1", Err(EgressError::Answer)),
    ];
    for (says, want) in said {
        let server = Server::start("hooks.test", says.to_vec()).await;
        let guard = server.guard(&format!("127.0.0.1:{}", server.port()), &Dns::with("hooks.test", &[&["127.0.0.1"]]));
        let answer = post(&guard, &format!("https://hooks.test:{}/", server.port())).await.map(|answer| answer.status);
        assert_eq!(answer, want, "{:?}", String::from_utf8_lossy(says));
    }
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.extend(b"X: y\r\n".repeat(20_000));
    let server = Server::start("hooks.test", endless).await;
    let guard = server.guard(&format!("127.0.0.1:{}", server.port()), &Dns::with("hooks.test", &[&["127.0.0.1"]]));
    assert_eq!(post(&guard, &format!("https://hooks.test:{}/", server.port())).await, Err(EgressError::Answer));
}

#[tokio::test]
async fn retry_after_is_read_when_it_is_a_number() {
    for (value, want) in [("120", Some(120)), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)] {
        let head = format!("HTTP/1.1 503 x\r\nRetry-After: {value}\r\n\r\n");
        let server = Server::start("hooks.test", head.into_bytes()).await;
        let guard = server.guard(&format!("127.0.0.1:{}", server.port()), &Dns::with("hooks.test", &[&["127.0.0.1"]]));
        let answer = post(&guard, &format!("https://hooks.test:{}/", server.port())).await.unwrap();
        assert_eq!((answer.status, answer.retry_after), (503, want), "{value}");
    }
}

/// Syslog: handed over means that the other side has read to the end and said so.
#[tokio::test]
async fn a_stream_is_handed_over_when_the_receiver_closes_its_side() {
    // It reads once, says nothing and closes properly.
    let server = Server::start("siem.test", vec![0; 0]).await;
    let guard = server.guard(&format!("siem.test:{}", server.port()), &Dns::with("siem.test", &[&["127.0.0.1"]]));
    let target = Target::parse(Kind::Syslog, &format!("syslog+tls://siem.test:{}", server.port())).unwrap();
    guard.admit(&target).unwrap();
    assert_eq!(guard.stream(&target, b"5 hello").await, Err(EgressError::Timeout), "it never says that it has it");
    let server = Server::start("siem.test", b"\n".to_vec()).await;
    let guard = server.guard(&format!("siem.test:{}", server.port()), &Dns::with("siem.test", &[&["127.0.0.1"]]));
    let target = Target::parse(Kind::Syslog, &format!("syslog+tls://siem.test:{}", server.port())).unwrap();
    assert_eq!(guard.stream(&target, b"5 hello").await, Ok(()));
    assert_eq!(server.requests.lock().unwrap()[0], b"5 hello");
}

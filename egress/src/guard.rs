//! From a checked address to a checked connection.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Host;

use crate::{AllowList, BadTarget, EgressError, Kind, Resolve, Target};

/// Addresses of a name that are tried.
const TRIED: usize = 4;

/// What the operator decided.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Places that are dialled although they are not public.
    pub allow: AllowList,
    /// Certificates (PEM) to trust besides the public ones.
    pub ca: Option<Vec<u8>>,
    /// How long one exchange may take, from the name to the last byte.
    pub patience: Duration,
}

impl Policy {
    /// What a receiver that works needs many times over.
    pub const PATIENCE: Duration = Duration::from_secs(10);
}

impl Default for Policy {
    fn default() -> Self {
        Self { allow: AllowList::default(), ca: None, patience: Self::PATIENCE }
    }
}

/// The operator's certificates cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("holds no certificate in PEM form that can be trusted")]
pub struct Unusable;

/// Dials what may be dialled. Cheap to clone.
#[derive(Clone)]
pub struct Guard(Arc<Inner>);

struct Inner {
    resolver: Arc<dyn Resolve>,
    allow: AllowList,
    https: TlsConnector,
    syslog: TlsConnector,
    patience: Duration,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allow", &self.0.allow).finish_non_exhaustive()
    }
}

impl Guard {
    /// # Errors
    /// When `policy.ca` holds no certificate, or one that cannot be trusted.
    pub fn new(policy: &Policy, resolver: Arc<dyn Resolve>) -> Result<Self, Unusable> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = &policy.ca {
            let ours = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|_| Unusable)?;
            if ours.is_empty() {
                return Err(Unusable);
            }
            for certificate in ours {
                roots.add(certificate).map_err(|_| Unusable)?;
            }
        }
        // Named here: the process's default may not be installed yet, and must not be somebody else's choice.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().map_err(|_| Unusable)?;
        let syslog = config.with_root_certificates(roots).with_no_client_auth();
        let mut https = syslog.clone();
        https.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(Inner {
            resolver,
            allow: policy.allow.clone(),
            https: Arc::new(https).into(),
            syslog: Arc::new(syslog).into(),
            patience: policy.patience,
        })))
    }

    /// Whether an address may be dialled, as far as that can be said without looking its name up.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&self, target: &Target) -> Result<(), BadTarget> {
        let Target { kind, port, .. } = *target;
        match &target.host {
            Host::Domain(name) => {
                let allow = &self.0.allow;
                let may = kind.may_dial(port) || allow.names(name, port) || allow.any_network_at(port);
                if may { Ok(()) } else { Err(BadTarget::Port) }
            }
            _ => match target.literal() {
                Some(address) if self.may_reach(target, address) => Ok(()),
                Some(address) if crate::is_global(address) => Err(BadTarget::Port),
                _ => Err(BadTarget::NotGlobal),
            },
        }
    }

    /// Whether this target may be reached at this address.
    fn may_reach(&self, target: &Target, address: IpAddr) -> bool {
        let named = matches!(&target.host, Host::Domain(name) if self.0.allow.names(name, target.port));
        named
            || self.0.allow.holds(address, target.port)
            || (target.kind.may_dial(target.port) && crate::is_global(address))
    }

    /// Where the target is. One address that may not be reached is enough to refuse the others: a name that leads to both
    /// sides is made by somebody who wants us on the wrong one.
    async fn places(&self, target: &Target) -> Result<Vec<SocketAddr>, EgressError> {
        let addresses = match (&target.host, target.literal()) {
            (_, Some(address)) => vec![address],
            (Host::Domain(name), None) => self.0.resolver.resolve(name).await.map_err(|_| EgressError::Address)?,
            (_, None) => Vec::new(),
        };
        if addresses.is_empty() || !addresses.iter().all(|address| self.may_reach(target, *address)) {
            return Err(EgressError::Address);
        }
        Ok(addresses.into_iter().take(TRIED).map(|address| SocketAddr::new(address, target.port)).collect())
    }

    /// A TLS connection to the target, whose certificate is for its name.
    ///
    /// # Errors
    /// [`EgressError`]; not bounded in time, see [`Guard::within`].
    pub(crate) async fn connect(&self, target: &Target) -> Result<TlsStream<TcpStream>, EgressError> {
        let places = self.places(target).await?;
        // A place that swallows packets must leave time for the next one.
        let share = self.0.patience / u32::try_from(places.len() + 1).unwrap_or(1);
        let mut reached = Err(EgressError::Connection);
        for place in places {
            reached = match timeout(share, TcpStream::connect(place)).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(_)) => Err(EgressError::Connection),
                Err(_) => Err(EgressError::Timeout),
            };
            if reached.is_ok() {
                break;
            }
        }
        let stream = reached?;
        // Once more, by the socket's own word: whatever stood between the check and here, nothing was sent yet.
        let peer = stream.peer_addr().map_err(|_| EgressError::Connection)?;
        if peer.port() != target.port || !self.may_reach(target, peer.ip()) {
            return Err(EgressError::Address);
        }
        let name = match &target.host {
            Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| EgressError::Tls)?,
            _ => ServerName::from(peer.ip()),
        };
        let connector = match target.kind {
            Kind::Webhook => &self.0.https,
            Kind::Syslog => &self.0.syslog,
        };
        connector.connect(name, stream).await.map_err(|_| EgressError::Tls)
    }

    /// TLS over a connection to a place that the operator named.
    pub(crate) async fn secure(
        &self,
        host: &Host<String>,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, EgressError> {
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| EgressError::Tls)?,
            Host::Ipv4(address) => ServerName::from(IpAddr::from(*address)),
            Host::Ipv6(address) => ServerName::from(IpAddr::from(*address)),
        };
        self.0.https.connect(name, stream).await.map_err(|_| EgressError::Tls)
    }

    /// Hands `bytes` over and waits for the receiver to say that it has read to the end: RFC 5425 has it answer our
    /// `close_notify` with its own, and there is no other word in syslog for "I have it".
    ///
    /// # Errors
    /// [`EgressError`]; then some of it may have arrived.
    pub async fn stream(&self, target: &Target, bytes: &[u8]) -> Result<(), EgressError> {
        let handed = async {
            let mut stream = self.connect(target).await?;
            let sent = async {
                stream.write_all(bytes).await?;
                stream.shutdown().await?;
                let mut ignored = [0; 512];
                // What a receiver says besides is nothing to us; it may say so much and no more.
                for _ in 0..crate::post::READ / ignored.len() {
                    if stream.read(&mut ignored).await? == 0 {
                        return Ok(());
                    }
                }
                Err(std::io::ErrorKind::InvalidData.into())
            };
            sent.await.map_err(|_: std::io::Error| EgressError::Answer)
        };
        self.within(handed).await
    }

    pub(crate) async fn within<T>(
        &self,
        exchange: impl Future<Output = Result<T, EgressError>>,
    ) -> Result<T, EgressError> {
        timeout(self.0.patience, exchange).await.unwrap_or(Err(EgressError::Timeout))
    }
}

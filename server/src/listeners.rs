//! Sockets first, origins after: with port 0 the system chooses, and the origins follow from what it chose.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context as _;
use url::Url;

use crate::config::{Server, validate_origins};

/// Bound sockets. Connections wait in their queues until [`crate::Server::start`] serves them.
#[derive(Debug)]
pub struct Listeners {
    /// Console, API, uploads and player.
    pub main: TcpListener,
    /// Metrics and probes.
    pub metrics: TcpListener,
    /// The sample shop of demo mode.
    pub shop: Option<TcpListener>,
}

/// Where browsers find console and player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// The console.
    pub console: Url,
    /// The player.
    pub replay: Url,
}

impl Listeners {
    /// Binds all sockets, or none.
    ///
    /// # Errors
    /// When an address is taken or not ours; the message names the setting.
    pub fn bind(main: SocketAddr, metrics: SocketAddr, shop: Option<SocketAddr>) -> anyhow::Result<Self> {
        Ok(Self {
            main: bind(main, "--listen")?,
            metrics: bind(metrics, "--metrics-listen")?,
            shop: shop.map(|shop| bind(shop, "--shop-listen")).transpose()?,
        })
    }

    /// The origins that are set, or those that follow from the port.
    ///
    /// # Errors
    /// When console and player would share a host.
    pub fn origins(&self, server: &Server) -> anyhow::Result<Origins> {
        let port = self.main.local_addr().context("the listener has no address")?.port();
        let local = |host: &str| Url::parse(&format!("http://{host}:{port}")).context("an origin of this machine");
        let origins = Origins {
            console: server.console_origin.clone().map_or_else(|| local("localhost"), Ok)?,
            replay: server.replay_origin.clone().map_or_else(|| local("127.0.0.1"), Ok)?,
        };
        validate_origins(&origins.console, &origins.replay)
            .map_err(|(key, reason)| anyhow::anyhow!("{key}: {reason}"))?;
        Ok(origins)
    }

    /// Where browsers find the sample shop, when there is one.
    ///
    /// # Errors
    /// When the socket has no address.
    pub fn shop_origin(&self) -> anyhow::Result<Option<Url>> {
        let Some(shop) = &self.shop else { return Ok(None) };
        let addr = shop.local_addr().context("the listener has no address")?;
        Ok(Some(Url::parse(&format!("http://{addr}")).context("an origin of this machine")?))
    }
}

/// Binds a socket; `flag` is what the operator would change.
pub(crate) fn bind(addr: SocketAddr, flag: &'static str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).with_context(|| format!("cannot listen on {addr} ({flag})"))
}

/// An origin as browsers write it.
pub(crate) fn ascii(origin: &Url) -> String {
    origin.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(console: Option<&str>) -> Server {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let url = |text: &str| Url::parse(text).expect("a url");
        Server {
            listen: any,
            metrics_listen: any,
            console_origin: console.map(url),
            replay_origin: None,
            stop_seconds: 1,
            trusted_proxies: String::new(),
            setup_token_file: None,
        }
    }

    #[test]
    fn origins_follow_from_the_bound_port() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listeners = Listeners::bind(any, any, None).expect("binds");
        let port = listeners.main.local_addr().expect("has one").port();
        assert_ne!(port, 0);
        let origins = listeners.origins(&server(None)).expect("differ");
        assert_eq!(ascii(&origins.console), format!("http://localhost:{port}"));
        assert_eq!(ascii(&origins.replay), format!("http://127.0.0.1:{port}"));

        let set = listeners.origins(&server(Some("http://console.localhost"))).expect("differ");
        assert_eq!(ascii(&set.console), "http://console.localhost");
        let refused = listeners.origins(&server(Some("http://127.0.0.1:1"))).expect_err("one host").to_string();
        assert!(refused.starts_with("server.replay_origin: "), "{refused}");
    }

    #[test]
    fn a_taken_address_names_the_flag() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let first = TcpListener::bind(any).expect("binds");
        let taken = first.local_addr().expect("has one");
        let refused = Listeners::bind(any, taken, None).expect_err("is taken").to_string();
        assert_eq!(refused, format!("cannot listen on {taken} (--metrics-listen)"));
    }
}

//! The client's address behind proxies.
//!
//! `X-Forwarded-For` is what clients and proxies write into it, so only its right end can be believed, and only as far as
//! trusted proxies wrote it: the address is the right-most one that is not a trusted proxy's.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;

/// Networks of proxies whose word counts; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// One of the networks is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be networks such as 10.0.0.0/8, with commas between them")]
pub struct NotANetwork;

impl FromStr for TrustedProxies {
    type Err = NotANetwork;
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let networks = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parse = |part: &str| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        networks.map(parse).collect::<Result<_, _>>().map(Self).map_err(|_| NotANetwork)
    }
}

impl TrustedProxies {
    /// The client of a connection from `peer` that says it was forwarded for `forwarded`, the header's values in order.
    pub fn client<'a>(&self, peer: IpAddr, forwarded: impl IntoIterator<Item = &'a str>) -> IpAddr {
        let mut client = peer.to_canonical();
        if self.0.is_empty() {
            return client;
        }
        let hops: Vec<&str> = forwarded.into_iter().flat_map(|value| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            if !self.0.iter().any(|network| network.contains(&client)) {
                break;
            }
            // What a trusted proxy wrote and cannot be read is nobody's address: the proxy's own is the last known one.
            let Some(next) = address(hop) else { break };
            client = next;
        }
        client
    }
}

/// An address, with or without a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().expect("networks");
        trusted.client(peer.parse().expect("an address"), forwarded.iter().copied()).to_string()
    }

    #[test]
    fn attack_15_a_client_cannot_choose_its_own_address() {
        const PROXY: &str = "10.0.0.0/8, fd00::/8";
        assert_eq!(client("", "10.0.0.1", &["203.0.113.7"]), "10.0.0.1", "nobody is trusted");
        assert_eq!(client(PROXY, "203.0.113.7", &["198.51.100.1"]), "203.0.113.7", "the peer is no proxy");
        assert_eq!(client(PROXY, "10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client(PROXY, "::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7", "one machine, two spellings");
        assert_eq!(
            client(PROXY, "10.0.0.1", &["1.2.3.4, 203.0.113.7, 10.9.9.9"]),
            "203.0.113.7",
            "the left is made up"
        );
        assert_eq!(client(PROXY, "10.0.0.1", &["1.2.3.4", "203.0.113.7"]), "203.0.113.7", "several headers are one");
        assert_eq!(client(PROXY, "10.0.0.1", &["10.0.0.2"]), "10.0.0.2", "inside");
        assert_eq!(client(PROXY, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(PROXY, "10.0.0.1", &["203.0.113.7, unknown"]), "10.0.0.1");
        assert_eq!(client(PROXY, "10.0.0.1", &["203.0.113.7, '; DROP"]), "10.0.0.1");
        assert_eq!(client(PROXY, "10.0.0.1", &["203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(client(PROXY, "fd00::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(client(PROXY, "fd00::1", &["[2001:db8::1]"]), "2001:db8::1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        assert_eq!("10.0.0.1".parse(), Ok(TrustedProxies(vec!["10.0.0.1/32".parse().expect("a network")])));
        assert_eq!("all".parse::<TrustedProxies>(), Err(NotANetwork));
        assert_eq!("10.0.0.0/33".parse::<TrustedProxies>(), Err(NotANetwork));
        assert_eq!(" ".parse(), Ok(TrustedProxies::default()));
    }
}

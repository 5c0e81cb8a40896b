//! Where a request comes from.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The client's address, and the family of its browser when it is a known one. Nothing is decided by it, and nothing keeps
/// more of it than [`Place::network`] and [`Place::browser`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place {
    address: IpAddr,
    browser: Option<&'static str>,
}

impl Place {
    /// A place.
    #[must_use]
    pub const fn new(address: IpAddr, browser: Option<&'static str>) -> Self {
        Self { address: address.to_canonical(), browser }
    }

    /// The client's address, for limits.
    #[must_use]
    pub const fn address(self) -> IpAddr {
        self.address
    }

    /// The family of the browser.
    #[must_use]
    pub const fn browser(self) -> Option<&'static str> {
        self.browser
    }

    /// The network: a /24 of version 4 or a /48 of version 6.
    #[must_use]
    pub fn network(self) -> String {
        match self.address {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{}/24", Ipv4Addr::new(a, b, c, 0))
            }
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
}

impl fmt::Debug for Place {
    /// An address is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_tells_its_network_and_prints_nothing() {
        let network = |address: &str| Place::new(address.parse().expect("an address"), None).network();
        assert_eq!(network("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2::1"), "2001:db8:1::/48");
        let place = Place::new("203.0.113.9".parse().expect("an address"), Some("Firefox"));
        assert_eq!((format!("{place:?}"), place.browser()), ("***".to_owned(), Some("Firefox")));
    }
}

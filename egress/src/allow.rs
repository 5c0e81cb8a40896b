//! Places that the operator opens although they are not public.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use url::Host;

/// Places, each with its port; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowList(Vec<Place>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    at: At,
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// Every address that this name leads to.
    Name(String),
    /// Every name that leads here.
    Network(IpNet),
}

/// One of the places is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be places such as siem.internal:6514, 10.0.0.0/8:443 or [fd00::/8]:443, with commas between them")]
pub struct NotAPlace;

impl FromStr for AllowList {
    type Err = NotAPlace;
    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let places = text.split(',').map(str::trim).filter(|place| !place.is_empty());
        places.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Place {
    type Err = NotAPlace;
    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (at, port) = text.rsplit_once(':').ok_or(NotAPlace)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(NotAPlace)?;
        let bracketed = at.strip_prefix('[').and_then(|at| at.strip_suffix(']'));
        // Outside brackets a colon belongs to an IPv6 address, of which the last part was just taken for a port.
        if bracketed.is_none() && at.contains(':') {
            return Err(NotAPlace);
        }
        let at = bracketed.unwrap_or(at);
        let network = at.parse::<IpNet>().map(|net| net.trunc()).or_else(|_| at.parse::<IpAddr>().map(IpNet::from));
        let at = match (network, bracketed) {
            (Ok(network), _) => At::Network(network),
            (Err(_), Some(_)) => return Err(NotAPlace),
            (Err(_), None) => match Host::parse(at) {
                Ok(Host::Domain(name)) => At::Name(name),
                _ => return Err(NotAPlace),
            },
        };
        Ok(Self { at, port })
    }
}

impl AllowList {
    /// Opens these as well.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Whether this name may be dialled at this port, wherever it leads.
    pub(crate) fn names(&self, name: &str, port: u16) -> bool {
        self.0.iter().any(|place| place.port == port && matches!(&place.at, At::Name(allowed) if allowed == name))
    }

    /// Whether this address may be dialled at this port, by whatever name.
    pub(crate) fn holds(&self, address: IpAddr, port: u16) -> bool {
        let inside = |place: &Place| matches!(&place.at, At::Network(network) if network.contains(&address));
        self.0.iter().any(|place| place.port == port && inside(place))
    }

    /// Whether some network is open at this port, so that a name could lead there.
    pub(crate) fn any_network_at(&self, port: u16) -> bool {
        self.0.iter().any(|place| place.port == port && matches!(place.at, At::Network(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_name_or_a_network_with_its_port() {
        let list: AllowList =
            " siem.internal:6514, 10.1.0.0/16:443,[fd00::/8]:8443 ,192.168.1.9:443,".parse().expect("places");
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(list.names("siem.internal", 6514) && !list.names("siem.internal", 443) && !list.names("siem", 6514));
        assert!(
            list.holds(ip("10.1.255.1"), 443) && !list.holds(ip("10.2.0.1"), 443) && !list.holds(ip("10.1.0.1"), 80)
        );
        assert!(list.holds(ip("fdaa::1"), 8443) && !list.holds(ip("::ffff:10.1.0.1"), 443));
        assert!(list.holds(ip("192.168.1.9"), 443) && !list.holds(ip("192.168.1.8"), 443));
        assert!(list.any_network_at(8443) && !list.any_network_at(6514));
        assert_eq!("".parse(), Ok(AllowList::default()));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in [
            "siem.internal",
            "siem:0",
            "siem:99999",
            "10.0.0.0/33:443",
            "fd00::1:443",
            "[siem]:443",
            "[fd00::]",
            "a b:1",
            ":1",
        ] {
            assert_eq!(wrong.parse::<AllowList>(), Err(NotAPlace), "{wrong}");
        }
    }
}

//! Addresses as people give them, taken apart and checked as far as that goes without asking anybody.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

/// The longest address.
const MAX_CHARS: usize = 2_048;

/// What is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTTPS.
    Webhook,
    /// Syslog over TLS (RFC 5425).
    Syslog,
}

impl Kind {
    const fn scheme(self) -> &'static str {
        match self {
            Self::Webhook => "https",
            Self::Syslog => "syslog+tls",
        }
    }

    /// The port when the address names none.
    const fn usual_port(self) -> u16 {
        match self {
            Self::Webhook => 443,
            Self::Syslog => 6_514,
        }
    }

    /// Whether the public internet may be dialled at this port.
    pub(crate) const fn may_dial(self, port: u16) -> bool {
        match self {
            Self::Webhook => matches!(port, 443 | 8_443),
            Self::Syslog => port == 6_514,
        }
    }
}

/// An address that may be dialled, if its name leads somewhere public.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) kind: Kind,
    pub(crate) host: Host<String>,
    pub(crate) port: u16,
    /// Path and query, for HTTP.
    pub(crate) path: String,
}

/// Why an address is none that we dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// It cannot be read, or is too long.
    #[error("is no address that can be dialled")]
    Unreadable,
    /// Anything that is not TLS.
    #[error("must begin with https:// for a webhook and with syslog+tls:// for syslog")]
    Scheme,
    /// `name:password@`.
    #[error("must hold no name and no password")]
    Credentials,
    /// A path where there is none, or `#…`.
    #[error("must have no fragment, and for syslog nothing behind the port")]
    Rest,
    /// A port that we do not dial.
    #[error(
        "must name port 443 or 8443 for a webhook and 6514 for syslog; the operator of this deployment can allow others"
    )]
    Port,
    /// Not public, and not allowed by the operator.
    #[error("must lead to the public internet; the operator of this deployment can allow other places")]
    NotGlobal,
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it; never quotes it.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, BadTarget> {
        if text.len() > MAX_CHARS || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadTarget::Unreadable);
        }
        let url = Url::parse(text).map_err(|_| BadTarget::Unreadable)?;
        if url.scheme() != kind.scheme() {
            return Err(BadTarget::Scheme);
        }
        // The library mends `https:host` and `https:/host`; for the other scheme nobody knows them.
        if !text.get(kind.scheme().len()..).is_some_and(|rest| rest.starts_with("://")) {
            return Err(BadTarget::Unreadable);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadTarget::Credentials);
        }
        // Read as an HTTP host in both schemes: there `2130706433`, `0x7f.1` and `127.1` are the address that they mean.
        let host = url.host_str().and_then(|host| Host::parse(host).ok()).ok_or(BadTarget::Unreadable)?;
        if let Host::Domain(name) = &host
            && !is_name(name)
        {
            return Err(BadTarget::Unreadable);
        }
        let bare = matches!(url.path(), "" | "/") && url.query().is_none();
        if url.fragment().is_some() || (kind == Kind::Syslog && !bare) {
            return Err(BadTarget::Rest);
        }
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let port = url.port().unwrap_or(kind.usual_port());
        if port == 0 {
            return Err(BadTarget::Port);
        }
        Ok(Self { kind, host, port, path })
    }

    /// What is at the other end.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its host as a header names it: the port only where it is not the usual one.
    pub(crate) fn authority(&self) -> String {
        if self.port == self.kind.usual_port() { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The address itself when no name stands for it.
    pub(crate) const fn literal(&self) -> Option<IpAddr> {
        match self.host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        }
    }
}

impl fmt::Display for Target {
    /// The address in its one spelling.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.kind.scheme(), self.authority())?;
        if self.kind == Kind::Webhook { f.write_str(&self.path) } else { Ok(()) }
    }
}

impl fmt::Debug for Target {
    /// Without path and query: for many receivers these are the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("kind", &self.kind).field("port", &self.port).finish_non_exhaustive()
    }
}

/// Whether a name can be in the DNS and in a certificate.
fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(inside)
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(text: &str) -> Result<String, BadTarget> {
        Target::parse(Kind::Webhook, text).map(|target| target.to_string())
    }

    fn syslog(text: &str) -> Result<String, BadTarget> {
        Target::parse(Kind::Syslog, text).map(|target| target.to_string())
    }

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(webhook("https://Hooks.Example/a?b=c"), Ok("https://hooks.example/a?b=c".to_owned()));
        assert_eq!(webhook("https://hooks.example"), Ok("https://hooks.example/".to_owned()));
        assert_eq!(webhook("https://hooks.example:443/"), Ok("https://hooks.example/".to_owned()));
        assert_eq!(webhook("https://hooks.example:8443/x"), Ok("https://hooks.example:8443/x".to_owned()));
        assert_eq!(webhook("https://[2606:4700::1]/"), Ok("https://[2606:4700::1]/".to_owned()));
        assert_eq!(syslog("syslog+tls://siem.example"), Ok("syslog+tls://siem.example".to_owned()));
        assert_eq!(syslog("syslog+tls://siem.example:443/"), Ok("syslog+tls://siem.example:443".to_owned()));
        let again = webhook("https://hooks.example/%20a/../b?c").expect("reads");
        assert_eq!(webhook(&again), Ok(again.clone()));
    }

    /// However 127.0.0.1 is written, in both schemes.
    #[test]
    fn every_spelling_of_an_address_is_that_address() {
        let loopback = |target: Target| target.literal() == Some(IpAddr::from([127, 0, 0, 1]));
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "0x7F.0x0.0x0.0x1",
        ] {
            assert!(Target::parse(Kind::Webhook, &format!("https://{host}/")).is_ok_and(loopback), "{host}");
            assert!(Target::parse(Kind::Syslog, &format!("syslog+tls://{host}")).is_ok_and(loopback), "{host}");
        }
        // Full-width digits and ideographic full stops are no ASCII: whoever means an address writes it.
        assert_eq!(webhook("https://１２７。0。0。1/"), Err(BadTarget::Unreadable));
    }

    #[test]
    fn what_is_not_dialled_is_refused_with_its_reason() {
        for (text, why) in [
            ("http://hooks.example/", BadTarget::Scheme),
            ("ftp://hooks.example/", BadTarget::Scheme),
            ("file:///etc/passwd", BadTarget::Scheme),
            ("gopher://hooks.example/", BadTarget::Scheme),
            ("syslog+tls://hooks.example/", BadTarget::Scheme),
            ("https:hooks.example", BadTarget::Unreadable),
            ("hooks.example", BadTarget::Unreadable),
            ("https://", BadTarget::Unreadable),
            ("https://hooks example/", BadTarget::Unreadable),
            ("https://hooks.example/\r\nX-A: b", BadTarget::Unreadable),
            ("https://hooks.example./", BadTarget::Unreadable),
            ("https://*.example/", BadTarget::Unreadable),
            ("https://1.2.3.4.5/", BadTarget::Unreadable),
            ("https://name@hooks.example/", BadTarget::Credentials),
            ("https://name:word@hooks.example/", BadTarget::Credentials),
            ("https://hooks.example@127.0.0.1/", BadTarget::Credentials),
            ("https://hooks.example/#here", BadTarget::Rest),
            ("https://hooks.example:0/", BadTarget::Port),
        ] {
            assert_eq!(webhook(text), Err(why), "{text}");
        }
        for (text, why) in [
            ("syslog://siem.example", BadTarget::Scheme),
            ("tcp://siem.example:6514", BadTarget::Scheme),
            ("syslog+tls:siem.example", BadTarget::Unreadable),
            ("syslog+tls:///var/log", BadTarget::Unreadable),
            ("syslog+tls://siem.example/path", BadTarget::Rest),
            ("syslog+tls://siem.example?x", BadTarget::Rest),
            ("syslog+tls://a:b@siem.example", BadTarget::Credentials),
        ] {
            assert_eq!(syslog(text), Err(why), "{text}");
        }
        assert_eq!(webhook(&format!("https://hooks.example/{}", "a".repeat(2_048))), Err(BadTarget::Unreadable));
    }

    #[test]
    fn an_address_is_printed_without_what_may_be_its_password() {
        let target = Target::parse(Kind::Webhook, "https://hooks.example/services/T0/s3cret").expect("reads");
        assert!(!format!("{target:?}").contains("s3cret"));
    }
}

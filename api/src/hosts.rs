//! Which of our origins a request is for, decided by Host before any routing. This is what ends DNS rebinding.

use actix_web::http::{
    Uri,
    header::{self, HeaderMap},
};
use url::Url;

/// The origins that this listener answers for.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    console: String,
    replay: String,
}

/// One of our origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// The console, the API and the agent's script.
    Console,
    /// The player's files and nothing else.
    Replay,
}

/// The two origins may not be told apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "console and replay must be http(s) origins with different hosts: a recording replayed on the console's host could act as it"
)]
pub struct OriginsError;

impl Hosts {
    /// Takes the two origins.
    ///
    /// # Errors
    /// [`OriginsError`] when they share a host name, whatever the port: cookies ignore ports.
    pub(crate) fn new(console: &Url, replay: &Url) -> Result<Self, OriginsError> {
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
        if console.host_str() == replay.host_str() || !is_web(console) || !is_web(replay) {
            return Err(OriginsError);
        }
        let (console, replay) = (authority(console).ok_or(OriginsError)?, authority(replay).ok_or(OriginsError)?);
        Ok(Self { console, replay })
    }

    /// The site that exactly one Host header names; `None` is answered with 421. Forwarding headers do not count.
    pub(crate) fn site(&self, uri: &Uri, headers: &HeaderMap) -> Option<Site> {
        let mut values = headers.get_all(header::HOST);
        let host = match (values.next(), values.next()) {
            (Some(host), None) => host.to_str().ok()?,
            (None, _) => uri.authority()?.as_str(),
            (Some(_), Some(_)) => return None,
        };
        // An absolute request target that names another host than the Host header is an attempt to be two things at once.
        if uri.authority().is_some_and(|authority| !authority.as_str().eq_ignore_ascii_case(host)) {
            return None;
        }
        if host.eq_ignore_ascii_case(&self.console) {
            Some(Site::Console)
        } else if host.eq_ignore_ascii_case(&self.replay) {
            Some(Site::Replay)
        } else {
            None
        }
    }
}

/// Host and port as a browser puts them into `Host`: the scheme's own port is left out.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn hosts() -> Hosts {
        let url = |text: &str| Url::parse(text).expect("is a URL");
        Hosts::new(&url("http://localhost:8080"), &url("http://127.0.0.1:8080")).expect("differ")
    }

    fn site(target: &str, host: &[&str]) -> Option<Site> {
        let req =
            host.iter().fold(TestRequest::with_uri(target), |req, h| req.append_header(("host", *h))).to_srv_request();
        hosts().site(&req.head().uri, req.headers())
    }

    #[test]
    fn only_configured_hosts_are_answered() {
        assert_eq!(site("/", &["localhost:8080"]), Some(Site::Console));
        assert_eq!(site("/", &["LOCALHOST:8080"]), Some(Site::Console));
        assert_eq!(site("/", &["127.0.0.1:8080"]), Some(Site::Replay));
        for other in [
            "localhost",
            "localhost:8081",
            "evil.test:8080",
            "127.0.0.1",
            "localhost:8080.evil.test",
            "",
            "[::1]:8080",
            "localhost.:8080",
        ] {
            assert_eq!(site("/", &[other]), None, "{other}");
        }
        assert_eq!(site("/", &["localhost:8080", "127.0.0.1:8080"]), None, "two hosts");
        assert_eq!(site("http://127.0.0.1:8080/", &["localhost:8080"]), None, "target and Host disagree");
        assert_eq!(site("http://localhost:8080/", &["localhost:8080"]), Some(Site::Console));
    }

    #[test]
    fn origins_on_one_host_are_refused_even_on_two_ports() {
        let url = |text: &str| Url::parse(text).expect("is a URL");
        for (console, replay) in [
            ("http://localhost:8080", "http://localhost:8081"),
            ("https://a.test", "https://A.test"),
            ("https://a.test", "data:text/html,x"),
        ] {
            assert_eq!(Hosts::new(&url(console), &url(replay)).err(), Some(OriginsError), "{console} {replay}");
        }
        assert_eq!(Hosts::new(&url("https://a.test"), &url("https://b.test:443")).expect("differ").replay, "b.test");
    }
}

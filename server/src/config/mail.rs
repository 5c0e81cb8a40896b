//! How mail leaves: reading and checking the section `[mail]`.

use std::{net::Ipv4Addr, path::PathBuf};

use anyhow::Context as _;
use app::settings::{self, Locale, MailServer, MailTls};
use domain::Secret;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

use super::validate::{Finding, is_loopback_host};

/// Where servers listen that speak STARTTLS to people who hand letters in (RFC 6409).
const SUBMISSION: u16 = 587;
/// Where they listen for TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `smtp://…` or `smtps://…`; without it the console has an outbox.
    pub url: Option<Secret<String>>,
    /// The address that letters come from.
    pub from: Option<String>,
    /// Whether `smtp://` needs STARTTLS.
    pub tls: TlsMode,
    /// Plain text to another machine.
    pub allow_plaintext: bool,
    /// Certificates to trust besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// The language for people who chose none.
    pub language: Language,
}

/// Whether `smtp://` needs STARTTLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum TlsMode {
    /// STARTTLS or nothing.
    Required,
    /// Plain text.
    None,
}

impl TryFrom<String> for TlsMode {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "required" => Ok(Self::Required),
            "none" => Ok(Self::None),
            _ => Err("must be \"required\" or \"none\""),
        }
    }
}

/// A language that letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Language(Locale);

impl TryFrom<String> for Language {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Locale::from_name(&name).map(Self).ok_or("must be \"en\" or \"de\"")
    }
}

impl Mail {
    /// Checks across the section. No reason quotes the URL: it may hold a password.
    pub(super) fn check(&self) -> Result<(), Finding> {
        let Some(url) = self.parsed()? else { return Ok(()) };
        match &self.from {
            Some(from) if from.split_once('@').is_some_and(|(name, at)| !name.is_empty() && !at.is_empty()) => {}
            Some(_) => return Err(("mail.from", "must be an address such as sealtape@example.com".to_owned())),
            None => {
                return Err(("mail.from", "must be set with mail.url: the address that letters come from".to_owned()));
            }
        }
        if self.tls == TlsMode::None && url.scheme() == "smtps" {
            return Err(("mail.tls", "\"none\" does not go with smtps://".to_owned()));
        }
        if self.tls == TlsMode::None && !is_this_machine(&url) && !self.allow_plaintext {
            let reason = "\"none\" is for a mail server on this machine: letters hold links that set passwords. \
                          mail.allow_plaintext = true accepts that they cross the network in clear";
            return Err(("mail.tls", reason.to_owned()));
        }
        Ok(())
    }

    fn parsed(&self) -> Result<Option<Url>, Finding> {
        let Some(url) = &self.url else { return Ok(None) };
        let plain = |url: &Url| {
            matches!(url.scheme(), "smtp" | "smtps")
                && url.host().is_some()
                && matches!(url.path(), "" | "/")
                && url.query().is_none()
                && url.fragment().is_none()
                && (url.password().is_none() || !url.username().is_empty())
        };
        let parsed = Url::parse(url.expose()).ok().filter(plain);
        let reason = "must be smtp://host:587 or smtps://host:465, with name:password@ before the host if it asks";
        parsed.map(Some).ok_or_else(|| ("mail.url", reason.to_owned()))
    }

    /// The checked settings, with the certificates read.
    ///
    /// # Errors
    /// When the file of certificates cannot be read.
    pub fn settings(&self) -> anyhow::Result<settings::Mail> {
        let language = self.language.0;
        let (Ok(Some(url)), Some(from)) = (self.parsed(), &self.from) else {
            return Ok(settings::Mail { server: None, language });
        };
        let ca = self
            .ca_file
            .as_ref()
            .map(|path| std::fs::read(path).with_context(|| format!("mail.ca_file: cannot read {}", path.display())));
        let text = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let wrapped = url.scheme() == "smtps";
        let server = MailServer {
            patience: MailServer::PATIENCE,
            host: url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(if wrapped { SUBMISSIONS } else { SUBMISSION }),
            tls: match (wrapped, self.tls) {
                (true, _) => MailTls::Wrapped,
                (false, TlsMode::Required) => MailTls::Required,
                (false, TlsMode::None) => MailTls::Plain,
            },
            account: (!url.username().is_empty())
                .then(|| (text(url.username()), Secret::new(text(url.password().unwrap_or_default())))),
            from: from.clone(),
            ca: ca.transpose()?,
        };
        Ok(settings::Mail { server: Some(server), language })
    }
}

/// In a URL that is not a browser's, an IPv4 address is a name like any other.
fn is_this_machine(url: &Url) -> bool {
    let address = url.host_str().and_then(|host| host.parse::<Ipv4Addr>().ok());
    address.map_or_else(|| is_loopback_host(url), |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(url: &str, tls: TlsMode, allow_plaintext: bool) -> Mail {
        Mail {
            url: Some(Secret::new(url.to_owned())),
            from: Some("sealtape@example.com".to_owned()),
            tls,
            allow_plaintext,
            ca_file: None,
            language: Language(Locale::De),
        }
    }

    #[test]
    fn plain_text_stays_on_this_machine_unless_that_is_accepted() {
        let fits = |url: &str, tls, accepted| mail(url, tls, accepted).check().is_ok();
        assert!(fits("smtp://localhost:2525", TlsMode::None, false));
        assert!(fits("smtp://127.0.0.1", TlsMode::None, false));
        assert!(fits("smtp://[::1]", TlsMode::None, false));
        assert!(!fits("smtp://mail.example.com", TlsMode::None, false));
        assert!(!fits("smtp://192.0.2.1", TlsMode::None, false));
        assert!(!fits("smtp://127.0.0.1.example.com", TlsMode::None, false));
        assert!(fits("smtp://mail.example.com", TlsMode::None, true));
        assert!(fits("smtp://mail.example.com", TlsMode::Required, false));
        assert!(!fits("smtps://mail.example.com", TlsMode::None, true));
        for url in
            ["http://mail.example.com", "smtp://", "smtp://a/b", "smtp://a?b", "mail.example.com", "smtp://:pw@a"]
        {
            assert!(!fits(url, TlsMode::Required, true), "{url}");
        }
    }

    #[test]
    fn a_url_names_port_account_and_way() {
        let server = |url: &str, tls| mail(url, tls, true).settings().expect("is good").server.expect("a server");
        let wrapped = server("smtps://mail.example.com", TlsMode::Required);
        assert_eq!((wrapped.port, wrapped.tls), (465, MailTls::Wrapped));
        let signed_in = server("smtp://us%40er:p%3Aw@mail.example.com:2525", TlsMode::Required);
        assert_eq!((signed_in.port, signed_in.tls), (2_525, MailTls::Required));
        let (name, password) = signed_in.account.expect("an account");
        assert_eq!((name.as_str(), password.expose().as_str()), ("us@er", "p:w"));
        assert_eq!(server("smtp://[::1]", TlsMode::None).host, "::1");
    }
}

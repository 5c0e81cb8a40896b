//! Handing letters to a mail server.

use std::time::{Duration, UNIX_EPOCH};

use domain::{MailId, Timestamp};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::Address,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use url::Url;

use super::send::Written;
use crate::{
    AppError,
    settings::{MailServer, MailTls},
};

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a letter is not with the server. The codes are ours: a server's words could quote an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undelivered {
    /// Trying again may help.
    Later(&'static str),
    /// Trying again cannot help.
    Never(&'static str),
}

/// One mail server. A connection lives for one letter: letters are few, and a kept connection would have to be watched.
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The right half of message ids.
    domain: String,
}

impl Smtp {
    /// # Errors
    /// When the sender is no address, or a certificate cannot be read.
    pub(super) fn new(server: &MailServer, console: &Url) -> Result<Self, AppError> {
        let from: Address = server.from.parse().map_err(AppError::internal)?;
        let host = console.host_str().unwrap_or("localhost").to_owned();
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(host))
            .tls(tls(server)?);
        if let Some((name, password)) = &server.account {
            transport = transport.credentials(Credentials::new(name.clone(), password.expose().clone()));
        }
        let domain = from.domain().to_owned();
        Ok(Self { transport: transport.build(), from: Mailbox::new(Some("Sealtape".to_owned()), from), domain })
    }

    /// Hands a letter over. The same letter always has the same Message-ID, whoever sends it and how often.
    pub(super) async fn send(&self, id: MailId, letter: &Written, now: Timestamp) -> Result<(), Undelivered> {
        let to: Address = letter.to.expose().parse().map_err(|_| Undelivered::Never("no-address"))?;
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.as_micros()).unwrap_or(0));
        let message = Message::builder()
            .date(date)
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            // RFC 3834: keeps absence notes from answering.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body())
            .map_err(|_| Undelivered::Never("no-message"))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Undelivered::Never("smtp-5xx")),
            Err(error) if error.is_transient() => Err(Undelivered::Later("smtp-4xx")),
            Err(error) if error.is_timeout() => Err(Undelivered::Later("smtp-timeout")),
            Err(error) if error.is_tls() => Err(Undelivered::Later("smtp-tls")),
            // No connection, or a server that does not offer STARTTLS: nothing was said that it should not hear.
            Err(_) => Err(Undelivered::Later("smtp-connection")),
        }
    }
}

fn tls(server: &MailServer) -> Result<Tls, AppError> {
    if server.tls == MailTls::Plain {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.ca {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem).map_err(AppError::internal)?);
    }
    let parameters = parameters.build_rustls().map_err(AppError::internal)?;
    Ok(if server.tls == MailTls::Wrapped { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
}

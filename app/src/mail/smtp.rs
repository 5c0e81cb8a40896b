//! Handing letters to a mail server.

use std::time::{Duration, UNIX_EPOCH};

use domain::{MailId, Timestamp};
use lettre::{
    Message,
    address::Address,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Mail, Rset},
        extension::ClientId,
    },
};
use url::Url;

use super::send::Written;
use crate::{
    AppError,
    settings::{MailServer, MailTls},
};

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
    host: String,
    port: u16,
    way: MailTls,
    tls: Option<TlsParameters>,
    account: Option<Credentials>,
    hello: ClientId,
    from: Mailbox,
    /// The right half of message ids.
    domain: String,
    patience: Duration,
}

impl Smtp {
    /// # Errors
    /// When the sender is no address, or a certificate cannot be read.
    pub(super) fn new(server: &MailServer, console: &Url) -> Result<Self, AppError> {
        let from: Address = server.from.parse().map_err(AppError::internal)?;
        let account = server.account.as_ref();
        Ok(Self {
            host: server.host.clone(),
            port: server.port,
            way: server.tls,
            tls: tls(server)?,
            account: account.map(|(name, password)| Credentials::new(name.clone(), password.expose().clone())),
            hello: ClientId::Domain(console.host_str().unwrap_or("localhost").to_owned()),
            domain: from.domain().to_owned(),
            from: Mailbox::new(Some("Sealtape".to_owned()), from),
            patience: server.patience,
        })
    }

    /// Hands a letter over. The same letter always has the same Message-ID, whoever sends it and how often.
    pub(super) async fn send(&self, id: MailId, letter: &Written, now: Timestamp) -> Result<(), Undelivered> {
        let message = self.message(id, letter, now)?;
        // The library bounds only the connecting: a server that falls silent later would keep the letter's job for ever.
        match tokio::time::timeout(self.patience, self.hand_over(&message)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Undelivered::Later("smtp-timeout")),
        }
    }

    async fn hand_over(&self, message: &Message) -> Result<(), Undelivered> {
        let mut server = self.greeted().await.map_err(|error| ours(&error))?;
        let sent = server.send(message.envelope(), &message.formatted()).await;
        // The letter is with the server or it is not; how the connection ends changes nothing.
        server.abort().await;
        sent.map(drop).map_err(|error| of_the_letter(&error))
    }

    fn message(&self, id: MailId, letter: &Written, now: Timestamp) -> Result<Message, Undelivered> {
        let to: Address = letter.to.expose().parse().map_err(|_| Undelivered::Never("no-address"))?;
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.as_micros()).unwrap_or(0));
        Message::builder()
            .date(date)
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            // RFC 3834: keeps absence notes from answering.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body())
            .map_err(|_| Undelivered::Never("no-message"))
    }

    /// A connection on which the server has said yes to everything that is ours and not the letter's: greeting, TLS, sign-in
    /// and sender. The sender is named once for the answer and taken back, so that a later "no" is about the recipient.
    async fn greeted(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let wrapped = if self.way == MailTls::Wrapped { self.tls.clone() } else { None };
        let place = (self.host.as_str(), self.port);
        let mut server =
            AsyncSmtpConnection::connect_tokio1(place, Some(self.patience), &self.hello, wrapped, None).await?;
        if let (MailTls::Required, Some(tls)) = (self.way, &self.tls) {
            // Fails where STARTTLS is not offered: then nothing was said that such a server should not hear.
            server.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(account) = &self.account {
            server.auth(DEFAULT_MECHANISMS, account).await?;
        }
        server.command(Mail::new(Some(self.from.email.clone()), Vec::new())).await?;
        server.command(Rset).await?;
        Ok(server)
    }
}

/// The server says no before it has heard of the letter: its settings or ours are wrong, and every letter can wait until
/// they are right.
fn ours(error: &SmtpError) -> Undelivered {
    if error.is_permanent() {
        tracing::error!(
            code = error.status().map(|code| code.to_string()),
            "the mail server refuses us: check mail.url and mail.from"
        );
        return Undelivered::Later("smtp-refuses-us");
    }
    later(error)
}

/// A final no to the recipient or the text is final.
fn of_the_letter(error: &SmtpError) -> Undelivered {
    if error.is_permanent() { Undelivered::Never("smtp-5xx") } else { later(error) }
}

fn later(error: &SmtpError) -> Undelivered {
    Undelivered::Later(if error.is_transient() {
        "smtp-4xx"
    } else if error.is_timeout() {
        "smtp-timeout"
    } else if error.is_tls() {
        "smtp-tls"
    } else {
        "smtp-connection"
    })
}

fn tls(server: &MailServer) -> Result<Option<TlsParameters>, AppError> {
    if server.tls == MailTls::Plain {
        return Ok(None);
    }
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.ca {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem).map_err(AppError::internal)?);
    }
    parameters.build_rustls().map(Some).map_err(AppError::internal)
}

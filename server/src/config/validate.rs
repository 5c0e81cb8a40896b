//! Checks across fields: each answers with the key to change and what is wrong with it.

use std::{net::IpAddr, path::Path};

use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::Config;

pub(super) type Finding = (&'static str, String);

/// A third of it is the time between two signs of life.
const SHORTEST_LEASE: u64 = 6;

pub(super) fn validate(config: &Config) -> Result<(), Finding> {
    listeners(config)?;
    folders(config)?;
    database(config)?;
    config.mail.check()?;
    config.egress.check()?;
    config.ledger.check()?;
    numbers(config)?;
    match EnvFilter::try_new(&config.log.filter) {
        Ok(_) => Ok(()),
        Err(error) => Err(("log.filter", format!("is no level and no filter: {error}"))),
    }
}

fn listeners(config: &Config) -> Result<(), Finding> {
    let server = &config.server;
    if server.listen.port() != 0 && server.listen == server.metrics_listen {
        return Err(("server.metrics_listen", "is the same address as server.listen".to_owned()));
    }
    if let Err(error) = server.proxies() {
        return Err(("server.trusted_proxies", error.to_string()));
    }
    for (key, origin) in
        [("server.console_origin", &server.console_origin), ("server.replay_origin", &server.replay_origin)]
    {
        match origin {
            Some(origin) => check_origin(key, origin)?,
            None if server.listen.ip().is_loopback() => {}
            None => {
                return Err((key, "must be set, because server.listen can be reached from other machines".to_owned()));
            }
        }
    }
    match (&server.console_origin, &server.replay_origin) {
        (Some(console), Some(replay)) => validate_origins(console, replay),
        _ => Ok(()),
    }
}

fn check_origin(key: &'static str, origin: &Url) -> Result<(), Finding> {
    let plain = matches!(origin.scheme(), "http" | "https")
        && origin.path() == "/"
        && origin.query().is_none()
        && origin.fragment().is_none()
        && origin.username().is_empty()
        && origin.password().is_none();
    if !plain {
        return Err((key, "must be an origin such as https://sealtape.example.com, without a path".to_owned()));
    }
    if origin.scheme() == "http" && !is_loopback_host(origin) {
        return Err((key, "must be https: browsers give cookies and capture to secure pages only".to_owned()));
    }
    Ok(())
}

/// Whether console and player may stand on these two origins: different hosts, and beyond this machine different sites,
/// so that a recording that escaped its frame would still not be near the console.
///
/// # Errors
/// The key to change, and why.
pub fn validate_origins(console: &Url, replay: &Url) -> Result<(), (&'static str, String)> {
    let key = "server.replay_origin";
    if console.host() == replay.host() {
        return Err((key, "must have another host than server.console_origin; another port is not enough".to_owned()));
    }
    if !is_loopback_host(console) && site(console) == site(replay) {
        return Err((
            key,
            "must be under another domain than server.console_origin, not only another subdomain".to_owned(),
        ));
    }
    Ok(())
}

/// Whether the URL's host is this machine.
#[must_use]
pub fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

/// The registrable domain, near enough without the public suffix list: the last two labels, or three where the second
/// is short and the last a country (`example.co.uk`). An unusual suffix is told apart too little, never too much: the
/// worst is a refusal.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    if !matches!(url.host(), Some(Host::Domain(_))) {
        return host.to_owned();
    }
    let labels: Vec<_> = host.trim_end_matches('.').rsplit('.').collect();
    let three = matches!(labels[..], [country, second, ..] if country.len() == 2 && second.len() <= 3);
    let keep = if three { 3 } else { 2 };
    labels.into_iter().take(keep).collect::<Vec<_>>().join(".")
}

fn folders(config: &Config) -> Result<(), Finding> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let data = absolute(&config.storage.data);
    if data.file_name().is_none() {
        return Err(("storage.data", "must be a folder with a name".to_owned()));
    }
    let state = absolute(&config.storage.state());
    if state.starts_with(&data) || data.starts_with(&state) {
        return Err((
            "storage.state",
            "must be outside storage.data, and not around it: a copy of the data must not hold its keys".to_owned(),
        ));
    }
    Ok(())
}

fn database(config: &Config) -> Result<(), Finding> {
    let (url, system_url) = (&config.database.url, &config.database.system_url);
    let is_postgres = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
    for (key, url) in [("database.url", url), ("database.system_url", system_url)] {
        if url.as_ref().is_some_and(|url| !is_postgres(url.expose())) {
            return Err((key, "must begin with postgres://; without it the database is a SQLite file".to_owned()));
        }
    }
    match (url, system_url) {
        (None, Some(_)) => Err(("database.system_url", "needs database.url as well".to_owned())),
        _ => Ok(()),
    }
}

/// What `serve` needs beyond what every command needs: with PostgreSQL a second role, and the root key in a file only
/// when that was accepted.
///
/// # Errors
/// The key to change, and why.
pub(super) fn validate_serve(config: &Config) -> Result<(), (&'static str, String)> {
    if config.database.url.is_none() {
        return Ok(());
    }
    if config.database.system_url.is_none() {
        return Err(("database.system_url", "must be set with PostgreSQL, as a member of sealtape_system".to_owned()));
    }
    if !config.keys.accept_file_keyring {
        let reason = "must be true with PostgreSQL, because the file keyring is the only root key store of this version: \
                      whoever reads the state folder can open everything";
        return Err(("keys.accept_file_keyring", reason.to_owned()));
    }
    Ok(())
}

fn numbers(config: &Config) -> Result<(), Finding> {
    let limits = &config.limits;
    let zero = [
        ("database.max_connections", config.database.max_connections == 0),
        ("finisher.interval_ms", config.finisher.interval_ms == 0),
        ("limits.session_seconds", limits.session_seconds == 0),
        ("limits.session_token_seconds", limits.session_token_seconds == 0),
        ("limits.tabs_per_session", limits.tabs_per_session == 0),
        ("limits.segments_per_tab", limits.segments_per_tab == 0),
        ("limits.uploads_in_flight", limits.uploads_in_flight == 0),
        ("limits.pipeline_threads", limits.pipeline_threads == 0),
        ("limits.starts_per_minute", limits.starts_per_minute == 0),
        ("limits.segments_per_second", limits.segments_per_second == 0),
        ("limits.logins_per_minute", limits.logins_per_minute == 0),
        ("limits.challenge_seconds", limits.challenge_seconds == 0),
        ("limits.challenge_tries", limits.challenge_tries == 0),
        ("limits.open_challenges", limits.open_challenges == 0),
        ("limits.factor_attempts", limits.factor_attempts == 0),
        ("limits.factor_window_seconds", limits.factor_window_seconds == 0),
        ("limits.fresh_seconds", limits.fresh_seconds == 0),
        ("limits.account_logins_per_minute", limits.account_logins_per_minute == 0),
        ("limits.token_tries_per_minute", limits.token_tries_per_minute == 0),
        ("limits.password_resets_per_hour", limits.password_resets_per_hour == 0),
        ("limits.invitations_per_hour", limits.invitations_per_hour == 0),
        ("limits.exports_per_day", limits.exports_per_day == 0),
        ("limits.person_searches_per_hour", limits.person_searches_per_hour == 0),
        ("limits.audit_exports_per_day", limits.audit_exports_per_day == 0),
        ("limits.audit_export_seconds", limits.audit_export_seconds == 0),
        ("password.at_once", config.password.at_once == 0),
        ("jobs.per_tenant", config.jobs.per_tenant == 0),
        ("jobs.poll_ms", config.jobs.poll_ms == 0),
    ];
    if config.jobs.lease_seconds < SHORTEST_LEASE {
        return Err((
            "jobs.lease_seconds",
            format!("must be {SHORTEST_LEASE} or more: a pause must not look like a death"),
        ));
    }
    match zero.into_iter().find(|(_, zero)| *zero) {
        Some((key, _)) => Err((key, "must be more than 0".to_owned())),
        None => Ok(()),
    }
}

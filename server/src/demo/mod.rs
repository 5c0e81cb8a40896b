//! Demo mode: a tenant with four sign-ins whose passwords are shown, and the sample shop. Everything of it is in this
//! folder and behind the cargo feature `demo`.
//!
//! Because it shows passwords it is fenced in: listeners and origins on this machine only, the embedded database only, and
//! a data folder that holds nothing else (`open` checks that one).

mod boxed;
mod products;
mod seed;
mod sheet;
mod shop;

use std::net::SocketAddr;

use anyhow::bail;
use url::Url;

use crate::config::{Config, is_loopback_host};

pub use seed::seed;
pub use sheet::{Account, Ided, ROLES, Sheet, SheetFile, Tenant};
pub(crate) use shop::Shop;

/// What a running demo knows: its sheet, and where the shop is.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The sign-ins and ids.
    pub sheet: Sheet,
    /// Where browsers find the shop.
    pub shop_origin: Url,
}

impl Demo {
    /// What the login page shows.
    #[must_use]
    pub fn sheet(&self) -> api::DemoSheet {
        let accounts = ROLES
            .iter()
            .zip(self.sheet.accounts())
            .map(|(role, account)| api::DemoAccount {
                role: role.to_string(),
                email: account.email.clone(),
                password: account.password.clone(),
            })
            .collect();
        api::DemoSheet { accounts, shop_url: crate::listeners::ascii(&self.shop_origin) }
    }

    pub(crate) fn shop(&self, settings: &app::settings::Settings) -> Shop {
        Shop::new(&self.shop_origin, &settings.console_origin, &self.sheet.agent_key)
    }
}

/// Refuses what a demo must not be combined with.
///
/// # Errors
/// Names the setting to change.
pub fn refuse_unsafe(config: &Config, shop: SocketAddr) -> anyhow::Result<()> {
    let server = &config.server;
    for (flag, addr) in
        [("--listen", server.listen), ("--metrics-listen", server.metrics_listen), ("--shop-listen", shop)]
    {
        if !addr.ip().is_loopback() {
            bail!("--demo shows passwords and therefore listens on this machine only: {flag} {addr} is refused");
        }
    }
    for (flag, origin) in [("--console-origin", &server.console_origin), ("--replay-origin", &server.replay_origin)] {
        if let Some(origin) = origin.as_ref().filter(|origin| !is_loopback_host(origin)) {
            bail!("--demo shows passwords and therefore has origins on this machine only: {flag} {origin} is refused");
        }
    }
    if config.database.url.is_some() {
        bail!("--demo works with the embedded database only: database.url is refused");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use config::Map;

    use super::*;
    use crate::config::Sources;

    fn refusal(variable: Option<(&str, &str)>, shop: &str) -> Option<String> {
        let environment =
            variable.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Map<_, _>>();
        let sources = Sources { environment: Some(environment), ..Sources::default() };
        let loaded = Config::load(&sources).expect("is well-formed");
        refuse_unsafe(&loaded.config, shop.parse().expect("an address")).err().map(|error| error.to_string())
    }

    #[test]
    fn a_demo_stays_on_this_machine_and_on_the_embedded_database() {
        assert_eq!(refusal(None, "127.0.0.1:8081"), None);
        let shop = refusal(None, "0.0.0.0:8081").expect("is refused");
        assert!(shop.contains("--shop-listen 0.0.0.0:8081"), "{shop}");
        for (variable, value, named) in [
            ("SEALTAPE__SERVER__METRICS_LISTEN", "192.168.1.4:9090", "--metrics-listen"),
            ("SEALTAPE__SERVER__CONSOLE_ORIGIN", "https://demo.example.com", "--console-origin"),
            ("SEALTAPE__SERVER__REPLAY_ORIGIN", "https://replay.example.net", "--replay-origin"),
            ("SEALTAPE__DATABASE__URL", "postgres://db/sealtape", "database.url"),
        ] {
            let refused = refusal(Some((variable, value)), "127.0.0.1:8081").unwrap_or_else(|| panic!("{variable}"));
            assert!(refused.contains(named), "{refused}");
            assert!(!refused.contains("postgres://db"), "{refused}");
        }
    }
}

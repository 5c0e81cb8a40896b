//! The box on the terminal: where to go and how to sign in.

use std::fmt;

use super::{Demo, ROLES};
use crate::listeners::{Origins, ascii};

/// Prints a demo's addresses and sign-ins in a box.
pub(crate) struct Boxed<'a> {
    pub(crate) demo: &'a Demo,
    pub(crate) origins: &'a Origins,
}

impl Demo {
    /// Addresses and sign-ins for the terminal.
    pub(crate) const fn boxed<'a>(&'a self, origins: &'a Origins) -> Boxed<'a> {
        Boxed { demo: self, origins }
    }
}

impl fmt::Display for Boxed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![
            format!("Console      {}", ascii(&self.origins.console)),
            format!("Sample shop  {}", ascii(&self.demo.shop_origin)),
            String::new(),
        ];
        let accounts = ROLES.iter().zip(self.demo.sheet.accounts());
        lines.extend(
            accounts.map(|(role, account)| format!("{:<16} {:<32} {}", role.as_str(), account.email, account.password)),
        );
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        writeln!(f, "┌{}┐", "─".repeat(width + 4))?;
        for line in lines {
            writeln!(f, "│  {line:<width$}  │")?;
        }
        write!(f, "└{}┘", "─".repeat(width + 4))
    }
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;
    use url::Url;

    use super::super::{Ided, Sheet, SheetFile, Tenant};
    use super::*;

    #[test]
    fn the_box_is_square() {
        let url = |text: &str| Url::parse(text).expect("a url");
        let [owner, officer, engineer, auditor] = SheetFile::draw(&SeededEntropy::new(1)).accounts;
        let sheet = Sheet {
            tenant: Tenant { id: "t".to_owned(), slug: "demo".to_owned() },
            project: Ided { id: "p".to_owned() },
            agent_key: "st_agent_x".to_owned(),
            owner,
            officer,
            engineer,
            auditor,
        };
        let demo = Demo { sheet, shop_origin: url("http://127.0.0.1:8081") };
        let origins = Origins { console: url("http://localhost:8080"), replay: url("http://127.0.0.1:8080") };
        insta::assert_snapshot!(demo.boxed(&origins).to_string());
    }
}

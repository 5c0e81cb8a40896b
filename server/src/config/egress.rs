//! What is dialled of the addresses that tenants give: reading and checking the section `[egress]`.

use std::path::PathBuf;

use anyhow::Context as _;
use egress::{AllowList, Guard, Policy, SystemResolver};
use serde::Deserialize;

use super::validate::Finding;

/// What is dialled of the addresses that tenants give.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Egress {
    /// Places that are dialled although they are not public, with commas between them.
    pub allow: String,
    /// Certificates to trust besides the public ones.
    pub ca_file: Option<PathBuf>,
}

impl Egress {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.allow.parse::<AllowList>().map(drop).map_err(|error| ("egress.allow", error.to_string()))
    }

    /// The checked policy, with the certificates read.
    ///
    /// # Errors
    /// When the file of certificates cannot be read or holds none.
    pub fn policy(&self) -> anyhow::Result<Policy> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("egress.ca_file: cannot read {}", path.display()))
        };
        let ca = self.ca_file.as_ref().map(read).transpose()?;
        let policy = Policy { allow: self.allow.parse().context("egress.allow")?, ca, ..Policy::default() };
        Guard::new(&policy, std::sync::Arc::new(SystemResolver)).context("egress.ca_file")?;
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_checked_and_certificates_read() {
        let of = |allow: &str, ca_file| Egress { allow: allow.to_owned(), ca_file };
        assert!(of("", None).check().is_ok() && of("siem.internal:6514, 10.0.0.0/8:443", None).check().is_ok());
        assert_eq!(of("10.0.0.0/8", None).check().expect_err("without a port").0, "egress.allow");
        assert!(of("", None).policy().is_ok());
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ca.pem");
        assert!(of("", Some(file.clone())).policy().is_err(), "not there");
        std::fs::write(&file, "nothing").expect("writes");
        assert!(of("", Some(file)).policy().is_err(), "no certificate");
    }
}

//! The demo's sheet: what `sealtape demo --json` prints, kept in a private file of the state folder.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use domain::Entropy;
use policy::access::Role;
use serde::{Deserialize, Serialize};

use crate::folders::{Folders, write_private};

/// The roles of the four sign-ins, in the order in which they are made and shown.
pub const ROLES: [Role; 4] = [Role::Owner, Role::PrivacyOfficer, Role::Engineer, Role::Auditor];

/// Everything a script needs to use the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The demo tenant.
    pub tenant: Tenant,
    /// The shop's project.
    pub project: Ided,
    /// The shop's agent key.
    pub agent_key: String,
    /// May do everything in the tenant.
    pub owner: Account,
    /// Answers for what is captured.
    pub officer: Account,
    /// Watches sessions.
    pub engineer: Account,
    /// Reads who saw what.
    pub auditor: Account,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// Its name at sign-in.
    pub slug: String,
}

/// Something with an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ided {
    /// The id.
    pub id: String,
}

/// A sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with; random per data folder.
    pub password: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("email", &self.email).field("password", &"***").finish()
    }
}

impl Sheet {
    /// The sign-ins in the order of [`ROLES`].
    #[must_use]
    pub const fn accounts(&self) -> [&Account; 4] {
        [&self.owner, &self.officer, &self.engineer, &self.auditor]
    }
}

/// The file. Passwords are drawn and written first, so that a crash while the demo is made leaves nothing unknown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetFile {
    /// The sign-ins in the order of [`ROLES`].
    pub accounts: [Account; 4],
    /// What was made; `None` while it is being made.
    pub made: Option<Made>,
}

/// The rows of a demo that is ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// The shop's origin, which the agent key is good for.
    pub shop_origin: String,
    /// What is printed.
    pub sheet: Sheet,
}

impl SheetFile {
    /// Fresh sign-ins.
    #[must_use]
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let names = ["owner", "officer", "engineer", "auditor"];
        let accounts =
            names.map(|name| Account { email: format!("{name}@kiln-and-clay.example"), password: password(entropy) });
        Self { accounts, made: None }
    }

    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folders: &Folders) -> anyhow::Result<Option<Self>> {
        let path = Self::path(folders);
        let shown = || format!("cannot read {}", path.display());
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).with_context(shown)?;
        serde_json::from_slice(&text).with_context(shown).map(Some)
    }

    /// Writes the file for its owner only.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folders: &Folders) -> anyhow::Result<()> {
        write_private(&Self::path(folders), &serde_json::to_vec_pretty(self)?)
    }

    fn path(folders: &Folders) -> PathBuf {
        folders.state().join("demo.json")
    }
}

/// Sixteen characters of an alphabet of 32 that a person can type: 80 bits.
fn password(entropy: &dyn Entropy) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let groups =
        bytes.chunks(4).map(|four| four.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect());
    groups.collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;

    use super::*;

    #[test]
    fn passwords_differ_by_account_and_folder() {
        let drawn = [SheetFile::draw(&SeededEntropy::new(1)), SheetFile::draw(&SeededEntropy::new(2))];
        let mut passwords: Vec<_> =
            drawn.iter().flat_map(|file| &file.accounts).map(|account| &account.password).collect();
        passwords.sort();
        passwords.dedup();
        assert_eq!(passwords.len(), 8);
        assert!(passwords.iter().all(|password| password.len() == 19), "{passwords:?}");
        assert!(!format!("{:?}", drawn[0]).contains(passwords[0].as_str()));
    }
}

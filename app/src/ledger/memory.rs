//! What the signer remembers outside the database, so that nobody who writes there can make it forget.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ledger::{
    checkpoint::Checkpoint,
    tree::{Hash, TreeHead},
};
use serde::{Deserialize, Serialize};

use crate::AppError;

/// The number in the name of a log that was never begun anew.
pub(super) const FIRST_EPOCH: u32 = 1;
/// The form of the file.
const VERSION: u32 = 1;

/// Every log's head as it was signed last, in one file. It proves nothing to anybody else, so it carries no MAC: whoever
/// can write here can read the keys as well.
pub(super) struct Memory {
    path: PathBuf,
    heads: BTreeMap<String, TreeHead>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    logs: BTreeMap<String, WrittenHead>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHead {
    size: u64,
    root: String,
}

impl Memory {
    /// Reads the file; one that is not there remembers nothing, one that cannot be read is refused.
    pub(super) fn open(path: &Path) -> Result<Self, AppError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), heads: BTreeMap::new() });
            }
            Err(error) => return Err(AppError::internal(error)),
        };
        let written: Written = serde_json::from_slice(&text).map_err(AppError::internal)?;
        if written.version != VERSION {
            return Err(AppError::internal("the signer's file is of another version"));
        }
        let head = |(origin, head): (String, WrittenHead)| {
            let root: Hash = head.root.parse().map_err(AppError::internal)?;
            Ok((origin, TreeHead { size: head.size, root }))
        };
        let heads = written.logs.into_iter().map(head).collect::<Result<_, AppError>>()?;
        Ok(Self { path: path.to_owned(), heads })
    }

    /// Takes over logs that another process wrote of since: an operator begins a new epoch while the signer runs. What is known
    /// here already stays as it is.
    pub(super) fn refresh(&mut self) -> Result<(), AppError> {
        for (origin, head) in Self::open(&self.path)?.heads {
            self.heads.entry(origin).or_insert(head);
        }
        Ok(())
    }

    /// The number of the tenant's log that is signed now; `prefix` is its name up to that number.
    pub(super) fn epoch(&self, prefix: &str) -> u32 {
        // Names that begin alike stand together: with as many logs as tenants, no look-up goes through all of them.
        let named = self.heads.range(prefix.to_owned()..).map_while(|(origin, _)| origin.strip_prefix(prefix));
        let numbers = named.filter_map(|number| number.parse().ok());
        numbers.max().unwrap_or(FIRST_EPOCH)
    }

    /// The head of the log `origin` as it was signed last.
    pub(super) fn last(&self, origin: &str) -> Option<TreeHead> {
        self.heads.get(origin).copied()
    }

    /// The names of all logs of which a head was signed.
    pub(super) fn origins(&self) -> impl Iterator<Item = &str> {
        self.heads.keys().map(String::as_str)
    }

    /// Remembers all of `signed`, durably, before anybody gets to see one of them.
    pub(super) fn remember<'a>(&mut self, signed: impl IntoIterator<Item = &'a Checkpoint>) -> Result<(), AppError> {
        let mut heads = self.heads.clone();
        heads.extend(signed.into_iter().map(|checkpoint| (checkpoint.origin.clone(), checkpoint.head)));
        if heads != self.heads {
            let logs = heads
                .iter()
                .map(|(origin, head)| (origin.clone(), WrittenHead { size: head.size, root: head.root.to_string() }));
            let written = Written { version: VERSION, logs: logs.collect() };
            write_whole(&self.path, &serde_json::to_vec(&written).map_err(AppError::internal)?)
                .map_err(AppError::internal)?;
            self.heads = heads;
        }
        Ok(())
    }
}

/// Whole and durable, or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(origin: &str, size: u64) -> Checkpoint {
        Checkpoint { origin: origin.to_owned(), head: TreeHead { size, root: Hash::of_leaf(&size.to_be_bytes()) } }
    }

    #[test]
    fn what_was_signed_is_remembered_by_the_next_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger-signer.json");
        let mut memory = Memory::open(&path).expect("opens");
        assert_eq!(memory.last("a"), None);
        memory.remember(&[checkpoint("a", 3), checkpoint("b", 5)]).expect("writes");
        memory.remember(&[checkpoint("a", 4)]).expect("writes");
        let memory = Memory::open(&path).expect("opens");
        assert_eq!(memory.last("a"), Some(checkpoint("a", 4).head));
        assert_eq!(memory.last("b"), Some(checkpoint("b", 5).head));
        assert!(!path.with_extension("draft").exists());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger-signer.json");
        for text in ["", "{}", r#"{"version":2,"logs":{}}"#, r#"{"version":1,"logs":{"a":{"size":1,"root":"x"}}}"#] {
            fs::write(&path, text).expect("writes");
            assert!(Memory::open(&path).is_err(), "{text}");
        }
    }

    #[test]
    fn a_half_written_draft_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger-signer.json");
        let mut memory = Memory::open(&path).expect("opens");
        memory.remember(&[checkpoint("a", 3)]).expect("writes");
        fs::write(path.with_extension("draft"), r#"{"version":1,"lo"#).expect("writes");
        let mut memory = Memory::open(&path).expect("opens");
        assert_eq!(memory.last("a"), Some(checkpoint("a", 3).head));
        memory.remember(&[checkpoint("a", 9)]).expect("writes over it");
        assert_eq!(Memory::open(&path).expect("opens").last("a"), Some(checkpoint("a", 9).head));
    }
}

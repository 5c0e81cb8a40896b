//! The two folders of a deployment: data (database file, blobs) and state (root keys), kept apart so that a copy of the
//! one opens nothing without the other.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use domain::Entropy;

use crate::config::Storage;

/// Paths of a deployment's files.
#[derive(Debug, Clone)]
pub struct Folders {
    data: PathBuf,
    state: PathBuf,
}

/// Held while a process works on a data folder; released when dropped, also by `kill -9`.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Folders {
    /// The folders that the settings name, as absolute paths.
    ///
    /// # Errors
    /// When the working folder is gone.
    pub fn of(storage: &Storage) -> anyhow::Result<Self> {
        let absolute =
            |path: &Path| std::path::absolute(path).with_context(|| format!("no such path: {}", path.display()));
        Ok(Self { data: absolute(&storage.data)?, state: absolute(&storage.state())? })
    }

    /// Makes both folders, for their owner only.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn create(&self) -> anyhow::Result<()> {
        for folder in [&self.data, &self.state] {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        Ok(())
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }
    /// The state folder.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }
    /// The SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("sealtape.db")
    }
    /// The folder of sealed blobs.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }
    /// The folder of root keys.
    #[must_use]
    pub fn keyring(&self) -> PathBuf {
        self.state.join("keyring")
    }
    /// What the signer of audit logs remembers.
    #[must_use]
    pub fn ledger_signer(&self) -> PathBuf {
        self.state.join("ledger-signer.json")
    }

    /// Locks the data folder for this process; `None` when another process has it.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    pub fn try_lock(&self) -> anyhow::Result<Option<FolderLock>> {
        let path = self.data.join("lock");
        let shown = || format!("cannot lock {}", path.display());
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path).with_context(shown)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FolderLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(shown),
        }
    }

    /// Locks the data folder for this process.
    ///
    /// # Errors
    /// When another process has it.
    pub fn lock(&self) -> anyhow::Result<FolderLock> {
        match self.try_lock()? {
            Some(lock) => Ok(lock),
            None => bail!(
                "another process is using the data folder {}: stop it first, or name another with --data",
                self.data.display()
            ),
        }
    }

    /// Whether the deployment has its name already.
    #[must_use]
    pub fn has_deployment(&self) -> bool {
        self.state.join("deployment").exists()
    }

    /// The deployment's name, which every key that the root wraps is bound to; drawn at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something else.
    pub fn deployment(&self, entropy: &dyn Entropy) -> anyhow::Result<String> {
        let path = self.state.join("deployment");
        if !path.exists() {
            let mut bytes = [0; 16];
            entropy.fill(&mut bytes);
            write_private(&path, format!("{:032x}\n", u128::from_be_bytes(bytes)).as_bytes())?;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = text.trim();
        if name.len() != 32 || !name.bytes().all(|b| b.is_ascii_hexdigit()) {
            bail!("{} is damaged: put it back from where the state folder is kept safe", path.display());
        }
        Ok(name.to_owned())
    }
}

/// Writes a file that only its owner may read: whole and durable, or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let draft = path.with_extension("draft");
    let write = || -> std::io::Result<()> {
        let _ = fs::remove_file(&draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;

    use super::*;

    fn folders(root: &Path) -> Folders {
        let folders = Folders::of(&Storage { data: root.join("data/"), state: None }).expect("paths");
        folders.create().expect("makes them");
        folders
    }

    #[test]
    fn the_state_folder_lies_beside_the_data_folder() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(folders(root.path()).state(), root.path().join("data-state"));
    }

    #[test]
    fn a_second_process_is_refused_until_the_first_is_gone() {
        let root = tempfile::tempdir().expect("a folder");
        let folders = folders(root.path());
        let held = folders.lock().expect("is free");
        let refused = folders.lock().expect_err("is taken").to_string();
        assert!(refused.contains("another process is using the data folder"), "{refused}");
        drop(held);
        folders.lock().expect("is free again");
    }

    #[test]
    fn the_deployment_s_name_stays() {
        let root = tempfile::tempdir().expect("a folder");
        let folders = folders(root.path());
        let name = folders.deployment(&SeededEntropy::new(1)).expect("is drawn");
        assert_eq!(folders.deployment(&SeededEntropy::new(2)).expect("is read"), name);
        fs::write(folders.state().join("deployment"), "x").expect("writes");
        assert!(folders.deployment(&SeededEntropy::new(3)).is_err());
    }
}

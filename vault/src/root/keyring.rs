//! Root keys in files: for trying out and small deployments. No hardware guards them and no certificate can claim that a
//! destroyed one is gone from backups; a production profile needs an explicit flag.
//!
//! One file `<root id>.key` each: magic `SLTAROOT` ‖ key (32) ‖ check (8), and `current` with the id that new wraps use.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use domain::Entropy;
use zeroize::Zeroizing;

use super::{KmsError, RootContext, RootDescription, RootId, RootKms};
use crate::{Key32, chain, wrap};

const MAGIC: &[u8; 8] = b"SLTAROOT";
const FILE_LEN: usize = 48;
const CURRENT: &str = "current";

/// The keyring's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Reading or writing failed.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// Others than the owner may read a key file or write into the folder.
    #[error("{path} has mode {mode:04o}: only its owner may have access (files 0600, folder 0700)")]
    Loose {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not one of our key files, or changed since it was written.
    #[error("{path} is damaged: put it back from where root keys are kept safe; never delete it")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// A folder of root keys.
pub struct FileKeyring {
    folder: PathBuf,
    entropy: Arc<dyn Entropy>,
    held: RwLock<Held>,
}

struct Held {
    current: RootId,
    roots: HashMap<RootId, Arc<Key32>>,
}

impl FileKeyring {
    /// Opens the keyring, making folder and first root when there is none. Blocks on the disk: call it at start.
    ///
    /// # Errors
    /// When files cannot be read or written, are damaged, or are open to others than their owner.
    pub fn open_or_create(folder: &Path, entropy: Arc<dyn Entropy>) -> Result<Self, KeyringError> {
        if !folder.exists() {
            create_folder(folder)?;
        }
        refuse_loose(folder, 0o022)?;
        if !folder.join(CURRENT).exists() {
            let id = write_root(folder, entropy.as_ref())?;
            publish_first(folder, &id, entropy.as_ref())?;
        }
        let held = RwLock::new(read_folder(folder)?);
        Ok(Self { folder: folder.to_owned(), entropy, held })
    }

    fn root(&self, id: &RootId) -> Result<Arc<Key32>, KmsError> {
        if let Some(key) = self.held.read().unwrap_or_else(PoisonError::into_inner).roots.get(id) {
            return Ok(Arc::clone(key));
        }
        // Another process on the same folder may have made it since; one small read, and only for an id not yet known.
        let fresh = read_folder(&self.folder).map_err(unavailable)?;
        let key = fresh.roots.get(id).map(Arc::clone);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        key.ok_or_else(|| KmsError::UnknownRoot(id.clone()))
    }
}

#[async_trait]
impl RootKms for FileKeyring {
    async fn create_root(&self) -> Result<RootId, KmsError> {
        let (folder, entropy) = (self.folder.clone(), Arc::clone(&self.entropy));
        let made = tokio::task::spawn_blocking(move || {
            let id = write_root(&folder, entropy.as_ref())?;
            publish_next(&folder, &id, entropy.as_ref())?;
            Ok::<_, KeyringError>((id, read_folder(&folder)?))
        });
        let (id, fresh) = made.await.map_err(unavailable)?.map_err(unavailable)?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(id)
    }

    fn current_root(&self) -> RootId {
        self.held.read().unwrap_or_else(PoisonError::into_inner).current.clone()
    }

    async fn wrap(&self, root: &RootId, context: &RootContext, key: &Key32) -> Result<Vec<u8>, KmsError> {
        let root = self.root(root)?;
        Ok(wrap::encrypt(&root, &context.aad(), key.expose(), self.entropy.as_ref()))
    }

    async fn unwrap(&self, root: &RootId, context: &RootContext, wrapped: &[u8]) -> Result<Key32, KmsError> {
        let root = self.root(root)?;
        let opened = wrap::decrypt(&root, &context.aad(), wrapped).ok_or(KmsError::Refused)?;
        Key32::from_slice(&opened).ok_or(KmsError::Refused)
    }

    fn describe(&self) -> RootDescription {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        RootDescription {
            provider: "file",
            current: held.current.clone(),
            roots: held.roots.len(),
            production: false,
            backup_horizon: false,
        }
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> KmsError {
    KmsError::Unavailable(Box::new(error))
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    move |source| KeyringError::Io { action, path: path.to_owned(), source }
}

fn create_folder(folder: &Path) -> Result<(), KeyringError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io_error("create", folder))?;
    // The folder's own entry has to be durable before anything is wrapped under a key inside it.
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(parent)
}

fn refuse_loose(path: &Path, forbidden: u32) -> Result<(), KeyringError> {
    let mode = fs::metadata(path).map_err(io_error("look at", path))?.permissions().mode() & 0o7777;
    if mode & forbidden == 0 { Ok(()) } else { Err(KeyringError::Loose { path: path.to_owned(), mode }) }
}

fn sync_folder(folder: &Path) -> Result<(), KeyringError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error("sync", folder))
}

fn random_hex(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    format!("{:016x}", u64::from_be_bytes(bytes))
}

/// Writes `content` under a name nothing reads yet, durable.
fn stage(folder: &Path, content: &[u8], entropy: &dyn Entropy) -> Result<PathBuf, KeyringError> {
    let path = folder.join(format!("{}.new", random_hex(entropy)));
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(io_error("create", &path))?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(io_error("write", &path))?;
    Ok(path)
}

/// Makes a root's file, durable when this returns; a crash before that leaves only a `.new` file that nothing names.
fn write_root(folder: &Path, entropy: &dyn Entropy) -> Result<RootId, KeyringError> {
    let key = Key32::generate(entropy);
    let mut content = Zeroizing::new([0_u8; FILE_LEN]);
    content[..8].copy_from_slice(MAGIC);
    content[8..40].copy_from_slice(key.expose());
    content[40..].copy_from_slice(&check(&key));
    let id = RootId::new(format!("file-{}", random_hex(entropy)));
    let path = root_path(folder, &id);
    let staged = stage(folder, content.as_slice(), entropy)?;
    // A link never replaces an existing root, which a rename would.
    fs::hard_link(&staged, &path).map_err(io_error("create", &path))?;
    fs::remove_file(&staged).map_err(io_error("remove", &staged))?;
    sync_folder(folder)?;
    Ok(id)
}

/// Names the first root; when another process was faster, its choice stands.
fn publish_first(folder: &Path, id: &RootId, entropy: &dyn Entropy) -> Result<(), KeyringError> {
    let staged = stage(folder, id.as_str().as_bytes(), entropy)?;
    let path = folder.join(CURRENT);
    match fs::hard_link(&staged, &path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(io_error("create", &path)(error)),
        Ok(()) | Err(_) => {}
    }
    fs::remove_file(&staged).map_err(io_error("remove", &staged))?;
    sync_folder(folder)
}

fn publish_next(folder: &Path, id: &RootId, entropy: &dyn Entropy) -> Result<(), KeyringError> {
    let staged = stage(folder, id.as_str().as_bytes(), entropy)?;
    let path = folder.join(CURRENT);
    fs::rename(&staged, &path).map_err(io_error("replace", &path))?;
    sync_folder(folder)
}

fn root_path(folder: &Path, id: &RootId) -> PathBuf {
    folder.join(format!("{id}.key"))
}

/// Tells a damaged file from a wrong key. It says nothing of the key to who cannot read the file anyway.
fn check(key: &Key32) -> [u8; 8] {
    let digest = chain::mac(key, &[b"sealtape/root-file/v1"]);
    let mut check = [0; 8];
    check.copy_from_slice(&digest[..8]);
    check
}

fn read_folder(folder: &Path) -> Result<Held, KeyringError> {
    let current = folder.join(CURRENT);
    let current_id = fs::read_to_string(&current).map_err(io_error("read", &current))?;
    let mut roots = HashMap::new();
    for entry in fs::read_dir(folder).map_err(io_error("list", folder))? {
        let path = entry.map_err(io_error("list", folder))?.path();
        if path.extension().is_some_and(|extension| extension == "key")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            roots.insert(RootId::new(name.to_owned()), Arc::new(read_root(&path)?));
        }
    }
    let current_id = RootId::new(current_id.trim().to_owned());
    if roots.contains_key(&current_id) {
        Ok(Held { current: current_id, roots })
    } else {
        Err(KeyringError::Damaged { path: current })
    }
}

fn read_root(path: &Path) -> Result<Key32, KeyringError> {
    refuse_loose(path, 0o077)?;
    let damaged = || KeyringError::Damaged { path: path.to_owned() };
    let mut content = Zeroizing::new([0_u8; FILE_LEN + 1]);
    let mut file = File::open(path).map_err(io_error("read", path))?;
    let mut len = 0;
    loop {
        match file.read(&mut content[len..]).map_err(io_error("read", path))? {
            0 => break,
            more => len += more,
        }
    }
    let key = Key32::from_slice(&content[8..40]).ok_or_else(damaged)?;
    let sound = len == FILE_LEN && content[..8] == *MAGIC && content[40..FILE_LEN] == check(&key);
    if sound { Ok(key) } else { Err(damaged()) }
}

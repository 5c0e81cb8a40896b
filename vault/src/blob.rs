//! Where sealed bytes lie: create-only objects named by what they hold, durable before the call returns.

use std::{
    collections::HashSet,
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use domain::{SessionId, TenantId, Timestamp};
use futures::{StreamExt as _, stream::BoxStream};
use object_store::{
    ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, local::LocalFileSystem, path::Path as ObjectPath,
};

/// How many folders we remember as durable before forgetting them all; forgetting costs an fsync, nothing else.
const REMEMBERED_FOLDERS: usize = 10_000;
const MAX_KEY_LEN: usize = 512;

/// A blob could not be stored, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The text is no key of ours.
    #[error("not a blob key")]
    BadKey,
    /// There is an object of this name already; it was not touched.
    #[error("the blob exists already")]
    Exists,
    /// There is no object of this name.
    #[error("the blob does not exist")]
    NotFound,
    /// The storage failed. What was asked may or may not have happened.
    #[error("the blob storage failed")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            object_store::Error::AlreadyExists { .. } => Self::Exists,
            other => Self::Storage(Box::new(other)),
        }
    }
}

/// The name of a blob: parts of letters, digits, `-`, `_` and `.`, joined by `/`, never `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobKey(String);

impl BlobKey {
    /// `<tenant>/<session>/<generation>/<tab>-<n>-<sha256 hex>`.
    #[must_use]
    pub fn segment(tenant: TenantId, session: SessionId, generation: u32, tab: u16, n: u32, sha256: &[u8; 32]) -> Self {
        Self(format!("{tenant}/{session}/{generation}/{tab}-{n}-{}", hex(sha256)))
    }
    /// `<tenant>/<session>/<generation>/manifest-<rev>-<sha256 hex>`.
    #[must_use]
    pub fn manifest(tenant: TenantId, session: SessionId, generation: u32, rev: u32, sha256: &[u8; 32]) -> Self {
        Self(format!("{tenant}/{session}/{generation}/manifest-{rev}-{}", hex(sha256)))
    }
    /// The name, as rows store it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    fn path(&self) -> Result<ObjectPath, BlobError> {
        ObjectPath::parse(&self.0).map_err(|_| BlobError::BadKey)
    }
}

impl FromStr for BlobKey {
    type Err = BlobError;
    fn from_str(text: &str) -> Result<Self, BlobError> {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && !part.contains("..")
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        if text.len() <= MAX_KEY_LEN && text.split('/').all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BlobError::BadKey)
        }
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of a segment; the same as [`BlobKey::segment`].
#[must_use]
pub fn segment_key(
    tenant: TenantId,
    session: SessionId,
    generation: u32,
    tab: u16,
    n: u32,
    sha256: &[u8; 32],
) -> BlobKey {
    BlobKey::segment(tenant, session, generation, tab, n, sha256)
}

/// The folder of one session, for [`BlobStore::list`].
#[must_use]
pub fn session_prefix(tenant: TenantId, session: SessionId) -> String {
    format!("{tenant}/{session}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')));
        text
    })
}

/// One listed blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobEntry {
    /// Its name.
    pub key: BlobKey,
    /// Its length in bytes.
    pub len: u64,
    /// When it was written, by the storage's clock.
    pub written_at: Timestamp,
}

/// A blob store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BlobStore {
    objects: Arc<dyn ObjectStore>,
    folder: Arc<Folder>,
}

/// What `object_store` leaves to us on a local disk.
#[derive(Debug)]
struct Folder {
    root: PathBuf,
    durable: Mutex<HashSet<PathBuf>>,
}

impl BlobStore {
    /// Blobs in a local folder, which is made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made or opened.
    pub fn local(folder: &Path) -> Result<Self, BlobError> {
        fs::create_dir_all(folder).map_err(storage)?;
        let root = folder.canonicalize().map_err(storage)?;
        sync_folder(&root).map_err(storage)?;
        sync_folder(root.parent().unwrap_or(&root)).map_err(storage)?;
        let objects = Arc::new(local_objects(&root)?);
        Ok(Self { objects, folder: Arc::new(Folder { root, durable: Mutex::default() }) })
    }

    /// Stores a new blob: file and folders are on disk when this returns. Never overwrites.
    ///
    /// # Errors
    /// [`BlobError::Exists`] for a taken name. After [`BlobError::Storage`] nothing may be acknowledged.
    pub async fn put_new(&self, key: &BlobKey, bytes: Bytes) -> Result<(), BlobError> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        self.objects.put_opts(&key.path()?, bytes.into(), options).await?;
        let (folder, path) = (Arc::clone(&self.folder), self.folder.root.join(key.as_str()));
        blocking(move || folder.make_ancestors_durable(&path)).await
    }

    /// A whole blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], or the storage's failure.
    pub async fn get(&self, key: &BlobKey) -> Result<Bytes, BlobError> {
        Ok(self.objects.get(&key.path()?).await?.bytes().await?)
    }

    /// Bytes `range` of a blob.
    ///
    /// # Errors
    /// As [`BlobStore::get`]; also when the range begins behind the end.
    pub async fn get_range(&self, key: &BlobKey, range: Range<u64>) -> Result<Bytes, BlobError> {
        Ok(self.objects.get_range(&key.path()?, range).await?)
    }

    /// Removes a blob; when this returns, a crash does not bring it back. Says whether there was one.
    ///
    /// # Errors
    /// The storage's failure: then try again before recording the blob as gone.
    pub async fn delete(&self, key: &BlobKey) -> Result<bool, BlobError> {
        key.path()?;
        let path = self.folder.root.join(key.as_str());
        blocking(move || unlink(&path)).await
    }

    /// Removes what puts cut off by a crash left behind, when last written before `before`; says how many. Nothing names
    /// these files, but they hold sealed bytes of a session that may have to be erased.
    ///
    /// # Errors
    /// The storage's failure.
    pub async fn remove_staged(&self, before: Timestamp) -> Result<usize, BlobError> {
        let root = self.folder.root.clone();
        blocking(move || remove_staged(&root, before)).await
    }

    /// All blobs below `prefix` (whole parts; empty for all), in no particular order.
    ///
    /// # Errors
    /// [`BlobError::BadKey`] for a prefix that could be no key.
    pub fn list(&self, prefix: &str) -> Result<BoxStream<'static, Result<BlobEntry, BlobError>>, BlobError> {
        let prefix = if prefix.is_empty() { None } else { Some(prefix.parse::<BlobKey>()?.path()?) };
        let listed = self.objects.list(prefix.as_ref());
        Ok(listed
            .map(|object| {
                let object = object?;
                let key = object.location.as_ref().parse()?;
                let written_at = Timestamp::from_micros(object.last_modified.timestamp_micros());
                Ok(BlobEntry { key, len: object.size, written_at })
            })
            .boxed())
    }
}

fn local_objects(root: &Path) -> Result<LocalFileSystem, BlobError> {
    // Off by default there: without it an acknowledged segment is lost with the power.
    Ok(LocalFileSystem::new_with_prefix(root)?.with_fsync(true))
}

impl Folder {
    /// Makes sure that every folder above `path` is durable up to the root.
    ///
    /// The storage syncs the folders *it* makes; of two first puts into one folder the second finds it made but perhaps
    /// not yet synced by the first, and would be acknowledged too early.
    fn make_ancestors_durable(&self, path: &Path) -> io::Result<()> {
        let Some(own) = path.parent() else { return Ok(()) };
        // Remembered per blob folder, not per ancestor: a new child makes its parent dirty again.
        if self.durable.lock().unwrap_or_else(PoisonError::into_inner).contains(own) {
            return Ok(());
        }
        // The put synced the blob's own folder; that folder's entry lies in the one above, and so on.
        for folder in own.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            sync_folder(folder)?;
        }
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if durable.len() >= REMEMBERED_FOLDERS {
            durable.clear();
        }
        durable.insert(own.to_owned());
        Ok(())
    }
}

fn storage(error: impl std::error::Error + Send + Sync + 'static) -> BlobError {
    BlobError::Storage(Box::new(error))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(storage)?.map_err(storage)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

fn unlink(path: &Path) -> io::Result<bool> {
    let gone = match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    // Also when the file was gone: an earlier try may have removed it and crashed before this line.
    match path.parent().map(sync_folder) {
        Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(gone),
    }
}

fn remove_staged(folder: &Path, before: Timestamp) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            removed += remove_staged(&entry.path(), before)?;
        } else if is_staged(&entry.file_name().to_string_lossy()) {
            let written = entry.metadata()?.modified()?.duration_since(SystemTime::UNIX_EPOCH);
            let written = Timestamp::default().plus(written.unwrap_or_default());
            if written < before && unlink(&entry.path())? {
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// `object_store` writes a blob as `<name>#<number>` before it links the name.
fn is_staged(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_store_is_built_with_fsync() {
        let folder = tempfile::tempdir().expect("a folder");
        let objects = local_objects(folder.path()).expect("opens");
        assert!(format!("{objects:?}").contains("fsync: true"), "{objects:?}");
    }

    #[test]
    fn only_plain_keys_are_keys() {
        for key in ["a", "a/b-c_d.e/1-2-00ff", "0190f3a1-0000-7000-8000-00000000000a/x"] {
            assert!(key.parse::<BlobKey>().is_ok(), "{key}");
        }
        let long = "a".repeat(MAX_KEY_LEN + 1);
        for key in [
            "", "/", "/a", "a/", "a//b", "..", "a/../b", "a/..b", ".", ".a", "a#1", "a b", "a\\b", "a\0", "ä", "%2e",
            &long,
        ] {
            assert!(matches!(key.parse::<BlobKey>(), Err(BlobError::BadKey)), "{key}");
        }
    }
}

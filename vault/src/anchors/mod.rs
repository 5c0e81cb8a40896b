//! Where checkpoints go that nobody can take back: a bucket with object lock, or a folder on storage that keeps what is
//! written once.
//!
//! Objects are made and never replaced, and their names sort as the log grows, so that the newest is the last one of a list.
//! What lies there is public: sizes, hashes and signatures.

mod transport;

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use bytes::Bytes;
use domain::{Secret, Timestamp};
use egress::Guard;
use futures::TryStreamExt as _;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use object_store::{
    ClientOptions, Error as ObjectError, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    local::LocalFileSystem,
    path::Path as ObjectPath,
};
use url::Url;

use transport::Dialled;

/// Bytes of an anchor that are read: a checkpoint with the signatures of many witnesses is a tenth of it.
const MAX_BYTES: u64 = 64 * 1_024;
const DIGEST: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const SUFFIX: &str = ".checkpoint";
/// Digits of the largest epoch and the largest size: with leading zeros, names sort as numbers do.
const EPOCH_DIGITS: usize = 10;
const SIZE_DIGITS: usize = 16;

/// A bucket behind the interface of S3, and how to get in.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Parts of names before ours, joined by `/`; may be empty.
    pub prefix: String,
    /// Where it is asked for; Amazon's own of the region when not set.
    pub endpoint: Option<Url>,
    /// Its region.
    pub region: String,
    /// Id of the access key.
    pub key_id: String,
    /// The access key.
    pub key: Secret<String>,
}

/// Where anchors lie, as the operator says it.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder, which must be there: a mount that is gone is not to be replaced by a folder on this machine.
    Folder(PathBuf),
    /// A bucket.
    Bucket(Bucket),
}

/// An anchor was not put, found or read. None of the texts holds what the other side said.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The place cannot be used as it is written.
    #[error("the storage of anchors cannot be opened as it is configured")]
    Place(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such bucket or folder.
    #[error("there is no such bucket or folder for anchors")]
    Missing,
    /// The credentials do not do.
    #[error("the storage of anchors refuses our credentials, or they do not allow this")]
    Denied,
    /// There is an object that is larger than any checkpoint.
    #[error("an object among the anchors is larger than a checkpoint")]
    TooLarge,
    /// The storage failed or did not answer. A put may have happened.
    #[error("the storage of anchors failed or did not answer")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<ObjectError> for AnchorError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::NotFound { .. } => Self::Missing,
            ObjectError::PermissionDenied { .. } | ObjectError::Unauthenticated { .. } => Self::Denied,
            other => Self::Storage(Box::new(other)),
        }
    }
}

/// The name of an anchor. Names have the order of what they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnchorName {
    /// The epoch of the log.
    pub epoch: u32,
    /// How many entries the checkpoint speaks of.
    pub size: u64,
}

impl fmt::Display for AnchorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, size } = self;
        write!(f, "e{epoch:0EPOCH_DIGITS$}-{size:0SIZE_DIGITS$}{SUFFIX}")
    }
}

/// The text names no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an anchor")]
pub struct NoAnchor;

impl FromStr for AnchorName {
    type Err = NoAnchor;

    fn from_str(text: &str) -> Result<Self, NoAnchor> {
        let numbers = text.strip_prefix('e').and_then(|rest| rest.strip_suffix(SUFFIX)).ok_or(NoAnchor)?;
        let (epoch, size) = numbers.split_once('-').ok_or(NoAnchor)?;
        let name = Self { epoch: epoch.parse().map_err(|_| NoAnchor)?, size: size.parse().map_err(|_| NoAnchor)? };
        // One text for each name: no sign, as many zeros as there should be.
        if name.to_string() == text { Ok(name) } else { Err(NoAnchor) }
    }
}

/// Whether something was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It lies there now.
    New,
    /// There is something of this name already. It was not touched.
    Taken,
}

/// The anchors of one deployment. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AnchorStore {
    objects: Objects,
    folder: ObjectPath,
}

#[derive(Debug, Clone)]
enum Objects {
    /// Opened each time: a mount may go and come back.
    Folder(Arc<PathBuf>),
    Bucket(Arc<AmazonS3>),
}

impl AnchorStore {
    /// The anchors of `deployment` at this place. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`AnchorError::Place`].
    pub fn open(place: &Place, deployment: &str, guard: Guard) -> Result<Self, AnchorError> {
        let (objects, prefix) = match place {
            Place::Folder(folder) => (Objects::Folder(Arc::new(folder.clone())), ""),
            Place::Bucket(bucket) => (Objects::Bucket(Arc::new(bucket.open(guard)?)), bucket.prefix.as_str()),
        };
        let folder = ObjectPath::parse(prefix).map_err(|error| AnchorError::Place(Box::new(error)))?;
        Ok(Self { objects, folder: folder.join(deployment) })
    }

    /// The newest anchor that comes after `known`, and when it was written by the storage's clock. Objects with other names
    /// are none.
    ///
    /// # Errors
    /// [`AnchorError`].
    pub async fn newest(&self, known: Option<AnchorName>) -> Result<Option<(AnchorName, Timestamp)>, AnchorError> {
        let objects = self.objects()?;
        let listed = match known {
            Some(known) => objects.list_with_offset(Some(&self.folder), &self.path(known)),
            None => objects.list(Some(&self.folder)),
        };
        let anchors = listed.try_filter_map(|object| async move {
            let name = object.location.filename().and_then(|name| name.parse().ok());
            let written_at = Timestamp::from_micros(object.last_modified.timestamp_micros());
            Ok(name.map(|name: AnchorName| (name, written_at)))
        });
        Ok(anchors.try_fold(None, |newest, anchor| async move { Ok(newest.max(Some(anchor))) }).await?)
    }

    /// What an anchor holds; nothing when there is none of this name.
    ///
    /// # Errors
    /// [`AnchorError`].
    pub async fn get(&self, name: AnchorName) -> Result<Option<Bytes>, AnchorError> {
        match self.objects()?.get(&self.path(name)).await {
            Ok(object) if object.meta.size > MAX_BYTES => Err(AnchorError::TooLarge),
            Ok(object) => Ok(Some(object.bytes().await?)),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts an anchor, durably, unless there is one of this name.
    ///
    /// # Errors
    /// [`AnchorError`]; then it may lie there all the same.
    pub async fn put(&self, name: AnchorName, note: String) -> Result<Put, AnchorError> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.objects()?.put_opts(&self.path(name), note.into(), options).await {
            Ok(_) => Ok(Put::New),
            Err(ObjectError::AlreadyExists { .. }) => Ok(Put::Taken),
            Err(error) => Err(error.into()),
        }
    }

    fn path(&self, name: AnchorName) -> ObjectPath {
        self.folder.clone().join(name.to_string())
    }

    fn objects(&self) -> Result<Arc<dyn ObjectStore>, AnchorError> {
        match &self.objects {
            Objects::Bucket(bucket) => Ok(Arc::clone(bucket) as Arc<dyn ObjectStore>),
            Objects::Folder(folder) if !folder.is_dir() => Err(AnchorError::Missing),
            Objects::Folder(folder) => {
                Ok(Arc::new(LocalFileSystem::new_with_prefix(folder.as_path())?.with_fsync(true)))
            }
        }
    }
}

impl Bucket {
    fn open(&self, guard: Guard) -> Result<AmazonS3, AnchorError> {
        // A bucket with object lock takes nothing without a digest, and some want to be told which one that is.
        let digest = HeaderMap::from_iter([(DIGEST, HeaderValue::from_static("SHA256"))]);
        let client = ClientOptions::new().with_default_content_type("text/plain; charset=utf-8");
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(self.key.expose())
            .with_checksum_algorithm(Checksum::SHA256)
            .with_client_options(client.with_default_headers(digest))
            // Whoever calls has time, and comes back.
            .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() })
            .with_http_connector(Dialled(guard));
        let builder = match &self.endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint.as_str().trim_end_matches('/')),
            None => builder,
        };
        builder.build().map_err(|error| AnchorError::Place(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use egress::{Policy, SystemResolver};

    use super::*;

    fn named(epoch: u32, size: u64) -> AnchorName {
        AnchorName { epoch, size }
    }

    fn opened(folder: &std::path::Path) -> AnchorStore {
        let guard = Guard::new(&Policy::default(), Arc::new(SystemResolver)).expect("a guard");
        AnchorStore::open(&Place::Folder(folder.to_owned()), "0123abcd", guard).expect("opens")
    }

    #[test]
    fn names_sort_as_the_log_grows() {
        let names = [named(1, 9), named(1, 10), named(1, 9_007_199_254_740_991), named(2, 1), named(10, 1)];
        assert!(names.is_sorted());
        let texts: Vec<_> = names.iter().map(AnchorName::to_string).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[1], "e0000000001-0000000000000010.checkpoint");
        for (text, name) in texts.iter().zip(names) {
            assert_eq!(text.parse(), Ok(name));
        }
        for other in ["", "e1-10.checkpoint", "e0000000001-+000000000000010.checkpoint", "e0000000001-0000000000000010"]
        {
            assert_eq!(other.parse::<AnchorName>(), Err(NoAnchor), "{other}");
        }
    }

    #[tokio::test]
    async fn a_folder_keeps_what_was_put_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let anchors = opened(folder.path());
        assert_eq!(anchors.newest(None).await.expect("lists"), None);
        for size in [9, 10, 4] {
            assert_eq!(anchors.put(named(1, size), format!("{size}")).await.expect("puts"), Put::New);
        }
        assert_eq!(anchors.put(named(1, 10), "other".to_owned()).await.expect("looks"), Put::Taken);
        assert_eq!(anchors.get(named(1, 10)).await.expect("reads").expect("is there"), "10");
        assert_eq!(anchors.get(named(1, 11)).await.expect("looks"), None);
        std::fs::write(folder.path().join("0123abcd/readme"), "none of ours").expect("writes");
        let newest = async |known| anchors.newest(known).await.expect("lists").map(|(name, _)| name);
        assert_eq!(newest(None).await, Some(named(1, 10)));
        assert_eq!(newest(Some(named(1, 9))).await, Some(named(1, 10)));
        assert_eq!(newest(Some(named(1, 10))).await, None);
        std::fs::write(folder.path().join("0123abcd").join(named(1, 12).to_string()), vec![b' '; 70_000])
            .expect("writes");
        assert!(matches!(anchors.get(named(1, 12)).await, Err(AnchorError::TooLarge)));
    }

    #[tokio::test]
    async fn a_mount_that_is_gone_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = folder.path().join("worm");
        let anchors = opened(&mount);
        assert!(matches!(anchors.newest(None).await, Err(AnchorError::Missing)));
        assert!(matches!(anchors.put(named(1, 1), String::new()).await, Err(AnchorError::Missing)));
        assert!(!mount.exists());
        std::fs::create_dir(&mount).expect("is mounted");
        assert_eq!(anchors.put(named(1, 1), String::new()).await.expect("puts"), Put::New);
    }
}
